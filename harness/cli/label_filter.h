// kubectl's label selectors, as of -l: "app=web,tier!=db,canary,!old,zone in (a, b)".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"

namespace harness::cli {

class LabelFilter {
 public:
  // Nothing if the text is no selector, and `problem` says why. "" lets everything through.
  static std::optional<LabelFilter> parse(std::string_view text, std::string& problem);

  bool lets_through(const model::LabelTable& labels, model::LabelSetId set) const;

 private:
  struct Requirement {
    std::string key;
    bool wanted = true;                // false: !=, notin, !key
    std::vector<std::string> values;   // none: whether the key is there
  };
  std::vector<Requirement> requirements_;
};

}  // namespace harness::cli

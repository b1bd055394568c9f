// What `plumbline lint` found: a mistake that a control plane accepts in silence.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reports {

struct Finding {
  std::string file;
  std::uint32_t line = 0;    // counted from 1; 0 where unknown
  std::uint32_t column = 0;
  std::string plugin;   // "shop/jwt"; "" where the document names none
  std::string problem;  // "spec.selector.labels is no field: ...": no capital, no full stop
  std::string hint;     // what to do; may be empty
  std::string clause;   // "SEL-7"; "" where none has to do with it
};

using Findings = std::vector<Finding>;

}  // namespace reports

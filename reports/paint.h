// How text looks: colour on a terminal, none elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace reports {

enum class Ink { Plain, Good, Bad, Doubtful, Faint, Strong };

class Paint {
 public:
  explicit Paint(bool coloured) : coloured_(coloured) {}
  std::string operator()(Ink ink, std::string_view text) const;

 private:
  bool coloured_;
};

}  // namespace reports

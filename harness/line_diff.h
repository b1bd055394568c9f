// The difference of two texts, line by line, as a person reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace harness {

struct DiffLine {
  char mark = ' ';  // ' ' in both, '-' only before, '+' only after
  std::string_view text;
};

// The lines of both texts, with as few changes as possible; views into the texts.
std::vector<DiffLine> line_diff(std::string_view before, std::string_view after);

}  // namespace harness

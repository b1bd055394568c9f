// Where something stands in the input, small enough to be carried by every value.
#pragma once

#include <compare>
#include <cstdint>

namespace model {

// `file` indexes Cluster::files. Lines and columns count from 1; line 0 means unknown.
struct Place {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Place&) const = default;
  explicit operator bool() const { return line != 0; }
};

}  // namespace model

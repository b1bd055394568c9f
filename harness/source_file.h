// A file as it was read: its bytes, and the way from a byte to a line and column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace harness {

struct LineColumn {
  std::uint32_t line = 0;    // from 1; 0 means unknown
  std::uint32_t column = 0;  // from 1, in bytes
};

class SourceFile {
 public:
  SourceFile() = default;
  // `padding` bytes beyond size() may be read (simdjson asks for them).
  SourceFile(std::string name, std::string bytes);

  const std::string& name() const { return name_; }        // as given by the user; "-" is standard input
  std::string_view bytes() const { return {bytes_.data(), size_}; }
  std::size_t capacity() const { return bytes_.size(); }    // size() of bytes() plus padding
  // The place of a byte. The table of lines is made at the first call.
  LineColumn at(std::size_t offset) const;
  // A line's text without its end, for messages; "" beyond the last.
  std::string_view line(std::uint32_t number) const;

 private:
  std::string name_;
  std::string bytes_;
  std::size_t size_ = 0;
  mutable std::vector<std::size_t> line_starts_;
};

}  // namespace harness

#include "harness/source_file.h"

#include <catch2/catch.hpp>

using harness::SourceFile;

namespace {

std::string place(const SourceFile& file, std::size_t offset) {
  const auto at = file.at(offset);
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

}  // namespace

TEST_CASE("a byte has a line and a column, both from 1") {
  const SourceFile file("f", "ab\ncd\r\n\nx");
  CHECK(place(file, 0) == "1:1");
  CHECK(place(file, 2) == "1:3");  // the line's end belongs to it
  CHECK(place(file, 3) == "2:1");
  CHECK(place(file, 7) == "3:1");
  CHECK(place(file, 8) == "4:1");
  CHECK(place(file, 9) == "4:2");
  CHECK(place(file, 999) == "4:2");
}

TEST_CASE("a line comes without its end") {
  const SourceFile file("f", "ab\ncd\r\n\nx");
  CHECK(file.line(1) == "ab");
  CHECK(file.line(2) == "cd");
  CHECK(file.line(3).empty());
  CHECK(file.line(4) == "x");
  CHECK(file.line(0).empty());
  CHECK(file.line(5).empty());
}

TEST_CASE("a file keeps its bytes, and room behind them for simdjson") {
  const SourceFile file("-", "{}");
  CHECK(file.name() == "-");
  CHECK(file.bytes() == "{}");
  CHECK(file.capacity() == 66);
  const SourceFile empty("f", "");
  CHECK(empty.bytes().empty());
  CHECK(place(empty, 0) == "1:1");
}

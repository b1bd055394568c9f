#include "harness/yaml_stream.h"

#include <algorithm>

namespace harness {
namespace {

constexpr std::string_view kSeparator = "---";
constexpr std::string_view kBlanks = " \t\r\n\v\f";

// The begin of the next line that begins with "---", from `from` on; text.size() where there is none.
std::size_t find_separator(std::string_view text, std::size_t from) {
  if (text.substr(from).starts_with(kSeparator)) return from;
  const auto found = text.find("\n---", from);
  return found == std::string_view::npos ? text.size() : found + 1;
}

std::size_t line_end(std::string_view text, std::size_t from) {
  const auto end = text.find('\n', from);
  return end == std::string_view::npos ? text.size() : end + 1;
}

}  // namespace

YamlPiece next_piece(std::string_view text, std::size_t from) {
  YamlPiece piece;
  piece.begin = from;
  std::size_t at = from;
  for (;;) {
    const std::size_t separator = find_separator(text, at);
    piece.end = separator;
    if (separator == text.size()) {
      piece.is_last = true;
      return piece;
    }
    const std::size_t end = line_end(text, separator);
    const std::size_t behind =
        std::min(text.find_first_not_of(kBlanks, separator + kSeparator.size()), end);
    const bool is_bad = behind < end && text[behind] != '#';
    if (is_bad && !piece.bad_separator) piece.bad_separator = behind;
    if (!is_bad && separator != from) return piece;
    at = end;
  }
}

}  // namespace harness

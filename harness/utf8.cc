#include "harness/utf8.h"

namespace harness {

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_utf8_tail(text[i])) return 0;
  }
  const unsigned second = byte(1);
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // a surrogate
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  return length;
}

std::size_t first_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  for (;;) {
    const std::size_t good = first_invalid_utf8(text);
    valid += text.substr(0, good);
    if (good == text.size()) return valid;
    valid += kReplacement;
    text.remove_prefix(good + 1);
  }
}

void append_utf8(std::string& text, std::uint32_t character) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0U | character >> 6);
    put(0x80U | (character & 0x3FU));
  } else if ((character >= 0xD800 && character <= 0xDFFF) || character > 0x10FFFF) {
    text += kReplacement;
  } else if (character < 0x10000) {
    put(0xE0U | character >> 12);
    put(0x80U | (character >> 6 & 0x3FU));
    put(0x80U | (character & 0x3FU));
  } else {
    put(0xF0U | character >> 18);
    put(0x80U | (character >> 12 & 0x3FU));
    put(0x80U | (character >> 6 & 0x3FU));
    put(0x80U | (character & 0x3FU));
  }
}

}  // namespace harness

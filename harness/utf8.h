// UTF-8 as Go's unicode/utf8 judges it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace harness {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

inline bool is_utf8_tail(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

// The length of the character that begins the text, 1 to 4; 0 where none does.
std::size_t utf8_length(std::string_view text);

// The first byte at which the text is no UTF-8; text.size() where all of it is.
std::size_t first_invalid_utf8(std::string_view text);

// The text with a replacement character for each byte that is no UTF-8.
std::string to_valid_utf8(std::string_view text);

// Appends a character. A surrogate or a number that is no character becomes a replacement character.
void append_utf8(std::string& text, std::uint32_t character);

}  // namespace harness

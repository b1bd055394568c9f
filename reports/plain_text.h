// Text for a terminal. Names and messages come from other people's files and dumps: no byte of theirs may steer
// the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/cluster.h"

namespace reports {

// Columns that texts keep to where names allow it.
inline constexpr std::size_t kTextWidth = 100;

// The text with each control character (C0, DEL, C1), and each byte that is no UTF-8, shown as '?'.
std::string plain(std::string_view text);

// How many bytes the UTF-8 sequence at the head of the text has; 0 if there is none (overlong forms and surrogates are
// none).
std::size_t utf8_length(std::string_view text);

// How many columns it takes: its code points.
std::size_t columns_of(std::string_view text);

// The text, and blanks up to `width` columns.
std::string padded(std::string_view text, std::size_t width);

// The text cut to `width` columns, its end shown as "..".
std::string shortened(std::string_view text, std::size_t width);

// The words in lines of at most `width` columns; a longer word has a line to itself.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// "file:line:column"; "" where the place is unknown.
std::string place_text(const model::Cluster& cluster, model::Place place);

// "1 plugin", "3 plugins".
std::string counted(std::size_t count, std::string_view noun);

}  // namespace reports

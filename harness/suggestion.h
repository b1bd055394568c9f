// What a person who wrote an unknown word probably meant.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace harness {

// The candidate that is `word` with a slip of the hand: in another case, or at most a third of its
// letters (and at most three) dropped, added or exchanged. Nothing where none is near, or `word` is
// longer than any name that people type. A part of a candidate is no slip: see longer_word.
std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates);

// The only candidate that holds `word`, in any case ("matchLabels" for "labels"). Nothing for words
// of less than four letters, and where none or several do.
std::optional<std::string_view> longer_word(std::string_view word,
                                            std::span<const std::string_view> candidates);

}  // namespace harness

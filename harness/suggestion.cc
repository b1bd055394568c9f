#include "harness/suggestion.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace harness {
namespace {

constexpr std::size_t kLongestWord = 63;

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), to_lower);
  return lower;
}

// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::size_t, kLongestWord + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, exchanged});
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongestWord) return std::nullopt;
  const std::string lower = in_lower_case(word);
  std::size_t best = std::min<std::size_t>(3, word.size() / 3) + 1;
  std::optional<std::string_view> found;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    const std::string other = in_lower_case(candidate);
    if (other.size() > lower.size() + 1 && other.find(lower) != std::string::npos) continue;
    const std::size_t steps = distance(lower, other);
    if (steps >= best) continue;
    best = steps;
    found = candidate;
  }
  return found;
}

std::optional<std::string_view> longer_word(std::string_view word,
                                            std::span<const std::string_view> candidates) {
  if (word.size() < 4 || word.size() > kLongestWord) return std::nullopt;
  const std::string lower = in_lower_case(word);
  std::optional<std::string_view> found;
  for (const std::string_view candidate : candidates) {
    if (in_lower_case(candidate).find(lower) == std::string::npos) continue;
    if (found) return std::nullopt;
    found = candidate;
  }
  return found;
}

}  // namespace harness

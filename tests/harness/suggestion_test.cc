#include "harness/suggestion.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>

using harness::longer_word;
using harness::nearest_word;

namespace {

constexpr std::array kWords = std::to_array<std::string_view>(
    {"url", "phase", "priority", "imagePullPolicy", "imagePullSecret"});

}  // namespace

TEST_CASE("a slip of the hand is recognised") {
  CHECK(nearest_word("prioritiy", kWords) == "priority");
  CHECK(nearest_word("PRIORITY", kWords) == "priority");
  CHECK(nearest_word("fase", kWords) == std::nullopt);  // two of four letters
  CHECK(nearest_word("phas", kWords) == "phase");
  CHECK(nearest_word("urls", kWords) == "url");
  CHECK(nearest_word("imagePullPolice", kWords) == "imagePullPolicy");
}

TEST_CASE("another word is not taken for a slip") {
  CHECK(nearest_word("selector", kWords) == std::nullopt);
  CHECK(nearest_word("", kWords) == std::nullopt);
  CHECK(nearest_word("x", kWords) == std::nullopt);
  CHECK(nearest_word(std::string(100'000, 'p'), kWords) == std::nullopt);
  CHECK(nearest_word("url", {}) == std::nullopt);
  constexpr std::array kConfigs = std::to_array<std::string_view>({"pluginConfig", "vmConfig"});
  CHECK(nearest_word("config", kConfigs) == std::nullopt);  // which of them?
}

TEST_CASE("a part of one word names it") {
  CHECK(longer_word("pullsecret", kWords) == "imagePullSecret");
  CHECK(longer_word("image", kWords) == std::nullopt);  // of two
  CHECK(longer_word("ur", kWords) == std::nullopt);
  CHECK(longer_word("labels", kWords) == std::nullopt);
}

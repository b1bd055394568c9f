#include "model/labels.h"

#include <array>
#include <catch2/catch.hpp>

using model::LabelTable;

TEST_CASE("equal sets of labels are one number, whatever their order") {
  LabelTable table;
  const auto app = table.intern("app", "web");
  const auto tier = table.intern("tier", "front");
  CHECK(table.intern_set(std::array{app, tier}) == table.intern_set(std::array{tier, app, app}));
  CHECK(table.intern_set(std::array{app}) != table.intern_set(std::array{tier}));
  CHECK(table.intern_set({}) == 0);
}

TEST_CASE("a set tells the value of a key, and nothing for a key that it lacks") {
  LabelTable table;
  const auto set = table.intern_set(std::array{table.intern("app", ""), table.intern("b", "c")});
  CHECK(table.value_of(set, "app") == "");
  CHECK(table.value_of(set, "B") == std::nullopt);
}

TEST_CASE("key and value are told apart, however the pair is cut") {
  LabelTable table;
  CHECK(table.intern("ab", "c") != table.intern("a", "bc"));
  CHECK(table.find("ab", "c").has_value());
  CHECK(table.find("ab", "bc") == std::nullopt);
}

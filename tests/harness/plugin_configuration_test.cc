#include "harness/plugin_configuration.h"

#include <catch2/catch.hpp>

using harness::canonical_configuration;

TEST_CASE("a configuration is compared by what it says, however an Istio version wrote it") {
  CHECK(canonical_configuration(R"({ "b" : [1.0, 1e2], "a": "<" })") == R"({"a":"\u003c","b":[1,100]})");
  CHECK(canonical_configuration(R"({"a":"\u003c","b":[1,100]})") == R"({"a":"\u003c","b":[1,100]})");
  CHECK(canonical_configuration("\"text\"") == "\"text\"");
}

TEST_CASE("a configuration that looks like a Kubernetes list is one value") {
  const std::string list = R"({"items":[{"a":1},{"b":2}],"kind":"ThingList"})";
  CHECK(canonical_configuration(list) == list);
}

TEST_CASE("a configuration that is no JSON, or more than one value, has no canonical form") {
  const std::string text = GENERATE("", "{", "a: 1", "1,\"configuration\":2", "{}{}", "{}}", "\xff", "1e999");
  CAPTURE(text);
  CHECK(canonical_configuration(text) == std::nullopt);
}

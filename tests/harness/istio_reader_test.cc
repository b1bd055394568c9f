#include "harness/istio_fields.h"

#include <catch2/catch.hpp>

using harness::parse_timestamp;
using model::istio::Timestamp;

TEST_CASE("a creation timestamp is read with its zone", "[istio]") {
  CHECK(parse_timestamp("1970-01-01T00:00:00Z") == Timestamp{0, 0, 0});
  CHECK(parse_timestamp("2024-01-01T00:00:00Z") == Timestamp{1704067200, 0, 0});
  CHECK(parse_timestamp("2024-01-01T02:00:00+02:00") == Timestamp{1704067200, 0, 7200});
  CHECK(parse_timestamp("2024-02-29T23:59:59.25Z") == Timestamp{1709251199, 250000000, 0});
}

TEST_CASE("what is no timestamp is none", "[istio]") {
  for (const char* text : {"", "2024", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01T00:00:00Zx", "yesterday"})
    CHECK_FALSE(parse_timestamp(text));
}

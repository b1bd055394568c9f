#include "harness/profile.h"

#include <catch2/catch.hpp>

using harness::parse_profile;

namespace {

struct Told {
  std::string name;
  std::string rules;
  std::string note;
};

Told told(std::string_view word) {
  std::string problem;
  const auto profile = parse_profile(word, problem);
  if (!profile) return {"", "", problem};
  return {profile->name, profile->istio ? to_string(profile->istio->regime->since) : "", profile->note()};
}

}  // namespace

TEST_CASE("a profile is documented, a minor of Istio with its newest rules, or a release") {
  CHECK(told("documented").name == "documented");
  CHECK(told("documented").rules.empty());
  CHECK(told("istio-1.29").rules == "1.29.0");
  CHECK(told("istio-1.29").note.empty());
  CHECK(told("1.29").name == "istio-1.29");
  CHECK(told("istio-1.30").rules == "1.30.3");
  CHECK(told("istio-1.30").note == "istio-1.30 has the rules of 1.30.3");
  CHECK(told("istio-1.30.2").rules == "1.30.0");
  CHECK(told("istio-1.29.1").note == "istio-1.29.1 has the rules of 1.29.0");
  CHECK(told("istio-1.14.6").note.empty());
}

TEST_CASE("a profile that there is not is told with those that there are") {
  CHECK(told("istio-1.32").note == "there is no profile for Istio 1.32; there are documented, istio-1.12 to istio-1.31");
  CHECK(told("istio-1.11.4").note == "there is no profile for Istio 1.11; there are documented, istio-1.12 to istio-1.31");
  for (const auto* word : {"istio", "higress-2.0.1", "1.29.1.4", "istio-1.29.", "1.29-alpha", ""})
    CHECK(told(word).note == "there is no profile '" + std::string(word) +
                                 "'; there are documented, istio-1.12 to istio-1.31");
}

TEST_CASE("every row of the regimes is a profile that its own name finds again") {
  for (const auto& profile : harness::istio_profiles()) {
    CAPTURE(profile.name);
    std::string problem;
    const auto again = parse_profile(profile.name, problem);
    REQUIRE(again);
    CHECK(again->istio->regime == profile.istio->regime);
    CHECK(again->note().empty());
  }
}

// The truth that is asked for: what the API text promises, or what a version of Istio does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/istio/regimes.h"

namespace harness {

// "documented" where `istio` is nothing.
struct Profile {
  struct Istio {
    model::istio::Version version;
    const model::istio::Regime* regime = nullptr;  // never null
  };
  std::string name = "documented";  // as a person writes it: "istio-1.29", "istio-1.29.1"
  std::optional<Istio> istio = {};

  // Where the name does not say which row it is: "istio-1.29.1 has the rules of 1.29.0", "istio-1.30 has the rules of 1.30.3";
  // else "".
  std::string note() const;
};

// "documented", "istio-1.29" (the newest rules of that minor) or "istio-1.29.1"; "1.29" and "1.29.1" do too. Nothing, and a
// problem that says what there is, for anything else and for minors that have no row.
std::optional<Profile> parse_profile(std::string_view name, std::string& problem);

// The profile of a version of Istio ("1.29.1", as a proxy tells it); nothing where its minor has no row.
std::optional<Profile> profile_of(const model::istio::Version& version);

// Every row, oldest first: "istio-1.12.0", ..., "istio-1.14.0", "istio-1.14.6", ....
std::vector<Profile> istio_profiles();

}  // namespace harness

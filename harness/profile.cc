#include "harness/profile.h"

#include <algorithm>

namespace harness {
namespace {

using model::istio::Regime;
using model::istio::Version;

std::string minor_of(const Version& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

const Regime* newest_of_minor(const Version& version) {
  const Regime* found = nullptr;
  for (const Regime& regime : model::istio::regimes())
    if (regime.since.major == version.major && regime.since.minor == version.minor) found = &regime;
  return found;
}

// Digits and dots only, two or three numbers: parse_version takes anything behind them.
bool is_plain_version(std::string_view text) {
  const auto dots = std::ranges::count(text, '.');
  return (dots == 1 || dots == 2) && !text.ends_with('.') &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::string Profile::note() const {
  if (!istio) return {};
  const std::string row = to_string(istio->regime->since);
  const bool says_it = name.ends_with(row) || (istio->regime->since.patch == 0 && row == to_string(istio->version));
  return says_it ? "" : name + " has the rules of " + row;
}

std::optional<Profile> parse_profile(std::string_view name, std::string& problem) {
  if (name == "documented") return Profile{};
  std::string_view text = name;
  constexpr std::string_view kPrefix = "istio-";
  if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
  const auto version = is_plain_version(text) ? model::istio::parse_version(text) : std::nullopt;
  const auto all = model::istio::regimes();
  const std::string known = "documented, istio-" + minor_of(all.front().since) + " to istio-" + minor_of(all.back().since);
  if (!version) {
    problem = "there is no profile '" + std::string(name) + "'; there are " + known;
    return std::nullopt;
  }
  const Regime* newest = newest_of_minor(*version);
  if (!newest) {
    problem = "there is no profile for Istio " + minor_of(*version) + "; there are " + known;
    return std::nullopt;
  }
  const bool names_patch = std::ranges::count(text, '.') == 2;
  Profile profile{.name = std::string(kPrefix) + std::string(text), .istio = Profile::Istio{*version, newest}};
  if (names_patch) profile.istio->regime = model::istio::find_regime(*version);
  else profile.istio->version = newest->since;
  return profile;
}

std::optional<Profile> profile_of(const Version& version) {
  if (!newest_of_minor(version)) return std::nullopt;
  return Profile{.name = "istio-" + to_string(version),
                 .istio = Profile::Istio{version, model::istio::find_regime(version)}};
}

std::vector<Profile> istio_profiles() {
  std::vector<Profile> all;
  for (const Regime& regime : model::istio::regimes())
    all.push_back({.name = "istio-" + to_string(regime.since), .istio = Profile::Istio{regime.since, &regime}});
  return all;
}

}  // namespace harness

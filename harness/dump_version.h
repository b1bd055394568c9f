// Which Istio a dump is of: the version that its proxy reports, checked against how the names of its plugins' filters are spelt;
// and the forks of Istio that a dump shows itself to be of.
#pragma once

#include <optional>
#include <string>

#include "harness/profile.h"
#include "model/observed_chain.h"
#include "reports/outcome.h"

namespace harness {

// The versions that spell the names of plugins' filters as the dump does: "1.26 to 1.29". "" where it has no plugin, or spells
// them in several ways.
std::string spelling_of(const model::ObservedProxy& proxy);

// The profile to judge a dump by, or the verdict and the reason why there is none.
struct DumpProfile {
  std::optional<Profile> profile;
  reports::Verdict verdict = reports::Verdict::Conforms;  // Error or NotModelled where there is no profile
  std::string reason;
};

// By the version that the proxy reports, which istiod's may differ from during an upgrade. An error where the dump reports none,
// or where all its plugins are spelt in another version's way; not modelled where the version's minor has no row.
DumpProfile profile_of(const model::ObservedProxy& proxy);

// What a dump or the name of an implementation shows to be no release of Istio: "Higress, ...". Nothing where it shows none.
std::optional<std::string> fork_of(const model::ObservedProxy& proxy, const std::string& implementation);

}  // namespace harness

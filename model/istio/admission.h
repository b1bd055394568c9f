// What Istio makes of a WasmPlugin or TrafficExtension before any chain: what an API server with a version's CRD and validating
// webhook refuses, and what istiod passes over in silence (istio-behaviour.md 1.9 to 1.12). Two questions: an object that an older
// webhook admitted lives on under a newer istiod, and filter_chain asks only whether istiod discards it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/istio/regimes.h"
#include "model/istio/rules.h"

namespace model::istio {

// Why an object is refused or discarded.
struct Denial {
  std::string_view rule;  // id of one of rules()
  std::string reason;     // for a person, with the field: "spec.sha256 is not 64 lower-case hex digits"
  Place place;            // of the field, else of the object

  bool operator==(const Denial&) const = default;
};

// Why this version's API server refuses the object: the first of its checks, in the order of admission_rules. Nothing where it is
// admitted. An object whose kind the version does not know is discarded (below), not denied.
std::optional<Denial> denial(const Regime& regime, const Mesh& mesh, const Extension& extension);

// Why istiod of this version makes no filter of an object that is there: it is of another revision or of a namespace that is not
// discovered, it cannot be read, its priority or url are none. Nothing where it does (is_usable).
std::optional<Denial> discarded(const Regime& regime, const Mesh& mesh, const Extension& extension);

// The rules by which a version denies.
std::vector<const Rule*> admission_rules(const Regime& regime);

}  // namespace model::istio

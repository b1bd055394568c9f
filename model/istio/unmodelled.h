// What keeps a workload's chains from being computed under an Istio profile.
#pragma once

#include <optional>
#include <string>

#include "model/cluster.h"
#include "model/istio/mesh.h"

namespace model::istio {

struct Unmodelled {
  std::string reason;  // for a person: "EnvoyFilter shop/lua can change its chains"
  Place place;         // of the manifest; unknown where none says it

  bool operator==(const Unmodelled&) const = default;
};

// The first of: a setting of istiod, an EnvoyFilter that reaches the workload. Nothing where all is modelled.
std::optional<Unmodelled> unmodelled(const Cluster& cluster, const Mesh& mesh, const Workload& workload);

}  // namespace model::istio

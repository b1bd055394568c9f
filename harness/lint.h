// Mistakes that a control plane accepts in silence, as far as the model's values show them with
// certainty. Fields that a parser drops are not among them: wasm_plugin_reader.cc tells those.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/clauses.h"
#include "model/cluster.h"

namespace harness {

struct Finding {
  model::Place place;
  model::ObjectName plugin;
  std::string problem;  // no capital, no full stop
  std::string hint;     // what to do about it
  std::optional<model::ClauseId> clause;  // what the API text says of it, or leaves open

  bool operator==(const Finding&) const = default;
};

// Looks at every accepted plugin, alone and together with the workloads that it reaches. Findings
// come in the order of their places. What they say of Istio is from its source, 1.12 to 1.31.
std::vector<Finding> lint(const model::Cluster& cluster);

}  // namespace harness

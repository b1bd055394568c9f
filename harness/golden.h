// Golden files: what the API text promises for every workload of a scenario, in the short form that a person reads against
// the text (docs/scenarios.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/diagnostics.h"
#include "harness/golden_document.h"
#include "harness/scenario.h"
#include "harness/source_file.h"
#include "model/expectation.h"

namespace harness {

struct GoldenWorkload {
  std::string direction;           // "inbound", "gateway"; "" where not modelled
  std::vector<std::string> chain;  // plugins as namespace/name, and anchors
  std::vector<std::string> latest; // the chain as late as the rules allow, where they leave it loose
  std::vector<std::vector<std::string>> ties;
  Pairs open;
  Pairs excluded;
  std::string not_modelled;

  bool operator==(const GoldenWorkload&) const = default;
};

struct Golden {
  std::map<std::string, GoldenWorkload, ByNamespaceThenName> workloads;
  std::map<std::string, Pairs, ByNamespaceThenName> modules;        // by plugin
  std::map<std::string, std::string, ByNamespaceThenName> refused;  // by plugin: the clause, or "invalid"

  bool operator==(const Golden&) const = default;
};

// What the model promises for a scenario.
Golden promise(const Scenario& scenario, const model::Rules& rules = model::Rules::documented());

// The one layout of a golden file.
std::string to_yaml(const Golden& golden);

// The golden in a file; nothing, and an Error with its place, where it is none.
std::optional<Golden> read_golden(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace harness

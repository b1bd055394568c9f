// One workload under every version of Istio: versions with the same chains in one row. What `expect --profile all` tells.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "reports/istio_expectation.h"
#include "reports/profile_table.h"

namespace reports {

// Neighbouring versions under which the workload has the same chains, however they spell the names of plugins' filters.
struct VersionRow {
  model::istio::Version first;
  model::istio::Version last;
  std::size_t versions = 0;  // rows of regimes()
  WorkloadChains chains;
  // What changed with its first version that chains can show: order, places, reach and what the API takes. Nothing for the first row.
  std::vector<RuleChange> changes;
};

// Versions that spell filters' names alike.
struct NameRow {
  model::istio::Version first;
  const model::istio::Rule* rule = nullptr;
};

struct WorkloadVersions {
  std::vector<VersionRow> rows;   // oldest first
  std::vector<NameRow> names;     // oldest first
};

// `profiles`: those compared, oldest first. `workload` (an index in Cluster::workloads) has a proxy.
WorkloadVersions versions_of(const model::Cluster& cluster, const model::istio::Mesh& mesh, std::size_t workload,
                             std::span<const IstioProfile> profiles);

}  // namespace reports

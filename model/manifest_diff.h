// The blast radius of a change to manifests: what is another from one state of a mesh to the next, workload for workload, under the
// documented profile or under a version of Istio. Workloads are the same if namespace, name and kind are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/istio/chain_changes.h"
#include "model/istio/regimes.h"

namespace model {

// One state.
struct MeshState {
  const Cluster& cluster;
  const istio::Mesh& mesh;
};

// A workload of both states, by its index in each.
struct WorkloadPair {
  std::uint32_t before = 0;
  std::uint32_t after = 0;
};

// Workloads whose chains change alike, and the chains of the first of them.
struct ChangedByManifests {
  std::vector<WorkloadPair> workloads;
  std::vector<istio::ChangedChain> chains;
  // What no list of filters shows: "the order of shop/a and shop/b is promised no longer: they tie", "whether shop/x is in
  // the chain is open".
  std::vector<std::string> also;
};

// A plugin that runs before and after with another configuration.
struct ChangedSettings {
  struct Field {
    std::string name;    // "url", "pluginConfig"
    std::string before;  // "" where there is none
    std::string after;
  };
  std::string plugin;
  Place place;                           // in the later state
  std::vector<Field> fields;
  std::vector<WorkloadPair> workloads;   // that run it in both
};

// A plugin that only one state takes.
struct ChangedAcceptance {
  std::string plugin;
  bool accepted_before = false;
  std::string reason;  // why the other state does not
  std::string rule;    // id of a clause or rule; "" where none asks for it
  Place place;         // in the state that does not take it
};

struct DiffNotModelled {
  std::vector<WorkloadPair> workloads;
  std::string reason;
  Place place;          // in the later state; unknown where the earlier one is to blame
};

struct ManifestDiff {
  std::size_t workloads = 0;            // of both states, with a proxy
  std::size_t changed = 0;              // of them: their chains, or settings in them
  std::vector<ChangedByManifests> ways; // the most workloads first
  std::vector<ChangedSettings> settings;
  std::vector<ChangedAcceptance> acceptances;
  std::vector<std::uint32_t> added;     // in the later cluster
  std::vector<std::uint32_t> removed;   // in the earlier cluster
  std::vector<std::string> idle;        // plugins that are new, gone or other, and run nowhere
  std::vector<DiffNotModelled> not_modelled;

  bool changes() const { return changed > 0 || !acceptances.empty() || !added.empty() || !removed.empty(); }
};

// Which workloads are looked at is told by index, for each state; a workload of both by its later one.
ManifestDiff documented_diff(const MeshState& before, const MeshState& after, const std::vector<bool>& looked_at_before,
                             const std::vector<bool>& looked_at_after);
ManifestDiff istio_diff(const istio::Regime& regime, const istio::Version& version, const MeshState& before,
                        const MeshState& after, const std::vector<bool>& looked_at_before,
                        const std::vector<bool>& looked_at_after);

}  // namespace model

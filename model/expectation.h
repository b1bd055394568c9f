// What the API text promises for a cluster: for each workload the chain that it must run, with what the text leaves
// open left open. This is the meaning, one plugin and one workload at a time, ordered by the precedence graph;
// expected_chains.h computes the same for a whole mesh at once.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/cluster.h"
#include "model/module.h"
#include "model/precedence_graph.h"
#include "model/selection.h"

namespace model {

// A plugin that may stand in the chain or not.
struct OpenMember {
  PluginIndex plugin = 0;
  ClauseId clause;  // SEL-7 to SEL-9 (membership), URL-6, URL-7, SHA-4 (acceptance)

  bool operator==(const OpenMember&) const = default;
};

// The plugins of one chain.
struct ExpectedChain {
  std::vector<PluginIndex> plugins;       // in order: phase, priority descending, namespace, name
  std::vector<OpenMember> open;           // in the same order
  std::vector<PluginIndex> not_modelled;  // in the same order; not empty: the workload is not judged

  bool operator==(const ExpectedChain&) const = default;
};

// Finds plugins by namespace and name.
class PluginDirectory {
 public:
  explicit PluginDirectory(const Cluster& cluster);
  std::optional<PluginIndex> find(const ObjectName& name) const;
  // The refusal of that name, or nullptr.
  const Refusal* refusal(const ObjectName& name) const;

 private:
  std::unordered_map<std::string, PluginIndex> plugins_;
  std::unordered_map<std::string, const Refusal*> refusals_;
};

class Expectation {
 public:
  explicit Expectation(const Cluster& cluster, const Rules& rules = Rules::documented());

  // How the module of each plugin was judged, by index. A plugin that is refused here reaches nobody.
  std::span<const ModuleVerdict> modules() const { return modules_; }

  // Every plugin, in the order of ExpectedChain.
  std::span<const PluginIndex> order() const { return order_; }

  // Selection and acceptance together.
  Membership membership(PluginIndex plugin, const Workload& workload) const;

  ExpectedChain chain(const Workload& workload) const;

  // The chain with its anchors, as early as the rules allow; `latest` as late. They are equal under the documented
  // rules, up to ties.
  std::vector<ChainLink> links(const ExpectedChain& chain, AnchorSet anchors) const;
  std::vector<ChainLink> latest_links(const ExpectedChain& chain, AnchorSet anchors) const;

  const Cluster& cluster() const { return *cluster_; }
  const Rules& rules() const { return rules_; }

 private:
  const Cluster* cluster_;
  Rules rules_;
  std::vector<ModuleVerdict> modules_;
  std::vector<PluginIndex> order_;
};

// The groups of a chain whose order the text leaves open: ranges of positions in `plugins`, which must be in
// the order of ExpectedChain.
struct TieGroup {
  std::size_t begin = 0;
  std::size_t size = 0;
};
std::vector<TieGroup> ties(const Cluster& cluster, std::span<const PluginIndex> plugins,
                           const Rules& rules = Rules::documented());

// Which chains of a workload the documented profile speaks of.
enum class ChainDirection : std::uint8_t { Inbound, Gateway };
std::string_view to_string(ChainDirection direction);  // "inbound", "gateway"

// Nothing for waypoints (SEL-11) and workloads without a proxy. With LIS-1 off also for gateways.
std::optional<ChainDirection> direction_of(const Workload& workload,
                                           const Rules& rules = Rules::documented());

// The plugin's place in the order of ExpectedChain: phase, priority descending, namespace, name.
bool stands_before(const WasmPlugin& a, const WasmPlugin& b);

// The manifests that change the chains of this workload in a way that is not modelled.
std::vector<const ChainPatch*> patches_of(const Cluster& cluster, const Workload& workload);

}  // namespace model

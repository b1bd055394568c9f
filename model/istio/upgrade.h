// What changes for a mesh from one version of Istio to another, with manifests as they are: istiod and proxies both of the later
// version. Which rule is to blame is found by changing one rule of the earlier version at a time into the later one's, in
// a fixed order, and computing the chains each time: a step that changes a list of filters is a cause of its change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/istio/admission.h"
#include "model/istio/chain_changes.h"
#include "model/istio/order_edit.h"
#include "model/istio/unmodelled.h"

namespace model::istio {

// One side of an upgrade.
struct Release {
  Version version;
  const Regime* regime = nullptr;  // never null
};

// What the steps are about, in their order.
enum class Aspect : std::uint8_t {
  Kinds,          // TrafficExtension is known or not
  EmptyUrls,
  FailStrategies,
  PriorityWidth,
  Match,
  Labels,
  Topology,
  EmptyValues,
  Attachment,     // selectors and target references, and the label of gateways
  HttpChain,
  NetworkChain,
  Type,           // NETWORK is known or not
  NamespaceOrder,
  TieOrder,
};

// A rule that holds on one side and not on the other; nullptr where there is none.
struct Cause {
  Aspect aspect = Aspect::Kinds;
  const Rule* before = nullptr;
  const Rule* after = nullptr;

  bool operator==(const Cause&) const = default;
};

// Workloads of which some lists of filters change in one way, and those of the first of them.
struct ChangedWorkloads {
  std::vector<std::uint32_t> workloads;  // indexes in Cluster::workloads, ascending
  std::vector<ChangedChain> chains;
  std::vector<std::size_t> edits;        // indexes in Upgrade::edits: those that concern plugins which change places here
};

// All lists that change for the same causes. A workload stands in several groups where its lists change for several.
struct ChangeGroup {
  std::vector<Cause> causes;
  std::vector<ChangedWorkloads> ways;
};

// A plugin that admission or istiod treats otherwise.
struct AcceptanceChange {
  ExtensionIndex extension = 0;
  bool by_admission = false;  // an API server refuses it when it is applied; else istiod passes over it
  bool accepted_before = false;
  Denial denial;              // of the side that does not accept it
};

// Filters under other names.
struct Renaming {
  const Rule* before = nullptr;
  const Rule* after = nullptr;
  std::vector<ExtensionIndex> extensions;  // that stand in chains on both sides
  std::vector<std::uint32_t> workloads;    // that run one of them
};

// A patch that looks for a filter by a name that only one side has.
struct LostReference {
  std::size_t reference = 0;  // in Cluster::filter_references
  ExtensionIndex extension = 0;
  std::string other_name;     // what the other side calls the filter
  bool found_before = false;  // it misses after the upgrade; else it misses today and fits then
};

// Plugins in whose place the proxy waits for a configuration that istiod does not serve.
struct ServiceChange {
  const Rule* before = nullptr;
  const Rule* after = nullptr;
  ExtensionIndex extension = 0;
  bool served_after = false;
  std::vector<std::uint32_t> workloads;
};

// A field of plugins that one side does not know, where no chain changes for it.
struct FieldChange {
  const Rule* rule = nullptr;
  bool known_after = false;
  std::vector<ExtensionIndex> extensions;
};

struct NotModelled {
  std::vector<std::uint32_t> workloads;
  Unmodelled why;
};

struct Upgrade {
  std::size_t workloads = 0;  // with a proxy
  std::vector<std::uint32_t> changed;  // whose chains change, or what is served to them
  std::vector<ChangeGroup> groups;
  std::vector<OrderEdit> edits;
  std::vector<ServiceChange> services;
  std::vector<AcceptanceChange> acceptances;
  std::optional<Renaming> renaming;
  std::vector<LostReference> references;
  std::vector<FieldChange> fields;
  std::vector<Cause> remarks;  // rules that change without a chain, a setting or an acceptance: type URLs, the fail field. Aspect says nothing.
  std::vector<NotModelled> not_modelled;

  // Whether anything but the remarks changes.
  bool changes() const;
};

// Only workloads that `lets_through` picks (by index) are looked at; plugins and EnvoyFilters are, all of them.
Upgrade upgrade(const Cluster& cluster, const Mesh& mesh, const Release& from, const Release& to,
                const std::vector<std::uint32_t>& workloads);

}  // namespace model::istio

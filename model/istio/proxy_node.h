// A proxy as Istio knows it: the one for which a chain is computed.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/cluster.h"
#include "model/istio/mesh.h"
#include "model/istio/regimes.h"
#include "model/observed_chain.h"

namespace model::istio {

// Where a proxy runs, as far as the input tells it: nothing in a member where it does not tell, an empty text where there is none.
struct Topology {
  std::optional<Locality> node;         // what the proxy sent
  std::optional<Locality> registry;     // what the registry knows of its address
  bool is_instance = false;             // a service has it among its instances; false too where `registry` is empty
  std::optional<std::string> cluster;   // CLUSTER_ID
  std::optional<std::string> network;   // NETWORK
  std::optional<std::string> host;      // NODE_NAME

  bool operator==(const Topology&) const = default;
};

struct ProxyNode {
  NodeType type = NodeType::Sidecar;
  std::string ns;
  std::string name;
  LabelPairs node_labels;                      // what the proxy sent: node metadata LABELS
  LabelPairs static_labels = {};               // and STATIC_LABELS
  std::optional<LabelPairs> registry_labels;   // what the registry knows of its address, if it knows it
  std::vector<std::string> addresses;
  std::optional<Version> version;              // of the proxy itself; nothing counts as the newest
  Topology topology = {};
};

// The workloads of a cluster by namespace and name, those of Pods included; of two of one name the first. It refers to the cluster.
class WorkloadNames {
 public:
  explicit WorkloadNames(const Cluster& cluster);

  // nullptr if there is none.
  const Workload* find(std::string_view ns, std::string_view name) const;

 private:
  const Cluster& cluster_;
  std::map<std::pair<NamespaceId, std::string_view>, const Workload*> workloads_;
};

// The labels of a workload, which are what the registry knows.
LabelPairs registry_labels(const Cluster& cluster, const Workload& workload);

// The same of the Pod (or other workload) of that name; nothing if the cluster has none. It looks through all workloads: for many
// names use WorkloadNames.
std::optional<LabelPairs> registry_labels(const Cluster& cluster, const std::string& ns, const std::string& name);

// The proxy of a workload as its manifest describes it: what it sent and what the registry knows are both the manifest's labels, its
// own version is the one given, and it runs where the manifests of Pods, Nodes, WorkloadEntries and ServiceEntries say.
ProxyNode proxy_of(const Cluster& cluster, const Mesh& mesh, const Workload& workload, const Version& version);

// The same without a word of where it runs.
ProxyNode proxy_of(const Cluster& cluster, const Workload& workload, const Version& version);

// The proxy that a dump is of. `workload` is its own in the cluster, nullptr where it has none.
ProxyNode proxy_of(const Cluster& cluster, const Mesh& mesh, const Workload* workload, const ObservedNode& seen);

// The labels that selectors see in this version (istio-behaviour.md 1.2): by the regime's source, with those that Istio adds for the
// place where it runs.
LabelPairs effective_labels(const Regime& regime, const ProxyNode& proxy);

// The labels whose value the input does not tell, although Istio would set it: those of effective_labels are then the workload's own,
// or missing.
std::set<std::string, std::less<>> untold_labels(const Regime& regime, const ProxyNode& proxy);

// Whether Istio sets a label of that name for the place where a proxy runs.
bool is_topology_label(std::string_view key);

// "region/zone/subzone", or with dots where there is no slash (istio-locality).
Locality parse_locality(std::string_view text);

// The name of the Gateway API gateway whose pod this is, by the label that this version asks for; "" if it is none.
std::string gateway_name(const Regime& regime, const LabelPairs& labels);

}  // namespace model::istio

// A proxy as Istio knows it: the one for which a chain is computed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/istio/mesh.h"
#include "model/istio/regimes.h"
#include "model/observed_chain.h"

namespace model::istio {

struct ProxyNode {
  NodeType type = NodeType::Sidecar;
  std::string ns;
  std::string name;
  LabelPairs node_labels;                      // what the proxy sent: node metadata LABELS
  std::optional<LabelPairs> registry_labels;   // what the registry knows of its address, if it knows it
  std::vector<std::string> addresses;
  std::optional<Version> version;              // of the proxy itself; nothing counts as the newest
  std::string cluster;                         // CLUSTER_ID; "" where unknown
  std::string network;
};

// The labels of the Pod (or other workload) of that name, which are what the registry knows; nothing if the cluster has none.
std::optional<LabelPairs> registry_labels(const Cluster& cluster, const std::string& ns, const std::string& name);

// The proxy of a workload as its manifest describes it: what it sent and what the registry knows are both the manifest's labels, and
// its own version is the one given.
ProxyNode proxy_of(const Cluster& cluster, const Workload& workload, const Version& version);

// The labels that selectors see in this version (istio-behaviour.md 1.2): by the regime's source, and those that Istio adds for the
// cluster and the network. Region, zone and host name are added only if they are among the labels given.
LabelPairs effective_labels(const Regime& regime, const ProxyNode& proxy);

// The name of the Gateway API gateway whose pod this is, by the label that this version asks for; "" if it is none.
std::string gateway_name(const Regime& regime, const LabelPairs& labels);

}  // namespace model::istio

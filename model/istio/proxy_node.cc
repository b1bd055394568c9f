#include "model/istio/proxy_node.h"

#include <algorithm>
#include <string_view>

namespace model::istio {
namespace {

constexpr const char* kTestVm = "istio.io/test-vm";
constexpr const char* kClusterLabel = "topology.istio.io/cluster";
constexpr const char* kNetworkLabel = "topology.istio.io/network";
constexpr const char* kGatewayApiLabel = "gateway.networking.k8s.io/gateway-name";
constexpr const char* kIstioGatewayLabel = "istio.io/gateway-name";

bool says_something(const LabelPairs& labels, const char* key) {
  const auto found = labels.find(key);
  return found != labels.end() && !found->second.empty();
}

std::string value_of(const LabelPairs& labels, const char* key) {
  const auto found = labels.find(key);
  return found == labels.end() ? std::string() : found->second;
}

LabelPairs own_labels(const Regime& regime, const ProxyNode& proxy) {
  if (!proxy.registry_labels) return proxy.node_labels;
  switch (regime.labels) {
    case LabelSource::Node:
      return proxy.node_labels.empty() ? *proxy.registry_labels : proxy.node_labels;
    case LabelSource::Registry:
      return says_something(proxy.node_labels, kTestVm) ? proxy.node_labels : *proxy.registry_labels;
  }
  return proxy.node_labels;
}

LabelPairs pairs_of(const Cluster& cluster, const Workload& workload) {
  LabelPairs pairs;
  for (const LabelId id : cluster.labels.set(workload.labels)) {
    const Label label = cluster.labels.label(id);
    pairs[std::string(label.key)] = label.value;
  }
  return pairs;
}

NodeType type_of(Proxy proxy) {
  switch (proxy) {
    case Proxy::Gateway: return NodeType::Router;
    case Proxy::Waypoint: return NodeType::Waypoint;
    case Proxy::Sidecar:
    case Proxy::None:
    case Proxy::Unknown: break;
  }
  return NodeType::Sidecar;
}

}  // namespace

std::optional<LabelPairs> registry_labels(const Cluster& cluster, const std::string& ns, const std::string& name) {
  for (const Workload& workload : cluster.workloads) {
    const bool named = workload.name == name ||
                       std::ranges::find(workload.pods, name) != workload.pods.end();
    if (!named || cluster.namespaces[workload.ns] != ns) continue;
    return pairs_of(cluster, workload);
  }
  return std::nullopt;
}

ProxyNode proxy_of(const Cluster& cluster, const Workload& workload, const Version& version) {
  ProxyNode proxy;
  proxy.type = type_of(workload.proxy);
  proxy.ns = cluster.namespaces[workload.ns];
  proxy.name = workload.name;
  proxy.node_labels = pairs_of(cluster, workload);
  proxy.registry_labels = proxy.node_labels;
  proxy.version = version;
  return proxy;
}

LabelPairs effective_labels(const Regime& regime, const ProxyNode& proxy) {
  LabelPairs labels = own_labels(regime, proxy);
  if (!proxy.cluster.empty()) labels[kClusterLabel] = proxy.cluster;
  if (!proxy.network.empty() && !labels.contains(kNetworkLabel)) labels[kNetworkLabel] = proxy.network;
  return labels;
}

std::string gateway_name(const Regime& regime, const LabelPairs& labels) {
  switch (regime.gateway_label) {
    case GatewayLabel::None:
      return {};
    case GatewayLabel::Istio:
      return value_of(labels, kIstioGatewayLabel);
    case GatewayLabel::GatewayApiOrIstio:
      return labels.contains(kGatewayApiLabel) ? value_of(labels, kGatewayApiLabel)
                                               : value_of(labels, kIstioGatewayLabel);
    case GatewayLabel::GatewayApi:
      return value_of(labels, kGatewayApiLabel);
  }
  return {};
}

}  // namespace model::istio

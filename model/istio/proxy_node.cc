#include "model/istio/proxy_node.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace model::istio {
namespace {

constexpr const char* kTestVm = "istio.io/test-vm";
constexpr const char* kRegionLabel = "topology.kubernetes.io/region";
constexpr const char* kZoneLabel = "topology.kubernetes.io/zone";
constexpr const char* kSubzoneLabel = "topology.istio.io/subzone";
constexpr const char* kClusterLabel = "topology.istio.io/cluster";
constexpr const char* kNetworkLabel = "topology.istio.io/network";
constexpr const char* kHostLabel = "kubernetes.io/hostname";
constexpr const char* kLocalityLabel = "istio-locality";
// Of Nodes before Kubernetes 1.17, read still (getPodLocality, pilot/pkg/serviceregistry/kube/controller/controller.go).
constexpr const char* kOldRegionLabel = "failure-domain.beta.kubernetes.io/region";
constexpr const char* kOldZoneLabel = "failure-domain.beta.kubernetes.io/zone";
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

bool is_test_vm(const ProxyNode& proxy) { return says_something(proxy.node_labels, kTestVm); }

// Whether the labels are those of the registry, rather than what the proxy sent.
bool from_registry(const Regime& regime, const ProxyNode& proxy) {
  if (!proxy.registry_labels) return false;
  switch (regime.labels) {
    case LabelSource::Node: return proxy.node_labels.empty();
    case LabelSource::Registry: return !is_test_vm(proxy);
  }
  return false;
}

LabelPairs own_labels(const Regime& regime, const ProxyNode& proxy) {
  if (!from_registry(regime, proxy)) return proxy.node_labels;
  LabelPairs labels = *proxy.registry_labels;
  if (regime.labels == LabelSource::Registry) labels.insert(proxy.static_labels.begin(), proxy.static_labels.end());
  return labels;
}

bool is_empty(const Locality& locality) {
  return locality.region.empty() && locality.zone.empty() && locality.subzone.empty();
}

bool has_locality(const LabelPairs& labels) {
  return labels.contains(kRegionLabel) || labels.contains(kZoneLabel) || labels.contains(kSubzoneLabel);
}

void set_locality(LabelPairs& labels, const Locality& locality) {
  if (!locality.region.empty()) labels[kRegionLabel] = locality.region;
  if (!locality.zone.empty()) labels[kZoneLabel] = locality.zone;
  if (!locality.subzone.empty()) labels[kSubzoneLabel] = locality.subzone;
}

// The locality of `istio-locality`; nothing where the labels have none, or the version does not ask for it.
std::optional<Locality> labelled_locality(const Regime& regime, const LabelPairs& labels) {
  if (regime.topology < TopologyLabels::OrOfLabel || !labels.contains(kLocalityLabel)) return std::nullopt;
  return parse_locality(value_of(labels, kLocalityLabel));
}

// What Istio sets for region, zone and subzone; nothing where the input does not tell. `labels` are the workload's own.
std::optional<Locality> locality_of(const Regime& regime, const ProxyNode& proxy, LabelPairs labels) {
  const Topology& topology = proxy.topology;
  if (regime.topology < TopologyLabels::OfLabels) {
    if (!topology.registry) return std::nullopt;
    if (topology.is_instance && !is_empty(*topology.registry)) return topology.registry;
    if (const auto labelled = labelled_locality(regime, labels)) return labelled;
    return topology.node;
  }
  if (!is_test_vm(proxy) && !topology.registry) return std::nullopt;
  if (from_registry(regime, proxy)) set_locality(labels, *topology.registry);
  if (has_locality(labels))
    return Locality{value_of(labels, kRegionLabel), value_of(labels, kZoneLabel), value_of(labels, kSubzoneLabel)};
  if (const auto labelled = labelled_locality(regime, labels)) return labelled;
  return topology.node;
}

// Of a Kubernetes Pod (getPodLocality).
std::optional<Locality> locality_of_pod(const Mesh& mesh, const LabelPairs& labels, const Residence* residence) {
  if (says_something(labels, kLocalityLabel)) return parse_locality(value_of(labels, kLocalityLabel));
  if (!residence || residence->node.empty()) return std::nullopt;
  const auto node = mesh.nodes.find(residence->node);
  if (node == mesh.nodes.end()) return std::nullopt;
  const auto either = [&](const char* key, const char* old_key) {
    return says_something(node->second, key) ? value_of(node->second, key) : value_of(node->second, old_key);
  };
  return Locality{either(kRegionLabel, kOldRegionLabel), either(kZoneLabel, kOldZoneLabel),
                  value_of(node->second, kSubzoneLabel)};
}

bool is_instance(const Mesh& mesh, const std::string& ns, const LabelPairs& labels) {
  return std::ranges::any_of(mesh.services, [&](const Service& service) {
    if (service.meta.id.ns != ns || !service.pod_selector || service.pod_selector->empty()) return false;
    return std::ranges::all_of(*service.pod_selector, [&](const auto& wanted) {
      const auto found = labels.find(wanted.first);
      return found != labels.end() && found->second == wanted.second;
    });
  });
}

// The endpoint of a ServiceEntry that a workload NAME[i] is.
const Endpoint* endpoint_of(const Mesh& mesh, const std::string& ns, const std::string& name) {
  const auto bracket = name.rfind('[');
  if (bracket == std::string::npos) return nullptr;
  const auto entry = std::ranges::find_if(mesh.services, [&](const Service& service) {
    return service.registry == Registry::ServiceEntry && service.meta.id.ns == ns &&
           service.meta.id.name == std::string_view(name).substr(0, bracket);
  });
  if (entry == mesh.services.end()) return nullptr;
  const std::string digits = name.substr(bracket + 1, name.size() - bracket - 2);
  for (std::size_t i = 0; i < entry->endpoints.size(); ++i)
    if (std::to_string(i) == digits) return &entry->endpoints[i];
  return nullptr;
}

const Residence* find_residence(const Mesh& mesh, const ObjectName& id) {
  const auto found = mesh.residences.find(id);
  return found == mesh.residences.end() ? nullptr : &found->second;
}

// The residence that all of a workload's Pods have in common; nullptr if they have none.
const Residence* residence_of(const Mesh& mesh, const std::string& ns, const Workload& workload) {
  const auto find = [&](const std::string& name) { return find_residence(mesh, {ns, name}); };
  if (workload.pods.empty()) return find(workload.name);
  const Residence* common = find(workload.pods.front());
  for (const std::string& pod : workload.pods) {
    const Residence* one = find(pod);
    if (!one || !common || one->node != common->node) return nullptr;
  }
  return common;
}

// What the manifests tell of where a workload runs.
void add_topology(const Mesh& mesh, const Workload& workload, const LabelPairs& labels, ProxyNode& proxy) {
  Topology& topology = proxy.topology;
  switch (workload.kind) {
    case WorkloadKind::ServiceEntry: {
      topology.is_instance = true;
      const Endpoint* endpoint = endpoint_of(mesh, proxy.ns, workload.name);
      if (endpoint) topology.registry = endpoint->locality;
      break;
    }
    case WorkloadKind::WorkloadEntry: {
      const Residence* residence = find_residence(mesh, {proxy.ns, workload.name});
      const bool told = residence && !is_empty(residence->locality);
      topology.registry = told ? residence->locality : parse_locality(value_of(labels, kLocalityLabel));
      break;
    }
    default: {
      const Residence* residence = residence_of(mesh, proxy.ns, workload);
      topology.registry = locality_of_pod(mesh, labels, residence);
      if (residence && !residence->node.empty() && !topology.host) topology.host = residence->node;
      break;
    }
  }
  // To go through all services is worth it only where the answer can matter.
  if (topology.registry && !is_empty(*topology.registry) && !topology.is_instance)
    topology.is_instance = is_instance(mesh, proxy.ns, labels);
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

WorkloadNames::WorkloadNames(const Cluster& cluster) : cluster_(cluster) {
  for (const Workload& workload : cluster.workloads) {
    workloads_.try_emplace({workload.ns, workload.name}, &workload);
    for (const std::string& pod : workload.pods) workloads_.try_emplace({workload.ns, pod}, &workload);
  }
}

const Workload* WorkloadNames::find(std::string_view ns, std::string_view name) const {
  const auto id = cluster_.namespaces.find(ns);
  if (!id) return nullptr;
  const auto found = workloads_.find({*id, name});
  return found == workloads_.end() ? nullptr : found->second;
}

LabelPairs registry_labels(const Cluster& cluster, const Workload& workload) { return pairs_of(cluster, workload); }

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

ProxyNode proxy_of(const Cluster& cluster, const Mesh& mesh, const Workload& workload, const Version& version) {
  ProxyNode proxy = proxy_of(cluster, workload, version);
  add_topology(mesh, workload, *proxy.registry_labels, proxy);
  return proxy;
}

ProxyNode proxy_of(const Cluster& cluster, const Mesh& mesh, const Workload* workload, const ObservedNode& seen) {
  ProxyNode proxy;
  proxy.type = seen.type;
  proxy.ns = seen.ns;
  proxy.name = seen.name;
  if (seen.labels) proxy.node_labels.insert(seen.labels->begin(), seen.labels->end());
  proxy.static_labels.insert(seen.static_labels.begin(), seen.static_labels.end());
  // A node without an id is of istiod's dump, which says nothing of addresses.
  if (const auto from = seen.id.find('~'); from != std::string::npos)
    proxy.addresses.push_back(seen.id.substr(from + 1, seen.id.find('~', from + 1) - from - 1));
  proxy.version = parse_version(seen.version);
  if (seen.topology) {
    const ObservedTopology& told = *seen.topology;
    proxy.topology.node = Locality{told.region, told.zone, told.subzone};
    proxy.topology.cluster = told.cluster;
    proxy.topology.network = told.network;
    if (!told.host.empty()) proxy.topology.host = told.host;
  }
  if (!workload) return proxy;
  proxy.registry_labels = pairs_of(cluster, *workload);
  add_topology(mesh, *workload, *proxy.registry_labels, proxy);
  return proxy;
}

LabelPairs effective_labels(const Regime& regime, const ProxyNode& proxy) {
  LabelPairs labels = own_labels(regime, proxy);
  const Topology& topology = proxy.topology;
  const auto set = [&](const char* key, const std::optional<std::string>& value) {
    if (value && !value->empty()) labels[key] = *value;
  };
  if (const auto locality = locality_of(regime, proxy, labels)) set_locality(labels, *locality);
  set(kClusterLabel, topology.cluster);
  if (regime.topology >= TopologyLabels::AndHost) set(kHostLabel, topology.host);
  const bool keeps_own = regime.topology >= TopologyLabels::OwnNetwork && says_something(labels, kNetworkLabel);
  if (!keeps_own) set(kNetworkLabel, topology.network);
  return labels;
}

std::set<std::string, std::less<>> untold_labels(const Regime& regime, const ProxyNode& proxy) {
  std::set<std::string, std::less<>> untold;
  const LabelPairs labels = own_labels(regime, proxy);
  if (!locality_of(regime, proxy, labels)) untold.insert({kRegionLabel, kZoneLabel, kSubzoneLabel});
  if (!proxy.topology.cluster) untold.insert(kClusterLabel);
  if (regime.topology >= TopologyLabels::AndHost && !proxy.topology.host) untold.insert(kHostLabel);
  const bool keeps_own = regime.topology >= TopologyLabels::OwnNetwork && says_something(labels, kNetworkLabel);
  if (!keeps_own && !proxy.topology.network) untold.insert(kNetworkLabel);
  return untold;
}

bool is_topology_label(std::string_view key) {
  constexpr std::array<std::string_view, 6> kLabels{kRegionLabel, kZoneLabel, kSubzoneLabel, kClusterLabel, kNetworkLabel, kHostLabel};
  return std::ranges::find(kLabels, key) != kLabels.end();
}

Locality parse_locality(std::string_view text) {
  const char separator = text.find('/') == std::string_view::npos ? '.' : '/';
  const auto take = [&] {
    const auto end = std::min(text.find(separator), text.size());
    std::string part(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
  };
  Locality locality;
  locality.region = take();
  locality.zone = take();
  locality.subzone = take();
  return locality;
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

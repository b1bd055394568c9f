// Random worlds for properties of Istio's profiles: a mesh with all that chains depend on, proxies of every type, and what they run.
#pragma once

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/istio/filter_chain.h"

namespace tests {

using namespace model::istio;

struct IstioWorld {
  Mesh mesh;
  std::vector<ProxyNode> proxies;
};

class IstioWorlds {
 public:
  explicit IstioWorlds(std::uint32_t seed) : random_(seed) {}

  // Names of objects are distinct within a kind and namespace.
  IstioWorld next() {
    IstioWorld world;
    Mesh& mesh = world.mesh;
    mesh.root_namespace = "root";
    mesh.config.default_metrics = one_of(2) ? std::vector<std::string>{"prometheus"} : std::vector<std::string>{};
    mesh.config.providers["authz"] = ProviderKind::ExternalAuthorizationGrpc;
    for (const char* ns : {"shop", "pay"}) {
      Service service;
      service.meta.id = {ns, "web"};
      mesh.services.push_back(service);
    }
    const std::size_t plugins = 2 + one_of(5);
    for (std::size_t i = 0; i < plugins; ++i) mesh.extensions.push_back(extension(i));
    add_policies(mesh);
    for (const model::NodeType type : {model::NodeType::Sidecar, model::NodeType::Router, model::NodeType::Waypoint}) world.proxies.push_back(proxy(type));
    return world;
  }

  std::size_t one_of(std::size_t n) { return std::size_t{random_()} % n; }
  bool rarely() { return one_of(8) == 0; }
  std::mt19937& random() { return random_; }

  template <class Value>
  const Value& pick(const std::vector<Value>& values) { return values[one_of(values.size())]; }

  LabelPairs selector() {
    LabelPairs pairs;
    if (one_of(2)) pairs["app"] = pick<std::string>({"web", "db", ""});
    if (one_of(3) == 0) pairs["tier"] = pick<std::string>({"front", ""});
    if (rarely()) pairs["topology.istio.io/network"] = pick<std::string>({"n1", "mine"});
    return pairs;
  }

  Extension extension(std::size_t i) {
    Extension one;
    const std::vector<std::string> names{"foo", "foo-bar", "foo.a", "foo2", "foo-0", "f"};
    one.meta.id = {pick<std::string>({"root", "shop", "shop", "pay"}), names[i % names.size()] + (i < names.size() ? "" : "-x")};
    if (!rarely()) one.meta.created = Timestamp{.seconds = static_cast<std::int64_t>(one_of(2))};
    if (rarely()) one.meta.revision = pick<std::string>({"default", "canary"});
    if (rarely()) one.kind = ExtensionKind::TrafficExtension;
    one.attachment = attachment();
    one.phase = static_cast<model::Phase>(one_of(4));
    one.priority = pick<std::optional<std::int64_t>>({std::nullopt, 0, 0, -1, 10, -2147483648LL, 2147483647LL});
    if (rarely()) one.priority = 1LL << 40;
    if (rarely()) one.type = ExtensionType::Network;
    if (rarely()) one.fail = FailStrategy::Reload;
    if (one_of(4) == 0) one.match = {{pick<TrafficMode>({TrafficMode::Any, TrafficMode::Client, TrafficMode::Server}), ports()}};
    one.url = rarely() ? pick<std::string>({"", "10.0.0.1:5000/a", "img:v1"}) : "oci://h/a";
    return one;
  }

 private:
  std::vector<std::uint32_t> ports() {
    return pick<std::vector<std::uint32_t>>({{}, {80}, {8080, 80}});
  }

  Attachment attachment() {
    Attachment asked;
    if (one_of(2)) asked.selector = selector();
    if (rarely()) asked.target_ref = target();
    if (rarely()) asked.target_refs = {target()};
    return asked;
  }

  TargetRef target() {
    return pick<TargetRef>({{"gateway.networking.k8s.io", "Gateway", "gw", ""},
                            {"", "Service", "web", ""},
                            {"networking.istio.io", "ServiceEntry", "web", ""},
                            {"gateway.networking.k8s.io", "GatewayClass", "istio-waypoint", ""}});
  }

  template <class Policy>
  Policy policy(std::size_t i) {
    Policy one;
    one.meta.id = {pick<std::string>({"root", "shop"}), "policy-" + std::to_string(i)};
    one.meta.created = Timestamp{.seconds = static_cast<std::int64_t>(one_of(2))};
    if (one_of(2)) one.attachment.selector = LabelPairs{{"app", pick<std::string>({"web", "db"})}};
    return one;
  }

  void add_policies(Mesh& mesh) {
    for (std::size_t i = 0; i < one_of(3); ++i) {
      auto one = policy<AuthorizationPolicy>(i);
      one.action = static_cast<AuthorizationAction>(one_of(4));
      if (one.action == AuthorizationAction::Custom) one.provider = "authz";
      mesh.authorization_policies.push_back(one);
    }
    for (std::size_t i = 0; i < one_of(2); ++i) {
      auto one = policy<RequestAuthentication>(i);
      one.has_rules = one_of(2) != 0;
      mesh.request_authentications.push_back(one);
    }
    for (std::size_t i = 0; i < one_of(3); ++i) {
      auto one = policy<Telemetry>(i);
      one.metrics = {pick<std::vector<std::string>>({{}, {"prometheus"}})};
      mesh.telemetries.push_back(one);
    }
  }

  ProxyNode proxy(model::NodeType type) {
    ProxyNode one;
    one.type = type;
    one.ns = "shop";
    one.name = "proxy";
    one.node_labels = {{"app", "web"}};
    if (one_of(2)) one.node_labels["tier"] = "front";
    if (type != model::NodeType::Sidecar && one_of(2))
      one.node_labels[pick<std::string>({"gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name"})] = "gw";
    one.registry_labels = one.node_labels;
    if (rarely()) (*one.registry_labels)["app"] = "db";
    if (rarely()) (*one.registry_labels)["topology.istio.io/network"] = "mine";
    one.topology.node = Locality{};
    one.topology.registry = Locality{};
    one.topology.cluster = "c1";
    one.topology.network = one_of(2) ? "n1" : "";
    one.topology.host = "";
    one.version = Version{1, pick<std::uint32_t>({12, 20, 24, 31}), 0};
    return one;
  }

  std::mt19937 random_;
};

// The names of the filters of every chain of a proxy, a line a chain; plugins by their objects' names, which no version spells
// otherwise.
inline std::string chains_of(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy, bool built_ins = true) {
  std::vector<ChainKind> kinds;
  switch (proxy.type) {
    case model::NodeType::Router: kinds = {ChainKind::GatewayHttp, ChainKind::GatewayTcp}; break;
    case model::NodeType::Waypoint:
      kinds = {ChainKind::WaypointHttp, ChainKind::WaypointTcp, ChainKind::WaypointDirectHttp, ChainKind::WaypointDirectTcp};
      break;
    default: kinds = {ChainKind::InboundHttp, ChainKind::InboundTcp, ChainKind::OutboundHttp, ChainKind::OutboundTcp}; break;
  }
  std::string text;
  for (const ChainKind kind : kinds)
    for (const std::uint32_t port : {80u, 9090u}) {
      ChainPlace place{.kind = kind, .http_port = port, .network_port = port};
      if (kind == ChainKind::WaypointHttp || kind == ChainKind::WaypointTcp)
        place.services = {{"shop", "web", Registry::Kubernetes}, {"pay", "web", Registry::Kubernetes}};
      const FilterChain chain = filter_chain(regime, mesh, proxy, place);
      for (const auto* filters : {&chain.network, &chain.http}) {
        for (const ChainFilter& one : *filters)
          if (one.extension) text += to_string(mesh.extensions[*one.extension].meta.id) + " ";
          else if (built_ins) text += one.name + " ";
        text += "| ";
      }
      text += "\n";
    }
  return text;
}

inline std::string chains_of(const Regime& regime, const IstioWorld& world, bool built_ins = true) {
  std::string text;
  for (const ProxyNode& proxy : world.proxies) text += chains_of(regime, world.mesh, proxy, built_ins);
  return text;
}

}  // namespace tests

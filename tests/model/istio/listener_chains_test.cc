#include "model/istio/listener_chains.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace model::istio;

namespace {

Mesh rooted() {
  Mesh mesh;
  mesh.root_namespace = "istio-system";
  return mesh;
}

Extension plugin(const std::string& name, std::vector<TrafficMatch> match = {}) {
  Extension one;
  one.meta.id = {"shop", name};
  one.url = "oci://registry.example.com/filter:v1";
  one.match = std::move(match);
  return one;
}

ProxyNode proxy(model::NodeType type) {
  ProxyNode node;
  node.type = type;
  node.ns = "shop";
  node.name = "web-1";
  return node;
}

// "inbound http:80 a b": the plugins of each chain.
std::vector<std::string> told(std::string_view version, const Mesh& mesh, model::NodeType type) {
  std::vector<std::string> lines;
  const Regime& regime = *find_regime(parse_version(version).value());
  for (const ListenerChain& chain : listener_chains(regime, mesh, proxy(type))) {
    std::string line = std::string(direction_of(chain.kind)) + " " + std::string(class_of(chain.kind));
    if (chain.service) line += " " + chain.service->name;
    if (chain.port) line += ":" + std::to_string(*chain.port);
    for (const auto* filters : {&chain.filters.network, &chain.filters.http})
      for (const ChainFilter& filter : *filters)
        if (filter.extension) line += " " + mesh.extensions[*filter.extension].meta.id.name;
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a sidecar has one chain a class where no plugin tells ports apart", "[istio]") {
  Mesh mesh = rooted();
  mesh.extensions = {plugin("a"), plugin("b", {{TrafficMode::Server, {}}})};
  CHECK(told("1.29.0", mesh, model::NodeType::Sidecar) ==
        Lines{"inbound http a b", "inbound tcp", "outbound http a", "outbound tcp"});
  CHECK(told("1.13.0", mesh, model::NodeType::Sidecar) ==
        Lines{"inbound http a b", "inbound tcp", "outbound http", "outbound tcp"});
}

TEST_CASE("a port that a match names has a chain of its own where the chain differs", "[istio]") {
  Mesh mesh = rooted();
  mesh.extensions = {plugin("a", {{TrafficMode::Server, {8080}}}), plugin("b"), plugin("c", {{TrafficMode::Any, {9090}}})};
  CHECK(told("1.29.0", mesh, model::NodeType::Sidecar) ==
        Lines{"inbound http:8080 a b", "inbound http:9090 b c", "inbound http b", "inbound tcp",
              "outbound http:9090 b c", "outbound http b", "outbound tcp"});
  // 1.15 does not know match.
  CHECK(told("1.15.0", mesh, model::NodeType::Sidecar) ==
        Lines{"inbound http a b c", "inbound tcp", "outbound http a b c", "outbound tcp"});
}

TEST_CASE("a plugin of type NETWORK stands in the TCP chains and before the HTTP connection manager", "[istio]") {
  Mesh mesh = rooted();
  mesh.extensions = {plugin("a"), plugin("l4")};
  mesh.extensions[1].type = ExtensionType::Network;
  CHECK(told("1.29.0", mesh, model::NodeType::Router) == Lines{"gateway http l4 a", "gateway tcp l4"});
  CHECK(told("1.19.0", mesh, model::NodeType::Router) == Lines{"gateway http a l4"});
}

TEST_CASE("a waypoint has chains for each service that a target names, and none before 1.18", "[istio]") {
  Mesh mesh = rooted();
  mesh.extensions = {plugin("a"), plugin("to-web")};
  mesh.extensions[1].attachment.target_refs = {{"", "Service", "web", ""}};
  for (const auto* name : {"web", "db"}) {
    Service service;
    service.meta.id = {"shop", name};
    mesh.services.push_back(service);
  }
  ProxyNode node = proxy(model::NodeType::Waypoint);
  CHECK(told("1.17.0", mesh, model::NodeType::Waypoint).empty());
  node.node_labels["gateway.networking.k8s.io/gateway-name"] = "way";
  Lines lines;
  for (const ListenerChain& chain : listener_chains(*find_regime({1, 29, 0}), mesh, node)) {
    std::string line(class_of(chain.kind));
    if (chain.service) line += " " + chain.service->name;
    for (const ChainFilter& filter : chain.filters.http)
      if (filter.extension) line += " " + mesh.extensions[*filter.extension].meta.id.name;
    lines.push_back(line);
  }
  CHECK(lines == Lines{"http web to-web", "http", "tcp", "http-direct", "tcp-direct"});
}

#include "model/istio/push_context.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "model/istio/listener_chains.h"

using namespace model::istio;

namespace {

// Small meshes full of near misses: two names a namespace share labels, ports, targets and priorities.
class RandomMesh {
 public:
  explicit RandomMesh(std::uint32_t seed) : random_(seed) {}

  Mesh mesh() {
    Mesh mesh;
    mesh.root_namespace = one_of<std::string>({"root", "root", ""});
    mesh.config.default_metrics = one_of<std::vector<std::string>>({{}, {"prometheus"}});
    mesh.config.providers = {{"ask", ProviderKind::ExternalAuthorizationHttp}};
    for (std::size_t i = 0; i < 12; ++i) mesh.extensions.push_back(extension(i));
    for (std::size_t i = 0; i < 3; ++i) {
      RequestAuthentication jwt;
      jwt.meta = meta("jwt", i);
      jwt.attachment = attachment();
      jwt.has_rules = below(3) > 0;
      mesh.request_authentications.push_back(jwt);
      AuthorizationPolicy policy;
      policy.meta = meta("policy", i);
      policy.attachment = attachment();
      policy.action = static_cast<AuthorizationAction>(below(4));
      policy.provider = "ask";
      mesh.authorization_policies.push_back(policy);
      Telemetry telemetry;
      telemetry.meta = meta("telemetry", i);
      telemetry.attachment = attachment();
      telemetry.metrics = one_of<std::vector<std::vector<std::string>>>({{}, {{}}, {{"prometheus"}}, {{"stackdriver"}}});
      mesh.telemetries.push_back(telemetry);
    }
    for (const char* ns : {"shop", "pay"}) {
      Service service;
      service.meta.id = {ns, "api"};
      mesh.services.push_back(service);
    }
    return mesh;
  }

  ProxyNode proxy() {
    ProxyNode node;
    node.type = one_of<model::NodeType>({model::NodeType::Sidecar, model::NodeType::Router, model::NodeType::Waypoint});
    node.ns = one_of<std::string>({"shop", "pay", "root"});
    node.name = "web-1";
    for (const char* key : {"app", "tier"})
      if (below(2)) node.node_labels[key] = one_of<std::string>({"a", "b"});
    if (node.type != model::NodeType::Sidecar && below(3) > 0)
      node.node_labels["gateway.networking.k8s.io/gateway-name"] = one_of<std::string>({"gw", "other"});
    node.registry_labels = node.node_labels;
    return node;
  }

 private:
  std::size_t below(std::size_t n) { return std::size_t{random_()} % n; }

  template <class Value>
  Value one_of(const std::vector<Value>& values) { return values[below(values.size())]; }

  ObjectMeta meta(const std::string& name, std::size_t number) {
    ObjectMeta made;
    made.id = {one_of<std::string>({"shop", "pay", "root"}), name + std::to_string(number)};
    if (below(2)) made.created = Timestamp{.seconds = static_cast<std::int64_t>(below(2))};
    if (below(8) == 0) made.revision = "other";
    return made;
  }

  Attachment attachment() {
    Attachment made;
    if (below(2)) made.selector = LabelPairs{{one_of<std::string>({"app", "tier"}), one_of<std::string>({"a", "b", ""})}};
    if (below(6) == 0) made.selector = LabelPairs{};
    if (below(3) == 0)
      made.target_refs = {one_of<TargetRef>({{"gateway.networking.k8s.io", "Gateway", "gw", ""},
                                             {"", "Service", "api", ""},
                                             {"gateway.networking.k8s.io", "GatewayClass", "istio-waypoint", ""}})};
    if (below(6) == 0) made.target_ref = TargetRef{"gateway.networking.k8s.io", "Gateway", "gw", ""};
    return made;
  }

  Extension extension(std::size_t number) {
    Extension made;
    made.meta = meta("p", number);
    made.attachment = attachment();
    made.phase = static_cast<model::Phase>(below(4));
    if (below(2)) made.priority = static_cast<std::int64_t>(below(3)) - 1;
    made.type = below(3) == 0 ? ExtensionType::Network : ExtensionType::Http;
    made.url = below(10) == 0 ? "" : "oci://registry.example.com/filter:v1";
    if (below(2))
      made.match = {{one_of<TrafficMode>({TrafficMode::Any, TrafficMode::Client, TrafficMode::Server}),
                     one_of<std::vector<std::uint32_t>>({{}, {80}, {80, 8080}})}};
    return made;
  }

  std::mt19937 random_;
};

ChainPlace place_of(const ListenerOutline& chain, std::uint32_t port) {
  ChainPlace place{.kind = chain.kind};
  switch (chain.kind) {
    case ChainKind::PassthroughHttp:
    case ChainKind::PassthroughTcp:
    case ChainKind::WaypointHttp:
    case ChainKind::WaypointDirectHttp:
    case ChainKind::WaypointDirectTcp: break;
    case ChainKind::WaypointTcp: place.network_port = port; break;
    default: place.http_port = place.network_port = port;
  }
  if (chain.service) place.services = {*chain.service};
  return place;
}

}  // namespace

TEST_CASE("the chains of a whole mesh are those of filter_chain, one at a time", "[istio]") {
  std::size_t compared = 0;
  std::size_t with_plugins = 0;
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    RandomMesh random(seed);
    const Mesh mesh = random.mesh();
    for (const Regime& regime : regimes()) {
      const PushContext context(regime, mesh);
      const ProxyNode proxy = random.proxy();
      const auto outlines = listener_outlines(context, proxy);
      // For every port that a plugin may ask for, and one for which none does: the chain that stands for it.
      for (const ListenerOutline& one : outlines)
        for (const std::uint32_t port : {80u, 8080u, 9090u}) {
          if (one.port && *one.port != port) continue;
          const bool told_apart = !one.port && std::ranges::any_of(outlines, [&](const ListenerOutline& other) {
            return other.kind == one.kind && other.service == one.service && other.port == port;
          });
          if (told_apart) continue;
          CAPTURE(seed, to_string(regime.since), port, std::string(direction_of(one.kind)), std::string(class_of(one.kind)));
          const FilterChain chain = filter_chain(regime, mesh, proxy, place_of(one, port));
          REQUIRE(spelt(regime, mesh, one.filters) == chain);
          ++compared;
          with_plugins += std::ranges::any_of(chain.http, [](const ChainFilter& filter) { return filter.extension.has_value(); });
        }
    }
  }
  CHECK(compared > 20'000);
  CHECK(with_plugins > 2'000);
}

TEST_CASE("what reaches a target by way of the index is what goes through everything", "[istio]") {
  for (std::uint32_t seed = 1000; seed < 1200; ++seed) {
    RandomMesh random(seed);
    Mesh mesh = random.mesh();
    for (Extension& one : mesh.extensions) one.match.clear();
    for (const Regime& regime : regimes()) {
      const PushContext context(regime, mesh);
      const Target target = target_of(regime, random.proxy(), {{"pay", "api"}});
      const Reached reached = context.reached(target);
      CAPTURE(seed, to_string(regime.since));
      CHECK(reached.http == plugins_of(regime, mesh, target, ExtensionType::Http, {}));
      CHECK(reached.network == plugins_of(regime, mesh, target, ExtensionType::Network, {}));
      CHECK(reached.built_ins == built_ins(regime, mesh, target));
    }
  }
}

TEST_CASE("plugins of type NETWORK stand in the first HTTP chain of a gateway's or an outbound listener alone", "[istio]") {
  Mesh mesh;
  mesh.root_namespace = "root";
  Extension l4;
  l4.meta.id = {"shop", "l4"};
  l4.url = "oci://registry.example.com/filter:v1";
  l4.type = ExtensionType::Network;
  mesh.extensions = {l4};
  const Regime& regime = *find_regime({1, 29, 0});
  const PushContext context(regime, mesh);
  ProxyNode proxy;
  proxy.ns = "shop";
  const auto shared = [&](model::NodeType type) {
    proxy.type = type;
    std::vector<std::string> found;
    for (const ListenerOutline& one : listener_outlines(context, proxy))
      if (one.network_plugins_in_first_only)
        found.push_back(std::string(direction_of(one.kind)) + " " + std::string(class_of(one.kind)));
    return found;
  };
  CHECK(shared(model::NodeType::Router) == std::vector<std::string>{"gateway http"});
  CHECK(shared(model::NodeType::Sidecar) == std::vector<std::string>{"outbound http"});
}

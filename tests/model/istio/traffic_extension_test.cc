// TrafficExtensions beside WasmPlugins, from 1.30 on.
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/manifests.h"
#include "model/istio/extension_order.h"
#include "model/istio/filter_chain.h"
#include "model/istio/payload.h"

using namespace model::istio;

namespace {

std::string object(const std::string& kind, const std::string& name, const std::string& spec) {
  return "---\napiVersion: extensions.istio.io/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + name +
         ", namespace: shop, creationTimestamp: '2024-01-01T00:00:00Z'}\nspec: " + spec + "\n";
}

std::string wasm(const std::string& name, const std::string& more = "") {
  return object("WasmPlugin", name, "{url: oci://h/a" + more + "}");
}

std::string native(const std::string& name, const std::string& more = "") {
  return object("TrafficExtension", name, "{wasm: {url: oci://h/a}" + more + "}");
}

Mesh read(const std::string& text) { return harness::read_manifests(harness::SourceFile("m.yaml", text), {}).mesh; }

ProxyNode sidecar() {
  ProxyNode proxy;
  proxy.type = model::NodeType::Sidecar;
  proxy.ns = "shop";
  proxy.node_labels = {{"app", "web"}};
  return proxy;
}

FilterChain chain(std::uint32_t minor, const Mesh& mesh, ChainKind kind = ChainKind::InboundHttp) {
  return filter_chain(*find_regime({1, minor, 0}), mesh, sidecar(), {.kind = kind, .http_port = 80, .network_port = 80});
}

// The plugins' filters, short of what their names have in common.
std::vector<std::string> plugins(const std::vector<ChainFilter>& filters) {
  std::vector<std::string> names;
  for (const ChainFilter& one : filters)
    if (one.extension) names.push_back(one.name.substr(one.name.find("shop.") + 5));
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a TrafficExtension has a filter from 1.30 on, under its own name", "[istio]") {
  const Mesh mesh = read(native("auth", ", phase: AUTHN"));
  CHECK(plugins(chain(29, mesh).http).empty());
  for (const std::uint32_t minor : {30u, 31u}) {
    const FilterChain found = chain(minor, mesh);
    CHECK(plugins(found.http) == Names{"auth"});
    CHECK(std::ranges::count(found.http, "extensions.istio.io/trafficextension/shop.auth", &ChainFilter::name) == 1);
  }
}

TEST_CASE("TrafficExtensions and WasmPlugins stand in one order, of the names that both have in the store", "[istio]") {
  const std::string marker = "~istio-translated-wasmplugin";
  // "auth" is a prefix of "auth~...", "auth2" is not, and '2' stands before '~'.
  CHECK(plugins(chain(30, read(wasm("auth") + native("auth") + native("auth2") + wasm("b") + native("b"))).http) ==
        Names{"auth", "auth2", "auth" + marker, "b", "b" + marker});
  // Priority comes first, whatever the kind.
  CHECK(plugins(chain(30, read(native("a") + wasm("z", ", priority: 5") + native("x", ", priority: 5"))).http) ==
        Names{"x", "z" + marker, "a"});
  CHECK(plugins(chain(30, read(native("a", ", priority: -1") + wasm("z", ", priority: 0"))).http) == Names{"z" + marker, "a"});
}

TEST_CASE("a phase of a TrafficExtension is read in either spelling", "[istio]") {
  const Mesh mesh = read(native("a", ", phase: EXECUTION_PHASE_AUTHZ") + native("b", ", phase: AUTHZ") + native("c", ", phase: 2"));
  for (const Extension& one : mesh.extensions) CHECK(one.phase == model::Phase::Authz);
}

TEST_CASE("selectors, targets and match of a TrafficExtension are those of a plugin", "[istio]") {
  const auto attached = [](const std::string& more) { return plugins(chain(30, read(native("a", more))).http).size() == 1; };
  CHECK(attached(", selector: {matchLabels: {app: web}}"));
  CHECK_FALSE(attached(", selector: {matchLabels: {app: db}}"));
  CHECK_FALSE(attached(", targetRefs: [{kind: Service, name: web}]"));
  CHECK(attached(", match: [{mode: SERVER, ports: [{number: 80}]}]"));
  CHECK_FALSE(attached(", match: [{mode: CLIENT}]"));
}

TEST_CASE("a TrafficExtension of type NETWORK stands among network filters", "[istio]") {
  const Mesh mesh = read(object("TrafficExtension", "tcp", "{wasm: {url: oci://h/a, type: NETWORK}}"));
  CHECK(plugins(chain(30, mesh, ChainKind::InboundTcp).network) == Names{"tcp"});
  CHECK(plugins(chain(30, mesh).http).empty());
}

TEST_CASE("Lua stands where a module would, with its code within, and never among network filters", "[istio]") {
  const Mesh mesh = read(object("TrafficExtension", "lua", "{phase: AUTHZ, lua: {inlineCode: 'x'}}") + wasm("w", ", phase: AUTHZ"));
  const FilterChain found = chain(30, mesh);
  CHECK(plugins(found.http) == Names{"lua", "w~istio-translated-wasmplugin"});
  const auto lua = std::ranges::find(found.http, "extensions.istio.io/trafficextension/shop.lua", &ChainFilter::name);
  REQUIRE(lua != found.http.end());
  CHECK(lua->type_urls.empty());
  CHECK(plugins(chain(30, mesh, ChainKind::InboundTcp).network).empty());
  CHECK(plugins(chain(29, mesh).http) == Names{"w"});
  // It is not asked for by name.
  const Regime& regime = *find_regime({1, 30, 3});
  CHECK_FALSE(is_served(regime, mesh, mesh.extensions[*lua->extension], sidecar()));
  CHECK(is_served(regime, mesh, mesh.extensions[1], sidecar()));
}

// Each kind of difference, with its clauses, level, place and words.
#include "model/judgement.h"

#include <catch2/catch.hpp>

#include "tests/model/observed.h"
#include "tests/model/world.h"

using namespace model;
using tests::add_plugin;
using tests::add_workload;
using tests::chain;
using tests::Lines;
using tests::proxy;
using tests::told;

namespace {

// A cluster with one workload of labels app=web that is judged: shop/web-1.
struct Mesh {
  Cluster cluster;

  explicit Mesh(Proxy proxy = Proxy::Sidecar) {
    add_workload(cluster, "shop", "web-1", {{"app", "web"}}, proxy);
  }

  // The document of the n-th plugin stands at line 10n; its phase 3, its priority 5, its url 7 lines below.
  WasmPlugin& plugin(const std::string& name, std::optional<Phase> phase = std::nullopt,
                     std::optional<std::int64_t> priority = std::nullopt) {
    const auto id = tests::object_name(name);
    auto& plugin = add_plugin(cluster, id.ns, id.name);
    const auto line = static_cast<std::uint32_t>(10 * cluster.plugins.size());
    plugin.phase = phase;
    plugin.priority = priority;
    plugin.place = {0, line, 1};
    if (phase) plugin.phase_place = {0, line + 3, 3};
    if (priority) plugin.priority_place = {0, line + 5, 3};
    plugin.url_place = {0, line + 7, 3};
    return plugin;
  }

  WasmPlugin& selecting(const std::string& name, const tests::Pairs& labels) {
    auto& selecting = plugin(name);
    tests::select(cluster, selecting, labels);
    selecting.selector->place = {0, selecting.place.line + 4, 3};
    return selecting;
  }

  ChainJudgement judge_chain(const std::string& filters) const {
    const Expectation expectation(cluster);
    return model::judge_chain(expectation, PluginDirectory(cluster), cluster.workloads[0],
                              expectation.chain(cluster.workloads[0]), chain(filters));
  }
  Lines differences(const std::string& filters) const { return told(judge_chain(filters).differences); }

  ProxyJudgement judge(const ObservedProxy& observed) const {
    const Expectation expectation(cluster);
    return judge_proxy(expectation, PluginDirectory(cluster), cluster.workloads[0],
                       expectation.chain(cluster.workloads[0]), observed);
  }
};

ObservedChain in_state(ObservedChain chain, ListenerState state) {
  chain.state = state;
  return chain;
}

ObservedExtension resource(const std::string& plugin, const std::string& pointer = "/configs/2/0") {
  const auto filter = tests::filter(plugin);
  ObservedExtension extension;
  extension.name = filter.name;
  extension.plugin = filter.plugin;
  extension.type_url = tests::kWasm;
  extension.pointer = pointer;
  return extension;
}

ObservedProxy with_resources(ObservedProxy proxy, std::vector<ObservedExtension> extensions) {
  proxy.has_extensions_section = true;
  proxy.extensions = std::move(extensions);
  return proxy;
}

const std::string kFault = "envoy.filters.http.fault";

}  // namespace

TEST_CASE("a chain that holds what it must, as it must, shows no difference") {
  Mesh mesh;
  mesh.plugin("shop/jwt", Phase::Authn);
  mesh.plugin("shop/acl", Phase::Authz, 5);
  mesh.plugin("shop/acl-2", Phase::Authz, -5);
  mesh.plugin("shop/count", Phase::Stats);
  mesh.plugin("shop/last");
  CHECK(mesh.differences("shop/jwt authn shop/acl shop/acl-2 authz shop/count stats shop/last router").empty());
  CHECK(mesh.differences("shop/jwt shop/acl shop/acl-2 shop/count shop/last router").empty());
}

TEST_CASE("a missing plugin is told with the clause that puts it there and the place that says so") {
  Mesh mesh;
  SECTION("without a selector") {
    mesh.plugin("shop/a");
    CHECK(mesh.differences("router") ==
          Lines{"MUST missing shop/a |  | SEL-2 | line 10 | it has no selector: it applies to every workload of "
                "its own namespace"});
  }
  SECTION("with a selector") {
    mesh.selecting("shop/a", {{"app", "web"}});
    CHECK(mesh.differences("router") ==
          Lines{"MUST missing shop/a |  | SEL-1 | line 14 | its selector matches the labels"});
  }
  SECTION("of the root namespace") {
    mesh.plugin("istio-system/a");
    CHECK(mesh.differences("router") ==
          Lines{"MUST missing istio-system/a |  | SEL-3 | line 10 | it has no selector: it applies to every "
                "workload of every namespace"});
  }
  SECTION("of the root namespace, with a selector") {
    mesh.selecting("istio-system/a", {{"app", "web"}});
    CHECK(mesh.differences("router") ==
          Lines{"MUST missing istio-system/a |  | SEL-4 | line 14 | its selector matches the labels"});
  }
  SECTION("from a chain without any filter") {
    mesh.plugin("shop/a");
    mesh.plugin("shop/b");
    CHECK(mesh.differences("").size() == 2);
  }
  SECTION("with a url that reads as if it had a scheme") {
    mesh.plugin("shop/a").url = "registry:5000/filter";
    CHECK(mesh.differences("router") ==
          Lines{"MUST missing shop/a |  | URL-1 | line 17 | its url registry:5000/filter has no scheme, so it "
                "names an image"});
  }
  SECTION("with a field in a spelling that is left open: recorded") {
    mesh.plugin("shop/a").open_spellings.push_back({"PRI-7"_clause, {0, 15, 3}});
    CHECK(mesh.differences("router") ==
          Lines{"INFO missing shop/a |  | PRI-7 | line 15 | the spelling of a field is left open, and so is whether "
                "it is accepted"});
  }
}

TEST_CASE("a plugin that must not stand there is told with the clause that keeps it out") {
  Mesh mesh;
  SECTION("its selector does not match") {
    mesh.selecting("shop/a", {{"app", "api"}});
    CHECK(mesh.differences("shop/a router") ==
          Lines{"MUST extra shop/a |  | SEL-1 | line 14 | its selector wants app=api, and the workload has "
                "app=web"});
  }
  SECTION("it stands in another namespace") {
    mesh.plugin("pay/a");
    CHECK(mesh.differences("pay/a router") ==
          Lines{"MUST extra pay/a |  | SEL-5 | line 10 | it stands in namespace pay, and the workload in shop"});
  }
  SECTION("its document is refused") {
    mesh.cluster.refused.push_back(
        {{"shop", "a"}, "unknown phase 'AUTH'", "", "GEN-2"_clause, {0, 12, 10}});
    CHECK(mesh.differences("shop/a router") ==
          Lines{"MUST extra shop/a |  | GEN-2 | line 12 | it is refused: unknown phase 'AUTH'"});
  }
  SECTION("its document is invalid") {
    mesh.cluster.refused.push_back({{"shop", "a"}, "spec.url is a number", "", std::nullopt, {0, 12, 10}});
    CHECK(mesh.differences("shop/a router") ==
          Lines{"MUST extra shop/a |  |  | line 12 | it is refused: spec.url is a number"});
  }
  SECTION("no manifest knows it") {
    CHECK(mesh.differences("shop/ghost router") ==
          Lines{"MUST extra shop/ghost |  |  |  | the manifests have no WasmPlugin of this name"});
  }
}

TEST_CASE("a plugin whose module is refused is told with the reason of the refusal") {
  Mesh mesh;
  mesh.plugin("shop/a").url = "ftp://example.com/x.wasm";
  const Expectation expectation(mesh.cluster);
  REQUIRE(expectation.modules()[0].refusal);
  CHECK(mesh.differences("shop/a router") ==
        Lines{"MUST extra shop/a |  | URL-5 | line 17 | it is refused: " +
              expectation.modules()[0].refusal->reason});
}

TEST_CASE("a plugin that stands there twice is told once, with how often", "[SEL-6]") {
  Mesh mesh;
  mesh.plugin("shop/a", Phase::Authn);
  CHECK(mesh.differences("shop/a shop/a shop/a authn router") ==
        Lines{"MUST duplicate shop/a |  | SEL-6 | line 10 | it stands 3 times in one chain"});
  CHECK(mesh.differences("shop/a shop/ghost shop/ghost router") ==
        Lines{"MUST extra shop/ghost |  |  |  | the manifests have no WasmPlugin of this name",
              "MUST duplicate shop/ghost |  | SEL-6 |  | it stands 2 times in one chain"});
}

TEST_CASE("plugins the wrong way round are told with the shortest proof", "[PRI-1][PRI-2][PRI-5][PHA-10]") {
  Mesh mesh;
  SECTION("both with a priority: PRI-1, at the priority that asks to be first") {
    mesh.plugin("shop/low", Phase::Authn, 1);
    mesh.plugin("shop/high", Phase::Authn, 2);
    CHECK(mesh.differences("shop/low shop/high authn router") ==
          Lines{"MUST order shop/high shop/low |  | PRI-1 | line 25 | shop/high must stand before shop/low"});
  }
  SECTION("one without a priority: PRI-2") {
    mesh.plugin("shop/unset", Phase::Authn);
    mesh.plugin("shop/minus", Phase::Authn, -1);
    CHECK(mesh.differences("shop/minus shop/unset authn router") ==
          Lines{"MUST order shop/unset shop/minus |  | PRI-2 | line 10 | shop/unset must stand before shop/minus"});
  }
  SECTION("told apart by 64 bits only: PRI-5") {
    mesh.plugin("shop/low", Phase::Authn, std::int64_t{1} << 40);
    mesh.plugin("shop/high", Phase::Authn, (std::int64_t{1} << 40) + 1);
    CHECK(mesh.differences("shop/low shop/high authn router") ==
          Lines{"MUST order shop/high shop/low |  | PRI-5 | line 25 | shop/high must stand before shop/low"});
  }
  SECTION("three in reverse: the two nearest pairs") {
    mesh.plugin("shop/a", Phase::Authn, 1);
    mesh.plugin("shop/b", Phase::Authn, 2);
    mesh.plugin("shop/c", Phase::Authn, 3);
    CHECK(mesh.differences("shop/a shop/b shop/c authn router") ==
          Lines{"MUST order shop/b shop/a |  | PRI-1 | line 25 | shop/b must stand before shop/a",
                "MUST order shop/c shop/b |  | PRI-1 | line 35 | shop/c must stand before shop/b"});
  }
  SECTION("phases without the anchor between them: PHA-10") {
    mesh.plugin("shop/acl", Phase::Authz);
    mesh.plugin("shop/jwt", Phase::Authn);
    CHECK(mesh.differences("shop/acl shop/jwt authz router") ==
          Lines{"MUST order shop/jwt shop/acl |  | PHA-10 | line 23 | shop/jwt must stand before shop/acl"});
  }
  SECTION("phases with the anchor between them: the proof leads through it") {
    mesh.plugin("shop/acl", Phase::Authz);
    mesh.plugin("shop/jwt", Phase::Authn);
    CHECK(mesh.differences("shop/acl shop/jwt authn authz router") ==
          Lines{"MUST order shop/jwt shop/acl |  | PHA-1 PHA-2 | line 23 | shop/jwt must stand before shop/acl"});
  }
}

TEST_CASE("a moved plugin is told by the nearest filter that it passed, never as missing and extra") {
  Mesh mesh;
  mesh.plugin("shop/a", Phase::Authn, 3);
  mesh.plugin("shop/b", Phase::Authn, 2);
  mesh.plugin("shop/c", Phase::Authn, 1);
  CHECK(mesh.differences("shop/c shop/a shop/b authn router") ==
        Lines{"MUST order shop/a shop/c |  | PRI-1 | line 15 | shop/a must stand before shop/c"});
  CHECK(mesh.differences("shop/b shop/c shop/a authn router") ==
        Lines{"MUST order shop/a shop/c |  | PRI-1 | line 15 | shop/a must stand before shop/c"});
}

TEST_CASE("a plugin on the wrong side of an anchor is told with its clause",
          "[PHA-1][PHA-2][PHA-3][PHA-4][PHA-5][PHA-8]") {
  struct Case {
    Phase phase;
    std::string chain;
    std::string told;
  };
  const std::string authn = "envoy.filters.http.jwt_authn", authz = "envoy.filters.http.rbac";
  const auto before = [](const std::string& filter, const std::string& clause) {
    return "MUST placement shop/a | " + filter + " | " + clause + " | line 13 | shop/a must stand before " + filter;
  };
  const auto after = [](const std::string& filter, const std::string& clause) {
    return "MUST placement shop/a | " + filter + " | " + clause + " | line 13 | " + filter +
           " must stand before shop/a";
  };
  const auto c = GENERATE_COPY(values<Case>({
      {Phase::Authn, "authn shop/a authz stats router", before(authn, "PHA-1")},
      {Phase::Authn, "authz shop/a router", before(authz, "PHA-10 PHA-3")},
      {Phase::Authn, "stats shop/a router", before("istio.stats", "PHA-10 PHA-5")},
      {Phase::Authz, "shop/a authn authz stats router", after(authn, "PHA-2")},
      {Phase::Authz, "authn authz shop/a stats router", before(authz, "PHA-3")},
      {Phase::Authz, "authn stats shop/a router", before("istio.stats", "PHA-10 PHA-5")},
      {Phase::Stats, "authn shop/a authz stats router", after(authz, "PHA-4")},
      {Phase::Stats, "shop/a authn router", after(authn, "PHA-2 PHA-10")},
      {Phase::Stats, "authn authz stats shop/a router", before("istio.stats", "PHA-5")},
      {Phase::Unspecified, "authn authz stats router shop/a", before("envoy.filters.http.router", "PHA-8")},
  }));
  CAPTURE(c.chain);
  Mesh mesh;
  mesh.plugin("shop/a", c.phase);
  CHECK(mesh.differences(c.chain) == Lines{c.told});
}

TEST_CASE("what stands between an UNSPECIFIED_PHASE plugin and the router is told, known or not", "[PHA-6]") {
  Mesh mesh;
  mesh.plugin("shop/a");
  SECTION("a filter of Envoy's") {
    CHECK(mesh.differences("authn shop/a " + kFault + " router") ==
          Lines{"SHOULD placement shop/a | envoy.filters.http.fault | PHA-6 | line 10 | envoy.filters.http.fault "
                "stands between it and the router"});
  }
  SECTION("several, an anchor and external authorization among them") {
    CHECK(mesh.differences("shop/a somebody.elses stats shadow ext_authz router") ==
          Lines{"SHOULD placement shop/a | somebody.elses istio.stats envoy.filters.http.rbac "
                "envoy.filters.http.ext_authz | PHA-6 | line 10 | somebody.elses, istio.stats, "
                "envoy.filters.http.rbac and envoy.filters.http.ext_authz stand between it and the router"});
  }
  SECTION("only those that have one behind them are named") {
    mesh.plugin("shop/b", Phase::Unspecified);
    CHECK(mesh.differences("shop/a " + kFault + " shop/b router") ==
          Lines{"SHOULD placement shop/a | envoy.filters.http.fault | PHA-6 | line 10 | envoy.filters.http.fault "
                "stands between it and the router"});
  }
  SECTION("both are named, at the first of them") {
    mesh.plugin("shop/b", Phase::Unspecified);
    CHECK(mesh.differences("shop/b shop/a " + kFault + " router") ==
          Lines{"SHOULD placement shop/b shop/a | envoy.filters.http.fault | PHA-6 | line 23 | "
                "envoy.filters.http.fault stands between it and the router"});
  }
  SECTION("a plugin of another phase is one of the others") {
    mesh.plugin("shop/count", Phase::Stats);
    CHECK(mesh.differences("shop/a shop/count stats router") ==
          Lines{"SHOULD placement shop/a | extensions.istio.io/wasmplugin/shop.count istio.stats | PHA-6 | line 10 | "
                "extensions.istio.io/wasmplugin/shop.count and istio.stats stand between it and the router"});
  }
  SECTION("plugins of its own phase may stand there, and filters before it") {
    mesh.plugin("shop/b");
    CHECK(mesh.differences(kFault + " authn stats somebody.elses shop/a shop/b router").empty());
  }
}

TEST_CASE("where a phase stands relative to external authorization is recorded", "[PHA-9]") {
  Mesh mesh;
  mesh.plugin("shop/jwt", Phase::Authn);
  mesh.plugin("shop/acl", Phase::Authz);
  mesh.plugin("shop/last");
  CHECK(mesh.differences("shop/jwt shadow ext_authz authn shop/acl authz shop/last router") ==
        Lines{"INFO placement shop/jwt | envoy.filters.http.rbac | PHA-9 |  | AUTHN stands before external "
              "authorization",
              "INFO placement shop/acl | envoy.filters.http.rbac | PHA-9 |  | AUTHZ stands after external "
              "authorization"});
  // Neither filter of the pair is an authorization filter that PHA-3 speaks of.
  CHECK(mesh.judge(proxy({chain("shadow ext_authz shop/jwt authn shop/acl authz shop/last router")})).verdict ==
        ProxyVerdict::Conforms);
}

TEST_CASE("membership that the text leaves open is recorded both ways", "[SEL-7][SEL-8][SEL-9][URL-6]") {
  Mesh mesh;
  std::string name = "shop/a";
  std::string clause;
  SECTION("an empty selector") {
    mesh.selecting(name, {});
    clause = "SEL-7";
  }
  SECTION("an empty value") {
    mesh.selecting(name, {{"tier", ""}});
    clause = "SEL-8";
  }
  SECTION("no root namespace") {
    mesh.cluster.root_namespace = "";
    name = "istio-system/a";
    mesh.plugin(name);
    clause = "SEL-9";
  }
  SECTION("no url") {
    mesh.plugin(name).url = "";
    clause = "URL-6";
  }
  CHECK(mesh.differences(name + " router") == Lines{"INFO extra " + name + " |  | " + clause +
                                                    " | line 10 | it stands in the chain; the text leaves it open"});
  CHECK(mesh.differences("router") == Lines{"INFO missing " + name + " |  | " + clause +
                                            " | line 10 | it does not stand in the chain; the text leaves it open"});
  CHECK(mesh.judge(proxy({chain(name + " router")})).verdict == ProxyVerdict::Conforms);
  CHECK(mesh.judge(proxy({chain("router")})).verdict == ProxyVerdict::Conforms);
}

TEST_CASE("an open plugin that stands in the chain is held to the order, and stands there once", "[SEL-7]") {
  Mesh mesh;
  mesh.plugin("shop/first", Phase::Authn, 5);
  auto& open = mesh.selecting("shop/open", {});
  open.phase = Phase::Authn;
  CHECK(mesh.differences("shop/open shop/open shop/first authn router") ==
        Lines{"INFO extra shop/open |  | SEL-7 | line 20 | it stands in the chain; the text leaves it open",
              "MUST duplicate shop/open |  | SEL-6 | line 20 | it stands 2 times in one chain",
              "MUST order shop/first shop/open |  | PRI-2 | line 15 | shop/first must stand before shop/open"});
}

TEST_CASE("tied plugins are seen in their order, and judged by nothing else", "[PRI-3]") {
  Mesh mesh;
  mesh.plugin("shop/a", Phase::Authn);
  mesh.plugin("shop/b", Phase::Authn, 0);
  mesh.plugin("shop/c", Phase::Authn, 1);
  mesh.plugin("shop/d", Phase::Authz);
  const auto judgement = mesh.judge_chain("shop/c shop/b shop/a authn shop/d router");
  CHECK(told(judgement.differences).empty());
  CHECK(judgement.ties == std::vector<SeenTie>{{{"shop", "b"}, {"shop", "a"}}});
}

TEST_CASE("what several chains of a workload show is told once, with how many") {
  Mesh mesh;
  mesh.plugin("shop/a");
  const auto bad = chain("shop/a " + kFault + " router");
  auto second = bad;
  second.listener = "other";
  const auto judgement = mesh.judge(proxy({bad, second, chain("shop/a router")}));
  CHECK(judgement.chains == 3);
  CHECK(told(judgement.differences) ==
        Lines{"SHOULD placement shop/a | envoy.filters.http.fault | PHA-6 | line 10 | envoy.filters.http.fault stands "
              "between it and the router | 2 chains"});
  CHECK(judgement.differences[0].listener == "virtualInbound");
  CHECK(judgement.verdict == ProxyVerdict::Conforms);
}

TEST_CASE("a plugin that only some chains lack breaks LIS-1, one that all lack does not", "[LIS-1]") {
  Mesh mesh;
  mesh.plugin("shop/a");
  const std::string lacks = "MUST missing shop/a |  | SEL-2";
  const std::string why = " | line 10 | it has no selector: it applies to every workload of its own namespace";
  const auto some = mesh.judge(proxy({chain("shop/a router"), chain("router"), chain("router")}));
  CHECK(told(some.differences) == Lines{lacks + " LIS-1" + why + " | 2 chains"});
  CHECK(some.verdict == ProxyVerdict::Differs);
  const auto all = mesh.judge(proxy({chain("router"), chain("router")}));
  CHECK(told(all.differences) == Lines{lacks + why + " | 2 chains"});
}

TEST_CASE("the settings behind a plugin are judged by the ECDS section", "[CFG-1][CFG-2]") {
  Mesh mesh;
  auto& plugin = mesh.plugin("shop/a");
  plugin.plugin_config = R"({"on":true})";
  plugin.plugin_name = "root";
  auto served = resource("shop/a");
  SECTION("equal ones conform") {
    served.configuration = R"({"on":true})";
    served.root_id = "root";
    const auto judgement = mesh.judge(with_resources(proxy({chain("shop/a router")}), {served}));
    CHECK(told(judgement.differences).empty());
    CHECK(judgement.verdict == ProxyVerdict::Conforms);
  }
  SECTION("other ones differ, each at its pointer") {
    served.configuration = R"({"on":false})";
    served.root_id = "other";
    const auto judgement = mesh.judge(with_resources(proxy({chain("shop/a router")}), {served}));
    CHECK(told(judgement.differences) ==
          Lines{"MUST setting shop/a | extensions.istio.io/wasmplugin/shop.a | CFG-1 | line 10 | another pluginConfig "
                R"(reaches the plugin | {"on":true} -> {"on":false})",
                "MUST setting shop/a | extensions.istio.io/wasmplugin/shop.a | CFG-2 | line 10 | another plugin name "
                R"((root id) is configured | "root" -> "other")"});
    CHECK(judgement.differences[0].pointer == "/configs/2/0/configuration");
    CHECK(judgement.differences[1].pointer == "/configs/2/0/root_id");
    CHECK(judgement.verdict == ProxyVerdict::Differs);
  }
  SECTION("absent ones differ") {
    const auto judgement = mesh.judge(with_resources(proxy({chain("shop/a router")}), {served}));
    REQUIRE(judgement.differences.size() == 2);
    CHECK(judgement.differences[0].actual == "null");
    CHECK(judgement.differences[1].actual == "\"\"");
  }
  SECTION("without an ECDS section nothing is said of them") {
    CHECK(told(mesh.judge(proxy({chain("shop/a router")})).differences).empty());
  }
}

TEST_CASE("an empty pluginConfig and none are not told apart", "[CFG-3]") {
  const std::optional<std::string> empty = "{}", none;
  const auto asked = GENERATE_COPY(empty, none);
  const auto served = GENERATE_COPY(empty, none);
  Mesh mesh;
  mesh.plugin("shop/a").plugin_config = asked;
  auto extension = resource("shop/a");
  extension.configuration = served;
  const auto judgement = mesh.judge(with_resources(proxy({chain("shop/a router")}), {extension}));
  CHECK(judgement.verdict == ProxyVerdict::Conforms);
  extension.configuration = R"({"a":1})";
  CHECK(mesh.judge(with_resources(proxy({chain("shop/a router")}), {extension})).verdict == ProxyVerdict::Differs);
}

TEST_CASE("a proxy whose listeners all warm runs nothing: nothing is judged, and it differs") {
  Mesh mesh;
  mesh.plugin("shop/a");
  const auto judgement = mesh.judge(proxy({in_state(chain("router"), ListenerState::Warming),
                                           in_state(chain("router"), ListenerState::Warming)}));
  CHECK(told(judgement.differences) == Lines{"MUST not-in-force |  |  |  | warming"});
  CHECK(judgement.differences[0].listener == "virtualInbound");
  CHECK(judgement.chains == 0);
  CHECK(judgement.verdict == ProxyVerdict::Differs);
}

TEST_CASE("beside an active version the warming one is told, and the active one judged") {
  Mesh mesh;
  mesh.plugin("shop/a");
  const auto judgement = mesh.judge(proxy({in_state(chain("shop/a router"), ListenerState::Warming), chain("router")}));
  CHECK(told(judgement.differences) ==
        Lines{"MUST missing shop/a |  | SEL-2 | line 10 | it has no selector: it applies to every workload of its own "
              "namespace",
              "MUST not-in-force |  |  |  | warming"});
  CHECK(judgement.chains == 1);
}

TEST_CASE("chains that drain or were refused are not judged") {
  Mesh mesh;
  mesh.plugin("shop/a");
  const auto state = GENERATE(ListenerState::Draining, ListenerState::Error);
  const auto judgement = mesh.judge(proxy({chain("shop/a router"), in_state(chain("router"), state)}));
  CHECK(told(judgement.differences).empty());
  CHECK(judgement.chains == 1);
}

TEST_CASE("a listener that Envoy refused is told once, in Envoy's own words") {
  Mesh mesh;
  auto observed = proxy({chain("router")});
  observed.failures = {{"virtualInbound", "Invalid path: /x.wasm"}, {"virtualInbound", "Invalid path: /x.wasm"}};
  const auto judgement = mesh.judge(observed);
  CHECK(told(judgement.differences) ==
        Lines{"MUST not-in-force |  |  |  | rejected: Invalid path: /x.wasm | 2 chains"});
  CHECK(judgement.differences[0].listener == "virtualInbound");
  CHECK(judgement.verdict == ProxyVerdict::Differs);
}

TEST_CASE("a plugin whose resource is absent, unanswered, refused or another filter is not in force") {
  Mesh mesh;
  mesh.plugin("shop/a");
  const std::string filter = "extensions.istio.io/wasmplugin/shop.a";
  auto served = resource("shop/a");
  std::vector<ObservedExtension> section;
  std::string reason, pointer = served.pointer;
  SECTION("absent") {
    reason = "no-resource";
    pointer = "/chain";
  }
  SECTION("absent from a section that holds another plugin's") {
    section = {resource("shop/b")};
    reason = "no-resource";
    pointer = "/chain";
  }
  SECTION("absent from a section that holds a network plugin of the name") {
    served.network = true;
    section = {served};
    reason = "no-resource";
    pointer = "/chain";
  }
  SECTION("listed, but never answered") {
    served.answered = false;
    section = {served};
    reason = "no-resource";
    pointer = "/chain";
  }
  SECTION("refused by Envoy") {
    served.error = "Unable to create Wasm HTTP filter";
    section = {served};
    reason = "rejected: Unable to create Wasm HTTP filter";
  }
  SECTION("an RBAC in its place") {
    served.type_url = tests::kRbac;
    section = {served};
    reason = "fallback";
  }
  auto observed = chain("shop/a router");
  observed.pointer = "/chain";
  const auto judgement = mesh.judge(with_resources(proxy({observed}), section));
  CHECK(told(judgement.differences) == Lines{"MUST not-in-force shop/a | " + filter + " |  |  | " + reason});
  CHECK(judgement.differences[0].pointer == pointer);
  CHECK(judgement.differences[0].listener == "virtualInbound");
  CHECK(judgement.verdict == ProxyVerdict::Differs);
}

TEST_CASE("another filter in the plugin's place is told as that, not as a missing plugin") {
  Mesh mesh;
  mesh.plugin("shop/a");
  auto observed = proxy({chain("!shop/a router"), chain("!shop/a router")});
  CHECK(told(mesh.judge(observed).differences) ==
        Lines{"MUST not-in-force shop/a | extensions.istio.io/wasmplugin/shop.a |  |  | fallback | 2 chains"});
}

TEST_CASE("what a warming listener waits for is named") {
  Mesh mesh;
  mesh.plugin("shop/a");
  const auto warming = in_state(chain("shop/a router"), ListenerState::Warming);
  const auto judgement = mesh.judge(with_resources(proxy({chain("shop/a router"), warming}), {}));
  CHECK(told(judgement.differences) ==
        Lines{"MUST not-in-force |  |  |  | warming",
              "MUST not-in-force shop/a | extensions.istio.io/wasmplugin/shop.a |  |  | no-resource"});
}

TEST_CASE("static chains and chains without a direction belong to the proxy: counted, never judged") {
  Mesh mesh;
  mesh.plugin("shop/a");
  auto own = chain("router", Direction::Unspecified);
  auto fixed = in_state(chain("router"), ListenerState::Static);
  const auto judgement = mesh.judge(proxy({own, fixed, chain("shop/a router")}));
  CHECK(judgement.verdict == ProxyVerdict::Conforms);
  CHECK(judgement.chains == 1);
  CHECK(judgement.own_chains == 2);
  CHECK(judgement.outbound_chains == 0);
}

TEST_CASE("of a sidecar the outbound and TCP chains are not judged", "[LIS-2]") {
  Mesh mesh;
  mesh.plugin("shop/a");
  auto tcp = chain("router");
  tcp.protocol = ChainProtocol::Tcp;
  const auto judgement = mesh.judge(
      proxy({chain("router", Direction::Outbound), tcp, chain("shop/a router")}));
  CHECK(judgement.verdict == ProxyVerdict::Conforms);
  CHECK(judgement.chains == 1);
  CHECK(judgement.outbound_chains == 1);
}

TEST_CASE("of a gateway the chains with direction OUTBOUND are judged", "[LIS-1]") {
  const bool node_says = GENERATE(true, false);
  Mesh mesh(node_says ? Proxy::Unknown : Proxy::Gateway);
  mesh.plugin("shop/a");
  auto observed = proxy({chain("router", Direction::Outbound)});
  observed.node.type = node_says ? NodeType::Router : NodeType::Unknown;
  const auto judgement = mesh.judge(observed);
  CHECK(judgement.chains == 1);
  CHECK(judgement.outbound_chains == 0);
  CHECK(judgement.verdict == ProxyVerdict::Differs);
}

TEST_CASE("what is not modelled says why") {
  Mesh mesh;
  auto& plugin = mesh.plugin("shop/a");
  auto observed = proxy({chain("router")});
  std::string reason;
  SECTION("a waypoint, by its manifest") {
    mesh.cluster.workloads[0].proxy = Proxy::Waypoint;
    reason = "a waypoint (SEL-11)";
  }
  SECTION("a waypoint, by its node") {
    observed.node.type = NodeType::Waypoint;
    reason = "a waypoint (SEL-11)";
  }
  SECTION("a workload without a proxy") {
    mesh.cluster.workloads[0].proxy = Proxy::None;
    reason = "the manifests say that no proxy runs beside it";
  }
  SECTION("a later field") {
    plugin.later.push_back({"targetRefs", true, true, {}});
    reason = "shop/a has targetRefs, which the documented API does not know";
  }
  SECTION("an EnvoyFilter") {
    mesh.cluster.patches.push_back({{"shop", "lua"}, {}, {}, {}});
    reason = "EnvoyFilter shop/lua changes filter chains";
  }
  SECTION("listeners, but no chain that is judged") {
    observed = proxy({chain("router", Direction::Outbound), chain("router", Direction::Unspecified)});
    reason = "the dump has listeners, but no HTTP chain of the kind that is judged";
  }
  const auto judgement = mesh.judge(observed);
  CHECK(judgement.verdict == ProxyVerdict::NotModelled);
  CHECK(judgement.reason == reason);
  CHECK(told(judgement.differences).empty());
}

TEST_CASE("that a chain is not in force is told where its order is not modelled, too") {
  Mesh mesh;
  mesh.plugin("shop/a").later.push_back({"match", true, false, {}});
  const auto judgement = mesh.judge(with_resources(proxy({chain("shop/a router")}), {}));
  CHECK(judgement.verdict == ProxyVerdict::Differs);
  CHECK(told(judgement.differences) ==
        Lines{"MUST not-in-force shop/a | extensions.istio.io/wasmplugin/shop.a |  |  | no-resource"});
}

TEST_CASE("a dump without any listener is an error, even of a workload that is not modelled") {
  Mesh mesh;
  mesh.plugin("shop/a");
  mesh.cluster.workloads[0].proxy = GENERATE(Proxy::Sidecar, Proxy::Waypoint);
  const auto judgement = mesh.judge(ObservedProxy{});
  CHECK(judgement.verdict == ProxyVerdict::Error);
  CHECK(judgement.reason == "the dump holds no listener at all: take it again when the proxy is ready");
}

TEST_CASE("a plugin that only a refused update of a listener holds is noted") {
  Mesh mesh;
  mesh.plugin("shop/a");
  auto refused = chain("shop/a shop/late router");
  refused.state = model::ListenerState::Error;
  auto observed = proxy({chain("shop/a router"), refused});
  CHECK(mesh.judge(observed).notes.empty());
  observed.failures = {{"virtualInbound", "Invalid path"}};
  CHECK(mesh.judge(observed).notes ==
        Lines{"shop/late stands in listener virtualInbound as Envoy refused it, and so does not run there"});
}

TEST_CASE("a configuration with Envoy's error that no judged chain asks for is noted") {
  Mesh mesh;
  mesh.plugin("shop/a");
  auto other = resource("shop/b");
  other.error = "no such module";
  const auto judgement = mesh.judge(with_resources(proxy({chain("shop/a router")}), {resource("shop/a"), other}));
  CHECK(judgement.verdict == ProxyVerdict::Conforms);
  CHECK(judgement.notes == Lines{"the configuration of shop/b, which no judged chain asks for, was refused by Envoy: no such module"});
}

// Judging under Istio's profiles: every recorded dump, each by the version that it reports.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "harness/filter_names.h"
#include "model/istio/filter_chain.h"
#include "model/istio/payload.h"
#include "tests/harness/recorded_suite.h"

namespace {

using reports::Verdict;

const reports::Report& judged() {
  static const reports::Report report = [] {
    auto& recorded = tests::recorded_suite();
    return harness::run_subjects(recorded.suite, recorded.subjects, {.automatic = true});
  }();
  return report;
}

using Counts = std::map<std::string, std::size_t>;

}  // namespace

TEST_CASE("every recorded dump of Istio conforms to its version's profile, but for those that are listed", "[istio][recorded]") {
  Counts not_modelled;
  std::set<std::string> differing;
  std::size_t conforming = 0;
  for (const reports::Result& result : judged().results) {
    INFO(*result.scenario << " " << result.implementation << " " << result.workload << " " << result.reason);
    switch (result.verdict) {
      case Verdict::Conforms: ++conforming; break;
      case Verdict::NotModelled:
        ++not_modelled[(result.reason.starts_with("EnvoyFilter") ? *result.scenario + ": " : "") + result.reason];
        break;
      case Verdict::Differs:
        for (const reports::Difference& difference : result.differences)
          if (difference.found.level == model::Level::Must)
            differing.insert(*result.scenario + ": " + std::string(to_string(difference.found.kind)) + " " +
                             difference.found.reason);
        break;
      case Verdict::Error:
      case Verdict::BadScenario: FAIL_CHECK("an error"); break;
    }
  }
  CHECK(conforming == 1859);
  CHECK(not_modelled == Counts{
            {"envoyfilter-anchor-spelling: EnvoyFilter shop/anchors can change its chains", 24},
            {"envoyfilter-network-anchor: EnvoyFilter shop/anchors can change its chains", 13},
            {"envoyfilter-order: EnvoyFilter istio-system/root-5 can change its chains", 24},
            {"envoyfilter-remove-replace-merge: EnvoyFilter shop/edit can change its chains", 24},
            {"envoyfilter-sees-plugins: EnvoyFilter shop/around can change its chains", 24},
            {"waypoint-envoyfilter: EnvoyFilter shop/ref-inbound can change its chains", 4},
            {"it is of Higress, a fork of Istio", 73},
            {"it is of OpenShift Service Mesh, a fork of Istio", 72},
        });
  // What the faults left, told as what it is.
  CHECK(differing == std::set<std::string>{
                         "live-faults-refused-by-envoy: not-in-force no-resource",
                         "live-faults-unanswered-at-start: not-in-force no-resource",
                         "live-faults-unanswered-at-start: not-in-force warming",
                         "live-faults-unanswered-later-update1: not-in-force no-resource",
                         "live-faults-unanswered-later-update1: not-in-force warming",
                         "live-faults-updates-update3: missing it is of the workload's namespace, and has no selector",
                         "live-faults-updates-update3: not-in-force rejected: Invalid path: /opt/plugins/absent.wasm",
                     });
  CHECK(judged().hygiene.empty());
}

namespace {

namespace istio = model::istio;
using Lines = std::vector<std::string>;
using model::ObservedChain;
using model::ObservedExtension;
using model::ObservedFilter;
using model::ObservedProxy;

const std::string kMesh = R"(
apiVersion: v1
kind: Pod
metadata:
  name: web-1
  namespace: shop
  labels: {app: web}
  annotations: {sidecar.istio.io/inject: "true"}
status: {podIP: 10.1.0.1}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: jwt, namespace: shop}
spec:
  jwtRules: [{issuer: a}]
)";

// A plugin of shop (or of another namespace) that is as old as its second, with more of its spec.
std::string plugin(const std::string& name, int second, const std::string& spec = "", const std::string& ns = "shop") {
  const std::string created = second < 0 ? "" : ", creationTimestamp: \"2024-01-01T00:00:0" + std::to_string(second) + "Z\"";
  return "---\napiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: " + name + ", namespace: " + ns +
         created + "}\nspec: {url: oci://registry.example.com/" + name + ":v1" + (spec.empty() ? "" : ", " + spec) + "}\n";
}

// One proxy that runs what a version of Istio computes for it, to be changed.
struct Bench {
  explicit Bench(const std::string& manifests_text, const std::string& profile_name = "istio-1.29")
      : manifests(harness::read_manifests(harness::SourceFile("mesh.yaml", kMesh + manifests_text), {})) {
    std::string problem;
    options.profile = *harness::parse_profile(profile_name, problem);
    const auto& regime = *options.profile.istio->regime;
    auto& node = proxy.node;
    node.type = model::NodeType::Sidecar;
    node.id = "sidecar~10.1.0.1~web-1.shop~shop.svc.cluster.local";
    node.ns = "shop";
    node.name = "web-1";
    node.version = to_string(options.profile.istio->version);
    node.labels.emplace().emplace_back("app", "web");
    node.topology.emplace();
    proxy.has_listeners = true;
    sent = istio::proxy_of(manifests.cluster, manifests.mesh, &manifests.cluster.workloads[0], node);
    const auto filters = filter_chain(regime, manifests.mesh, sent,
                                      {.kind = istio::ChainKind::InboundHttp, .http_port = 8080, .network_port = 8080});
    ObservedChain& chain = proxy.chains.emplace_back();
    chain.listener = "virtualInbound";
    chain.chain = "0.0.0.0_8080";
    chain.direction = model::Direction::Inbound;
    chain.destination_port = 8080;
    chain.pointer = "/chain";
    chain.filters = observed(filters.http);
    harness::classify(chain.filters);
    chain.network_filters = observed(filters.network);
    harness::classify_network(chain.network_filters);
  }

  static std::vector<ObservedFilter> observed(const std::vector<istio::ChainFilter>& filters) {
    std::vector<ObservedFilter> all;
    for (const auto& one : filters) {
      ObservedFilter& filter = all.emplace_back();
      filter.name = one.name;
      filter.type_urls = one.type_urls;
    }
    return all;
  }

  std::vector<ObservedFilter>& http() { return proxy.chains.front().filters; }

  // The filter whose name ends so.
  std::size_t at(const std::string& ending) {
    const auto found = std::ranges::find_if(http(), [&](const auto& one) { return one.name.ends_with(ending); });
    REQUIRE(found != http().end());
    return static_cast<std::size_t>(found - http().begin());
  }
  void swap(const std::string& a, const std::string& b) { std::swap(http()[at(a)], http()[at(b)]); }

  // The configurations of all plugins as Istio sends them.
  void serve() {
    proxy.has_extensions_section = true;
    for (const istio::Extension& one : manifests.mesh.extensions) {
      const auto made = payload(*options.profile.istio->regime, one, sent);
      ObservedExtension& extension = proxy.extensions.emplace_back();
      extension.name = made.name;
      extension.plugin = one.meta.id;
      extension.type_url = made.type_url;
      extension.config_name = made.config_name;
      extension.root_id = made.root_id;
      extension.configuration = made.configuration;
      extension.url = made.url.remote;
      extension.local_file = made.url.local;
      extension.sha256 = made.sha256;
      extension.env = made.env;
      extension.host_env = made.host_env;
      extension.fail = made.fail;
      extension.pointer = "/ecds";
    }
  }

  reports::Result judge() {
    harness::Judge judge(manifests, options);
    model::TieLedger ledger;
    return judge.judge({"dump.json", std::nullopt, proxy}, ledger, "here");
  }

  harness::Manifests manifests;
  harness::JudgingOptions options;
  istio::ProxyNode sent;
  ObservedProxy proxy;
};

// "MUST order shop/a shop/b | FILTERS | RULES | WHERE | reason"; a setting ends in " | EXPECTED -> ACTUAL".
Lines told(const reports::Result& result) {
  Lines lines;
  for (const auto& [found, where] : result.differences) {
    std::string line = std::string(to_string(found.level)) + " " + std::string(to_string(found.kind));
    for (const auto& one : found.plugins) line += " " + to_string(one);
    line += " |";
    for (const auto& one : found.filters) line += " " + one;
    line += " |";
    for (const auto one : found.rules) line += " " + std::string(one);
    line += (where.empty() ? " |" : " | " + where) + " | " + found.reason;
    if (found.kind == model::DifferenceKind::Setting) line += " | " + found.expected + " -> " + found.actual;
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("a chain as its version computes it conforms, Istio's own filters included", "[istio]") {
  Bench bench(plugin("a", 1) + plugin("b", 2));
  bench.serve();
  const auto result = bench.judge();
  CHECK(result.verdict == Verdict::Conforms);
  CHECK(result.profile == "istio-1.29");
  CHECK(result.chains == 1);
  CHECK(told(result).empty());
  CHECK(result.notes.empty());
}

TEST_CASE("an order that is wrong names the rule that decides it", "[istio]") {
  const auto order = [](const std::string& manifests, const std::string& a, const std::string& b, const std::string& profile) {
    Bench bench(manifests, profile);
    bench.swap(a, b);
    const auto result = bench.judge();
    CHECK(result.verdict == Verdict::Differs);
    REQUIRE(result.differences.size() == 1);
    const auto& found = result.differences.front().found;
    REQUIRE(found.rules.size() == 1);
    return std::string(to_string(found.kind)) + " " + std::string(found.rules.front()) + ": " + found.reason;
  };
  CHECK(order(plugin("a", 1, "priority: 1") + plugin("b", 1, "priority: 5"), ".a", ".b", "istio-1.29") ==
        "order PRI: shop/b must stand before shop/a");
  CHECK(order(plugin("a", 1) + plugin("b", 1, "priority: -5"), ".a", ".b", "istio-1.29") ==
        "order PRI-32: shop/b must stand before shop/a");
  CHECK(order(plugin("a", 1) + plugin("b", 1, "priority: -5"), ".a", ".b", "istio-1.18") ==
        "order PRI-64: shop/b must stand before shop/a");
  CHECK(order(plugin("a", 1) + plugin("b", 1, "", "istio-system"), ".a", ".b", "istio-1.29") ==
        "order NS-C: shop/a must stand before istio-system/b");
  CHECK(order(plugin("a", 1) + plugin("b", 1, "", "istio-system"), ".a", ".b", "istio-1.19") ==
        "order NS-A: istio-system/b must stand before shop/a");
  CHECK(order(plugin("a", 2) + plugin("b", 1), ".a", ".b", "istio-1.29") == "order AGE: shop/b must stand before shop/a");
  CHECK(order(plugin("foo", 1) + plugin("foo-bar", 1), ".foo", ".foo-bar", "istio-1.29") ==
        "order T-B: shop/foo must stand before shop/foo-bar");
  CHECK(order(plugin("foo", 1) + plugin("foo-bar", 1), ".foo", ".foo-bar", "istio-1.22") ==
        "order T-A: shop/foo-bar must stand before shop/foo");
  CHECK(order(plugin("foo", 1) + plugin("foo2", 1), ".foo~istio-translated-wasmplugin", ".foo2~istio-translated-wasmplugin",
              "istio-1.30") == "order T-C: shop/foo2 must stand before shop/foo");
  CHECK(order(plugin("a", 1, "phase: AUTHN") + plugin("b", 1, "phase: AUTHZ"), ".a", "jwt_authn", "istio-1.29") ==
        "placement H9: shop/a must stand before envoy.filters.http.jwt_authn");
}

TEST_CASE("what stands between two swapped filters is not told of", "[istio]") {
  Bench bench(plugin("a", 1) + plugin("b", 2) + plugin("c", 3) + plugin("d", 4));
  auto& filters = bench.http();
  const auto first = filters.begin() + static_cast<std::ptrdiff_t>(bench.at("shop.a"));
  std::rotate(first, first + 3, first + 4);
  CHECK(told(bench.judge()) == Lines{"MUST order shop/a shop/d | | AGE | mesh.yaml:17:1 | shop/a must stand before shop/d"});
}

TEST_CASE("two plugins of which the manifests do not tell the age are recorded, not judged", "[istio]") {
  Bench bench(plugin("a", -1) + plugin("b", 2));
  bench.swap("shop.a", "shop.b");
  const auto result = bench.judge();
  CHECK(result.verdict == Verdict::Conforms);
  CHECK(told(result) == Lines{"INFO order shop/b shop/a | | AGE | mesh.yaml:22:1 | shop/b stands before shop/a, and the manifests "
                              "do not tell which of them is older"});
  // A priority decides all the same.
  Bench other(plugin("a", -1, "priority: 1") + plugin("b", 2));
  other.swap("shop.a", "shop.b");
  CHECK(other.judge().verdict == Verdict::Differs);
}

TEST_CASE("a plugin that is missing or must not be there tells why", "[istio]") {
  Bench bench(plugin("a", 1) + plugin("b", 1, "match: [{mode: SERVER}]"));
  bench.http().erase(bench.http().begin() + static_cast<std::ptrdiff_t>(bench.at("shop.a")));
  bench.http().erase(bench.http().begin() + static_cast<std::ptrdiff_t>(bench.at("shop.b")));
  CHECK(told(bench.judge()) == Lines{"MUST missing shop/a | | S-F | mesh.yaml:17:1 | it is of the workload's namespace, and has no selector",
                                     "MUST missing shop/b | | S-F MATCH | mesh.yaml:22:1 | it is of the workload's namespace, and has "
                                     "no selector, and its match fits the listener"});
  const auto extra = [](const std::string& manifests, const std::string& name, const std::string& profile = "istio-1.29") {
    Bench one(manifests, profile);
    ObservedFilter filter;
    filter.name = filter_name(*one.options.profile.istio->regime, {name.substr(0, name.find('/')), name.substr(name.find('/') + 1)},
                              istio::ExtensionKind::WasmPlugin);
    filter.type_urls = type_urls(*one.options.profile.istio->regime, istio::ExtensionType::Http);
    std::vector<ObservedFilter> named{filter};
    harness::classify(named);
    one.http().insert(one.http().begin(), named.front());
    return told(one.judge());
  };
  CHECK(extra(plugin("x", 1, "priority: 3000000000"), "shop/x") ==
        Lines{"MUST extra shop/x | | PRI-32 | mesh.yaml:20:56 | this version of Istio passes it over: "
              "spec.priority is 3000000000, beyond 32 bits"});
  CHECK(extra("", "shop/x") == Lines{"MUST extra shop/x | | | | the manifests have no plugin of this name"});
  CHECK(extra(plugin("x", 1, "selector: {matchLabels: {app: db}}"), "shop/x") ==
        Lines{"MUST extra shop/x | | S-F | mesh.yaml:17:1 | its selector does not fit"});
  CHECK(extra(plugin("x", 1, "", "bank"), "bank/x") ==
        Lines{"MUST extra bank/x | | NS-C | mesh.yaml:17:1 | it is of namespace bank, which is not looked up for the workload"});
  CHECK(extra(plugin("x", 1, "match: [{mode: CLIENT}]"), "shop/x") ==
        Lines{"MUST extra shop/x | | MATCH | mesh.yaml:17:1 | its match does not fit the listener"});
  CHECK(extra(plugin("x", 1, "type: NETWORK"), "shop/x") ==
        Lines{"MUST extra shop/x | | FIELD-type | mesh.yaml:17:1 | its type is NETWORK, and these are HTTP filters"});
}

TEST_CASE("a plugin that is missing because an API server refuses it is told as that", "[istio]") {
  Bench bench(plugin("a", 1, "sha256: ABC"));
  bench.http().erase(bench.http().begin() + static_cast<std::ptrdiff_t>(bench.at("shop.a")));
  CHECK(told(bench.judge()) == Lines{"MUST missing shop/a | | S-F ADM-SHA256 | mesh.yaml:17:1 | it is of the workload's namespace, and has no "
                                     "selector; but an API server of this version refuses it: spec.sha256 is not 64 lower-case hex digits"});
}

TEST_CASE("a filter of Istio's own that is missing, too many or unknown is told by its name", "[istio]") {
  Bench bench("");
  bench.http().erase(bench.http().begin() + static_cast<std::ptrdiff_t>(bench.at("http.cors")));
  bench.http().insert(bench.http().begin(), bench.http()[bench.at("http.fault")]);
  ObservedFilter lua;
  lua.name = "envoy.filters.http.lua";
  bench.http().insert(bench.http().begin(), lua);
  CHECK(told(bench.judge()) ==
        Lines{"MUST missing | envoy.filters.http.cors | H9 | | this version of Istio puts it into the chain",
              "MUST extra | envoy.filters.http.lua | H9 | | this version of Istio puts none there",
              "MUST duplicate | envoy.filters.http.fault | H9 | | it stands twice in one chain, and must stand once"});
  bench.options.plugins_only = true;
  CHECK(bench.judge().verdict == Verdict::Conforms);
}

TEST_CASE("a filter that a policy asks for names the kind of policy", "[istio]") {
  Bench bench("");
  bench.http()[bench.at("jwt_authn")].name = "envoy.filters.http.rbac";
  CHECK(told(bench.judge()) ==
        Lines{"MUST missing | envoy.filters.http.jwt_authn | H9 | | a RequestAuthentication of the manifests asks for it",
              "MUST extra | envoy.filters.http.rbac | H9 | | no AuthorizationPolicy of the manifests asks for it"});
}

TEST_CASE("a plugin whose name is spelt as by another version is told as that", "[istio]") {
  Bench bench(plugin("a", 1));
  bench.http()[bench.at("shop.a")].name = "shop.a";
  CHECK(told(bench.judge()) == Lines{"MUST setting shop/a | shop.a | NAME-C | mesh.yaml:17:1 | its filter is called by another name | "
                                     "\"extensions.istio.io/wasmplugin/shop.a\" -> \"shop.a\""});
}

TEST_CASE("what the agent makes of a configuration conforms", "[istio]") {
  const std::string digits(64, 'a');
  Bench bench(plugin("a", 1, "sha256: " + digits + ", vmConfig: {env: [{name: LEVEL, value: debug}]}, imagePullSecret: pull"));
  bench.serve();
  ObservedExtension& one = bench.proxy.extensions.front();
  CHECK(one.env.size() == 3);
  CHECK(bench.judge().verdict == Verdict::Conforms);
  one.url.clear();
  one.sha256.clear();
  one.local_file = "/var/lib/istio/data/" + std::string(64, 'b') + "/" + digits + ".wasm";
  one.env = {{"LEVEL", "debug"}};
  CHECK(bench.judge().verdict == Verdict::Conforms);
  SECTION("not with another module's file") {
    one.local_file = "/var/lib/istio/data/" + digits + "/" + std::string(64, 'b') + ".wasm";
    CHECK(told(bench.judge()) ==
          Lines{"MUST setting shop/a | extensions.istio.io/wasmplugin/shop.a | | mesh.yaml:17:1 | its module is a file that is none of "
                "the agent's, or of another checksum | \"oci://registry.example.com/a:v1\" -> \"" + one.local_file + "\""});
  }
  SECTION("not with a variable of Istio's that leaks, but from the agents that let it") {
    one.env[istio::kResourceVersionVariable] = "17";
    CHECK(bench.judge().verdict == Verdict::Differs);
    bench.proxy.node.version = "1.17.0";
    one.fail = "FAIL_CLOSED";
    CHECK(bench.judge().verdict == Verdict::Conforms);
  }
}

TEST_CASE("two configurations of one name conform if either does, and are told", "[istio]") {
  Bench bench(plugin("a", 1));
  bench.serve();
  ObservedExtension other = bench.proxy.extensions.front();
  other.root_id = "other";
  bench.proxy.extensions.insert(bench.proxy.extensions.begin(), other);
  auto result = bench.judge();
  CHECK(result.verdict == Verdict::Conforms);
  CHECK(result.notes == Lines{"the dump holds 2 configurations of the name extensions.istio.io/wasmplugin/shop.a"});
  bench.proxy.extensions.back().root_id = "third";
  CHECK(bench.judge().verdict == Verdict::Differs);
}

TEST_CASE("what is not modelled is told with its reason, and nothing else is", "[istio]") {
  Bench bench(plugin("a", 1));
  const auto verdict = [&] {
    const auto result = bench.judge();
    CHECK(result.verdict == Verdict::NotModelled);
    CHECK(result.differences.empty());
    return result.reason;
  };
  bench.http().clear();
  SECTION("a UDP listener without its setting") {
    bench.proxy.has_udp_listener = true;
    CHECK(verdict() ==
          "it has a UDP listener, which istiod makes with PILOT_ENABLE_QUIC_LISTENERS=true: give that setting");
    bench.manifests.mesh.features.quic_listeners = true;
    CHECK(bench.judge().verdict == Verdict::Differs);
  }
  SECTION("a sidecar's main_internal without its setting") {
    bench.proxy.chains.front().listener = "main_internal";
    CHECK(verdict() == "it has the listener main_internal, which istiod makes with PILOT_ENABLE_AMBIENT=true or, in older "
                       "versions, PILOT_ENABLE_HBONE=true: give that setting");
    bench.manifests.mesh.features.ambient = true;
    CHECK(bench.judge().verdict == Verdict::Differs);
  }
  SECTION("a setting of istiod that is not modelled") {
    bench.manifests.mesh.unmodelled_flags.push_back({"PILOT_ENABLE_PERSISTENT_SESSION_FILTER", "true", {}});
    CHECK(verdict() ==
          "istiod's setting PILOT_ENABLE_PERSISTENT_SESSION_FILTER=true changes chains in a way that is not modelled");
  }
  SECTION("a proxy without an address beside a ServiceEntry with endpoints") {
    bench.proxy.node.id.clear();
    CHECK(bench.judge().verdict == Verdict::Differs);
    istio::Service entry;
    entry.meta.id = {"shop", "web"};
    entry.endpoints.push_back({"10.1.0.1", {}});
    bench.manifests.mesh.services.push_back(entry);
    CHECK(verdict() ==
          "the dump does not tell the address of its proxy, which ServiceEntry shop/web goes by: take the whole config_dump");
  }
  SECTION("a chain that has no place") {
    bench.proxy.chains.front().direction = model::Direction::Unspecified;
    CHECK(verdict() == "listener virtualInbound, chain 0.0.0.0_8080: the listener carries requests neither in nor out");
  }
}

TEST_CASE("auto takes the version that the proxy reports, if the names of its filters agree", "[istio]") {
  Bench bench(plugin("a", 1), "istio-1.29.1");
  bench.options.automatic = true;
  auto result = bench.judge();
  CHECK(result.verdict == Verdict::Conforms);
  CHECK(result.profile == "istio-1.29.1");
  CHECK(result.version == "1.29.1");
  CHECK(result.spelling == "1.26 to 1.29");
  SECTION("another spelling is an error") {
    bench.proxy.node.version = "1.30.1";
    result = bench.judge();
    CHECK(result.verdict == Verdict::Error);
    CHECK(result.reason ==
          "its proxy reports Istio 1.30.1, but no filter is named as that version names them: extensions.istio.io/wasmplugin/shop.a "
          "is a name of Istio 1.26 to 1.29; istiod may be of another version: name it with --profile, as in --profile istio-1.26");
  }
  SECTION("no version is an error") {
    bench.proxy.node.version = "";
    result = bench.judge();
    CHECK(result.verdict == Verdict::Error);
    CHECK(result.reason ==
          "the dump does not say which version of Istio its proxy is of: name it with --profile istio-X.Y");
  }
  SECTION("a minor without a row is not modelled") {
    bench.proxy.node.version = "1.11.4";
    result = bench.judge();
    CHECK(result.verdict == Verdict::NotModelled);
    CHECK(result.reason == "its proxy reports Istio 1.11.4, of which there is no profile; there are istio-1.12 to istio-1.31");
  }
  SECTION("a fork is not judged") {
    auto& filters = bench.http();
    std::rotate(filters.begin(), filters.begin() + static_cast<std::ptrdiff_t>(bench.at("http.cors")),
                filters.begin() + static_cast<std::ptrdiff_t>(bench.at("http.cors")) + 1);
    result = bench.judge();
    CHECK(result.verdict == Verdict::NotModelled);
    CHECK(result.reason == "it is of Higress, a fork of Istio");
    bench.options.automatic = false;
    result = bench.judge();
    CHECK(result.verdict == Verdict::Differs);
    CHECK(result.notes == Lines{"it is of Higress, a fork of Istio, and judged as Istio because --profile says so"});
  }
}

TEST_CASE("a sidecar of which only outbound chains lack plugins is told to look like OpenShift Service Mesh", "[istio]") {
  auto& recorded = tests::recorded_suite();
  std::string problem;
  const auto profile = harness::parse_profile("istio-1.16", problem);
  const auto fork = std::ranges::find_if(
      recorded.subjects, [](const auto& subject) { return subject->name().starts_with("maistra"); });
  REQUIRE(fork != recorded.subjects.end());
  std::size_t told = 0;
  for (harness::Scenario& scenario : recorded.suite.scenarios) {
    const auto actuals = (*fork)->run(scenario.name);
    if (!actuals) continue;
    harness::Judge judge(scenario.manifests, {.profile = *profile});
    for (const harness::Actual& actual : *actuals) {
      model::TieLedger ledger;
      const auto result = judge.judge(actual, ledger, "here");
      const bool hints = std::ranges::any_of(result.notes, [](const auto& note) { return note.starts_with("only outbound"); });
      CHECK(hints == (result.verdict == Verdict::Differs));
      told += hints;
    }
  }
  // 19 proxies of 17 cases run other chains than with Istio 1.16.5; of 4 of them an EnvoyFilter changes the chains.
  CHECK(told == 15);
}

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/expectation_json.h"
#include "reports/expectation_text.h"
#include "tests/reports/mesh.h"

namespace {

struct Asked {
  explicit Asked(model::Cluster mesh)
      : cluster(std::move(mesh)), expectation(cluster), chains(expectation) {}
  model::Cluster cluster;
  model::Expectation expectation;
  model::ExpectedChains chains;

  reports::ExpectationView view() const { return tests::view_of(expectation, chains); }
};

std::string text_of(const reports::ExpectationView& view) {
  std::string out;
  reports::append_expectation_text(out, view, reports::Paint(false));
  return out;
}

std::string json_of(const reports::ExpectationView& view) {
  std::string out;
  reports::append_expectation_json(out, view);
  return out;
}

}  // namespace

TEST_CASE("expect tells equal chains of a namespace once, and what is open, assumed or refused") {
  const Asked asked(tests::rich_mesh());
  CHECK(text_of(asked.view()) ==
        R"(6 workloads in 2 namespaces, 7 WasmPlugins; root namespace: istio-system (mesh config)

pay/ledger  Deployment, 2 Pods, sidecar
   1  istio-system/jwt  AUTHN  priority 10
      authn, authz, stats, router

pay/way  Pod, waypoint
  not modelled: a waypoint (SEL-11)

shop/api  Pod, taken for a sidecar
   1  istio-system/jwt  AUTHN              priority 10
      authn, authz, stats
   2= shop/a            UNSPECIFIED_PHASE  no priority (0)
   2= shop/b            UNSPECIFIED_PHASE  priority 0
      router
   ?  shop/maybe  SEL-7: its selector is there, but names no label  mesh/plugins.yaml:40:1
  chain before EnvoyFilter shop/lua  mesh/pods.yaml:90:1

shop/edge  Pod, gateway
   1  istio-system/jwt  AUTHN              priority 10
      authn, authz, stats
   2= shop/a            UNSPECIFIED_PHASE  no priority (0)
   2= shop/b            UNSPECIFIED_PHASE  priority 0
      router
   ?  shop/maybe  SEL-7: its selector is there, but names no label  mesh/plugins.yaml:40:1

shop/web-7d9f-a x2  Pod, sidecar
   1  istio-system/jwt  AUTHN              priority 10
      authn
   2  shop/acl          AUTHZ              priority -5
      authz, stats
   3= shop/a            UNSPECIFIED_PHASE  no priority (0)
   3= shop/b            UNSPECIFIED_PHASE  priority 0
      router
   ?  shop/maybe  SEL-7: its selector is there, but names no label  mesh/plugins.yaml:40:1

=  same phase and priority: which comes first is not promised, only that it is always the same (PRI-3)
?  the API text leaves open whether it is in the chain

2 WasmPlugins refused, on no workload:
  shop/ftp  unsupported scheme 'ftp' in the url (URL-5)  mesh/plugins.yaml:64:3
    schemes are oci, file, http and https; a url without one names an image
  shop/typo  unknown phase 'AUTH' (GEN-2)  mesh/plugins.yaml:75:10
    the phases are AUTHN, AUTHZ, STATS and UNSPECIFIED_PHASE

1 workload without a proxy not shown (--all-pods shows it)
)");
}

TEST_CASE("expect of nothing says so") {
  const Asked asked{model::Cluster{}};
  CHECK(text_of(asked.view()) ==
        "0 workloads in 0 namespaces, 0 WasmPlugins; root namespace: istio-system (default)\n");
  CHECK(json_of(asked.view()) ==
        "{\"apiVersion\":\"plumbline.dev/v1\",\"kind\":\"Expectation\",\"profile\":\"documented\","
        "\"rootNamespace\":\"istio-system\",\"rootNamespaceFrom\":\"default\",\"refused\":[],"
        "\"workloads\":[]}\n");
}

TEST_CASE("expect shows the workloads it is asked for, and those without a proxy when told to") {
  const Asked asked(tests::rich_mesh());
  auto view = asked.view();
  view.workloads = {4};  // shop/batch
  CHECK(text_of(view).starts_with("0 workloads in 0 namespaces, 7 WasmPlugins;"));
  view.proxyless = reports::Proxyless::Shown;
  const std::string text = text_of(view);
  CHECK_THAT(text, Catch::Contains("\nshop/batch  Pod, no proxy\n"
                                   "  runs no plugin: no proxy stands beside it\n"));
  CHECK_THAT(text, !Catch::Contains("--all-pods"));
}

TEST_CASE("workloads with equal chains stand above one copy of it, whatever their labels") {
  model::Cluster cluster;
  tests::add_workload(cluster, "shop", "b", {{"app", "b"}});
  tests::add_workload(cluster, "shop", "long-name", {{"app", "a"}});
  tests::add_workload(cluster, "pay", "c");
  tests::add_plugin(cluster, "shop", "p").phase = model::Phase::Stats;
  const Asked asked(std::move(cluster));
  CHECK(text_of(asked.view()) ==
        R"(3 workloads in 2 namespaces, 1 WasmPlugin; root namespace: istio-system (default)

pay/c  Pod, sidecar
  no plugin

shop/b          Pod, sidecar
shop/long-name  Pod, sidecar
      authn, authz
   1  shop/p  STATS  no priority (0)
      stats, router
)");
}

TEST_CASE("a later field leaves a workload not modelled, with the field and its place") {
  model::Cluster cluster;
  cluster.files = {"a.yaml"};
  tests::add_workload(cluster, "shop", "web");
  tests::add_plugin(cluster, "shop", "x").later = {
      {"targetRefs", true, true, tests::place(0, 7, 3)}};
  tests::add_plugin(cluster, "pay", "y");
  const Asked asked(std::move(cluster));
  CHECK_THAT(text_of(asked.view()),
             Catch::EndsWith("\nshop/web  Pod, sidecar\n"
                             "  not modelled: shop/x has targetRefs  a.yaml:7:3\n"));
  const auto workload = nlohmann::json::parse(json_of(asked.view()))["workloads"][0];
  CHECK(workload["verdict"] == "not modelled");
  CHECK(workload["reason"] == "shop/x has targetRefs");
  CHECK(workload["chains"].empty());
  CHECK(workload["excluded"].size() == 1);
}

TEST_CASE("no byte of a name steers the terminal, and every byte of it is told in JSON") {
  model::Cluster cluster;
  tests::add_workload(cluster, "shop", "\x1b[2Jw\"\xc2\x9b<script>\n");
  tests::add_plugin(cluster, "shop", "p\x07\xff");
  const Asked asked(std::move(cluster));
  CHECK_THAT(text_of(asked.view()),
             Catch::Contains("\nshop/?[2Jw\"?<script>?  Pod, sidecar\n") &&
                 Catch::Contains("   1  shop/p??  UNSPECIFIED_PHASE  no priority (0)\n"));
  const auto workload = nlohmann::json::parse(json_of(asked.view()))["workloads"][0];
  CHECK(workload["name"] == "\x1b[2Jw\"\xc2\x9b<script>\n");
  CHECK(workload["chains"][0]["filters"][3]["plugin"] == "shop/p\x07\xef\xbf\xbd");
}

TEST_CASE("the JSON of expect is the contract's, workload by workload") {
  const Asked asked(tests::rich_mesh());
  const auto document = nlohmann::json::parse(json_of(asked.view()));
  CHECK(document["rootNamespaceFrom"] == "mesh config");
  CHECK(document["refused"].size() == 2);
  std::vector<std::string> names;
  for (const auto& workload : document["workloads"]) names.push_back(workload["name"]);
  CHECK(names == std::vector<std::string>{"ledger", "way", "api", "edge", "web-7d9f-a",
                                          "web-7d9f-b"});
  CHECK(document["workloads"][2] == nlohmann::json::parse(R"({
    "namespace": "shop", "name": "api", "kind": "Pod", "proxy": "unknown", "verdict": "modelled",
    "chains": [{
      "direction": "inbound",
      "filters": [
        {"plugin": "istio-system/jwt", "phase": "AUTHN", "priority": 10},
        {"anchor": "authn"}, {"anchor": "authz"}, {"anchor": "stats"},
        {"plugin": "shop/a", "phase": "UNSPECIFIED_PHASE", "priority": 0},
        {"plugin": "shop/b", "phase": "UNSPECIFIED_PHASE", "priority": 0},
        {"anchor": "router"}],
      "ties": [["shop/a", "shop/b"]],
      "open": [{"plugin": "shop/maybe", "clause": "SEL-7",
                "reason": "its selector is there, but names no label"}]}],
    "patchedBy": [{"envoyFilter": "shop/lua", "file": "mesh/pods.yaml", "line": 90}],
    "excluded": [
      {"plugin": "pay/audit", "clause": "SEL-5",
       "reason": "it stands in namespace pay, and the workload in shop"},
      {"plugin": "shop/acl", "clause": "SEL-1",
       "reason": "its selector wants app=web, and the workload has app=api"}]})"));
}

TEST_CASE("the anchors stand where the precedence graph puts them, and excluded is all that is out") {
  const Asked asked(tests::rich_mesh());
  const auto document = nlohmann::json::parse(json_of(asked.view()));
  const auto shown = reports::shown_workloads(asked.view());
  REQUIRE(document["workloads"].size() == shown.size());
  std::size_t links_seen = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const model::Workload& workload = asked.cluster.workloads[shown[i]];
    if (!model::direction_of(workload)) continue;
    const auto& filters = document["workloads"][i]["chains"][0]["filters"];
    const auto links =
        asked.expectation.links(asked.expectation.chain(workload), model::AnchorSet::all());
    REQUIRE(filters.size() == links.size());
    for (std::size_t j = 0; j < links.size(); ++j, ++links_seen) {
      if (links[j].anchor())
        CHECK(filters[j]["anchor"] == to_string(*links[j].anchor()));
      else
        CHECK(filters[j]["plugin"] == to_string(asked.cluster.plugins[*links[j].plugin()].id));
    }
    std::vector<std::string> out;
    for (model::PluginIndex p = 0; p < asked.cluster.plugins.size(); ++p)
      if (!asked.expectation.modules()[p].refusal &&
          asked.expectation.membership(p, workload).standing == model::Standing::Out)
        out.push_back(to_string(asked.cluster.plugins[p].id));
    std::ranges::sort(out);
    std::vector<std::string> excluded;
    for (const auto& one : document["workloads"][i]["excluded"]) excluded.push_back(one["plugin"]);
    CHECK(excluded == out);
  }
  CHECK(links_seen > 20);
}

TEST_CASE("what is drained on the way is, put together, the whole") {
  model::Cluster cluster;
  for (int i = 0; i < 3000; ++i)
    tests::add_workload(cluster, "ns-" + std::to_string(i % 40), "web-" + std::to_string(i),
                        {{"app", std::to_string(i)}});
  for (int i = 0; i < 60; ++i)
    tests::add_plugin(cluster, "ns-" + std::to_string(i % 40), "p-" + std::to_string(i));
  const Asked asked(std::move(cluster));
  const auto pieced = [&](auto append) {
    std::string whole;
    std::string out;
    std::size_t drained = 0;
    append(out, [&](std::string& text) {
      ++drained;
      whole += text;
      text.clear();
    });
    return std::pair(whole + out, drained);
  };
  const auto [json, times] = pieced([&](std::string& out, const reports::Drain& drain) {
    reports::append_expectation_json(out, asked.view(), drain);
  });
  CHECK(times > 5);
  CHECK(json == json_of(asked.view()));
  const auto [text, rarely] = pieced([&](std::string& out, const reports::Drain& drain) {
    reports::append_expectation_text(out, asked.view(), reports::Paint(false), drain);
  });
  CHECK(text == text_of(asked.view()));
}

#include "reports/istio_versions.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "reports/istio_explanation.h"
#include "reports/istio_plugins.h"
#include "tests/model/world.h"

using namespace model::istio;

namespace {

struct World {
  model::Cluster cluster;
  Mesh mesh;
};

Extension plugin(const std::string& ns, const std::string& name) {
  Extension one;
  one.meta.id = {ns, name};
  one.meta.created = Timestamp{.seconds = 100};
  one.url = "oci://registry.example.com/filter:v1";
  return one;
}

// shop/web-1, a sidecar, and plugins of one phase, priority and second whose order three versions turn.
World turning() {
  World world;
  tests::add_workload(world.cluster, "shop", "web-1", {{"app", "web"}});
  world.mesh.root_namespace = "istio-system";
  world.mesh.extensions = {plugin("shop", "foo"), plugin("shop", "foo2"), plugin("shop", "foo-bar"), plugin("istio-system", "root")};
  return world;
}

reports::IstioProfile profile(std::string_view version) {
  const Version parsed = parse_version(version).value();
  return {"istio-" + std::string(version), "", parsed, find_regime(parsed)};
}

std::vector<reports::IstioProfile> all_profiles() {
  std::vector<reports::IstioProfile> all;
  for (const Regime& regime : regimes()) all.push_back({"istio-" + to_string(regime.since), "", regime.since, &regime});
  return all;
}

std::string plugins_of(const Mesh& mesh, const std::vector<OutlineFilter>& filters) {
  std::string text;
  for (const OutlineFilter& filter : filters)
    if (filter.extension) text += (text.empty() ? "" : " ") + mesh.extensions[*filter.extension].meta.id.name;
  return text;
}

const reports::IstioExplainedPlugin& of(const reports::IstioExplanation& told, ExtensionIndex extension) {
  return *std::ranges::find(told.plugins, extension, &reports::IstioExplainedPlugin::extension);
}

}  // namespace

TEST_CASE("versions with the same chains stand in one row, and what turns the order begins one", "[istio]") {
  const World world = turning();
  const auto versions = reports::versions_of(world.cluster, world.mesh, 0, all_profiles());
  std::vector<std::string> told;
  for (const reports::VersionRow& row : versions.rows)
    told.push_back(to_string(row.first) + " to " + to_string(row.last) + ": " +
                   plugins_of(world.mesh, row.chains.chains.front().filters.http));
  // By hand, from the rules: root first and NAME.NAMESPACE up to 1.19 ('-' < '.' < '2'), own first from 1.20, by name from 1.23
  // ("foo" is shorter), with the suffix from 1.30 ('-' < '2' < '~').
  CHECK(told == std::vector<std::string>{
                    "1.12.0 to 1.12.0: root foo-bar foo foo2", "1.13.0 to 1.13.0: root foo-bar foo foo2",
                    "1.14.0 to 1.15.4: root foo-bar foo foo2", "1.16.0 to 1.16.0: root foo-bar foo foo2",
                    "1.17.0 to 1.17.0: root foo-bar foo foo2", "1.18.0 to 1.19.0: root foo-bar foo foo2",
                    "1.20.0 to 1.22.1: foo-bar foo foo2 root", "1.23.0 to 1.29.0: foo foo-bar foo2 root",
                    "1.30.0 to 1.31.0: foo-bar foo2 foo root"});
  std::size_t counted = 0;
  for (const reports::VersionRow& row : versions.rows) counted += row.versions;
  CHECK(counted == regimes().size());
  CHECK(versions.rows[7].changes.front() ==
        reports::RuleChange{&rule("T-A"), &rule("T-B"), reports::Effect::Order});
}

TEST_CASE("new names of filters are told beside the rows, and begin none", "[istio]") {
  const World world = turning();
  const auto versions = reports::versions_of(world.cluster, world.mesh, 0, all_profiles());
  std::vector<std::string> told;
  for (const reports::NameRow& row : versions.names) told.push_back(to_string(row.first) + " " + std::string(row.rule->id));
  CHECK(told == std::vector<std::string>{"1.12.0 NAME-A", "1.21.0 NAME-B", "1.26.0 NAME-C", "1.30.0 NAME-D"});
}

TEST_CASE("an explanation names the rule that orders two neighbours", "[istio]") {
  World world = turning();
  auto& extensions = world.mesh.extensions;
  extensions.push_back(plugin("shop", "first"));
  extensions.back().phase = model::Phase::Authn;
  extensions.push_back(plugin("shop", "high"));
  extensions.back().priority = 10;
  extensions.push_back(plugin("shop", "low"));
  extensions.back().priority = -10;
  extensions.push_back(plugin("shop", "younger"));
  extensions.back().meta.created->seconds = 200;
  extensions.push_back(plugin("shop", "undated"));
  extensions.back().meta.created.reset();
  reports::IstioExpectation expectation(world.cluster, world.mesh, profile("1.29.0"));
  const auto told = explain(expectation, 0);
  std::vector<std::string> pairs;
  for (const reports::IstioPair& pair : told.explained.front().pairs)
    pairs.push_back(pair.before + " " + pair.after + " " + std::string(pair.rule) + (pair.unsure ? " unsure" : ""));
  CHECK(told.explained.front().listener == "inbound http");
  CHECK(pairs == std::vector<std::string>{
                     "istio.metadata_exchange shop/first H9", "shop/first shop/high H9", "shop/high shop/low PRI",
                     "shop/low shop/undated PRI-32", "shop/undated shop/foo AGE unsure", "shop/foo shop/foo-bar T-B",
                     "shop/foo-bar shop/foo2 T-B", "shop/foo2 shop/younger AGE", "shop/younger istio-system/root NS-C",
                     "istio-system/root envoy.filters.http.grpc_stats H9"});
}

TEST_CASE("an explanation says of each plugin why it is in or out, and what would select it", "[istio]") {
  World world = turning();
  auto& extensions = world.mesh.extensions;
  extensions = {plugin("pay", "far"), plugin("shop", "other"), plugin("shop", "client"), plugin("shop", "gateway"),
                plugin("shop", "wide"), plugin("shop", "web")};
  extensions[1].attachment.selector = LabelPairs{{"app", "api"}, {"tier", "back"}};
  extensions[2].match = {{TrafficMode::Client, {8080}}};
  extensions[3].attachment.target_refs = {{"gateway.networking.k8s.io", "Gateway", "edge", ""}};
  extensions[4].priority = std::int64_t{1} << 40;
  extensions[5].attachment.selector = LabelPairs{{"app", "web"}};
  reports::IstioExpectation expectation(world.cluster, world.mesh, profile("1.29.0"));
  const auto told = explain(expectation, 0);
  const auto said = [&](ExtensionIndex i) {
    const auto& one = of(told, i);
    return std::string(to_string(one.standing)) + ": " + one.reason + " (" + std::string(one.rule) + ") " + one.change;
  };
  CHECK(said(0) ==
        "out: namespace pay is not looked up for a workload of shop (NS-C) move the plugin to shop, or to istio-system for every namespace");
  CHECK(said(1) ==
        "out: its selector wants app=api, tier=back, and the workload has app=web (S-F) label the workload app=api, tier=back");
  CHECK(said(2) == "in: it has no selector: it reaches every workload of its namespace (S-F) ");
  REQUIRE(of(told, 2).listeners == std::vector<std::string>{"outbound http, port 8080"});
  REQUIRE(of(told, 2).absences.size() == 2);
  CHECK(of(told, 2).absences[0].listener == "inbound http");
  CHECK(of(told, 2).absences[0].reason == "its match asks for CLIENT on port 8080");
  CHECK(of(told, 2).absences[1].listener == "outbound http");
  CHECK(said(3) == "out: its target is Gateway edge, and the workload is no pod of a Gateway (S-F) ");
  CHECK(said(4) == "discarded: spec.priority is 1099511627776, beyond 32 bits (PRI-32) ");
  CHECK(said(5) == "in: its selector matches the labels (S-F) ");
}

TEST_CASE("a plugin reaches the workloads that have it in some chain", "[istio]") {
  World world = turning();
  tests::add_workload(world.cluster, "shop", "web-2", {{"app", "web"}});
  tests::add_workload(world.cluster, "pay", "ledger", {});
  tests::add_workload(world.cluster, "pay", "batch", {}, model::Proxy::None);
  world.mesh.extensions[1].attachment.selector = LabelPairs{{"app", "api"}};
  reports::IstioExpectation expectation(world.cluster, world.mesh, profile("1.29.0"));
  const auto reach = reports::reach_of(expectation);
  CHECK(reach.workloads == std::vector<std::size_t>{2, 0, 2, 3});
  CHECK(reach.not_modelled == 0);
  world.mesh.unmodelled_flags.push_back({"SOME_FLAG", "true", {}});
  reports::IstioExpectation patched(world.cluster, world.mesh, profile("1.29.0"));
  CHECK(reports::reach_of(patched).not_modelled == 3);
}

TEST_CASE("workloads that look alike to every selector share their chains, and others do not", "[istio]") {
  World world = turning();
  tests::add_workload(world.cluster, "shop", "web-2", {{"app", "web"}, {"hash", "1"}});
  tests::add_workload(world.cluster, "shop", "web-3", {{"app", "web"}, {"hash", "2"}});
  tests::add_workload(world.cluster, "shop", "api", {{"app", "api"}});
  world.mesh.extensions[0].attachment.selector = LabelPairs{{"app", "web"}};
  reports::IstioExpectation expectation(world.cluster, world.mesh, profile("1.29.0"));
  CHECK(&expectation.chains_of(1) == &expectation.chains_of(2));
  CHECK(&expectation.chains_of(1) != &expectation.chains_of(3));
  CHECK(plugins_of(world.mesh, expectation.chains_of(1).chains.front().filters.http) == "foo foo-bar foo2 root");
  CHECK(plugins_of(world.mesh, expectation.chains_of(3).chains.front().filters.http) == "foo-bar foo2 root");
}

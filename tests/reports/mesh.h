// One mesh that has a bit of everything, for the writers' tests.
#pragma once

#include "model/expectation.h"
#include "model/expected_chains.h"
#include "reports/expectation_view.h"
#include "tests/model/world.h"

namespace tests {

inline model::Place place(std::uint32_t file, std::uint32_t line, std::uint32_t column = 1) {
  return {file, line, column};
}

// shop: web-7d9f-a and -b (two Pods of one owner), api (unknown proxy), edge (a gateway), batch (no proxy); pay: ledger
// (a Deployment of two Pods) and way (a waypoint). Plugins of every phase, a tie, an open one, one out of reach, one
// refused by its url and one that could not be read; an EnvoyFilter on api.
inline model::Cluster rich_mesh() {
  model::Cluster cluster;
  cluster.files = {"mesh/plugins.yaml", "mesh/pods.yaml"};
  cluster.root_namespace_from = model::RootNamespaceFrom::MeshConfig;
  const auto at = [&](std::uint32_t line) { return place(1, line); };

  auto* workload = &add_workload(cluster, "shop", "web-7d9f-b", {{"app", "web"}});
  workload->owner = "ReplicaSet/web-7d9f";
  workload->place = at(20);
  workload = &add_workload(cluster, "shop", "web-7d9f-a", {{"app", "web"}});
  workload->owner = "ReplicaSet/web-7d9f";
  workload->place = at(10);
  add_workload(cluster, "shop", "api", {{"app", "api"}}, model::Proxy::Unknown).place = at(30);
  add_workload(cluster, "shop", "edge", {{"app", "edge"}}, model::Proxy::Gateway).place = at(40);
  add_workload(cluster, "shop", "batch", {}, model::Proxy::None).place = at(50);
  workload = &add_workload(cluster, "pay", "ledger", {{"app", "ledger"}});
  workload->kind = model::WorkloadKind::Deployment;
  workload->pods = {"ledger-1", "ledger-2"};
  add_workload(cluster, "pay", "way", {}, model::Proxy::Waypoint);

  auto* plugin = &add_plugin(cluster, "istio-system", "jwt");
  plugin->phase = model::Phase::Authn;
  plugin->priority = 10;
  plugin->place = place(0, 1);
  plugin = &add_plugin(cluster, "shop", "acl");
  plugin->phase = model::Phase::Authz;
  plugin->priority = -5;
  plugin->place = place(0, 10);
  select(cluster, *plugin, {{"app", "web"}});
  plugin->selector->place = place(0, 15, 3);
  plugin = &add_plugin(cluster, "shop", "b");
  plugin->place = place(0, 20);
  plugin->priority = 0;
  plugin = &add_plugin(cluster, "shop", "a");
  plugin->place = place(0, 30);
  plugin->plugin_config = R"({"on":true})";
  plugin = &add_plugin(cluster, "shop", "maybe");
  plugin->place = place(0, 40);
  select(cluster, *plugin, {});
  plugin->selector->place = place(0, 44, 3);
  plugin = &add_plugin(cluster, "pay", "audit");
  plugin->phase = model::Phase::Stats;
  plugin->place = place(0, 50);
  plugin->url = "https://example.com/audit.wasm";
  select(cluster, *plugin, {{"app", "books"}});
  plugin->selector->place = place(0, 55, 3);
  plugin = &add_plugin(cluster, "shop", "ftp");
  plugin->place = place(0, 60);
  plugin->url = "ftp://example.com/x.wasm";
  plugin->url_place = place(0, 64, 3);
  cluster.refused.push_back({{"shop", "typo"}, "unknown phase 'AUTH'",
                             "the phases are AUTHN, AUTHZ, STATS and UNSPECIFIED_PHASE",
                             *model::find_clause("GEN-2"), place(0, 75, 10)});
  cluster.patches.push_back({{"shop", "lua"}, interned(cluster, {{"app", "api"}}), {}, place(1, 90)});
  cluster.skipped = {{"Service", 3}, {"ConfigMap", 1}};
  return cluster;
}

inline reports::ExpectationView view_of(const model::Expectation& expectation,
                                        const model::ExpectedChains& chains) {
  return {expectation, chains, reports::all_workloads(expectation.cluster())};
}

}  // namespace tests

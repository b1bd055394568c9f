// Results of every verdict, for the tests of the report writers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/report.h"

namespace tests {

inline reports::ShownLink plugin_link(std::string label, std::string note = "") {
  return {std::move(label), std::move(note), "", false};
}
inline reports::ShownLink seen_plugin(std::string label) {
  std::string envoy = "extensions.istio.io/wasmplugin/" + label;
  return {std::move(label), "", std::move(envoy), false};
}
inline reports::ShownLink anchor_link(std::string label) { return {std::move(label), "", "", true}; }
inline reports::ShownLink seen_anchor(std::string label, std::string envoy) {
  return {std::move(label), "", std::move(envoy), true};
}
inline reports::ShownLink foreign(std::string name) { return {name, "", name, false}; }

inline reports::Difference difference(model::DifferenceKind kind, model::Level level,
                                      std::vector<model::ObjectName> plugins,
                                      std::vector<model::ClauseId> clauses, std::string reason,
                                      std::string where = "") {
  reports::Difference result;
  result.found.kind = kind;
  result.found.level = level;
  result.found.plugins = std::move(plugins);
  result.found.clauses = std::move(clauses);
  result.found.reason = std::move(reason);
  result.where = std::move(where);
  return result;
}

inline reports::Result conforming(std::string workload) {
  reports::Result result;
  result.workload = std::move(workload);
  result.chains = 2;
  return result;
}

// Two plugins the wrong way round, one missing, one that nobody asked for, a setting, a listener that warms, and a
// record.
inline reports::Result differing() {
  using model::DifferenceKind;
  using model::Level;
  using model::operator""_clause;
  reports::Result result;
  result.workload = "shop/web-1";
  result.source = "dumps/shop.web-1.json";
  result.verdict = reports::Verdict::Differs;
  result.chains = 2;
  result.own_chains = 2;
  result.outbound_chains = 7;

  auto order = difference(DifferenceKind::Order, Level::Must, {{"shop", "b"}, {"shop", "a"}},
                          {"PRI-1"_clause}, "shop/b must stand before shop/a", "mesh/b.yaml:9:3");
  order.found.listener = "virtualInbound";
  order.found.chains = 2;
  auto missing = difference(DifferenceKind::Missing, Level::Must, {{"istio-system", "jwt"}},
                            {"SEL-3"_clause},
                            "it has no selector: it applies to every workload of every namespace",
                            "mesh/jwt.yaml:1:1");
  missing.found.listener = "virtualInbound";
  missing.found.chains = 1;
  auto extra = difference(DifferenceKind::Extra, Level::Must, {{"shop", "old"}}, {},
                          "the manifests have no WasmPlugin of this name");
  extra.found.listener = "virtualInbound";
  auto setting = difference(DifferenceKind::Setting, Level::Must, {{"shop", "a"}},
                            {"CFG-1"_clause}, "another pluginConfig reaches the plugin",
                            "mesh/a.yaml:1:1");
  setting.found.pointer = "/configs/3/ecds_filters/0/configuration";
  setting.found.expected = R"({"limit":10})";
  setting.found.actual = R"({"limit":100})";
  auto warming = difference(DifferenceKind::NotInForce, Level::Must, {}, {}, "warming");
  warming.found.listener = "0.0.0.0_8080";
  auto record = difference(DifferenceKind::Placement, Level::Info, {{"shop", "a"}},
                           {"PHA-9"_clause}, "AUTHZ stands before external authorization");
  result.differences = {order, missing, extra, setting, warming, record};

  result.shown = reports::ShownChains{
      "virtualInbound",
      {plugin_link("istio-system/jwt", "AUTHN, priority 10"), anchor_link("authn"),
       plugin_link("shop/b", "AUTHZ, priority 5"), plugin_link("shop/a", "AUTHZ, no priority (0)"),
       anchor_link("authz"), anchor_link("stats"), anchor_link("router")},
      {seen_anchor("authn", "envoy.filters.http.jwt_authn"), seen_plugin("shop/a"),
       seen_plugin("shop/b"), seen_anchor("authz", "envoy.filters.http.rbac"),
       foreign("istio.alpn"), foreign("envoy.filters.http.cors"),
       foreign("envoy.filters.http.fault"), seen_anchor("stats", "istio.stats"),
       seen_plugin("shop/old"), seen_anchor("router", "envoy.filters.http.router")}};
  return result;
}

inline reports::Result undecided(reports::Verdict verdict, std::string workload,
                                 std::string reason) {
  reports::Result result;
  result.workload = std::move(workload);
  result.verdict = verdict;
  result.reason = std::move(reason);
  return result;
}

inline reports::Report rich_report() {
  using model::operator""_clause;
  reports::Report report;
  report.implementation = "istio";
  report.version = "1.29.1";
  auto hedged = conforming("shop/api");
  hedged.chains = 1;
  hedged.differences = {difference(
      model::DifferenceKind::Placement, model::Level::Should, {{"shop", "a"}}, {"PHA-6"_clause},
      "istio.stats stands between it and the router", "mesh/a.yaml:1:1")};
  report.results = {
      conforming("shop/plain"), hedged, differing(),
      undecided(reports::Verdict::NotModelled, "shop/way", "a waypoint (SEL-11)"),
      undecided(reports::Verdict::Error, "shop/empty", "the dump has no listener")};
  report.results[0].notes = {"the labels of the dump differ from the manifest's"};
  report.hygiene = {"the filter 'x' matches no scenario"};
  report.no_dump = {"shop/late-1", "shop/late-2"};
  report.not_run = {"istio=ties"};
  return report;
}

}  // namespace tests

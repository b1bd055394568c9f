#include "model/istio/upgrade.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <stdexcept>

#include "model/istio/nearby_chains.h"
#include "tests/model/istio/sidecars.h"

using namespace model::istio;
using tests::World;
using tests::upgraded;

namespace {

// "T-B -> T-C", and "+ FIELD-match" for what was not known.
std::vector<std::string> causes_of(const Upgrade& upgrade) {
  std::vector<std::string> texts;
  for (const ChangeGroup& group : upgrade.groups)
    for (const Cause& one : group.causes) {
      const std::string before = one.before ? std::string(one.before->id) + " " : std::string();
      const std::string after = one.after ? " " + std::string(one.after->id) : std::string();
      texts.push_back(before + "->" + after);
    }
  return texts;
}

using Texts = std::vector<std::string>;

// The plugins of a changed list, in order.
Texts plugins_of(const std::vector<NamedFilter>& filters) {
  Texts names;
  for (const NamedFilter& one : filters)
    if (one.plugin) names.push_back(one.name);
  return names;
}

const ChangedChain& chain_of(const Upgrade& upgrade, ChainKind kind) {
  for (const ChangeGroup& group : upgrade.groups)
    for (const ChangedWorkloads& way : group.ways)
      for (const ChangedChain& chain : way.chains)
        if (chain.kind == kind && !chain.network) return chain;
  FAIL("no such chain changes");
  throw std::logic_error("unreachable");
}

}  // namespace

TEST_CASE("an order that the tie rule flips has that rule as its cause", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf");
  world.plugin("shop", "waf2");
  const Upgrade found = upgraded(world, 29, 30);
  CHECK(causes_of(found) == Texts{"T-B -> T-C"});
  CHECK(found.changed == std::vector<std::uint32_t>{0});
  const ChangedChain& chain = chain_of(found, ChainKind::InboundHttp);
  CHECK(plugins_of(chain.before) == Texts{"shop/waf", "shop/waf2"});
  CHECK(plugins_of(chain.after) == Texts{"shop/waf2", "shop/waf"});
  REQUIRE(found.groups.size() == 1);
  REQUIRE(found.groups[0].ways.size() == 1);
  CHECK(found.groups[0].ways[0].edits == std::vector<std::size_t>{0});
}

TEST_CASE("an order that the namespaces flip has that rule as its cause", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "b");
  world.plugin("root", "a");
  // The network filters change for a cause of their own, and are told behind.
  CHECK(causes_of(upgraded(world, 19, 20)) == Texts{"NS-A -> NS-B", "N-1.17 -> N-1.20"});
  CHECK(causes_of(upgraded(world, 20, 19)) == Texts{"NS-B -> NS-A", "N-1.20 -> N-1.17"});
}

TEST_CASE("workloads that change for one cause in one way stand together, and others apart", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.workload("shop", "b");
  world.workload("shop", "c");
  world.plugin("shop", "waf");
  world.plugin("shop", "waf2", {}, "a");
  world.plugin("shop", "waf3", {}, "b");
  world.plugin("shop", "zzz", 5, "b");
  const Upgrade found = upgraded(world, 29, 30);
  REQUIRE(found.groups.size() == 1);
  CHECK(found.groups[0].ways.size() == 2);
  CHECK(found.changed == std::vector<std::uint32_t>{0, 1});
  CHECK(found.workloads == 3);
}

TEST_CASE("a match that becomes known takes a plugin from the listeners that it does not fit", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf").match = {{TrafficMode::Server, {}}};
  // 1.15.4 has the type URLs of 1.16; the order of built-in filters is another in 1.16 (H3, H4).
  const Upgrade found = upgraded(world, 15, 16);
  CHECK(causes_of(found) == Texts{"-> FIELD-match", "H3 -> H4"});
  CHECK(plugins_of(chain_of(found, ChainKind::OutboundHttp).after).empty());
  CHECK(plugins_of(chain_of(found, ChainKind::InboundHttp).after) == Texts{"shop/waf"});
}

TEST_CASE("a selector with an empty value fits fewer workloads from 1.13 on", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf").attachment.selector = LabelPairs{{"other", ""}};
  const auto causes = causes_of(upgraded(world, 12, 13));
  CHECK(std::ranges::find(causes, "EMPTY-A -> EMPTY-B") != causes.end());
}

TEST_CASE("outbound listeners get plugins in 1.14", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf");
  const Upgrade found = upgraded(world, 13, 14);
  const auto causes = causes_of(found);
  CHECK(std::ranges::find(causes, "H2 -> H3") != causes.end());
  CHECK(plugins_of(chain_of(found, ChainKind::OutboundHttp).before).empty());
  CHECK(plugins_of(chain_of(found, ChainKind::OutboundHttp).after) == Texts{"shop/waf"});
}

TEST_CASE("a NETWORK plugin leaves the HTTP filters in 1.20", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "tcp").type = ExtensionType::Network;
  const Upgrade found = upgraded(world, 19, 20);
  // Among HTTP filters for one cause, among network filters for two.
  CHECK(causes_of(found) == Texts{"-> FIELD-type", "N-1.17 -> N-1.20", "-> FIELD-type"});
  CHECK(plugins_of(chain_of(found, ChainKind::InboundHttp).after).empty());
}

TEST_CASE("a plugin with a target reference leaves the workloads that are no gateways in 1.20", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf").attachment.target_ref = TargetRef{"gateway.networking.k8s.io", "Gateway", "edge", ""};
  CHECK(causes_of(upgraded(world, 19, 20)) == Texts{"S-A -> S-C", "N-1.17 -> N-1.20"});
}

TEST_CASE("a priority beyond 32 bits is discarded from 1.19 on, and refused", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf", std::int64_t{1} << 40);
  const Upgrade found = upgraded(world, 18, 19);
  const auto causes = causes_of(found);
  CHECK(std::ranges::find(causes, "PRI-64 -> PRI-32") != causes.end());
  REQUIRE(found.acceptances.size() == 2);
  CHECK_FALSE(found.acceptances[0].by_admission);
  CHECK(found.acceptances[0].accepted_before);
  CHECK(found.acceptances[0].denial.rule == "PRI-32");
  CHECK(found.acceptances[1].by_admission);
  CHECK(found.acceptances[1].denial.rule == "ADM-PRIORITY");
}

TEST_CASE("filters that only get other names are told once, and no chain changes", "[istio]") {
  World world;
  for (int i = 0; i < 3; ++i) world.workload("shop", "a");
  world.plugin("shop", "waf");
  world.plugin("other", "idle");
  const Upgrade found = upgraded(world, 25, 26);
  CHECK(found.groups.empty());
  CHECK(found.changed.empty());
  REQUIRE(found.renaming);
  CHECK(found.renaming->extensions == std::vector<ExtensionIndex>{0});  // the other runs nowhere
  CHECK(found.renaming->workloads == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(found.renaming->before->id == "NAME-B");
  CHECK(found.renaming->after->id == "NAME-C");
  CHECK(found.changes());
}

TEST_CASE("a patch that looks for an old name is lost, unless its EnvoyFilter looks for the new one as well", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf");
  const std::string old_name = "extensions.istio.io/wasmplugin/shop.waf";
  const std::string new_name = "extensions.istio.io/trafficextension/shop.waf~istio-translated-wasmplugin";
  world.cluster.filter_references = {
      {{"shop", "one"}, old_name, {}}, {{"shop", "both"}, old_name, {}}, {{"shop", "both"}, new_name, {}},
      {{"shop", "early"}, new_name, {}}, {{"shop", "else"}, "envoy.filters.http.router", {}}};
  const Upgrade found = upgraded(world, 29, 30);
  REQUIRE(found.references.size() == 2);
  CHECK(found.references[0].reference == 0);
  CHECK(found.references[0].found_before);
  CHECK(found.references[0].other_name == new_name);
  CHECK(found.references[1].reference == 3);
  CHECK_FALSE(found.references[1].found_before);
  CHECK(found.references[1].other_name == old_name);
}

TEST_CASE("a workload that an EnvoyFilter reaches is not modelled, and its plugins are edited all the same", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf");
  world.plugin("shop", "waf2");
  world.cluster.patches.push_back({{"shop", "lua"}, {}, {}, {}});
  const Upgrade found = upgraded(world, 29, 30);
  CHECK(found.groups.empty());
  REQUIRE(found.not_modelled.size() == 1);
  CHECK(found.not_modelled[0].why.reason == "EnvoyFilter shop/lua can change its chains");
  CHECK(found.edits.size() == 1);
}

TEST_CASE("a version without waypoints has nothing to compare on them", "[istio]") {
  World world;
  world.workload("shop", "a", model::Proxy::Waypoint);
  const Upgrade found = upgraded(world, 17, 18);
  REQUIRE(found.not_modelled.size() == 1);
  CHECK(found.not_modelled[0].why.reason == "Istio 1.17.0 has no waypoints");
}

TEST_CASE("the TCP chains of gateways are not modelled before 1.20, and the others are compared", "[istio]") {
  World world;
  world.workload("shop", "a", model::Proxy::Gateway);
  world.plugin("shop", "b");
  world.plugin("root", "a");
  const Upgrade found = upgraded(world, 19, 20);
  REQUIRE(found.not_modelled.size() == 1);
  CHECK(found.not_modelled[0].why.reason == "its gateway tcp chains on one of the versions; the others are compared");
  CHECK(plugins_of(chain_of(found, ChainKind::GatewayHttp).after) == Texts{"shop/b", "root/a"});
}

TEST_CASE("a failStrategy that takes effect is told", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf").fail = FailStrategy::Open;
  const Upgrade found = upgraded(world, 18, 19);
  REQUIRE(found.fields.size() == 1);
  CHECK(found.fields[0].rule->id == "FIELD-failStrategy");
  CHECK(found.fields[0].known_after);
  CHECK(found.fields[0].extensions == std::vector<ExtensionIndex>{0});
}

TEST_CASE("an upgrade that changes nothing says so", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf").fail = FailStrategy::Open;
  world.plugin("shop", "waf2");
  for (const auto& [from, to] : {std::pair{27u, 28u}, std::pair{29u, 29u}}) {
    const Upgrade found = upgraded(world, from, to);
    CHECK_FALSE(found.changes());
    CHECK(found.remarks.empty());
  }
}

// The steps telescope: whatever changes has a cause, whichever versions are compared.
TEST_CASE("every change of chains has a cause, and every cause is a rule that the two versions do not share", "[istio]") {
  std::mt19937 random(11);
  const auto pick = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  const auto all = regimes();
  std::size_t changed = 0;
  for (int round = 0; round < 400; ++round) {
    World world;
    world.workload("shop", "x");
    world.workload("root", "y", model::Proxy::Gateway);
    for (const char* name : {"a", "a-b", "a2"}) {
      Extension& one = world.plugin(pick(2) == 0 ? "shop" : "root", name);
      if (pick(3) == 0) one.attachment.selector = LabelPairs{{pick(2) == 0 ? "w" : "v", pick(2) == 0 ? "x" : ""}};
      if (pick(4) == 0) one.match = {{pick(2) == 0 ? TrafficMode::Client : TrafficMode::Server, {}}};
      if (pick(4) == 0) one.type = ExtensionType::Network;
      if (pick(4) == 0) one.priority = pick(2) == 0 ? std::int64_t{1} << 40 : -2147483648LL;
      if (pick(6) == 0) one.attachment.target_refs = {{"gateway.networking.k8s.io", "Gateway", "edge", ""}};
      if (pick(6) == 0) one.url.clear();
    }
    const Regime& from = all[pick(all.size())];
    const Regime& to = all[pick(all.size())];
    const Upgrade found = upgraded(world, from.since, to.since);
    changed += !found.groups.empty();
    INFO("round " << round << ", " << to_string(from.since) << " to " << to_string(to.since));
    for (const ChangeGroup& group : found.groups) {
      CHECK_FALSE(group.causes.empty());
      for (const Cause& one : group.causes) CHECK(one.before != one.after);
    }
  }
  CHECK(changed > 200);
}

TEST_CASE("chains from the plugins nearby are the chains from all", "[istio]") {
  World world;
  for (const char* ns : {"shop", "root", "far", "shop"}) world.workload(ns, "x");
  world.workload("shop", "y", model::Proxy::Gateway);
  world.workload("shop", "y", model::Proxy::Waypoint);
  for (const char* ns : {"far", "shop", "root", "shop", "nowhere", "far"})
    world.plugin(ns, "p" + std::to_string(world.mesh.extensions.size())).match = {{TrafficMode::Any, {8080}}, {TrafficMode::Server, {}}};
  NearbyChains nearby(world.mesh);
  for (const Regime& regime : regimes())
    for (const model::Workload& workload : world.cluster.workloads) {
      const ProxyNode proxy = proxy_of(world.cluster, workload, regime.since);
      const auto expected = listener_chains(regime, world.mesh, proxy);
      const auto found = nearby.of(regime, proxy);
      // Ports that only far plugins name make no difference, so the listings are equal.
      CHECK(found == expected);
    }
}

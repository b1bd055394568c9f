#include "model/istio/order_edit.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "tests/model/istio/sidecars.h"

using namespace model::istio;
using model::Phase;
using tests::World;
using tests::upgraded;

namespace {

// The plugins of every chain of every workload.
using Lists = std::vector<std::vector<ExtensionIndex>>;

Lists lists(const World& world, const Mesh& mesh, std::uint32_t minor) {
  Lists all;
  for (const model::Workload& workload : world.cluster.workloads) {
    const ProxyNode proxy = proxy_of(world.cluster, workload, {1, minor, 0});
    // Every kind of a sidecar's that carries HTTP plugins, on the one port that no match names.
    for (const ChainKind kind : {ChainKind::InboundHttp, ChainKind::OutboundHttp}) {
      std::vector<ExtensionIndex> plugins;
      for (const ChainFilter& filter : filter_chain(*find_regime({1, minor, 0}), mesh, proxy, {.kind = kind}).http)
        if (filter.extension) plugins.push_back(*filter.extension);
      all.push_back(std::move(plugins));
    }
  }
  return all;
}

// Whether the plugins that stand in both lists stand in one order.
bool agree(const std::vector<ExtensionIndex>& a, const std::vector<ExtensionIndex>& b) {
  std::vector<ExtensionIndex> left;
  std::vector<ExtensionIndex> right;
  std::ranges::copy_if(a, std::back_inserter(left), [&](ExtensionIndex i) { return std::ranges::find(b, i) != b.end(); });
  std::ranges::copy_if(b, std::back_inserter(right), [&](ExtensionIndex i) { return std::ranges::find(a, i) != a.end(); });
  return left == right;
}

bool keeps_order(const World& world, const Mesh& edited, std::uint32_t from, std::uint32_t to) {
  const Lists today = lists(world, world.mesh, from);
  return lists(world, edited, from) == today && std::ranges::equal(today, lists(world, edited, to), agree);
}

// Whether giving other priorities to `count` plugins, whichever, keeps the order.
bool can_keep(const World& world, Mesh mesh, std::size_t count, std::size_t first, std::uint32_t from, std::uint32_t to) {
  if (count == 0) return keeps_order(world, mesh, from, to);
  // Between and beyond the priorities that plugins have, with room for several each.
  constexpr std::array kCandidates{-13, -12, -11, -9, -8, -7, -3, -2, -1, 1, 2, 3, 7, 8, 9, 11, 12, 13};
  for (std::size_t i = first; i + count <= mesh.extensions.size(); ++i) {
    const auto before = mesh.extensions[i].priority;
    for (const int priority : kCandidates) {
      mesh.extensions[i].priority = priority;
      if (can_keep(world, mesh, count - 1, i + 1, from, to)) return true;
    }
    mesh.extensions[i].priority = before;
  }
  return false;
}

std::size_t size_of(const std::vector<OrderEdit>& edits) {
  std::size_t size = 0;
  for (const OrderEdit& one : edits) size += one.edits.size();
  return size;
}

using Edits = std::vector<PriorityEdit>;

}  // namespace

TEST_CASE("of two plugins that change places the one that stands first today is raised", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf");
  world.plugin("shop", "waf2");
  const Upgrade found = upgraded(world, 29, 30);
  REQUIRE(found.edits.size() == 1);
  CHECK(found.edits[0].obstacle == "");
  CHECK(found.edits[0].edits == Edits{{0, 1}});
  CHECK(found.edits[0].plugins == std::vector<ExtensionIndex>{0, 1});
}

TEST_CASE("a priority that is set is raised by one, or lowered where that edits fewer plugins", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "waf", 5);
  world.plugin("shop", "waf2", 5);
  CHECK(upgraded(world, 29, 30).edits.at(0).edits == Edits{{0, 6}});

  // Only q2 moves, before q: to raise q would take a and b with it.
  World longer;
  longer.workload("shop", "a");
  longer.plugin("shop", "a", 5);
  longer.plugin("shop", "b", 5);
  longer.plugin("shop", "q", 5);
  longer.plugin("shop", "q2", 5);
  CHECK(upgraded(longer, 29, 30).edits.at(0).edits == Edits{{3, 4}});
}

TEST_CASE("nothing goes below a priority that is unset", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "a");
  world.plugin("shop", "b");
  world.plugin("shop", "q");
  world.plugin("shop", "q2");
  CHECK(upgraded(world, 29, 30).edits.at(0).edits == Edits{{0, 3}, {1, 2}, {2, 1}});
}

TEST_CASE("an edit stays below the priorities of the plugins above", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "first", -7);
  world.plugin("shop", "waf");
  world.plugin("shop", "waf2");
  CHECK(upgraded(world, 29, 30).edits.at(0).edits == Edits{{1, -8}});
}

TEST_CASE("where no priority is free the obstacle is told", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.plugin("shop", "above", 6);
  world.plugin("shop", "waf", 5);
  world.plugin("shop", "waf2", 5);
  world.plugin("shop", "below", 4);
  const auto edits = upgraded(world, 29, 30).edits;
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].edits.empty());
  CHECK(edits[0].obstacle == "too few priorities are free between those of their neighbours");
}

TEST_CASE("plugins that meet on no workload do not hold each other", "[istio]") {
  World world;
  world.workload("shop", "a");
  world.workload("shop", "b");
  world.plugin("shop", "waf", 0, "a");
  world.plugin("shop", "waf2", 0, "b");
  CHECK(upgraded(world, 29, 30).edits.empty());
}

// Names that begin alike, two namespaces, priorities set and unset, selectors: all the ways to tie, and not to.
TEST_CASE("every edit keeps today's order on both versions, and none with fewer plugins does", "[istio]") {
  constexpr std::array kNames{"a", "a2", "a-b", "a.b", "ab", "b"};
  constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 5> kUpgrades{{{29, 30}, {19, 20}, {22, 23}, {30, 29}, {19, 31}}};
  std::mt19937 random(7);
  const auto pick = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  std::size_t edits = 0;
  std::size_t obstacles = 0;
  std::size_t several = 0;
  for (int round = 0; round < 900; ++round) {
    World world;
    for (const char* label : {"x", "y"}) world.workload("shop", label);
    world.workload("root", "x");
    const std::size_t plugins = 3 + pick(3);
    for (std::size_t i = 0; i < plugins; ++i) {
      const std::string ns = pick(3) == 0 ? "root" : "shop";
      const std::string name = kNames[pick(kNames.size())];
      const bool taken = std::ranges::any_of(world.mesh.extensions,
                                             [&](const Extension& one) { return one.meta.id == model::ObjectName{ns, name}; });
      if (taken) continue;
      constexpr std::array<std::optional<std::int64_t>, 4> kPriorities{std::nullopt, std::nullopt, 0, 10};
      Extension& one = world.plugin(ns, name, kPriorities[pick(kPriorities.size())]);
      if (pick(3) == 0) one.attachment.selector = LabelPairs{{"w", pick(2) == 0 ? "x" : "y"}};
      if (pick(6) == 0) one.phase = Phase::Authz;
      if (pick(6) == 0) one.meta.created = Timestamp{.seconds = 0};
    }
    const auto [from, to] = kUpgrades[pick(kUpgrades.size())];
    const auto found = upgraded(world, from, to).edits;
    const bool any_obstacle = std::ranges::any_of(found, [](const OrderEdit& one) { return !one.obstacle.empty(); });
    obstacles += any_obstacle;
    if (any_obstacle) continue;
    INFO("round " << round << ", 1." << from << " to 1." << to);
    CHECK(keeps_order(world, edited(world.mesh, found), from, to));
    edits += !found.empty();
    const std::size_t size = size_of(found);
    several += size > 1;
    if (size > 0 && size < 3) CHECK_FALSE(can_keep(world, world.mesh, size - 1, 0, from, to));
  }
  // The rounds show what they are meant to show.
  CHECK(edits > 100);
  CHECK(several > 10);
  CHECK(obstacles == 0);
}

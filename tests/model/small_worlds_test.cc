// Properties over all small worlds. Three plugins suffice for the order: its rules compare two plugins, or one and
// an anchor, and three show transitivity. Two namespaces and the root one suffice for selection: its rules ask
// only whether two namespaces are equal and whether one is the root.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <functional>

#include "model/expected_chains.h"
#include "model/judgement.h"
#include "tests/model/world.h"

using namespace model;
using tests::add_plugin;
using tests::add_workload;

namespace {

using Priorities = std::vector<std::optional<std::int64_t>>;

// Calls `with` for every world of `plugins` plugins of all phases and priorities, named against their order.
void for_each_order(std::size_t plugins, const Priorities& priorities,
                    const std::function<void(const Cluster&)>& with) {
  const std::size_t kinds = 4 * priorities.size();
  std::size_t worlds = 1;
  for (std::size_t i = 0; i < plugins; ++i) worlds *= kinds;
  for (std::size_t world = 0; world < worlds; ++world) {
    Cluster cluster;
    add_workload(cluster, "shop", "web-1");
    std::size_t rest = world;
    for (std::size_t i = 0; i < plugins; ++i, rest /= kinds) {
      auto& plugin = add_plugin(cluster, "shop", std::string(1, static_cast<char>('c' - i)));
      plugin.phase = static_cast<Phase>(rest % 4);
      plugin.priority = priorities[rest / 4 % priorities.size()];
    }
    with(cluster);
  }
}

std::vector<PluginIndex> all_plugins(const Cluster& cluster) {
  std::vector<PluginIndex> all;
  for (PluginIndex i = 0; i < cluster.plugins.size(); ++i) all.push_back(i);
  return all;
}

}  // namespace

TEST_CASE("the precedence graph never has a cycle, and determines the order up to ties") {
  std::size_t worlds = 0;
  for_each_order(3, {std::nullopt, 0, 1, -1}, [&](const Cluster& cluster) {
    ++worlds;
    for (int bits = 0; bits < 8; ++bits) {
      auto anchors = AnchorSet::router_only();
      for (int i = 0; i < 3; ++i)
        if (bits >> i & 1) anchors.add(static_cast<Anchor>(i));
      const auto members = all_plugins(cluster);
      const PrecedenceGraph graph(cluster.plugins, members, anchors);
      if (graph.has_cycle() || graph.earliest() != graph.latest())
        FAIL("world " << worlds << ", anchors " << bits);
    }
  });
  CHECK(worlds == 16 * 16 * 16);
}

TEST_CASE("the chain by sorting keys is the chain by the graph") {
  for_each_order(3, {std::nullopt, 0, 1, -1}, [&](const Cluster& cluster) {
    const Expectation expectation(cluster);
    const ExpectedChains chains(expectation);
    if (chains.chain_of(0) != expectation.chain(cluster.workloads[0])) FAIL("they differ");
  });
}

TEST_CASE("selection by index is selection one by one, in every small world") {
  // What a plugin can ask for, and what a workload can bear; "" is the empty value, a missing entry no selector.
  const std::vector<std::optional<tests::Pairs>> selectors{
      std::nullopt, tests::Pairs{}, tests::Pairs{{"app", "web"}}, tests::Pairs{{"app", ""}},
      tests::Pairs{{"app", "web"}, {"tier", ""}}, tests::Pairs{{"app", "web"}, {"tier", "x"}}};
  const std::vector<tests::Pairs> labels{
      {}, {{"app", "web"}}, {{"app", ""}}, {{"app", "web"}, {"tier", "x"}}, {{"tier", "x"}}};
  enum class Later { None, Match, TargetReference };
  const std::vector<std::string> namespaces{"shop", "pay", "istio-system"};
  const std::vector<std::string> urls{"oci://registry.example.com/a:v1", "", "ftp://x/y"};

  std::size_t compared = 0;
  for (const std::string root : {"istio-system", "shop", ""}) {
    for (const auto later : {Later::None, Later::Match, Later::TargetReference}) {
      for (const auto& url : urls) {
        Cluster cluster;
        cluster.root_namespace = root;
        for (const auto& ns : namespaces)
          for (const auto& set : labels)
            add_workload(cluster, ns, "w" + std::to_string(cluster.workloads.size()), set);
        for (const auto& ns : namespaces) {
          for (const auto& selector : selectors) {
            auto& plugin = add_plugin(cluster, ns, "p" + std::to_string(cluster.plugins.size()));
            plugin.url = url;
            if (selector) tests::select(cluster, plugin, *selector);
            if (later == Later::Match) plugin.later.push_back({"match", true, false, {}});
            if (later == Later::TargetReference)
              plugin.later.push_back({"targetRefs", true, true, {}});
          }
        }
        const Expectation expectation(cluster);
        const ExpectedChains chains(expectation);
        for (std::size_t i = 0; i < cluster.workloads.size(); ++i) {
          ++compared;
          const auto one_by_one = expectation.chain(cluster.workloads[i]);
          const auto by_index = chains.chain_of(i);
          CAPTURE(root, static_cast<int>(later), url, i);
          REQUIRE(by_index.plugins == one_by_one.plugins);
          REQUIRE(by_index.open == one_by_one.open);
          REQUIRE(by_index.not_modelled == one_by_one.not_modelled);
        }
      }
    }
  }
  CHECK(compared == 3 * 3 * 3 * 15);
}

TEST_CASE("an order is contradicted exactly where the graph proves the opposite") {
  std::size_t judged = 0;
  for_each_order(2, {std::nullopt, -1}, [&](const Cluster& cluster) {
    const Expectation expectation(cluster);
    const PluginDirectory directory(cluster);
    const auto expected = expectation.chain(cluster.workloads[0]);
    const auto members = all_plugins(cluster);
    const PrecedenceGraph graph(cluster.plugins, members, AnchorSet::all());
    std::vector<ChainLink> links = graph.earliest();
    std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
    std::array<std::array<std::vector<ClauseId>, 6>, 6> proofs;
    for (const std::size_t i : order)
      for (const std::size_t j : order)
        if (i != j) proofs[i][j] = graph.proof(links[i], links[j]);
    do {
      ObservedChain observed;
      for (const std::size_t i : order) {
        ObservedFilter filter;
        if (const auto* plugin = links[i].plugin()) {
          filter.kind = FilterKind::Plugin;
          filter.plugin = cluster.plugins[*plugin].id;
        } else {
          filter.kind = FilterKind::Anchor;
          filter.anchor = *links[i].anchor();
        }
        observed.filters.push_back(filter);
      }
      bool must = false, should = false;
      for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i + 1; j < order.size(); ++j) {
          const ChainLink& first = links[order[i]];
          const ChainLink& second = links[order[j]];
          if (first.anchor() && second.anchor()) continue;
          const auto& proof = proofs[order[j]][order[i]];
          const bool hedged =
              std::ranges::find(proof, *find_clause("PHA-6")) != proof.end();
          (hedged ? should : must) |= !proof.empty();
        }
      }
      bool told_must = false, told_should = false;
      for (const auto& difference :
           judge_chain(expectation, directory, cluster.workloads[0], expected, observed)
               .differences) {
        told_must |= difference.level == Level::Must;
        told_should |= difference.level == Level::Should;
        if (difference.level == Level::Must && difference.clauses.empty()) FAIL("no proof");
      }
      ++judged;
      // PHA-6 speaks of what stands before the router: with anchors behind it the graph asks for more.
      const auto* last = links[order.back()].anchor();
      const bool router_is_last = last && *last == Anchor::Router;
      if (told_must != must || (router_is_last && told_should != should)) FAIL("at " << judged);
    } while (std::ranges::next_permutation(order).found);
  });
  CHECK(judged == 64 * 720);
}

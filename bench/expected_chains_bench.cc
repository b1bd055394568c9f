// The chains of the largest mesh: 100,000 workloads in 1,000 namespaces, 2,000 plugins, a tenth of them in the root
// namespace; six labels a workload, from 300 combinations; five million placements. Beside it the naive product: every
// plugin in reach (own and root namespace) tried on every workload, then sorted.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>

#include "model/expected_chains.h"

namespace {

using model::Cluster;
using model::PluginIndex;

constexpr std::size_t kNamespaces = 1'000;
constexpr std::size_t kWorkloads = 100'000;
constexpr std::size_t kPlugins = 2'000;
constexpr std::size_t kCombinations = 300;
constexpr std::size_t kLabels = 6;
constexpr std::size_t kValues = 4;

Cluster mesh() {
  Cluster cluster;
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return std::size_t{random()} % n; };
  const auto label = [&](std::size_t key, std::size_t value) {
    return cluster.labels.intern("key-" + std::to_string(key), "value-" + std::to_string(value));
  };
  std::vector<model::LabelSetId> combinations;
  for (std::size_t i = 0; i < kCombinations; ++i) {
    std::vector<model::LabelId> labels;
    for (std::size_t key = 0; key < kLabels; ++key) labels.push_back(label(key, below(kValues)));
    combinations.push_back(cluster.labels.intern_set(labels));
  }
  for (std::size_t i = 0; i < kWorkloads; ++i) {
    model::Workload workload;
    workload.ns = cluster.namespaces.intern("ns-" + std::to_string(i % kNamespaces));
    workload.name = "workload-" + std::to_string(i);
    workload.proxy = model::Proxy::Sidecar;
    workload.labels = combinations[below(kCombinations)];
    cluster.workloads.push_back(std::move(workload));
  }
  for (std::size_t i = 0; i < kPlugins; ++i) {
    model::WasmPlugin plugin;
    plugin.id = {i % 10 == 0 ? "istio-system" : "ns-" + std::to_string(below(kNamespaces)),
                 "plugin-" + std::to_string(i)};
    plugin.url = "oci://registry.example.com/filter:v1";
    plugin.phase = static_cast<model::Phase>(below(4));
    plugin.priority = static_cast<std::int64_t>(below(100)) - 50;
    model::Selector selector;
    const std::size_t key = below(kLabels);
    selector.match_labels.push_back(label(key, below(kValues)));
    // A few of the root namespace reach everyone, the others a quarter: fifty a chain in the mean.
    if (i % 100 != 0) plugin.selector = std::move(selector);
    cluster.plugins.push_back(std::move(plugin));
  }
  return cluster;
}

const Cluster& the_mesh() {
  static const Cluster cluster = mesh();
  return cluster;
}

void indexed(benchmark::State& state) {
  const Cluster& cluster = the_mesh();
  std::size_t placements = 0;
  for (auto _ : state) {
    const model::Expectation expectation(cluster);
    const model::ExpectedChains chains(expectation);
    placements = 0;
    for (std::size_t i = 0; i < cluster.workloads.size(); ++i)
      placements += chains.plugins(chains.class_of(i)).size();
    benchmark::DoNotOptimize(placements);
  }
  state.counters["placements"] = static_cast<double>(placements);
}

void naive(benchmark::State& state) {
  const Cluster& cluster = the_mesh();
  std::size_t placements = 0;
  for (auto _ : state) {
    std::vector<PluginIndex> root;
    std::vector<std::vector<PluginIndex>> own(cluster.namespaces.size());
    for (PluginIndex i = 0; i < cluster.plugins.size(); ++i) {
      if (cluster.plugins[i].id.ns == cluster.root_namespace) root.push_back(i);
      if (const auto ns = cluster.namespaces.find(cluster.plugins[i].id.ns)) own[*ns].push_back(i);
    }
    placements = 0;
    for (const model::Workload& workload : cluster.workloads) {
      std::vector<PluginIndex> chain;
      const auto labels = cluster.labels.set(workload.labels);
      for (const auto* scope : {&root, &own[workload.ns]})
        for (const PluginIndex i : *scope) {
          const auto& selector = cluster.plugins[i].selector;
          if (!selector || std::ranges::all_of(selector->match_labels, [&](model::LabelId wanted) {
                return std::ranges::binary_search(labels, wanted);
              }))
            chain.push_back(i);
        }
      std::ranges::sort(chain, [&](PluginIndex a, PluginIndex b) {
        return model::stands_before(cluster.plugins[a], cluster.plugins[b]);
      });
      placements += chain.size();
      benchmark::DoNotOptimize(chain.data());
    }
  }
  state.counters["placements"] = static_cast<double>(placements);
}

BENCHMARK(indexed)->Name("expected chains/by index")->Unit(benchmark::kMillisecond);
BENCHMARK(naive)->Name("expected chains/naive product")->Unit(benchmark::kMillisecond);

}  // namespace

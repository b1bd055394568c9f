// The chains of a mesh under an Istio profile, every class of listener: 10,000 workloads in 1,000 namespaces, 2,000 plugins, a tenth
// of them in the root namespace; six labels a workload, from 300 combinations, and selectors on each label, so that hardly two
// workloads of a namespace look alike. Beside it the naive way, on every fiftieth workload: filter_chain for each class, which goes
// through all plugins. Compare items (filters of plugins) a second.
#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "reports/istio_expectation.h"

namespace {

constexpr std::size_t kNamespaces = 1'000;
constexpr std::size_t kWorkloads = 10'000;
constexpr std::size_t kPlugins = 2'000;
constexpr std::size_t kCombinations = 300;
constexpr std::size_t kLabels = 6;
constexpr std::size_t kValues = 4;
constexpr std::size_t kNaiveStep = 50;

struct World {
  model::Cluster cluster;
  model::istio::Mesh mesh;
};

const World& the_world() {
  static const World world = [] {
    World made;
    std::mt19937 random(7);
    const auto below = [&](std::size_t n) { return std::size_t{random()} % n; };
    const auto key = [](std::size_t i) { return "key-" + std::to_string(i); };
    const auto value = [](std::size_t i) { return "value-" + std::to_string(i); };
    std::vector<model::LabelSetId> combinations;
    for (std::size_t i = 0; i < kCombinations; ++i) {
      std::vector<model::LabelId> labels;
      for (std::size_t k = 0; k < kLabels; ++k) labels.push_back(made.cluster.labels.intern(key(k), value(below(kValues))));
      combinations.push_back(made.cluster.labels.intern_set(labels));
    }
    for (std::size_t i = 0; i < kWorkloads; ++i) {
      model::Workload workload;
      // Those of a namespace stand together, as chains are asked for.
      workload.ns = made.cluster.namespaces.intern("ns-" + std::to_string(i / (kWorkloads / kNamespaces)));
      workload.name = "workload-" + std::to_string(i);
      workload.proxy = model::Proxy::Sidecar;
      workload.labels = combinations[below(kCombinations)];
      made.cluster.workloads.push_back(std::move(workload));
    }
    made.mesh.root_namespace = "istio-system";
    for (std::size_t i = 0; i < kPlugins; ++i) {
      model::istio::Extension one;
      one.meta.id = {i % 10 == 0 ? "istio-system" : "ns-" + std::to_string(below(kNamespaces)), "plugin-" + std::to_string(i)};
      one.url = "oci://registry.example.com/filter:v1";
      one.phase = static_cast<model::Phase>(below(4));
      one.priority = static_cast<std::int64_t>(below(100)) - 50;
      if (i % 100 != 0) one.attachment.selector.emplace()[key(below(kLabels))] = value(below(kValues));
      if (i % 7 == 0) one.match = {{model::istio::TrafficMode::Server, {}}};
      made.mesh.extensions.push_back(std::move(one));
    }
    return made;
  }();
  return world;
}

const reports::IstioProfile& the_profile() {
  static const reports::IstioProfile profile{"istio-1.29", "", {1, 29, 0}, model::istio::find_regime({1, 29, 0})};
  return profile;
}

void by_index(benchmark::State& state) {
  const World& world = the_world();
  std::int64_t filters = 0;
  for (auto _ : state) {
    reports::IstioExpectation expectation(world.cluster, world.mesh, the_profile());
    for (std::size_t i = 0; i < world.cluster.workloads.size(); ++i)
      for (const auto& chain : expectation.chains_of(i).chains)
        for (const auto& filter : chain.filters.http) filters += filter.extension.has_value();
  }
  state.SetItemsProcessed(filters);
}

void naive(benchmark::State& state) {
  using model::istio::ChainKind;
  const World& world = the_world();
  std::int64_t filters = 0;
  for (auto _ : state)
    for (std::size_t i = 0; i < world.cluster.workloads.size(); i += kNaiveStep) {
      const auto proxy = proxy_of(world.cluster, world.mesh, world.cluster.workloads[i], the_profile().version);
      for (const ChainKind kind : {ChainKind::InboundHttp, ChainKind::InboundTcp, ChainKind::PassthroughHttp,
                                   ChainKind::PassthroughTcp, ChainKind::OutboundHttp, ChainKind::OutboundTcp}) {
        const auto chain = filter_chain(*the_profile().regime, world.mesh, proxy, {.kind = kind});
        if (kind == ChainKind::PassthroughHttp) continue;  // only told where it is another
        for (const auto& filter : chain.http) filters += filter.extension.has_value();
      }
    }
  state.SetItemsProcessed(filters);
}

BENCHMARK(by_index)->Name("istio expectation/by index")->Unit(benchmark::kMillisecond);
BENCHMARK(naive)->Name("istio expectation/naive, one workload in fifty")->Unit(benchmark::kMillisecond);

}  // namespace

#include "reports/expectation_view.h"

#include <algorithm>
#include <numeric>

#include "model/selection.h"

namespace reports {

std::vector<std::uint32_t> all_workloads(const model::Cluster& cluster) {
  std::vector<std::uint32_t> all(cluster.workloads.size());
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

std::vector<std::uint32_t> shown_workloads(const ExpectationView& view) {
  return shown_workloads(view.expectation.cluster(), view.workloads, view.proxyless);
}

std::vector<std::uint32_t> shown_workloads(const model::Cluster& cluster, const std::vector<std::uint32_t>& workloads,
                                           Proxyless proxyless) {
  // Namespaces are compared once each, not once for every pair of workloads.
  std::vector<model::NamespaceId> by_name(cluster.namespaces.size());
  std::iota(by_name.begin(), by_name.end(), 0u);
  std::ranges::sort(by_name, {}, [&](model::NamespaceId ns) { return cluster.namespaces[ns]; });
  std::vector<std::uint32_t> rank(by_name.size());
  for (std::uint32_t i = 0; i < by_name.size(); ++i) rank[by_name[i]] = i;

  std::vector<std::uint32_t> shown;
  shown.reserve(workloads.size());
  for (const std::uint32_t index : workloads)
    if (proxyless == Proxyless::Shown ||
        cluster.workloads[index].proxy != model::Proxy::None)
      shown.push_back(index);
  std::ranges::sort(shown, [&](std::uint32_t a, std::uint32_t b) {
    const model::Workload& first = cluster.workloads[a];
    const model::Workload& second = cluster.workloads[b];
    if (first.ns != second.ns) return rank[first.ns] < rank[second.ns];
    const int order = first.name.compare(second.name);
    return order != 0 ? order < 0 : a < b;
  });
  return shown;
}

std::vector<const model::Refusal*> refusals(const model::Expectation& expectation) {
  std::vector<const model::Refusal*> all;
  for (const model::Refusal& refusal : expectation.cluster().refused) all.push_back(&refusal);
  for (const model::ModuleVerdict& module : expectation.modules())
    if (module.refusal) all.push_back(&*module.refusal);
  std::ranges::stable_sort(all, {}, [](const model::Refusal* refusal) { return refusal->place; });
  return all;
}

std::string standing_reason(const model::Expectation& expectation, model::PluginIndex plugin,
                            const model::Workload& workload,
                            const model::Membership& membership) {
  const model::ModuleVerdict& module = expectation.modules()[plugin];
  if (module.refusal) return "it is refused: " + module.refusal->reason;
  if (module.left_open && membership.standing == model::Standing::Open &&
      membership.clause == *module.left_open)
    return module.left_open_reason;
  const model::Cluster& cluster = expectation.cluster();
  return model::reason(cluster, cluster.plugins[plugin], workload, membership);
}

Unmodelled unmodelled(const model::Cluster& cluster, model::PluginIndex plugin) {
  const model::WasmPlugin& found = cluster.plugins[plugin];
  const auto field = std::ranges::find_if(found.later, &model::LaterField::bears_on_membership);
  if (field == found.later.end()) return {model::to_string(found.id), found.place};
  return {model::to_string(found.id) + " has " + field->name, field->place};
}

}  // namespace reports

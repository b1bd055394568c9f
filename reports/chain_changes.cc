#include "reports/chain_changes.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "reports/plain_text.h"

namespace reports {

WorkloadList workload_list(const model::Cluster& cluster, const std::vector<std::uint32_t>& workloads) {
  WorkloadList list;
  std::vector<std::size_t> counts;
  std::map<std::pair<model::NamespaceId, std::string_view>, std::size_t> by_owner;
  for (const std::uint32_t index : workloads) {
    const model::Workload& workload = cluster.workloads[index];
    list.names.push_back(model::name_of(cluster, workload));
    if (!workload.owner.empty()) {
      const auto [at, fresh] = by_owner.try_emplace({workload.ns, workload.owner}, counts.size());
      if (!fresh) {
        ++counts[at->second];
        continue;
      }
    }
    list.folded.push_back(list.names.back());
    counts.push_back(1);
  }
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 1) list.folded[i] += fmt::format(" x{}", counts[i]);
  return list;
}

std::string summary(const ChainChanges& changes) {
  if (changes.workloads == 0) return "no workload with a proxy was read";
  if (changes.changed == 0) return fmt::format("no chain of {} changes", counted(changes.workloads, "workload"));
  return fmt::format("{} of {} {}", changes.changed, counted(changes.workloads, "workload"),
                     changes.changed == 1 ? "changes" : "change");
}

}  // namespace reports

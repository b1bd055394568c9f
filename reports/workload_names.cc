#include "reports/workload_names.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "reports/plain_text.h"

namespace reports {
namespace {

std::string_view proxy_text(const model::Workload& workload) {
  switch (workload.proxy) {
    case model::Proxy::Sidecar: return "sidecar";
    case model::Proxy::Gateway: return "gateway";
    case model::Proxy::Waypoint: return "waypoint";
    case model::Proxy::None: return "no proxy";
    case model::Proxy::Unknown: return "taken for a sidecar";
  }
  return {};
}

struct NameLine {
  std::string name;
  std::string about;
};

struct Folded {
  const model::Workload* first;
  std::size_t count;
};

}  // namespace

void append_workload_names(std::string& out, const model::Cluster& cluster, std::span<const std::uint32_t> workloads,
                           const Paint& paint) {
  std::vector<Folded> lines;
  std::map<std::pair<std::string_view, model::LabelSetId>, std::size_t> by_owner;
  for (const std::uint32_t index : workloads) {
    const model::Workload& workload = cluster.workloads[index];
    if (!workload.owner.empty()) {
      const auto [line, fresh] = by_owner.try_emplace({workload.owner, workload.labels}, lines.size());
      if (!fresh) {
        ++lines[line->second].count;
        continue;
      }
    }
    lines.push_back({&workload, 1});
  }
  std::vector<NameLine> names;
  std::size_t width = 0;
  for (const Folded& line : lines) {
    std::string name = plain(model::name_of(cluster, *line.first));
    if (line.count > 1) name += fmt::format(" x{}", line.count);
    width = std::max(width, columns_of(name));
    std::string about(to_string(line.first->kind));
    if (!line.first->pods.empty()) about += ", " + counted(line.first->pods.size(), "Pod");
    about += ", ";
    about += proxy_text(*line.first);
    names.push_back({std::move(name), std::move(about)});
  }
  for (const NameLine& line : names) {
    out += paint(Ink::Strong, line.name);
    out.append(width - columns_of(line.name) + 2, ' ');
    out += line.about;
    out += '\n';
  }
}

}  // namespace reports

// Small clusters for tests, said in a few lines.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/cluster.h"

namespace tests {

using Pairs = std::vector<std::pair<std::string, std::string>>;

inline std::vector<model::LabelId> interned(model::Cluster& cluster, const Pairs& pairs) {
  std::vector<model::LabelId> ids;
  for (const auto& [key, value] : pairs) ids.push_back(cluster.labels.intern(key, value));
  return ids;
}

inline model::Workload& add_workload(model::Cluster& cluster, std::string_view ns,
                                     std::string name, const Pairs& labels = {},
                                     model::Proxy proxy = model::Proxy::Sidecar) {
  model::Workload workload;
  workload.ns = cluster.namespaces.intern(ns);
  workload.name = std::move(name);
  workload.proxy = proxy;
  workload.labels = cluster.labels.intern_set(interned(cluster, labels));
  return cluster.workloads.emplace_back(std::move(workload));
}

inline model::WasmPlugin& add_plugin(model::Cluster& cluster, std::string ns, std::string name) {
  model::WasmPlugin plugin;
  plugin.id = {std::move(ns), std::move(name)};
  plugin.url = "oci://registry.example.com/filter:v1";
  return cluster.plugins.emplace_back(std::move(plugin));
}

inline void select(model::Cluster& cluster, model::WasmPlugin& plugin, const Pairs& labels) {
  plugin.selector = model::Selector{interned(cluster, labels), {}};
}

}  // namespace tests

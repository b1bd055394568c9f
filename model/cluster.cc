#include "model/cluster.h"

namespace model {

std::string_view to_string(RootNamespaceFrom from) {
  switch (from) {
    case RootNamespaceFrom::Flag: return "flag";
    case RootNamespaceFrom::MeshConfig: return "mesh config";
    case RootNamespaceFrom::Default: return "default";
  }
  return {};
}

std::string name_of(const Cluster& cluster, const Workload& workload) {
  std::string name(cluster.namespaces[workload.ns]);
  name += '/';
  name += workload.name;
  return name;
}

}  // namespace model

#include "model/istio/unmodelled.h"

#include "model/expectation.h"

namespace model::istio {

std::optional<Unmodelled> unmodelled(const Cluster& cluster, const Mesh& mesh, const Workload& workload) {
  if (!mesh.unmodelled_flags.empty()) {
    const UnmodelledFlag& flag = mesh.unmodelled_flags.front();
    return Unmodelled{"istiod's setting " + flag.name + "=" + flag.value + " changes chains in a way that is not modelled",
                      flag.place};
  }
  const auto patches = patches_of(cluster, workload);
  if (patches.empty()) return std::nullopt;
  return Unmodelled{"EnvoyFilter " + to_string(patches.front()->id) + " can change its chains", patches.front()->place};
}

}  // namespace model::istio

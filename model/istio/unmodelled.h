// What keeps a workload's chains from being computed under an Istio profile.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/istio/attachment.h"
#include "model/istio/mesh.h"
#include "model/istio/proxy_node.h"

namespace model::istio {

struct Unmodelled {
  std::string reason;  // for a person: "EnvoyFilter shop/lua can change its chains"
  Place place;         // of the manifest; unknown where none says it

  bool operator==(const Unmodelled&) const = default;
};

// The first of: a setting of istiod, an EnvoyFilter that reaches the workload. Nothing where all is modelled.
std::optional<Unmodelled> unmodelled(const Cluster& cluster, const Mesh& mesh, const Workload& workload);

// What the input leaves open for a version, found once for all proxies of a mesh. It refers to the mesh.
class OpenQuestions {
 public:
  OpenQuestions(const Regime& regime, const Mesh& mesh);

  // The first of: what adds filters that are not modelled (Adds, and Stackdriver's metrics); an object that selects by a label of the proxy's topology which the input does not tell (untold_labels); a namespace
  // that is looked up for the proxy, of which discovery selectors ask for labels that the input does not hold. Nothing where the
  // chains do not depend on either.
  std::optional<Unmodelled> of(const ProxyNode& proxy) const;

 private:
  struct Asking {
    const char* kind;
    const ObjectMeta* meta;
    const Attachment* attachment;
  };

  std::optional<Unmodelled> unmodelled_filter(const ProxyNode& proxy, const Target& target) const;
  template <class Objects>
  void add(const char* kind, const Objects& objects);
  bool depends(const Asking& asking, const Target& told, const ProxyNode& proxy) const;

  const Regime& regime_;
  const Mesh& mesh_;
  bool may_ask_stackdriver_ = false;
  std::vector<Asking> asking_;                          // whose selectors have a label of topology
  std::set<std::string, std::less<>> undescribed_;      // namespaces of objects, where discovery is by labels
};

}  // namespace model::istio

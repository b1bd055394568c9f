// A mesh as one version of Istio looks things up in it: what plugins_of and built_ins find by going through every plugin and every
// policy, indexed once by namespace for the proxies of a whole mesh. Called as Istio's own index is (pilot/pkg/model/push_context.go).
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/istio/attachment.h"
#include "model/istio/built_ins.h"
#include "model/istio/extension_order.h"

namespace model::istio {

// What reaches a target, whichever its chain: found once for all of its chains.
struct Reached {
  Target target;
  BuiltIns built_ins;
  // The plugins attached, of every phase, in the order in which they stand within each: what plugins_of says, before `match`.
  std::vector<ExtensionIndex> http;
  std::vector<ExtensionIndex> network;

  const std::vector<ExtensionIndex>& plugins(ExtensionType type) const { return type == ExtensionType::Http ? http : network; }
};

// It refers to the regime and the mesh.
class PushContext {
 public:
  PushContext(const Regime& regime, const Mesh& mesh);

  const Regime& regime() const { return regime_; }
  const Mesh& mesh() const { return mesh_; }

  Reached reached(Target target) const;

  // The services that target references of plugins name, each once, in the order of the mesh.
  const std::vector<ServedService>& named_services() const { return named_services_; }

 private:
  // The plugins of one namespace that the version uses, by priority, then age.
  struct Plugins {
    std::vector<ExtensionIndex> http;
    std::vector<ExtensionIndex> network;
  };

  std::vector<ExtensionIndex> attached(const std::vector<std::string>& namespaces, const Target& target,
                                       std::vector<ExtensionIndex> Plugins::*type) const;

  const Regime& regime_;
  const Mesh& mesh_;
  const PolicyIndex policies_;
  std::unordered_map<std::string, Plugins> plugins_;
  std::vector<ServedService> named_services_;
};

}  // namespace model::istio

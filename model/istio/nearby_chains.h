// The chains of many proxies of one mesh: what listener_chains.h computes, without looking at every plugin of the mesh for each.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "model/istio/listener_chains.h"

namespace model::istio {

class NearbyChains {
 public:
  explicit NearbyChains(const Mesh& mesh);

  // listener_chains(regime, mesh, proxy). Quick where proxies of one namespace are asked for one after the other: only plugins
  // of the root namespace and of a sidecar's or gateway's own can reach it (NS-A to NS-C).
  std::vector<ListenerChain> of(const Regime& regime, const ProxyNode& proxy);

 private:
  void go_to(const std::string& ns);

  const Mesh& mesh_;
  Mesh nearby_;                          // the mesh with the plugins of two namespaces
  std::vector<ExtensionIndex> indexes_;  // of its plugins, in the mesh
  std::unordered_map<std::string, std::vector<ExtensionIndex>> by_namespace_;
  std::string namespace_;
  bool anywhere_ = false;
};

}  // namespace model::istio

#include "model/istio/nearby_chains.h"

#include <algorithm>
#include <utility>

namespace model::istio {
namespace {

Mesh without_extensions(const Mesh& mesh) {
  Mesh rest = mesh;
  rest.extensions.clear();
  return rest;
}

}  // namespace

NearbyChains::NearbyChains(const Mesh& mesh) : mesh_(mesh), nearby_(without_extensions(mesh)) {
  for (ExtensionIndex i = 0; i < mesh.extensions.size(); ++i) by_namespace_[mesh.extensions[i].meta.id.ns].push_back(i);
}

void NearbyChains::go_to(const std::string& ns) {
  if (anywhere_ && namespace_ == ns) return;
  anywhere_ = true;
  namespace_ = ns;
  indexes_.clear();
  const auto add = [&](const std::string& of) {
    const auto found = by_namespace_.find(of);
    if (found != by_namespace_.end()) indexes_.insert(indexes_.end(), found->second.begin(), found->second.end());
  };
  add(ns);
  if (mesh_.root_namespace != ns) add(mesh_.root_namespace);
  std::ranges::sort(indexes_);  // where nothing breaks a tie the order of the mesh stays
  nearby_.extensions.clear();
  for (const ExtensionIndex i : indexes_) nearby_.extensions.push_back(mesh_.extensions[i]);
}

std::vector<ListenerChain> NearbyChains::of(const Regime& regime, const ProxyNode& proxy) {
  if (proxy.type == NodeType::Waypoint) return listener_chains(regime, mesh_, proxy);
  go_to(proxy.ns);
  auto chains = listener_chains(regime, nearby_, proxy);
  for (ListenerChain& chain : chains)
    for (const auto layer : {&FilterChain::http, &FilterChain::network})
      for (ChainFilter& filter : chain.filters.*layer)
        if (filter.extension) filter.extension = indexes_[*filter.extension];
  return chains;
}

}  // namespace model::istio

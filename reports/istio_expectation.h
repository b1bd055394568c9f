// What a version of Istio computes for the workloads of a mesh: the chains of each, found once for all that look alike. What
// `expect`, `explain` and `plugins` tell under an Istio profile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/cluster.h"
#include "model/istio/admission.h"
#include "model/istio/listener_chains.h"
#include "model/istio/unmodelled.h"

namespace reports {

// A profile as answers name it.
struct IstioProfile {
  std::string name;  // "istio-1.29"
  std::string note;  // "istio-1.29.1 has the rules of 1.29.0"; "" where the name says it
  model::istio::Version version;
  const model::istio::Regime* regime = nullptr;  // never null
};

// "shop/jwt"; a TrafficExtension may have the name of a WasmPlugin, and has its kind in front.
std::string extension_name(const model::istio::Extension& extension);

// The chains of a workload, or why there are none.
struct WorkloadChains {
  std::optional<model::istio::Unmodelled> not_modelled;
  std::vector<model::istio::ListenerOutline> chains;  // empty, too, of a waypoint where the version knows none
  std::optional<model::istio::ChainKind> unmodelled_listener;
};

// A plugin of which this version makes nothing.
struct UnusedExtension {
  model::istio::ExtensionIndex extension = 0;
  model::istio::Denial why;
};

// It refers to the cluster and the mesh.
class IstioExpectation {
 public:
  IstioExpectation(const model::Cluster& cluster, const model::istio::Mesh& mesh, IstioProfile profile);

  const model::Cluster& cluster() const { return cluster_; }
  const model::istio::Mesh& mesh() const { return mesh_; }
  const IstioProfile& profile() const { return profile_; }
  const model::istio::Regime& regime() const { return *profile_.regime; }
  const model::istio::PushContext& context() const { return context_; }

  model::istio::ProxyNode proxy_of(std::size_t workload) const;

  // Of a workload with a proxy. Chains are kept for one namespace, the one that was asked for last: ask by namespace. The
  // answer is good until the next namespace is asked for; workloads that look alike share one.
  const WorkloadChains& chains_of(std::size_t workload);

  // Plugins that istiod discards, and those that an API server of this version refuses, by place.
  std::vector<UnusedExtension> discarded() const;
  std::vector<UnusedExtension> refused() const;

  // What is assumed where the input does not tell it: sentences without a full stop.
  std::vector<std::string> assumptions() const;

 private:
  // What a workload's chains depend on, as a text: proxy, and the labels that selectors ask for.
  std::string likeness(std::size_t workload) const;
  WorkloadChains compute(std::size_t workload) const;

  const model::Cluster& cluster_;
  const model::istio::Mesh& mesh_;
  const IstioProfile profile_;
  const model::istio::PushContext context_;
  const model::istio::OpenQuestions open_;
  std::set<std::string, std::less<>> asked_keys_;  // of labels, by selectors and for gateways
  bool topology_matters_ = false;                  // a selector asks where proxies run

  std::optional<model::NamespaceId> known_namespace_;
  std::unordered_map<std::uint64_t, const WorkloadChains*> by_labels_;  // label set and proxy
  std::map<std::string, WorkloadChains> by_likeness_;
};

}  // namespace reports

#include "model/istio/built_ins.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "model/istio/extension_order.h"

namespace model::istio {
namespace {

using Providers = std::vector<std::string>;

// The objects of a mesh as PolicyIndex has them, without an index.
class EveryObject {
 public:
  explicit EveryObject(const Mesh& mesh) : mesh_(mesh) {}

  template <class Object, class Take>
  void each(const std::vector<std::string>& namespaces, std::vector<Object> Mesh::*objects, Take take) const {
    for (const Object& one : mesh_.*objects)
      if (std::ranges::find(namespaces, one.meta.id.ns) != namespaces.end()) take(one);
  }

 private:
  const Mesh& mesh_;
};

// Policies of every namespace that is looked up add up; their order does not show in a chain.
template <class Source, class Policy, class Take>
void each_reaching(const Regime& regime, const Mesh& mesh, const Source& source, const Target& target,
                   std::vector<Policy> Mesh::*policies, Take take) {
  source.each(namespaces_for(regime, mesh.root_namespace, target), policies, [&](const Policy& policy) {
    if (is_seen(mesh, policy.meta) &&
        reaches(regime, mesh.root_namespace, policy.attachment, policy.meta.id.ns, target))
      take(policy);
  });
}

std::optional<ProviderKind> provider(const Mesh& mesh, const std::string& name) {
  if (const auto found = mesh.config.providers.find(name); found != mesh.config.providers.end())
    return found->second;
  // Istio's own, that every mesh configuration begins with (mesh.DefaultMeshConfig).
  if (name == "prometheus") return ProviderKind::Prometheus;
  if (name == "stackdriver") return ProviderKind::Stackdriver;
  if (name == "envoy") return ProviderKind::Other;
  return std::nullopt;
}

CustomFilters http_custom(const Mesh& mesh, const std::set<std::string>& providers) {
  if (providers.empty()) return CustomFilters::None;
  if (providers.size() > 1) return CustomFilters::Deny;
  const auto kind = provider(mesh, *providers.begin());
  const bool asks = kind == ProviderKind::ExternalAuthorizationGrpc ||
                    kind == ProviderKind::ExternalAuthorizationHttp;
  return asks ? CustomFilters::Ask : CustomFilters::Deny;
}

CustomFilters network_custom(const Mesh& mesh, const std::set<std::string>& providers) {
  const CustomFilters http = http_custom(mesh, providers);
  const bool only_http = http == CustomFilters::Ask &&
                         provider(mesh, *providers.begin()) == ProviderKind::ExternalAuthorizationHttp;
  return only_http ? CustomFilters::None : http;
}

// Who of several Telemetries of one level counts: the oldest.
const Telemetry* oldest(const Regime& regime, const Telemetry* a, const Telemetry& b) {
  if (!a) return &b;
  return by_age(regime, b.meta, ExtensionKind::TrafficExtension, a->meta, ExtensionKind::TrafficExtension) < 0
             ? &b
             : a;
}

// The metrics providers in force: those of the mesh configuration, overridden by the Telemetry of the root namespace, of the
// workload's namespace, and of the workload itself, in this order (telemetry.go: computeMetricsFilters, mergeMetrics).
template <class Source>
Providers metrics_providers(const Regime& regime, const Mesh& mesh, const Source& source, const Target& target) {
  const Telemetry* root = nullptr;
  const Telemetry* ns = nullptr;
  const Telemetry* workload = nullptr;
  source.each({mesh.root_namespace, target.ns}, &Mesh::telemetries, [&](const Telemetry& one) {
    if (!is_seen(mesh, one.meta)) return;
    const Attachment& to = one.attachment;
    const bool general = !to.selector && !to.target_ref && to.target_refs.empty();
    const std::string& where = one.meta.id.ns;
    if (general && where == mesh.root_namespace) {
      root = oldest(regime, root, one);
    } else if (general && where == target.ns) {
      ns = oldest(regime, ns, one);
    } else if (!general && (where == target.ns || where == mesh.root_namespace) &&
               reaches(regime, mesh.root_namespace, to, where, target)) {
      // One of the workload's own namespace comes before one of the root's.
      if (workload && (workload->meta.id.ns == target.ns) != (where == target.ns))
        workload = where == target.ns ? &one : workload;
      else
        workload = oldest(regime, workload, one);
    }
  });
  Providers names = mesh.config.default_metrics;
  for (const Telemetry* level : {root, ns, workload})
    if (level)
      for (const Providers& metrics : level->metrics)
        if (!metrics.empty()) names = metrics;
  const bool any = !mesh.config.default_metrics.empty() || (root && !root->metrics.empty()) ||
                   (ns && !ns->metrics.empty()) || (workload && !workload->metrics.empty());
  return any ? names : Providers{};
}

template <class Source>
BuiltIns built_ins_from(const Regime& regime, const Mesh& mesh, const Source& source, const Target& target) {
  BuiltIns found;
  each_reaching(regime, mesh, source, target, &Mesh::request_authentications,
                [&](const RequestAuthentication& one) { found.jwt = found.jwt || one.has_rules; });
  std::set<AuthorizationAction> actions;
  std::set<std::string> custom;
  each_reaching(regime, mesh, source, target, &Mesh::authorization_policies, [&](const AuthorizationPolicy& one) {
    if (one.action == AuthorizationAction::Custom) custom.insert(one.provider);
    else actions.insert(one.action);
  });
  found.rbac = static_cast<std::uint32_t>(actions.size());
  found.custom_http = http_custom(mesh, custom);
  found.custom_network = network_custom(mesh, custom);
  for (const std::string& name : metrics_providers(regime, mesh, source, target)) {
    found.stats = found.stats || provider(mesh, name) == ProviderKind::Prometheus;
    found.stackdriver = found.stackdriver || provider(mesh, name) == ProviderKind::Stackdriver;
  }
  return found;
}

}  // namespace

PolicyIndex::PolicyIndex(const Mesh& mesh) : mesh_(mesh) {
  const auto add = [&](const auto& objects, std::vector<std::uint32_t> Places::*list) {
    for (std::uint32_t i = 0; i < objects.size(); ++i) (places_[objects[i].meta.id.ns].*list).push_back(i);
  };
  add(mesh.request_authentications, &Places::request_authentications);
  add(mesh.authorization_policies, &Places::authorization_policies);
  add(mesh.telemetries, &Places::telemetries);
}

template <class Object, class Take>
void PolicyIndex::each(const std::vector<std::string>& namespaces, std::vector<Object> Mesh::*objects, Take take) const {
  constexpr auto list = [] {
    if constexpr (std::is_same_v<Object, RequestAuthentication>) return &Places::request_authentications;
    else if constexpr (std::is_same_v<Object, AuthorizationPolicy>) return &Places::authorization_policies;
    else return &Places::telemetries;
  }();
  for (auto ns = namespaces.begin(); ns != namespaces.end(); ++ns) {
    if (std::find(namespaces.begin(), ns, *ns) != ns) continue;  // a workload of the root namespace has one, not two
    const auto found = places_.find(*ns);
    if (found == places_.end()) continue;
    for (const std::uint32_t i : found->second.*list) take((mesh_.*objects)[i]);
  }
}

BuiltIns built_ins(const Regime& regime, const Mesh& mesh, const Target& target) {
  return built_ins_from(regime, mesh, EveryObject(mesh), target);
}

BuiltIns built_ins(const Regime& regime, const Mesh& mesh, const PolicyIndex& index, const Target& target) {
  return built_ins_from(regime, mesh, index, target);
}

}  // namespace model::istio

#include "model/istio/built_ins.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/istio/extension_order.h"

namespace model::istio {
namespace {

using Providers = std::vector<std::string>;

// Policies of every namespace that is looked up add up; their order does not show in a chain.
template <class Policy, class Take>
void each_reaching(const Regime& regime, const Mesh& mesh, const Target& target,
                   const std::vector<Policy>& policies, Take take) {
  const std::vector<std::string> namespaces = namespaces_for(regime, mesh.root_namespace, target);
  for (const Policy& policy : policies) {
    const std::string& ns = policy.meta.id.ns;
    if (is_seen(mesh, policy.meta) && std::ranges::find(namespaces, ns) != namespaces.end() &&
        reaches(regime, mesh.root_namespace, policy.attachment, ns, target))
      take(policy);
  }
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
Providers metrics_providers(const Regime& regime, const Mesh& mesh, const Target& target) {
  const Telemetry* root = nullptr;
  const Telemetry* ns = nullptr;
  const Telemetry* workload = nullptr;
  for (const Telemetry& one : mesh.telemetries) {
    if (!is_seen(mesh, one.meta)) continue;
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
  }
  Providers names = mesh.config.default_metrics;
  for (const Telemetry* level : {root, ns, workload})
    if (level)
      for (const Providers& metrics : level->metrics)
        if (!metrics.empty()) names = metrics;
  const bool any = !mesh.config.default_metrics.empty() || (root && !root->metrics.empty()) ||
                   (ns && !ns->metrics.empty()) || (workload && !workload->metrics.empty());
  return any ? names : Providers{};
}

}  // namespace

BuiltIns built_ins(const Regime& regime, const Mesh& mesh, const Target& target) {
  BuiltIns found;
  each_reaching(regime, mesh, target, mesh.request_authentications,
                [&](const RequestAuthentication& one) { found.jwt = found.jwt || one.has_rules; });
  std::set<AuthorizationAction> actions;
  std::set<std::string> custom;
  each_reaching(regime, mesh, target, mesh.authorization_policies, [&](const AuthorizationPolicy& one) {
    if (one.action == AuthorizationAction::Custom) custom.insert(one.provider);
    else actions.insert(one.action);
  });
  found.rbac = static_cast<std::uint32_t>(actions.size());
  found.custom_http = http_custom(mesh, custom);
  found.custom_network = network_custom(mesh, custom);
  for (const std::string& name : metrics_providers(regime, mesh, target))
    found.stats = found.stats || provider(mesh, name) == ProviderKind::Prometheus;
  return found;
}

}  // namespace model::istio

#include "model/istio/push_context.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace model::istio {
namespace {

std::vector<ServedService> services_that_targets_name(const Mesh& mesh) {
  std::set<std::pair<std::string_view, std::string_view>> named;  // kind and name
  for (const Extension& extension : mesh.extensions)
    for (const TargetRef& ref : extension.attachment.target_refs) named.emplace(ref.kind, ref.name);
  std::vector<ServedService> found;
  if (named.empty()) return found;
  for (const Service& service : mesh.services) {
    const char* kind = service.registry == Registry::ServiceEntry ? "ServiceEntry" : "Service";
    if (named.contains({kind, service.meta.id.name}))
      found.push_back({service.meta.id.ns, service.meta.id.name, service.registry});
  }
  return found;
}

}  // namespace

PushContext::PushContext(const Regime& regime, const Mesh& mesh)
    : regime_(regime), mesh_(mesh), policies_(mesh), named_services_(services_that_targets_name(mesh)) {
  for (ExtensionIndex i = 0; i < mesh.extensions.size(); ++i) {
    const Extension& one = mesh.extensions[i];
    if (!is_usable(regime, mesh, one)) continue;
    Plugins& own = plugins_[one.meta.id.ns];
    (type_of(regime, one) == ExtensionType::Http ? own.http : own.network).push_back(i);
  }
  const auto stands_before = [&](ExtensionIndex a, ExtensionIndex b) {
    const Extension& left = mesh.extensions[a];
    const Extension& right = mesh.extensions[b];
    if (const auto priority = by_priority(regime, left, right); priority != 0) return priority < 0;
    return by_age(regime, left.meta, left.kind, right.meta, right.kind) < 0;
  };
  for (auto& [ns, own] : plugins_) {
    std::ranges::stable_sort(own.http, stands_before);
    std::ranges::stable_sort(own.network, stands_before);
  }
}

std::vector<ExtensionIndex> PushContext::attached(const std::vector<std::string>& namespaces, const Target& target,
                                                  std::vector<ExtensionIndex> Plugins::*type) const {
  std::vector<ExtensionIndex> all;
  for (const std::string& ns : namespaces) {
    const auto found = plugins_.find(ns);
    if (found == plugins_.end()) continue;
    const auto middle = static_cast<std::ptrdiff_t>(all.size());
    for (const ExtensionIndex i : found->second.*type)
      if (reaches(regime_, mesh_.root_namespace, mesh_.extensions[i].attachment, ns, target)) all.push_back(i);
    // Of one priority, those of the namespace that was looked up before stay before.
    std::ranges::inplace_merge(all, all.begin() + middle, [&](ExtensionIndex a, ExtensionIndex b) {
      return by_priority(regime_, mesh_.extensions[a], mesh_.extensions[b]) < 0;
    });
  }
  return all;
}

Reached PushContext::reached(Target target) const {
  const std::vector<std::string> namespaces = namespaces_for(regime_, mesh_.root_namespace, target);
  Reached found;
  found.built_ins = built_ins(regime_, mesh_, policies_, target);
  found.http = attached(namespaces, target, &Plugins::http);
  found.network = attached(namespaces, target, &Plugins::network);
  found.target = std::move(target);
  return found;
}

}  // namespace model::istio

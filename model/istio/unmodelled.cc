#include "model/istio/unmodelled.h"

#include <algorithm>
#include <utility>

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

OpenQuestions::OpenQuestions(const Regime& regime, const Mesh& mesh) : regime_(regime), mesh_(mesh) {
  for (const Extension& one : mesh.extensions)
    add(one.kind == ExtensionKind::WasmPlugin ? "WasmPlugin" : "TrafficExtension", std::span(&one, 1));
  add("RequestAuthentication", mesh.request_authentications);
  add("AuthorizationPolicy", mesh.authorization_policies);
  add("PeerAuthentication", mesh.peer_authentications);
  add("Telemetry", mesh.telemetries);
}

template <class Objects>
void OpenQuestions::add(const char* kind, const Objects& objects) {
  for (const auto& one : objects) {
    const ObjectMeta& meta = one.meta;
    if (!mesh_.config.discovery_selectors.empty() && !mesh_.namespaces.contains(meta.id.ns)) undescribed_.insert(meta.id.ns);
    const auto& selector = one.attachment.selector;
    if (selector && std::ranges::any_of(*selector, [](const auto& pair) { return is_topology_label(pair.first); }))
      asking_.push_back({kind, &meta, &one.attachment});
  }
}

bool OpenQuestions::depends(const Asking& asking, const Target& told, const ProxyNode& proxy) const {
  const auto untold = untold_labels(regime_, proxy);
  Target other = told;
  bool asks = false;
  for (const auto& [key, value] : *asking.attachment->selector) {
    if (!untold.contains(key)) continue;
    asks = true;
    other.labels[key] = value;
  }
  return asks && reaches(regime_, mesh_.root_namespace, *asking.attachment, asking.meta->id.ns, other);
}

std::optional<Unmodelled> OpenQuestions::of(const ProxyNode& proxy) const {
  if (asking_.empty() && undescribed_.empty()) return std::nullopt;
  const Target target = target_of(regime_, proxy);
  const std::vector<std::string> namespaces = namespaces_for(regime_, mesh_.root_namespace, target);
  for (const std::string& ns : namespaces)
    if (undescribed_.contains(ns))
      return Unmodelled{"discoverySelectors of the mesh configuration decide whether namespace " + ns +
                            " is seen, and the input holds no Namespace of that name",
                        {}};
  for (const Asking& one : asking_) {
    if (std::ranges::find(namespaces, one.meta->id.ns) == namespaces.end() || !is_seen(mesh_, *one.meta) ||
        !depends(one, target, proxy))
      continue;
    const auto asked = std::ranges::find_if(*one.attachment->selector, [&](const auto& pair) {
      return untold_labels(regime_, proxy).contains(pair.first);
    });
    return Unmodelled{std::string(one.kind) + " " + to_string(one.meta->id) + " selects by " + asked->first +
                          ", and the input does not tell where the workload runs",
                      one.meta->place};
  }
  return std::nullopt;
}

}  // namespace model::istio

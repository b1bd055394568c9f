#include "model/istio/unmodelled.h"

#include <algorithm>
#include <utility>

#include "model/expectation.h"
#include "model/istio/built_ins.h"

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
  may_ask_stackdriver_ = regime.fields.has(Field::Stackdriver) &&
                         (!mesh.telemetries.empty() || !mesh.config.default_metrics.empty());
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

// Whom the filters reach: istio-behaviour.md 1.6 and 1.7.
std::optional<Unmodelled> OpenQuestions::unmodelled_filter(const ProxyNode& proxy, const Target& target) const {
  const auto reaches_it = [&](const ChainChanger& changer) {
    switch (changer.adds) {
      case Adds::ExtProc:
        return regime_.fields.has(Field::InferencePool) && proxy.type == NodeType::Router && !target.gateway.empty();
      case Adds::DynamicForwardProxy:
        return regime_.fields.has(Field::DynamicForwardProxy);
      case Adds::ClientIdentity:
        return regime_.fields.has(Field::ClientIdentity) && proxy.type == NodeType::Waypoint && changer.ns == proxy.ns;
    }
    return true;
  };
  for (const ChainChanger& changer : mesh_.chain_changers)
    if (reaches_it(changer)) return Unmodelled{changer.what + " can add a filter that is not modelled", changer.place};
  if (may_ask_stackdriver_ && built_ins(regime_, mesh_, target).stackdriver)
    return Unmodelled{"its metrics go to a provider of Stackdriver, whose filter is not modelled", {}};
  return std::nullopt;
}

std::optional<Unmodelled> OpenQuestions::of(const ProxyNode& proxy) const {
  const bool may_add_filters = !mesh_.chain_changers.empty() || may_ask_stackdriver_;
  if (asking_.empty() && undescribed_.empty() && !may_add_filters) return std::nullopt;
  const Target target = target_of(regime_, proxy);
  if (auto found = unmodelled_filter(proxy, target)) return found;
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

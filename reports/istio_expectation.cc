#include "reports/istio_expectation.h"

#include <algorithm>
#include <utility>

namespace reports {
namespace {

using model::istio::Extension;
using model::istio::ExtensionIndex;
using model::istio::ExtensionKind;
using model::istio::LabelPairs;

constexpr const char* kGatewayLabels[] = {"gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name"};

}  // namespace

std::string extension_name(const Extension& extension) {
  std::string name = to_string(extension.meta.id);
  if (extension.kind == ExtensionKind::TrafficExtension) name.insert(0, "TrafficExtension ");
  return name;
}

IstioExpectation::IstioExpectation(const model::Cluster& cluster, const model::istio::Mesh& mesh, IstioProfile profile)
    : cluster_(cluster),
      mesh_(mesh),
      profile_(std::move(profile)),
      context_(*profile_.regime, mesh),
      open_(*profile_.regime, mesh),
      asked_keys_(std::begin(kGatewayLabels), std::end(kGatewayLabels)) {
  const auto ask = [&](const auto& objects) {
    for (const auto& one : objects)
      if (one.attachment.selector)
        for (const auto& pair : *one.attachment.selector) {
          asked_keys_.insert(pair.first);
          topology_matters_ = topology_matters_ || model::istio::is_topology_label(pair.first);
        }
  };
  ask(mesh.extensions);
  ask(mesh.request_authentications);
  ask(mesh.authorization_policies);
  ask(mesh.telemetries);
}

model::istio::ProxyNode IstioExpectation::proxy_of(std::size_t workload) const {
  return model::istio::proxy_of(cluster_, mesh_, cluster_.workloads[workload], profile_.version);
}

std::string IstioExpectation::likeness(std::size_t index) const {
  const model::Workload& workload = cluster_.workloads[index];
  std::string text(to_string(workload.proxy));
  // Where a proxy runs is its own.
  if (topology_matters_) return text.append("\n").append(std::to_string(index));
  const auto labels = cluster_.labels.set(workload.labels);
  for (const model::LabelId id : labels) {
    const model::Label label = cluster_.labels.label(id);
    if (!asked_keys_.contains(label.key)) continue;
    text.append("\n").append(label.key).append("=").append(label.value);
  }
  // In 1.12 a selector never fits a workload that has fewer labels than it has pairs.
  if (regime().empty_value == model::istio::EmptyValue::MatchesAbsence) text.append("\n").append(std::to_string(labels.size()));
  return text;
}

WorkloadChains IstioExpectation::compute(std::size_t workload) const {
  WorkloadChains found;
  const model::istio::ProxyNode proxy = proxy_of(workload);
  found.not_modelled = open_.of(proxy);
  if (found.not_modelled) return found;
  found.chains = listener_outlines(context_, proxy);
  found.unmodelled_listener = unmodelled_listener(regime(), proxy.type);
  return found;
}

const WorkloadChains& IstioExpectation::chains_of(std::size_t index) {
  const model::Workload& workload = cluster_.workloads[index];
  if (known_namespace_ != workload.ns) {
    known_namespace_ = workload.ns;
    by_labels_.clear();
    by_likeness_.clear();
  }
  const std::uint64_t key = topology_matters_ ? index
                                              : std::uint64_t{workload.labels} << 8 |
                                                    std::uint64_t{static_cast<std::uint8_t>(workload.proxy)};
  const auto [known, fresh] = by_labels_.try_emplace(key, nullptr);
  if (!fresh) return *known->second;
  // A setting of istiod or an EnvoyFilter asks for labels by itself.
  const auto unmodelled = model::istio::unmodelled(cluster_, mesh_, workload);
  std::string text = unmodelled ? "not modelled\n" + unmodelled->reason : likeness(index);
  const auto [same, first] = by_likeness_.try_emplace(std::move(text));
  if (first) same->second = unmodelled ? WorkloadChains{unmodelled, {}, {}} : compute(index);
  known->second = &same->second;
  return same->second;
}

std::vector<UnusedExtension> IstioExpectation::discarded() const {
  std::vector<UnusedExtension> all;
  for (ExtensionIndex i = 0; i < mesh_.extensions.size(); ++i)
    if (auto why = model::istio::discarded(regime(), mesh_, mesh_.extensions[i])) all.push_back({i, std::move(*why)});
  std::ranges::stable_sort(all, {}, [](const UnusedExtension& one) { return one.why.place; });
  return all;
}

std::vector<UnusedExtension> IstioExpectation::refused() const {
  std::vector<UnusedExtension> all;
  for (ExtensionIndex i = 0; i < mesh_.extensions.size(); ++i)
    if (auto why = denial(regime(), mesh_, mesh_.extensions[i])) all.push_back({i, std::move(*why)});
  std::ranges::stable_sort(all, {}, [](const UnusedExtension& one) { return one.why.place; });
  return all;
}

std::vector<std::string> IstioExpectation::assumptions() const {
  std::vector<std::string> all;
  if (!mesh_.settings_given) all.emplace_back("istiod has its default settings (--istiod-env, or its Deployment among the manifests, tells others)");
  const bool aged = std::ranges::all_of(mesh_.extensions, [](const Extension& one) { return one.meta.created.has_value(); });
  if (!aged) all.emplace_back("plugins without a creationTimestamp are of one age, and older than all others");
  return all;
}

}  // namespace reports

#include "harness/proxy_evidence.h"

#include <algorithm>
#include <array>

namespace harness {
namespace {

using model::Proxy;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

// Templates are named in a list with commas: "sidecar,custom".
bool names_template(std::string_view templates, std::string_view wanted) {
  while (!templates.empty()) {
    const auto comma = std::min(templates.find(','), templates.size());
    if (trimmed(templates.substr(0, comma)) == wanted) return true;
    templates.remove_prefix(std::min(comma + 1, templates.size()));
  }
  return false;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

enum class Injection { Asked, Refused, NotSaid };

// The words are those of Istio's injectRequired (pkg/kube/inject/inject.go); it takes any other word for a no.
Injection injection_of(std::string_view word) {
  constexpr std::array<std::string_view, 4> kYes{"true", "yes", "y", "on"};
  if (word.empty()) return Injection::NotSaid;
  const bool yes = std::ranges::any_of(
      kYes, [&](std::string_view one) { return equals_ignoring_case(word, one); });
  return yes ? Injection::Asked : Injection::Refused;
}

// A label counts before an annotation, as there.
Injection injection_of(const ProxyEvidence& evidence) {
  if (evidence.inject_label) return injection_of(*evidence.inject_label);
  if (evidence.inject_annotation) return injection_of(*evidence.inject_annotation);
  return Injection::NotSaid;
}

// Gateway, Waypoint, Sidecar, or Unknown where nothing names a role.
Proxy named_role(const ProxyEvidence& evidence) {
  if (evidence.proxy_role == "waypoint") return Proxy::Waypoint;
  if (evidence.proxy_role == "router") return Proxy::Gateway;
  if (evidence.proxy_role == "sidecar") return Proxy::Sidecar;
  if (names_template(evidence.templates, "waypoint")) return Proxy::Waypoint;
  if (names_template(evidence.templates, "gateway")) return Proxy::Gateway;
  if (evidence.managed_label == "istio.io-mesh-controller") return Proxy::Waypoint;
  if (evidence.managed_label == "istio.io-gateway-controller") return Proxy::Gateway;
  if (evidence.istio_label.ends_with("gateway")) return Proxy::Gateway;
  if (names_template(evidence.templates, "sidecar")) return Proxy::Sidecar;
  return Proxy::Unknown;
}

}  // namespace

ProxyFinding find_proxy(const ProxyEvidence& evidence) {
  if (evidence.is_finished) return {Proxy::None};
  const Proxy role = named_role(evidence);
  if (evidence.lists_proxy) {
    if (role == Proxy::Gateway || role == Proxy::Waypoint) return {role};
    return {evidence.host_network ? Proxy::None : Proxy::Sidecar};
  }
  const Injection injection = injection_of(evidence);
  if (evidence.host_network || injection == Injection::Refused) return {Proxy::None};
  const bool pod_without = evidence.is_pod && evidence.lists_containers;
  if (pod_without && evidence.is_live) return {Proxy::None};
  if (role != Proxy::Unknown) return {role};
  if (injection == Injection::Asked) return {Proxy::Sidecar};
  return {pod_without ? Proxy::None : Proxy::Unknown, true};
}

bool asks_for_injection(std::optional<std::string_view> istio_injection,
                        std::optional<std::string_view> revision) {
  if (istio_injection) return *istio_injection == "enabled";
  return revision && !revision->empty();
}

}  // namespace harness

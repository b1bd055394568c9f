// Which proxy runs beside a workload, from what its Pod or pod template says. The rules, in order, and why each
// stands where it does: docs/decisions/which-proxy.md.
#pragma once

#include <optional>
#include <string_view>

#include "model/workload.h"

namespace harness {

// What a Pod or a pod template says of its proxy. Views are valid while the document is.
struct ProxyEvidence {
  bool is_pod = false;   // a Pod, not a template: injection changes a Pod, never the template that it came from
  bool is_live = false;  // the Pod comes from an API server: what it lists is what runs
  bool is_finished = false;      // phase Succeeded or Failed
  bool host_network = false;
  bool lists_containers = false;
  bool lists_proxy = false;      // a container or init container istio-proxy
  std::string_view proxy_role = {};  // of that container's arguments, `proxy ROLE`: sidecar, router, waypoint
  std::string_view templates = {};   // annotation inject.istio.io/templates
  std::optional<std::string_view> inject_label = {};  // sidecar.istio.io/inject
  std::optional<std::string_view> inject_annotation = {};
  std::string_view istio_label = {};    // label istio
  std::string_view managed_label = {};  // label gateway.istio.io/managed
};

struct ProxyFinding {
  model::Proxy proxy = model::Proxy::Unknown;
  // Nothing above decided: where the namespace asks for injection, it is a sidecar.
  bool namespace_decides = false;
};

ProxyFinding find_proxy(const ProxyEvidence& evidence);

// Whether the labels of a Namespace ask for injection: istio-injection=enabled, or istio.io/rev without
// istio-injection=disabled.
bool asks_for_injection(std::optional<std::string_view> istio_injection,
                        std::optional<std::string_view> revision);

}  // namespace harness

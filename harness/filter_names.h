// The names under which filters stand in Envoy's configuration, for every Istio version: the one table of them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/observed_chain.h"

namespace harness {

// The plugin that a filter or extension name stands for, in any of the forms that Istio used:
//   NS.NAME                                                    1.12-1.20
//   extenstions.istio.io/wasmplugin/NS.NAME                    1.21-1.25 (the misspelling is Istio's)
//   extensions.istio.io/wasmplugin/NS.NAME                     1.26-1.29
//   extensions.istio.io/trafficextension/NS.NAME[~istio-translated-wasmplugin]   1.30+
// A namespace has no dot, so the first dot ends it. The unprefixed form counts only where `dynamic`
// says that the filter takes its configuration from ECDS (config_discovery), as every plugin does.
std::optional<model::ObjectName> plugin_of(std::string_view name, bool dynamic);

// The anchor that a filter's name stands for, or nothing.
std::optional<model::Anchor> anchor_of(std::string_view name);

// Sets kind, anchor and plugin of each filter of an HTTP chain from the names. `name` and `type_urls` must be
// set; a filter with Wasm among its type_urls is dynamic. The rbac immediately before an ext_authz becomes
// ExternalAuthorization with it, unless it has rules of its own.
void classify(std::vector<model::ObservedFilter>& filters);

// The same for network filters: plugins and fallbacks alone. The anchors are HTTP filters; Istio's network
// filters of the same names (istio_authn, istio.stats) order nothing.
void classify_network(std::vector<model::ObservedFilter>& filters);

}  // namespace harness

#include "harness/filter_names.h"

#include <algorithm>
#include <array>

namespace harness {
namespace {

struct AnchorName {
  std::string_view filter;
  model::Anchor anchor;
};

// istio-behaviour.md section 1.6: which filters the phases are defined against, in every version.
constexpr std::array kAnchorNames = std::to_array<AnchorName>({
    {"envoy.filters.http.jwt_authn", model::Anchor::Authn},
    {"istio_authn", model::Anchor::Authn},
    {"envoy.filters.http.rbac", model::Anchor::Authz},
    {"istio.stats", model::Anchor::Stats},
    {"istio.stackdriver", model::Anchor::Stats},
    {"envoy.filters.http.router", model::Anchor::Router},
});

constexpr std::string_view kRbac = "envoy.filters.http.rbac";
constexpr std::string_view kExternalAuthorization = "envoy.filters.http.ext_authz";

constexpr std::array kPluginPrefixes = std::to_array<std::string_view>({
    "extenstions.istio.io/wasmplugin/",  // 1.21-1.25; the misspelling is Istio's
    "extensions.istio.io/wasmplugin/",
    "extensions.istio.io/trafficextension/",
});

// What 1.30 appends to the name of a WasmPlugin that it turned into a TrafficExtension.
constexpr std::string_view kTranslated = "~istio-translated-wasmplugin";

// Envoy's own names have two dots too; a namespace `envoy` with a plugin `filters.x` is not worth a doubt.
constexpr std::string_view kEnvoyNames = "envoy.filters.";

constexpr std::string_view kWasmType = ".wasm.v3.Wasm";

constexpr std::size_t kLongestLabel = 63;

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// Whether Kubernetes would take them for the names of a namespace and an object.
bool is_object_name(std::string_view ns, std::string_view name) {
  return ns.size() <= kLongestLabel && ns.front() != '-' && ns.back() != '-' &&
         std::ranges::all_of(ns, is_name_byte) && std::ranges::all_of(name, is_name_byte);
}

bool is_dynamic(const model::ObservedFilter& filter) {
  return std::ranges::any_of(filter.type_urls,
                             [](const std::string& url) { return url.ends_with(kWasmType); });
}

// Says what a filter is by its plugin's name; false where it has none.
bool classify_plugin(model::ObservedFilter& filter) {
  const bool dynamic = is_dynamic(filter);
  filter.plugin = plugin_of(filter.name, dynamic);
  if (!filter.plugin) return false;
  filter.kind = dynamic ? model::FilterKind::Plugin : model::FilterKind::Fallback;
  return true;
}

}  // namespace

std::optional<model::ObjectName> plugin_of(std::string_view name, bool dynamic) {
  const auto prefix = std::ranges::find_if(
      kPluginPrefixes, [&](std::string_view candidate) { return name.starts_with(candidate); });
  const bool prefixed = prefix != kPluginPrefixes.end();
  if (prefixed) name.remove_prefix(prefix->size());
  if (name.ends_with(kTranslated)) name.remove_suffix(kTranslated.size());
  const auto dot = name.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return std::nullopt;
  const std::string_view ns = name.substr(0, dot);
  const std::string_view object = name.substr(dot + 1);
  if (!prefixed && (!dynamic || name.starts_with(kEnvoyNames) || !is_object_name(ns, object)))
    return std::nullopt;
  return model::ObjectName{std::string(ns), std::string(object)};
}

std::optional<model::Anchor> anchor_of(std::string_view name) {
  const auto known = std::ranges::find(kAnchorNames, name, &AnchorName::filter);
  return known == kAnchorNames.end() ? std::nullopt : std::optional(known->anchor);
}

void classify(std::vector<model::ObservedFilter>& filters) {
  model::ObservedFilter* before = nullptr;
  for (model::ObservedFilter& filter : filters) {
    if (classify_plugin(filter)) {
    } else if (const auto anchor = anchor_of(filter.name)) {
      filter.kind = model::FilterKind::Anchor;
      filter.anchor = *anchor;
    } else if (filter.name == kExternalAuthorization) {
      filter.kind = model::FilterKind::ExternalAuthorization;
      if (before && before->name == kRbac && !before->has_rules) {
        before->kind = model::FilterKind::ExternalAuthorization;
        before->anchor = model::Anchor::Router;
      }
    }
    before = &filter;
  }
}

void classify_network(std::vector<model::ObservedFilter>& filters) {
  for (model::ObservedFilter& filter : filters) classify_plugin(filter);
}

}  // namespace harness

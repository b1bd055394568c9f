#include "model/istio/admission.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <utility>

#include "model/istio/extension_order.h"
#include "model/istio/module_url.h"

namespace model::istio {
namespace {

// A field at fault, and what is wrong with it: "is empty".
struct Fault {
  std::string path;
  std::string problem;
};

using Found = std::optional<Fault>;

bool is_native(const Extension& extension) { return extension.kind == ExtensionKind::TrafficExtension; }

// The path of a field of the module: "spec.url", or "spec.wasm.url" of a TrafficExtension.
std::string module_path(const Extension& extension, std::string_view field) {
  return std::string(is_native(extension) ? "spec.wasm." : "spec.").append(field);
}

std::string at(std::string path, std::size_t index) {
  return path.append("[").append(std::to_string(index)).append("]");
}

// The field's own place, else that of what it stands in, else the object's.
Place place_of(const Extension& extension, std::string_view path) {
  const auto& places = extension.written.places;
  for (;;) {
    if (const auto found = places.find(path); found != places.end()) return found->second;
    const auto end = path.find_last_of(".[");
    if (end == std::string_view::npos) return extension.meta.place;
    path = path.substr(0, end);
  }
}

// ADM-TYPES
Found wrong_type(const Regime& regime, const Mesh&, const Extension& extension) {
  for (const Misfit& one : extension.written.misfits)
    if (knows_field(regime, one.path)) return Fault{one.path, one.problem};
  if (!has_later_strategy(regime, extension)) return std::nullopt;
  return Fault{module_path(extension, "failStrategy"), "is FAIL_RELOAD, which this version does not know"};
}

// ADM-SPEC
Found without_spec(const Regime&, const Mesh&, const Extension& extension) {
  if (extension.written.spec) return std::nullopt;
  return Fault{"spec", "is missing"};
}

// ADM-FILTER
Found not_one_filter(const Regime&, const Mesh&, const Extension& extension) {
  if (!is_native(extension) || extension.written.wasm != extension.written.lua) return std::nullopt;
  return Fault{"spec", extension.written.wasm ? "has both wasm and lua" : "has neither wasm nor lua"};
}

// ADM-LUA
Found wrong_code(const Regime&, const Mesh&, const Extension& extension) {
  constexpr std::size_t kLargest = 65536;
  if (!extension.written.lua) return std::nullopt;
  const std::size_t size = extension.written.lua_size;
  if (size == 0) return Fault{"spec.lua.inlineCode", "is empty"};
  if (size <= kLargest) return std::nullopt;
  return Fault{"spec.lua.inlineCode", "has " + std::to_string(size) + " bytes, and may have " + std::to_string(kLargest)};
}

// ADM-SELECTOR
Found selector_text(const Regime&, const Mesh&, const Extension& extension) {
  if (!extension.attachment.selector) return std::nullopt;
  for (const auto& [key, value] : *extension.attachment.selector) {
    const std::string path = "spec.selector.matchLabels";
    if (key.empty()) return Fault{path, "has an empty key"};
    if (key.find('*') != std::string::npos) return Fault{path, "has the key '" + key + "': wildcards are not allowed"};
    if (value.find('*') != std::string::npos)
      return Fault{path, "has the value '" + value + "' for " + key + ": wildcards are not allowed"};
  }
  return std::nullopt;
}

bool is_scheme(std::string_view scheme) {
  constexpr std::array<std::string_view, 5> kSchemes{"", "file", "http", "https", "oci"};
  return std::ranges::find(kSchemes, scheme) != kSchemes.end();
}

// Of a plugin with a module; a native extension may have none.
bool has_module(const Extension& extension) { return !is_native(extension) || extension.written.wasm; }

Found wrong_url(const Extension& extension, const std::optional<std::string>& scheme) {
  const std::string path = module_path(extension, "url");
  if (!scheme) return Fault{path, "'" + extension.url + "' is no URL"};
  if (is_scheme(*scheme)) return std::nullopt;
  std::string problem = "has the scheme '" + *scheme + "', which is none of file, http, https, oci";
  if (extension.url.find("://") == std::string::npos) problem += ": write oci:// in front of an image with a port or a tag";
  return Fault{path, std::move(problem)};
}

// ADM-URL-SET
Found url_unset(const Regime&, const Mesh&, const Extension& extension) {
  if (!has_module(extension) || !extension.url.empty()) return std::nullopt;
  return Fault{module_path(extension, "url"), extension.written.url ? "is empty" : "is not set"};
}

// ADM-URL-A
Found url_by_parse(const Regime&, const Mesh&, const Extension& extension) {
  if (!has_module(extension)) return std::nullopt;
  return wrong_url(extension, url_scheme(extension.url));
}

// ADM-URL-B
Found url_by_request(const Regime&, const Mesh&, const Extension& extension) {
  if (!has_module(extension)) return std::nullopt;
  return wrong_url(extension, request_url_scheme(extension.url));
}

// ADM-SHA256
Found wrong_checksum(const Regime&, const Mesh&, const Extension& extension) {
  constexpr std::size_t kDigits = 64;
  const std::string& sum = extension.sha256;
  const bool is_hex = std::ranges::all_of(sum, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (sum.empty() || (sum.size() == kDigits && is_hex)) return std::nullopt;
  return Fault{module_path(extension, "sha256"), "is not 64 lower-case hex digits"};
}

// ADM-PRIORITY
Found wrong_priority(const Regime& regime, const Mesh&, const Extension& extension) {
  if (priority_fits(regime, extension)) return std::nullopt;
  return Fault{"spec.priority", "is " + std::to_string(*extension.priority) + ", beyond 32 bits"};
}

// ADM-ENV
Found wrong_environment(const Regime&, const Mesh&, const Extension& extension) {
  const std::string path = module_path(extension, "vmConfig.env");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < extension.env.size(); ++i) {
    const std::string& name = extension.env[i].name;
    if (name.empty()) return Fault{at(path, i) + ".name", "is empty"};
    if (!names.insert(name).second) return Fault{at(path, i) + ".name", "is '" + name + "' a second time"};
  }
  return std::nullopt;
}

// ADM-ENV-VALUE
Found value_from_host(const Regime&, const Mesh&, const Extension& extension) {
  for (std::size_t i = 0; i < extension.env.size(); ++i)
    if (extension.env[i].from_host && extension.env[i].has_value)
      return Fault{at(module_path(extension, "vmConfig.env"), i) + ".value", "is set, although valueFrom is HOST"};
  return std::nullopt;
}

// ADM-PORTS
Found wrong_port(const Regime&, const Mesh&, const Extension& extension) {
  constexpr std::uint32_t kLargest = 65535;
  for (std::size_t i = 0; i < extension.match.size(); ++i)
    for (std::size_t j = 0; j < extension.match[i].ports.size(); ++j) {
      const std::uint32_t port = extension.match[i].ports[j];
      const std::string path = at(at("spec.match", i) + ".ports", j) + ".number";
      if (port == 0 && !extension.written.places.contains(path)) return Fault{path, "is not set"};
      if (port == 0 || port > kLargest) return Fault{path, "is " + std::to_string(port) + ", outside of 1 to 65535"};
    }
  return std::nullopt;
}

// ADM-ONE-TARGET
Found several_targets(const Regime& regime, const Mesh&, const Extension& extension) {
  const Attachment& asked = extension.attachment;
  std::vector<std::string> set;
  if (asked.selector) set.push_back("selector");
  if (asked.target_ref && regime.fields.has(Field::TargetRef)) set.push_back("targetRef");
  if (!asked.target_refs.empty() && regime.fields.has(Field::TargetRefs)) set.push_back("targetRefs");
  if (set.size() < 2) return std::nullopt;
  std::string both = set.front();
  for (std::size_t i = 1; i < set.size(); ++i) both += " and " + set[i];
  return Fault{"spec." + set.back(), "is one too many: the object has " + both + ", and may have one of them"};
}

struct TargetKind {
  std::string_view group;
  std::string_view kind;
  AttachmentRule since;
};
constexpr std::array kTargetKinds = std::to_array<TargetKind>({
    {"gateway.networking.k8s.io", "Gateway", AttachmentRule::TargetRef},
    {"core", "Service", AttachmentRule::TargetRefs},
    {"networking.istio.io", "ServiceEntry", AttachmentRule::OwnedTargets},
    {"gateway.networking.k8s.io", "GatewayClass", AttachmentRule::ManyTargets},
});

Found wrong_reference(const Regime& regime, const TargetRef& ref, const std::string& path) {
  if (ref.name.empty()) return Fault{path + ".name", "is empty"};
  if (!ref.ns.empty()) return Fault{path + ".namespace", "is '" + ref.ns + "': a target of another namespace cannot be named"};
  const std::string_view group = ref.group.empty() ? std::string_view("core") : std::string_view(ref.group);
  const bool known = std::ranges::any_of(kTargetKinds, [&](const TargetKind& one) {
    return one.since <= regime.attachment && one.group == group && one.kind == ref.kind;
  });
  if (known) return std::nullopt;
  std::string kinds;
  for (const TargetKind& one : kTargetKinds)
    if (one.since <= regime.attachment)
      kinds.append(kinds.empty() ? "" : ", ").append(one.group).append("/").append(one.kind);
  return Fault{path, "is " + std::string(group) + "/" + ref.kind + ", and may be " + kinds};
}

// ADM-TARGET-A to D
Found wrong_target(const Regime& regime, const Mesh&, const Extension& extension) {
  const Attachment& asked = extension.attachment;
  if (asked.target_ref && regime.fields.has(Field::TargetRef))
    if (auto wrong = wrong_reference(regime, *asked.target_ref, "spec.targetRef")) return wrong;
  if (!regime.fields.has(Field::TargetRefs)) return std::nullopt;
  for (std::size_t i = 0; i < asked.target_refs.size(); ++i)
    if (auto wrong = wrong_reference(regime, asked.target_refs[i], at("spec.targetRefs", i))) return wrong;
  return std::nullopt;
}

// ADM-LENGTHS
Found wrong_length(const Regime&, const Mesh&, const Extension& extension) {
  struct Limit {
    std::string path;
    std::size_t size;
    std::size_t largest;
    std::string_view unit = " bytes";
  };
  constexpr std::size_t kSecret = 253;
  constexpr std::size_t kName = 256;
  constexpr std::size_t kValue = 2048;
  constexpr std::size_t kLabelValue = 63;
  constexpr std::size_t kTargets = 16;
  const Written& written = extension.written;
  if (written.pull_secret && written.pull_secret_text.empty()) return Fault{module_path(extension, "imagePullSecret"), "is empty"};
  if (written.plugin_name && extension.plugin_name.empty()) return Fault{module_path(extension, "pluginName"), "is empty"};
  std::vector<Limit> limits{
      {module_path(extension, "imagePullSecret"), written.pull_secret_text.size(), kSecret},
      {module_path(extension, "pluginName"), extension.plugin_name.size(), kName},
      {module_path(extension, "vmConfig.env"), extension.env.size(), kName, " entries"},
      {"spec.targetRefs", extension.attachment.target_refs.size(), kTargets, " entries"},
  };
  for (std::size_t i = 0; i < extension.env.size(); ++i) {
    const std::string entry = at(module_path(extension, "vmConfig.env"), i);
    limits.push_back({entry + ".name", extension.env[i].name.size(), kName});
    limits.push_back({entry + ".value", extension.env[i].value.size(), kValue});
  }
  if (extension.attachment.selector)
    for (const auto& [key, value] : *extension.attachment.selector)
      limits.push_back({"spec.selector.matchLabels[" + key + "]", value.size(), kLabelValue});
  for (const Limit& one : limits)
    if (one.size > one.largest)
      return Fault{one.path, "has " + std::to_string(one.size) + std::string(one.unit) + ", and may have " +
                                 std::to_string(one.largest)};
  return std::nullopt;
}

// ADM-DUPLICATE-PORTS
Found port_twice(const Regime&, const Mesh&, const Extension& extension) {
  for (std::size_t i = 0; i < extension.match.size(); ++i) {
    std::set<std::uint32_t> seen;
    for (std::size_t j = 0; j < extension.match[i].ports.size(); ++j) {
      const std::uint32_t port = extension.match[i].ports[j];
      if (!seen.insert(port).second)
        return Fault{at(at("spec.match", i) + ".ports", j) + ".number", "is " + std::to_string(port) + " a second time"};
    }
  }
  return std::nullopt;
}

// One rule: in which versions it holds, by the row, and what it finds.
struct Check {
  std::string_view rule;
  bool (*holds)(const Regime&);
  Found (*find)(const Regime&, const Mesh&, const Extension&);
};

bool always(const Regime&) { return true; }
template <Field field>
bool has(const Regime& regime) { return regime.fields.has(field); }
template <AttachmentRule rule>
bool attaches_by(const Regime& regime) { return regime.attachment == rule; }
template <Checks least>
bool from(const Regime& regime) { return regime.checks >= least; }

constexpr std::array kChecks = std::to_array<Check>({
    {"ADM-TYPES", always, wrong_type},
    {"ADM-SPEC", from<Checks::WebhookAndUrls>, without_spec},
    {"ADM-FILTER", has<Field::TrafficExtension>, not_one_filter},
    {"ADM-LUA", has<Field::TrafficExtension>, wrong_code},
    {"ADM-URL-SET", always, url_unset},
    {"ADM-URL-A", [](const Regime& regime) { return regime.checks < Checks::Schema; }, url_by_parse},
    {"ADM-URL-B", from<Checks::WebhookAndUrls>, url_by_request},
    {"ADM-SHA256", always, wrong_checksum},
    {"ADM-SELECTOR", always, selector_text},
    {"ADM-PRIORITY", [](const Regime& regime) { return regime.unset_priority == UnsetPriority::LeastInt32; }, wrong_priority},
    {"ADM-ENV", has<Field::Environment>, wrong_environment},
    {"ADM-PORTS", has<Field::Match>, wrong_port},
    {"ADM-ONE-TARGET", has<Field::TargetRef>, several_targets},
    {"ADM-TARGET-A", attaches_by<AttachmentRule::TargetRef>, wrong_target},
    {"ADM-TARGET-B", attaches_by<AttachmentRule::TargetRefs>, wrong_target},
    {"ADM-TARGET-C", attaches_by<AttachmentRule::OwnedTargets>, wrong_target},
    {"ADM-TARGET-D", attaches_by<AttachmentRule::ManyTargets>, wrong_target},
    {"ADM-LENGTHS", from<Checks::Schema>, wrong_length},
    {"ADM-ENV-VALUE", from<Checks::Schema>, value_from_host},
    {"ADM-DUPLICATE-PORTS", from<Checks::Schema>, port_twice},
});

Denial denial_of(std::string_view id, const Extension& extension, Fault fault) {
  const Place place = place_of(extension, fault.path);
  return {id, std::move(fault.path.append(" ").append(fault.problem)), place};
}

}  // namespace

std::optional<Denial> denial(const Regime& regime, const Mesh& mesh, const Extension& extension) {
  if (extension.kind == ExtensionKind::TrafficExtension && !regime.fields.has(Field::TrafficExtension)) return std::nullopt;
  for (const Check& check : kChecks) {
    if (!check.holds(regime)) continue;
    if (auto fault = check.find(regime, mesh, extension)) return denial_of(check.rule, extension, std::move(*fault));
  }
  return std::nullopt;
}

std::vector<const Rule*> admission_rules(const Regime& regime) {
  std::vector<const Rule*> found;
  for (const Check& check : kChecks)
    if (check.holds(regime)) found.push_back(&rule(check.rule));
  return found;
}

std::optional<Denial> discarded(const Regime& regime, const Mesh& mesh, const Extension& extension) {
  const auto of = [&](std::string_view id, std::string path, std::string problem) {
    return denial_of(id, extension, {std::move(path), std::move(problem)});
  };
  switch (disuse_of(regime, mesh, extension)) {
    case Disuse::None:
      return std::nullopt;
    case Disuse::Kind:
      return of("FIELD-TrafficExtension", "kind", "TrafficExtension is not known to this version");
    case Disuse::Revision:
      return of("REV", "metadata.labels[istio.io/rev]",
                "is " + extension.meta.revision + ", and this control plane is " + mesh.revision);
    case Disuse::Undiscovered:
      return of("DISCOVERY", "metadata.namespace", "is " + extension.meta.id.ns + ", which no discovery selector fits");
    case Disuse::Unreadable:
      for (const Misfit& one : extension.written.misfits)
        if (!one.readable && knows_field(regime, one.path)) return of("READ", one.path, one.problem);
      if (extension.written.wasm && extension.written.lua) return of("READ", "spec", "has both wasm and lua");
      return of("READ", module_path(extension, "failStrategy"), "is FAIL_RELOAD, which this version does not know");
    case Disuse::Priority:
      return of("PRI-32", "spec.priority", "is " + std::to_string(*extension.priority) + ", beyond 32 bits");
    case Disuse::NoFilter:
      return of("READ", "spec", "has neither wasm nor lua");
    case Disuse::NoUrl:
      return of("URL", module_path(extension, "url"), "is empty");
    case Disuse::Url:
      return of("URL", module_path(extension, "url"), "'" + extension.url + "' does not parse");
  }
  return std::nullopt;
}

}  // namespace model::istio

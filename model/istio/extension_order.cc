#include "model/istio/extension_order.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "model/istio/module_url.h"

namespace model::istio {
namespace {

constexpr std::string_view kTranslated = "~istio-translated-wasmplugin";

std::int64_t rank_of(const Regime& regime, const Extension& extension) {
  if (extension.priority) return *extension.priority;
  return regime.unset_priority == UnsetPriority::LeastInt64 ? std::numeric_limits<std::int64_t>::min()
                                                            : std::numeric_limits<std::int32_t>::min();
}

std::weak_ordering by_instant(const std::optional<Timestamp>& a, const std::optional<Timestamp>& b) {
  if (a.has_value() != b.has_value()) return a.has_value() <=> b.has_value();
  if (!a) return std::weak_ordering::equivalent;
  if (const auto seconds = a->seconds <=> b->seconds; seconds != 0) return seconds;
  return a->nanoseconds <=> b->nanoseconds;
}

std::string sorted_name(const ObjectMeta& meta, ExtensionKind kind) {
  std::string name = meta.id.name;
  if (kind == ExtensionKind::WasmPlugin) name += kTranslated;
  return name;
}

}  // namespace

bool matches(const Regime& regime, const Extension& extension, const Traffic& traffic) {
  if (!regime.fields.has(Field::Match) || extension.match.empty()) return true;
  return std::ranges::any_of(extension.match, [&](const TrafficMatch& one) {
    const bool side = one.mode == TrafficMode::Any || one.mode == traffic.side;
    const bool port = one.ports.empty() ||
                      (traffic.port != 0 && std::ranges::find(one.ports, traffic.port) != one.ports.end());
    return side && port;
  });
}

bool is_lua(const Extension& extension) {
  return extension.kind == ExtensionKind::TrafficExtension && extension.written.lua && !extension.written.wasm;
}

ExtensionType type_of(const Regime& regime, const Extension& extension) {
  return regime.fields.has(Field::Type) ? extension.type : ExtensionType::Http;
}

bool priority_fits(const Regime& regime, const Extension& extension) {
  if (regime.unset_priority == UnsetPriority::LeastInt64 || !extension.priority) return true;
  return *extension.priority >= std::numeric_limits<std::int32_t>::min() &&
         *extension.priority <= std::numeric_limits<std::int32_t>::max();
}

bool knows_field(const Regime& regime, std::string_view path) {
  struct Known {
    std::string_view field;  // behind "spec."
    Field since;
  };
  constexpr std::array kKnown = std::to_array<Known>({
      {"vmConfig", Field::Environment},
      {"match", Field::Match},
      {"failStrategy", Field::FailStrategy},
      {"type", Field::Type},
      {"targetRefs", Field::TargetRefs},
      {"targetRef", Field::TargetRef},
  });
  constexpr std::string_view kSpec = "spec.";
  if (!path.starts_with(kSpec)) return true;
  path.remove_prefix(kSpec.size());
  const std::string_view field = path.substr(0, path.find_first_of(".["));
  const auto known = std::ranges::find(kKnown, field, &Known::field);
  return known == kKnown.end() || regime.fields.has(known->since);
}

bool has_later_strategy(const Regime& regime, const Extension& extension) {
  return extension.fail == FailStrategy::Reload && regime.fields.has(Field::FailStrategy) &&
         !regime.fields.has(Field::FailReload);
}

Disuse disuse_of(const Regime& regime, const Mesh& mesh, const Extension& extension) {
  const bool native = extension.kind == ExtensionKind::TrafficExtension;
  if (native && !regime.fields.has(Field::TrafficExtension)) return Disuse::Kind;
  if (!in_revision(mesh, extension.meta)) return Disuse::Revision;
  if (!is_discovered(mesh, extension.meta.id.ns)) return Disuse::Undiscovered;
  for (const Misfit& one : extension.written.misfits)
    if (!one.readable && knows_field(regime, one.path)) return Disuse::Unreadable;
  if (has_later_strategy(regime, extension)) return Disuse::Unreadable;
  if (!priority_fits(regime, extension)) return Disuse::Priority;
  if (native && extension.written.wasm && extension.written.lua) return Disuse::Unreadable;
  if (is_lua(extension)) return Disuse::None;
  if (native && !extension.written.wasm) return Disuse::NoFilter;
  if (extension.url.empty()) return regime.fields.has(Field::EmptyUrl) ? Disuse::None : Disuse::NoUrl;
  return url_scheme(extension.url) ? Disuse::None : Disuse::Url;
}

std::weak_ordering by_priority(const Regime& regime, const Extension& a, const Extension& b) {
  return rank_of(regime, b) <=> rank_of(regime, a);
}

std::weak_ordering by_age(const Regime& regime, const ObjectMeta& a, ExtensionKind a_kind,
                          const ObjectMeta& b, ExtensionKind b_kind) {
  if (const auto age = by_instant(a.created, b.created); age != 0) return age;
  switch (regime.ties) {
    case TieOrder::NameDotNamespace:
      // Two spellings of one instant are no equal times.Time there, and then nothing breaks the tie.
      if (a.created != b.created) return std::weak_ordering::equivalent;
      return a.id.name + "." + a.id.ns <=> b.id.name + "." + b.id.ns;
    case TieOrder::NameThenNamespace:
      if (const auto name = a.id.name <=> b.id.name; name != 0) return name;
      return a.id.ns <=> b.id.ns;
    case TieOrder::SortedName:
      if (const auto name = sorted_name(a, a_kind) <=> sorted_name(b, b_kind); name != 0) return name;
      return a.id.ns <=> b.id.ns;
  }
  return std::weak_ordering::equivalent;
}

std::vector<ExtensionIndex> plugins_of(const Regime& regime, const Mesh& mesh, const Target& target,
                                       ExtensionType type, const Traffic& traffic) {
  const std::vector<std::string> namespaces = namespaces_for(regime, mesh.root_namespace, target);
  struct Candidate {
    ExtensionIndex index;
    std::size_t ns;
  };
  std::vector<Candidate> candidates;
  for (ExtensionIndex i = 0; i < mesh.extensions.size(); ++i) {
    const Extension& one = mesh.extensions[i];
    const auto ns = std::ranges::find(namespaces, one.meta.id.ns);
    if (ns == namespaces.end() || type_of(regime, one) != type || !is_usable(regime, mesh, one) ||
        !matches(regime, one, traffic) ||
        !reaches(regime, mesh.root_namespace, one.attachment, one.meta.id.ns, target))
      continue;
    candidates.push_back({i, static_cast<std::size_t>(ns - namespaces.begin())});
  }
  std::ranges::stable_sort(candidates, [&](const Candidate& a, const Candidate& b) {
    const Extension& left = mesh.extensions[a.index];
    const Extension& right = mesh.extensions[b.index];
    if (const auto priority = by_priority(regime, left, right); priority != 0) return priority < 0;
    if (a.ns != b.ns) return a.ns < b.ns;
    return by_age(regime, left.meta, left.kind, right.meta, right.kind) < 0;
  });
  std::vector<ExtensionIndex> plugins;
  for (const Candidate& one : candidates) plugins.push_back(one.index);
  return plugins;
}

}  // namespace model::istio

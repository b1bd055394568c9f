// Which plugins stand in a chain, and in which order within a phase (istio-behaviour.md 1.4 and 1.5).
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/istio/attachment.h"

namespace model::istio {

// What `match` compares.
struct Traffic {
  TrafficMode side = TrafficMode::Server;  // Client or Server
  std::uint32_t port = 0;                  // 0 fits no port of a match
};

bool matches(const Regime& regime, const Extension& extension, const Traffic& traffic);

// Whether it is Lua code rather than a module: a TrafficExtension's alone. Its filter stands where a module's would, of type HTTP
// always, with the code within (pilot/pkg/networking/core/extension/extensionfilter.go@1.30.0).
bool is_lua(const Extension& extension);

// The type that this version takes it for: what it does not know is HTTP.
ExtensionType type_of(const Regime& regime, const Extension& extension);

// Why a version makes no filter of an object (istio-behaviour.md 1.10).
enum class Disuse : std::uint8_t {
  None,          // it does
  Kind,          // it does not know the kind
  Revision,      // the object is of another revision
  Undiscovered,  // its namespace is not discovered
  Unreadable,    // a field that the version knows cannot be decoded, or wasm and lua are both there
  Priority,      // out of its range
  NoFilter,      // a TrafficExtension with neither wasm nor lua
  NoUrl,
  Url,           // does not parse
};

Disuse disuse_of(const Regime& regime, const Mesh& mesh, const Extension& extension);

inline bool is_usable(const Regime& regime, const Mesh& mesh, const Extension& extension) {
  return disuse_of(regime, mesh, extension) == Disuse::None;
}

// Whether the version knows the field at this path of a spec ("spec.match[0].ports"); an API server drops what it does not know.
bool knows_field(const Regime& regime, std::string_view path);

// Whether it has a failStrategy that the version does not know, although it knows the field.
bool has_later_strategy(const Regime& regime, const Extension& extension);

// Whether the priority, if there is one, is of the range that the version has.
bool priority_fits(const Regime& regime, const Extension& extension);

// The order of two plugins of one phase by priority alone: less stands first.
std::weak_ordering by_priority(const Regime& regime, const Extension& a, const Extension& b);

// The order of two plugins of one namespace before priorities count: age, then the tie rule.
std::weak_ordering by_age(const Regime& regime, const ObjectMeta& a, ExtensionKind a_kind,
                          const ObjectMeta& b, ExtensionKind b_kind);

// The plugins that stand in one chain of the target, of every phase, in the order in which they stand within each.
std::vector<ExtensionIndex> plugins_of(const Regime& regime, const Mesh& mesh, const Target& target,
                                       ExtensionType type, const Traffic& traffic);

}  // namespace model::istio

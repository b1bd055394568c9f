// Which plugins stand in a chain, and in which order within a phase (istio-behaviour.md 1.4 and 1.5).
#pragma once

#include <compare>
#include <vector>

#include "model/istio/attachment.h"

namespace model::istio {

// What `match` compares.
struct Traffic {
  TrafficMode side = TrafficMode::Server;  // Client or Server
  std::uint32_t port = 0;                  // 0 fits no port of a match
};

bool matches(const Regime& regime, const Extension& extension, const Traffic& traffic);

// The type that this version takes it for: what it does not know is HTTP.
ExtensionType type_of(const Regime& regime, const Extension& extension);

// Whether this version makes a filter of it at all: it knows the kind and the range of its priority, its url parses, and its
// revision is the mesh's (istio-behaviour.md 1.10).
bool is_usable(const Regime& regime, const Mesh& mesh, const Extension& extension);

// The order of two plugins of one namespace before priorities count: age, then the tie rule.
std::weak_ordering by_age(const Regime& regime, const ObjectMeta& a, ExtensionKind a_kind,
                          const ObjectMeta& b, ExtensionKind b_kind);

// The plugins that stand in one chain of the target, of every phase, in the order in which they stand within each.
std::vector<ExtensionIndex> plugins_of(const Regime& regime, const Mesh& mesh, const Target& target,
                                       ExtensionType type, const Traffic& traffic);

}  // namespace model::istio

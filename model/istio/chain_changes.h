// How the chains of one proxy differ between two computations of them: two versions of Istio, or two states of the manifests. Plugins
// are compared by what they are, not by how a version spells their filters.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/istio/listener_chains.h"

namespace model::istio {

struct NamedFilter {
  std::string name;     // "shop/jwt", or Envoy's name of a built-in filter
  bool plugin = false;
  Phase phase = Phase::Unspecified;  // of a plugin

  bool operator==(const NamedFilter&) const = default;
};

// One listing of filters before and after: the HTTP filters of a chain, or its network filters.
struct ChangedChain {
  ChainKind kind = ChainKind::InboundHttp;
  std::optional<std::uint32_t> port;
  std::optional<ServedService> service;
  bool network = false;  // the network filters
  std::vector<NamedFilter> before;
  std::vector<NamedFilter> after;

  bool operator==(const ChangedChain&) const = default;
};

// One class of listener on both sides. Where one side does not tell a port, a service or pass-through traffic apart, its
// more general chain stands for it; a class that one side does not have at all is in no pair.
struct ChainPair {
  const ListenerChain* before = nullptr;
  const ListenerChain* after = nullptr;
  ChainKind kind = ChainKind::InboundHttp;
  std::optional<std::uint32_t> port;
  std::optional<ServedService> service;
};
std::vector<ChainPair> pairs_of(std::span<const ListenerChain> before, std::span<const ListenerChain> after);

// The chain of that class; where the listing does not tell it apart, the more general one that stands for it; nullptr if there
// is none.
const ListenerChain* nearest_chain(std::span<const ListenerChain> chains, ChainKind kind, std::optional<std::uint32_t> port,
                                   const std::optional<ServedService>& service);

// Whether the filters of that list, which is one of a pair or not, differ between two listings of one mesh.
bool differs(const Mesh& mesh, std::span<const ListenerChain> before, std::span<const ListenerChain> after,
             const ChangedChain& list);

// The name under which answers show an extension: "shop/jwt", and "TrafficExtension shop/jwt" for the newer kind.
std::string shown_name(const Extension& extension);

// Those that differ, in the order of pairs_of, HTTP filters before network filters.
std::vector<ChangedChain> changed_chains(const Mesh& mesh_before, std::span<const ListenerChain> before,
                                         const Mesh& mesh_after, std::span<const ListenerChain> after);

// What changes from one list to another, whatever else stands in them: equal for chains that change alike. Of three plugins of a
// phase and a built-in filter that change places, the phase counts and not the plugins.
struct Shift {
  std::vector<std::string> removed;
  std::vector<std::string> added;
  std::vector<std::pair<std::string, std::string>> swapped;  // each stood before the other, and stands behind it

  auto operator<=>(const Shift&) const = default;
};
Shift shift_of(std::span<const NamedFilter> before, std::span<const NamedFilter> after);

// What the changes of a workload are told apart by: equal where its chains change alike.
struct ChangeOfChain {
  ChainKind kind = ChainKind::InboundHttp;
  bool network = false;
  std::optional<std::uint32_t> port;
  std::string service;
  Shift shift;

  auto operator<=>(const ChangeOfChain&) const = default;
};
std::vector<ChangeOfChain> key_of(std::span<const ChangedChain> chains);

}  // namespace model::istio

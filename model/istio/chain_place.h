// Which chain of a proxy is meant by one that was seen in a dump: its kind, and the ports that `match` compares
// (istio-behaviour.md 1.5, 1.7 and 4.3).
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/istio/filter_chain.h"
#include "model/observed_chain.h"

namespace model::istio {

// A chain for which there is no rule, with the reason for a person.
struct Unplaced {
  std::string reason;

  bool operator==(const Unplaced&) const = default;
};

using Placing = std::variant<ChainPlace, Unplaced>;

// The places of all chains of a proxy, in their order. What a chain is can depend on those before it in its listener.
std::vector<Placing> place_chains(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy,
                                  const std::vector<ObservedChain>& chains);
// The same of some of its chains, which must be all those of their listeners.
std::vector<Placing> place_chains(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy,
                                  const std::vector<const ObservedChain*>& chains);

}  // namespace model::istio

// Why a workload runs what it runs: for each plugin in, out or open and the rule that decided; for each pair of
// neighbours why they stand in this order. A value, which the writers only tell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/expectation.h"

namespace reports {

struct ExplainedPlugin {
  model::PluginIndex plugin = 0;
  model::Membership membership;
  std::string reason;
  std::string change;   // the smallest that would select it; "" unless it is Out
  model::Place place;   // of what decided: the selector, else the document
};

// What stands next to what, and why.
struct ExplainedPair {
  std::string before;  // "shop/jwt" or "authn"
  std::string after;
  bool tied = false;   // the text does not say which comes first
  std::vector<model::ClauseId> clauses;  // the shortest proof; of a tie PRI-3
};

struct Explanation {
  std::string workload;  // "shop/web-1"
  std::optional<model::ChainDirection> direction;  // nothing: no chain of it is modelled
  std::string not_modelled;                        // the reason; "" where it is modelled
  std::vector<model::ChainLink> links;             // the chain with its anchors
  std::vector<ExplainedPlugin> in;                 // in chain order
  std::vector<ExplainedPlugin> open;               // in chain order, and so on
  std::vector<ExplainedPlugin> unmodelled;
  std::vector<ExplainedPlugin> out;  // those within reach first, then those of other namespaces; by name
  std::vector<ExplainedPair> pairs;  // of neighbours of which one at least is a plugin
  std::vector<const model::ChainPatch*> patches;
  std::vector<model::ClauseId> clauses;  // every one that is cited, once, in the order of the table
};

Explanation explain(const model::Expectation& expectation, std::size_t workload);

}  // namespace reports

// The order that the text asks of one chain, as a graph: plugins and anchors, and for each "stands before" an edge
// with the clause that asks for it. What the text leaves open has no edge. This graph is the meaning of the
// order; whatever else computes or judges an order is proved equal to it over all small worlds.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "model/clauses.h"
#include "model/placement.h"
#include "model/wasm_plugin.h"

namespace model {

using PluginIndex = std::uint32_t;  // in Cluster::plugins

// A plugin or an anchor of a chain.
struct ChainLink {
  std::variant<PluginIndex, Anchor> what;

  ChainLink(PluginIndex plugin) : what(plugin) {}
  ChainLink(Anchor anchor) : what(anchor) {}
  const PluginIndex* plugin() const { return std::get_if<PluginIndex>(&what); }
  const Anchor* anchor() const { return std::get_if<Anchor>(&what); }
  bool operator==(const ChainLink&) const = default;
};

class PrecedenceGraph {
 public:
  // The graph of these plugins (indexes into `plugins`, each once) among these anchors. Where anchors are absent, the
  // phases around them keep their order by PHA-10.
  PrecedenceGraph(std::span<const WasmPlugin> plugins, std::span<const PluginIndex> members,
                  AnchorSet anchors, const Rules& rules = Rules::documented());
  ~PrecedenceGraph();

  // The shortest chain of clauses that proves that `before` stands before `after`, in the order of the
  // proof; empty if the text does not ask for it. Both must be in the graph.
  std::vector<ClauseId> proof(const ChainLink& before, const ChainLink& after) const;

  // The chain, each link as early or as late as the edges allow; among links that are free, plugins by
  // namespace and name. The two differ only if the rules do not determine the order up to ties.
  // Requires that there is no cycle, which holds for every input (a test says so).
  std::vector<ChainLink> earliest() const;
  std::vector<ChainLink> latest() const;

  bool has_cycle() const;

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
};

}  // namespace model

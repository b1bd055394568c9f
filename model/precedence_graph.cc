#include "model/precedence_graph.h"

#include <algorithm>
#include <array>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/topological_sort.hpp>
#include <optional>
#include <stdexcept>

#include "model/precedence.h"

namespace model {
namespace {

// What asks for an edge. Without a clause it orders two anchors for display, and proves nothing.
struct Ask {
  std::optional<ClauseId> clause;
};

using Edges = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS,
                                    boost::no_property, Ask>;
using Vertex = boost::graph_traits<Edges>::vertex_descriptor;

// The phases that the anchors hold apart. Each has an insertion point in the graph, whether or not a plugin stands
// there: it carries the order over to anchors of other phases (AUTHN before the authorization filters).
constexpr std::array kOrderedPhases{Phase::Authn, Phase::Authz, Phase::Stats};

}  // namespace

struct PrecedenceGraph::Graph {
  std::span<const WasmPlugin> plugins;
  std::vector<ChainLink> links;  // by vertex; the vertices behind them are the insertion points
  Edges edges;

  Vertex vertex_of(const ChainLink& link) const {
    return static_cast<Vertex>(std::ranges::find(links, link) - links.begin());
  }
  bool is_link(Vertex v) const { return v < links.size(); }
  void order(Vertex before, Vertex after, std::optional<ClauseId> clause) {
    boost::add_edge(before, after, Ask{clause}, edges);
  }
  // What comes first where nothing else decides: insertion points, which show nothing; then plugins by
  // namespace and name; then anchors.
  bool listed_before(Vertex a, Vertex b) const {
    if (!is_link(a) || !is_link(b)) return !is_link(a) && is_link(b);
    const auto* left = links[a].plugin();
    const auto* right = links[b].plugin();
    if (left && right) return plugins[*left].id < plugins[*right].id;
    return left && !right;
  }
  // The vertices one by one: of those that wait for none, always the one that `first` puts first.
  template <class Degree, class Neighbours, class Less>
  std::vector<ChainLink> unroll(Degree degree, Neighbours neighbours, Less first) const {
    std::vector<std::size_t> waits;
    std::vector<Vertex> rest;
    for (Vertex v = 0; v < boost::num_vertices(edges); ++v) {
      waits.push_back(degree(v));
      rest.push_back(v);
    }
    std::ranges::stable_sort(rest, first);
    std::vector<ChainLink> chain;
    while (!rest.empty()) {
      const auto free = std::ranges::find_if(rest, [&](Vertex v) { return waits[v] == 0; });
      if (free == rest.end()) throw std::logic_error("the precedence graph has a cycle");
      const Vertex v = *free;
      rest.erase(free);
      if (is_link(v)) chain.push_back(links[v]);
      for (const Vertex next : neighbours(v)) --waits[next];
    }
    return chain;
  }
};

PrecedenceGraph::PrecedenceGraph(std::span<const WasmPlugin> plugins,
                                 std::span<const PluginIndex> members, AnchorSet anchors,
                                 const Rules& rules)
    : graph_(std::make_unique<Graph>()) {
  Graph& graph = *graph_;
  graph.plugins = plugins;
  for (const PluginIndex member : members) graph.links.emplace_back(member);
  for (std::size_t i = 0; i < kAnchors; ++i)
    if (anchors.has(static_cast<Anchor>(i))) graph.links.emplace_back(static_cast<Anchor>(i));
  const Vertex points = graph.links.size();
  graph.edges = Edges(points + kOrderedPhases.size());

  // What the phase rules order: plugins, and the insertion point of each phase, at which a plugin may stand or not.
  struct Placed {
    Vertex vertex;
    Phase phase;
    const WasmPlugin* plugin;
  };
  std::vector<Placed> placed;
  for (Vertex v = 0; v < members.size(); ++v) {
    const WasmPlugin& plugin = plugins[members[v]];
    placed.push_back({v, plugin.effective_phase(), &plugin});
  }
  for (std::size_t i = 0; i < kOrderedPhases.size(); ++i)
    placed.push_back({points + i, kOrderedPhases[i], nullptr});

  const bool phases_hold = rules.hold("PRI-6"_clause);
  const auto is_last = [&](const Placed& one) {
    return one.phase == Phase::Unspecified && rules.hold("PHA-6"_clause) && phases_hold &&
           (one.plugin->phase || rules.hold("PHA-7"_clause));
  };
  const auto separated = [&](Phase earlier, Phase later) {
    for (auto gap = static_cast<int>(earlier); gap < static_cast<int>(later); ++gap)
      if (!anchors.has(static_cast<Anchor>(gap))) return false;
    return true;
  };

  for (const Placed& a : placed) {
    for (const PlacementRule& rule : kPlacementRules) {
      if (rule.phase != a.phase || !anchors.has(rule.anchor) || !rules.hold(rule.clause)) continue;
      if (!phases_hold && rule.anchor != Anchor::Router) continue;
      const Vertex anchor = graph.vertex_of(rule.anchor);
      if (rule.side == Side::Before)
        graph.order(a.vertex, anchor, rule.clause);
      else
        graph.order(anchor, a.vertex, rule.clause);
    }
    for (const Placed& b : placed) {
      if (a.vertex == b.vertex) continue;
      if (a.plugin && b.plugin && (a.phase == b.phase || !phases_hold)) {
        if (const auto found = precedence(*a.plugin, *b.plugin, rules);
            found.order == Order::Before)
          graph.order(a.vertex, b.vertex, found.clause);
      } else if (is_last(b) && a.phase != b.phase) {
        graph.order(a.vertex, b.vertex, "PHA-6"_clause);
      } else if (a.phase < b.phase && b.phase != Phase::Unspecified &&
                 !separated(a.phase, b.phase) && phases_hold && rules.hold("PHA-10"_clause)) {
        graph.order(a.vertex, b.vertex, "PHA-10"_clause);
      }
    }
  }

  for (Vertex v = members.size(); v < points; ++v) {
    if (v > members.size()) graph.order(v - 1, v, std::nullopt);
    if (*graph.links[v].anchor() == Anchor::Router) continue;
    for (const Placed& b : placed)
      if (is_last(b)) graph.order(v, b.vertex, "PHA-6"_clause);
  }
}

PrecedenceGraph::~PrecedenceGraph() = default;

std::vector<ClauseId> PrecedenceGraph::proof(const ChainLink& before,
                                             const ChainLink& after) const {
  const Graph& graph = *graph_;
  const Vertex from = graph.vertex_of(before);
  const Vertex to = graph.vertex_of(after);
  // Breadth first over the edges that have a clause; `by` is the edge that first reached a vertex.
  std::vector<std::optional<Edges::edge_descriptor>> by(boost::num_vertices(graph.edges));
  std::vector<Vertex> queue{from};
  for (std::size_t at = 0; at < queue.size() && !by[to]; ++at) {
    for (auto [edge, end] = boost::out_edges(queue[at], graph.edges); edge != end; ++edge) {
      const Vertex next = boost::target(*edge, graph.edges);
      if (!graph.edges[*edge].clause || by[next] || next == from) continue;
      by[next] = *edge;
      queue.push_back(next);
    }
  }
  std::vector<ClauseId> clauses;
  for (Vertex at = to; at != from && by[at]; at = boost::source(*by[at], graph.edges))
    clauses.push_back(*graph.edges[*by[at]].clause);
  std::ranges::reverse(clauses);
  return clauses;
}

std::vector<ChainLink> PrecedenceGraph::earliest() const {
  const Graph& graph = *graph_;
  return graph.unroll(
      [&](Vertex v) { return boost::in_degree(v, graph.edges); },
      [&](Vertex v) {
        std::vector<Vertex> next;
        for (auto [edge, end] = boost::out_edges(v, graph.edges); edge != end; ++edge)
          next.push_back(boost::target(*edge, graph.edges));
        return next;
      },
      [&](Vertex a, Vertex b) { return graph.listed_before(a, b); });
}

std::vector<ChainLink> PrecedenceGraph::latest() const {
  const Graph& graph = *graph_;
  auto chain = graph.unroll(
      [&](Vertex v) { return boost::out_degree(v, graph.edges); },
      [&](Vertex v) {
        std::vector<Vertex> previous;
        for (auto [edge, end] = boost::in_edges(v, graph.edges); edge != end; ++edge)
          previous.push_back(boost::source(*edge, graph.edges));
        return previous;
      },
      // From the end, so that ties still read forwards by namespace and name.
      [&](Vertex a, Vertex b) {
        const bool both = graph.is_link(a) && graph.is_link(b) && graph.links[a].plugin() &&
                          graph.links[b].plugin();
        return both ? graph.listed_before(b, a) : graph.listed_before(a, b);
      });
  std::ranges::reverse(chain);
  return chain;
}

bool PrecedenceGraph::has_cycle() const {
  std::vector<Vertex> order;
  try {
    boost::topological_sort(graph_->edges, std::back_inserter(order));
  } catch (const boost::not_a_dag&) {
    return true;
  }
  return false;
}

}  // namespace model

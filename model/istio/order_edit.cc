#include "model/istio/order_edit.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <utility>

namespace model::istio {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kGreatest = std::numeric_limits<std::int32_t>::max();

using Pair = std::pair<ExtensionIndex, ExtensionIndex>;  // the first stands before the second

class Components {
 public:
  explicit Components(std::size_t size) : parents_(size) { std::iota(parents_.begin(), parents_.end(), std::size_t{0}); }

  std::size_t find(std::size_t i) {
    while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) { parents_[find(a)] = find(b); }

 private:
  std::vector<std::size_t> parents_;
};

// A cut of least cost, by augmenting paths. Costs are small: each path carries 1.
class Cut {
 public:
  static constexpr int kForbidden = std::numeric_limits<int>::max() / 2;

  explicit Cut(std::size_t nodes) : arcs_(nodes + 2), source_(nodes), sink_(nodes + 1) {}

  std::size_t source() const { return source_; }
  std::size_t sink() const { return sink_; }

  // If `from` is on the source's side, `to` must be, or `cost` is paid.
  void add(std::size_t from, std::size_t to, int cost) {
    arcs_[from].push_back({to, arcs_[to].size(), cost});
    arcs_[to].push_back({from, arcs_[from].size() - 1, 0});
  }

  // Whether each node is on the source's side, where as many as possible are. Nothing if what is forbidden cannot be avoided.
  std::optional<std::vector<bool>> solve() {
    for (;;) {
      std::vector<bool> seen(arcs_.size());
      const int pushed = push(source_, kForbidden, seen);
      if (pushed == 0) break;
      if (pushed >= kForbidden / 2) return std::nullopt;
    }
    std::vector<bool> reaches_sink(arcs_.size());
    std::vector<std::size_t> open{sink_};
    reaches_sink[sink_] = true;
    while (!open.empty()) {
      const std::size_t node = open.back();
      open.pop_back();
      for (const Arc& arc : arcs_[node])
        if (arcs_[arc.to][arc.reverse].rest > 0 && !reaches_sink[arc.to]) {
          reaches_sink[arc.to] = true;
          open.push_back(arc.to);
        }
    }
    reaches_sink.flip();
    return reaches_sink;
  }

 private:
  struct Arc {
    std::size_t to;
    std::size_t reverse;
    int rest;
  };

  // A path to the sink with room, by a search without recursion; how much went along it.
  int push(std::size_t start, int limit, std::vector<bool>& seen) {
    std::vector<std::pair<std::size_t, std::size_t>> path{{start, 0}};  // node, its next arc
    seen[start] = true;
    while (!path.empty()) {
      auto& [node, next] = path.back();
      if (node == sink_) break;
      if (next == arcs_[node].size()) {
        path.pop_back();
        if (!path.empty()) ++path.back().second;
        continue;
      }
      const Arc& arc = arcs_[node][next];
      if (arc.rest > 0 && !seen[arc.to]) {
        seen[arc.to] = true;
        path.push_back({arc.to, 0});
      } else {
        ++next;
      }
    }
    if (path.empty()) return 0;
    path.pop_back();
    int room = limit;
    for (const auto& [node, next] : path) room = std::min(room, arcs_[node][next].rest);
    for (const auto& [node, next] : path) {
      Arc& arc = arcs_[node][next];
      arc.rest -= room;
      arcs_[arc.to][arc.reverse].rest += room;
    }
    return room;
  }

  std::vector<std::vector<Arc>> arcs_;
  std::size_t source_;
  std::size_t sink_;
};

enum class Level : std::uint8_t { Below, Kept, Above };

// Plugins of one phase and rank, with what must hold among them. Their numbers are positions in `members`.
struct Group {
  std::vector<ExtensionIndex> members;                          // in today's order
  std::vector<std::pair<std::size_t, std::size_t>> order;       // today's, of neighbours
  std::vector<std::pair<std::size_t, std::size_t>> swapped;     // today's, of those that change places
  std::int64_t rank = 0;
  std::int64_t next_above = kGreatest + 1;  // the nearest priorities of plugins that they meet
  std::int64_t next_below = kLeast - 1;
};

struct Ways {
  bool above = true;
  bool below = true;
};

// Nodes: i is "member i is not below", size + i is "member i is above".
std::optional<std::vector<Level>> levels(const Group& group, Ways ways) {
  const std::size_t size = group.members.size();
  Cut cut(2 * size);
  for (std::size_t i = 0; i < size; ++i) {
    cut.add(cut.source(), i, ways.below ? 1 : Cut::kForbidden);
    cut.add(size + i, cut.sink(), ways.above ? 1 : Cut::kForbidden);
    cut.add(size + i, i, Cut::kForbidden);
  }
  for (const auto& [first, second] : group.order) {
    cut.add(second, first, Cut::kForbidden);
    cut.add(size + second, size + first, Cut::kForbidden);
  }
  for (const auto& [first, second] : group.swapped) cut.add(second, size + first, Cut::kForbidden);
  const auto side = cut.solve();
  if (!side) return std::nullopt;
  std::vector<Level> found(size);
  for (std::size_t i = 0; i < size; ++i)
    found[i] = (*side)[size + i] ? Level::Above : (*side)[i] ? Level::Kept : Level::Below;
  return found;
}

// The edit that the levels ask for; nothing where priorities between the neighbours do not suffice.
std::optional<std::vector<PriorityEdit>> priorities(const Group& group, const std::vector<Level>& found) {
  const auto above = std::ranges::count(found, Level::Above);
  const auto below = std::ranges::count(found, Level::Below);
  if (above > 0 && group.next_above - group.rank - 1 < above) return std::nullopt;
  if (below > 0 && group.rank - group.next_below - 1 < below) return std::nullopt;
  // Small numbers where there is room: an unset priority is far below all of them.
  std::int64_t next = group.rank + above;
  if (group.rank == kLeast) next = std::min(group.next_above - 1, above);
  std::vector<PriorityEdit> edits;
  std::int64_t last = group.rank - 1;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i] == Level::Above) edits.push_back({group.members[i], next--});
    if (found[i] == Level::Below) edits.push_back({group.members[i], last--});
  }
  return edits;
}

std::vector<PriorityEdit> smallest(const Group& group) {
  std::optional<std::vector<PriorityEdit>> best;
  for (const Ways ways : {Ways{}, Ways{.below = false}, Ways{.above = false}}) {
    if (group.rank == kLeast && ways.below) continue;  // nothing is below an unset priority
    const auto found = levels(group, ways);
    if (!found) continue;
    auto edits = priorities(group, *found);
    if (edits && (!best || edits->size() < best->size())) best = std::move(edits);
  }
  return best.value_or(std::vector<PriorityEdit>());
}

class Editor {
 public:
  Editor(const Mesh& mesh, const std::set<PluginOrders>& orders)
      : mesh_(mesh), orders_(orders), ranks_(mesh.extensions.size()), components_(mesh.extensions.size()) {
    for (std::size_t i = 0; i < ranks_.size(); ++i) ranks_[i] = mesh.extensions[i].priority.value_or(kLeast);
  }

  std::vector<OrderEdit> all() {
    for (const PluginOrders& one : orders_) meet(one);
    std::map<std::pair<std::int64_t, std::size_t>, std::set<Pair>> groups;  // the swapped pairs, by rank and component
    for (const Pair& pair : swapped_) groups[{ranks_[pair.first], components_.find(pair.first)}].insert(pair);
    std::vector<OrderEdit> edits;
    for (const auto& [key, pairs] : groups) edits.push_back(edit(key.second, pairs));
    return edits;
  }

 private:
  bool ties(ExtensionIndex a, ExtensionIndex b) const {
    return mesh_.extensions[a].phase == mesh_.extensions[b].phase && ranks_[a] == ranks_[b];
  }

  // Notes what stands together in a list: neighbours of one rank, and pairs that change places.
  void meet(const PluginOrders& one) {
    std::map<ExtensionIndex, std::size_t> after;
    for (std::size_t i = 0; i < one.after.size(); ++i) after[one.after[i]] = i;
    for (std::size_t a = 0; a < one.before.size(); ++a)
      for (std::size_t b = a + 1; b < one.before.size() && ties(one.before[a], one.before[b]); ++b) {
        if (b == a + 1) {
          order_.insert({one.before[a], one.before[b]});
          components_.join(one.before[a], one.before[b]);
        }
        const auto first = after.find(one.before[a]);
        const auto second = after.find(one.before[b]);
        if (first != after.end() && second != after.end() && first->second > second->second)
          swapped_.insert({one.before[a], one.before[b]});
      }
  }

  // The nearest ranks of plugins of the same phase that stand in a chain with a member.
  void find_neighbours(Group& group) const {
    const std::set<ExtensionIndex> members(group.members.begin(), group.members.end());
    const Phase phase = mesh_.extensions[group.members.front()].phase;
    const auto look = [&](std::span<const ExtensionIndex> list) {
      if (std::ranges::none_of(list, [&](ExtensionIndex one) { return members.contains(one); })) return;
      for (const ExtensionIndex one : list) {
        if (mesh_.extensions[one].phase != phase) continue;
        if (ranks_[one] > group.rank) group.next_above = std::min(group.next_above, ranks_[one]);
        if (ranks_[one] < group.rank) group.next_below = std::max(group.next_below, ranks_[one]);
      }
    };
    for (const PluginOrders& one : orders_) {
      look(one.before);
      look(one.after);
    }
    // What is unset counts as less in one place and as the least number in another: nothing may come to stand between.
    group.next_below = std::max(group.next_below, kLeast);
  }

  // The members in an order that agrees with every chain of today; fewer where there is none.
  std::vector<ExtensionIndex> sorted(const std::vector<ExtensionIndex>& members) const {
    std::map<ExtensionIndex, std::size_t> before;  // how many stand before it still
    std::map<ExtensionIndex, std::vector<ExtensionIndex>> behind;
    for (const ExtensionIndex one : members) before[one] = 0;
    for (const auto& [first, second] : order_) {
      if (!before.contains(first)) continue;
      ++before[second];
      behind[first].push_back(second);
    }
    std::set<ExtensionIndex> free;
    for (const auto& [one, count] : before)
      if (count == 0) free.insert(one);
    std::vector<ExtensionIndex> found;
    while (!free.empty()) {
      const ExtensionIndex one = *free.begin();
      free.erase(free.begin());
      found.push_back(one);
      for (const ExtensionIndex next : behind[one])
        if (--before[next] == 0) free.insert(next);
    }
    return found;
  }

  OrderEdit edit(std::size_t component, const std::set<Pair>& pairs) {
    Group group;
    std::vector<ExtensionIndex> members;
    for (ExtensionIndex i = 0; i < ranks_.size(); ++i)
      if (components_.find(i) == component) members.push_back(i);
    group.members = sorted(members);
    OrderEdit result;
    std::set<ExtensionIndex> concerned;
    for (const auto& [first, second] : pairs) concerned.insert({first, second});
    if (group.members.size() < members.size()) {
      result.plugins.assign(concerned.begin(), concerned.end());
      result.obstacle = "they stand in one order on one workload and in another on another";
      return result;
    }
    for (const ExtensionIndex one : group.members)
      if (concerned.contains(one)) result.plugins.push_back(one);
    std::map<ExtensionIndex, std::size_t> position;
    for (std::size_t i = 0; i < group.members.size(); ++i) position[group.members[i]] = i;
    for (const auto& [first, second] : order_)
      if (position.contains(first)) group.order.push_back({position[first], position[second]});
    for (const auto& [first, second] : pairs) group.swapped.push_back({position[first], position[second]});
    group.rank = ranks_[group.members.front()];
    find_neighbours(group);
    result.edits = smallest(group);
    if (result.edits.empty())
      result.obstacle = "too few priorities are free between those of their neighbours";
    // The groups that follow find these priorities taken.
    for (const PriorityEdit& one : result.edits) ranks_[one.extension] = one.priority;
    return result;
  }

  const Mesh& mesh_;
  const std::set<PluginOrders>& orders_;
  std::vector<std::int64_t> ranks_;
  Components components_;
  std::set<Pair> order_;
  std::set<Pair> swapped_;
};

}  // namespace

std::vector<OrderEdit> order_edits(const Mesh& mesh, const std::set<PluginOrders>& orders) {
  return Editor(mesh, orders).all();
}

Mesh edited(Mesh mesh, const std::vector<OrderEdit>& edits) {
  for (const OrderEdit& one : edits)
    for (const PriorityEdit& edit : one.edits) mesh.extensions[edit.extension].priority = edit.priority;
  return mesh;
}

}  // namespace model::istio

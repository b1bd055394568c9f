// The smallest edit of priorities that keeps today's order of plugins under another version of Istio. What is asked of it: under
// the later version any two plugins of one phase that stand together in a chain, now and then, stand in today's order, and under
// today's version nothing moves. That it does is proven by the caller, who computes all chains again.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/istio/mesh.h"

namespace model::istio {

// The plugins of one list of filters (shown in order, phases one after the other as they stand) under both versions.
struct PluginOrders {
  std::vector<ExtensionIndex> before;
  std::vector<ExtensionIndex> after;

  auto operator<=>(const PluginOrders&) const = default;
};

struct PriorityEdit {
  ExtensionIndex extension = 0;
  std::int64_t priority = 0;

  bool operator==(const PriorityEdit&) const = default;
};

// For one group of plugins that tie: those whose order changes, in today's order, and the edit; or why there is none.
struct OrderEdit {
  std::vector<ExtensionIndex> plugins;
  std::vector<PriorityEdit> edits;  // in today's order
  std::string obstacle;             // "": there is an edit

  bool operator==(const OrderEdit&) const = default;
};

// One for each group of plugins of one phase and priority (unset counts as the least of 32 bits) that stand together in chains,
// directly or through others, and of which two change places. Which plugins keep their priority is chosen so that as few
// as possible lose it: each of the others goes above or below the group, and a plugin that stands before one above (behind
// one below) goes there too. That is a closure problem of two kinds of statements ("a is above", "b is not below"), and a least
// cut solves it.
std::vector<OrderEdit> order_edits(const Mesh& mesh, const std::set<PluginOrders>& orders);

// The mesh with the edits done.
Mesh edited(Mesh mesh, const std::vector<OrderEdit>& edits);

}  // namespace model::istio

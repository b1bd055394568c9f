// Where a phase stands in the chain: the PHA- clauses as one table.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "model/clauses.h"
#include "model/observed_chain.h"
#include "model/wasm_plugin.h"

namespace model {

// A phase is held on the far side of one anchor, or on the near side of one.
enum class Side : std::uint8_t { Before, After };

struct PlacementRule {
  Phase phase;
  Side side;
  Anchor anchor;
  ClauseId clause;
};

// PHA-6 (UNSPECIFIED_PHASE follows every other filter) is no rule against one anchor; it stands in
// precedence_graph.h.
inline constexpr std::array kPlacementRules = std::to_array<PlacementRule>({
    {Phase::Authn, Side::Before, Anchor::Authn, "PHA-1"_clause},
    {Phase::Authz, Side::After, Anchor::Authn, "PHA-2"_clause},
    {Phase::Authz, Side::Before, Anchor::Authz, "PHA-3"_clause},
    {Phase::Stats, Side::After, Anchor::Authz, "PHA-4"_clause},
    {Phase::Stats, Side::Before, Anchor::Stats, "PHA-5"_clause},
    {Phase::Authn, Side::Before, Anchor::Router, "PHA-8"_clause},
    {Phase::Authz, Side::Before, Anchor::Router, "PHA-8"_clause},
    {Phase::Stats, Side::Before, Anchor::Router, "PHA-8"_clause},
    {Phase::Unspecified, Side::Before, Anchor::Router, "PHA-8"_clause},
});

// The anchors of a chain. The router is always there.
class AnchorSet {
 public:
  static constexpr AnchorSet all() { return AnchorSet{0b1111}; }
  static constexpr AnchorSet router_only() { return AnchorSet{0b1000}; }
  constexpr bool has(Anchor anchor) const { return bits_ >> static_cast<int>(anchor) & 1; }
  constexpr void add(Anchor anchor) { bits_ |= bit(anchor); }
  constexpr void remove(Anchor anchor) { bits_ &= static_cast<std::uint8_t>(~bit(anchor)); }
  bool operator==(const AnchorSet&) const = default;

 private:
  explicit constexpr AnchorSet(std::uint8_t bits) : bits_(bits) {}
  static constexpr std::uint8_t bit(Anchor anchor) {
    return static_cast<std::uint8_t>(1u << static_cast<int>(anchor));
  }
  std::uint8_t bits_;
};

}  // namespace model

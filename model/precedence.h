// The order of two plugins of one phase on one workload: the PRI- clauses.
#pragma once

#include <optional>

#include "model/clauses.h"
#include "model/wasm_plugin.h"

namespace model {

enum class Order : std::uint8_t {
  Before,
  After,
  Tied,  // the text derives the order from name and namespace, by a function that it does not name (PRI-4)
};

struct Precedence {
  Order order = Order::Tied;
  // What decided: PRI-1 (both give a priority), PRI-2 (one does not), PRI-5 (only 64 bits tell them apart); for a
  // tie PRI-3.
  ClauseId clause;

  bool operator==(const Precedence&) const = default;
};

// Whether `a` stands before `b`; requires that both are of one phase.
Precedence precedence(const WasmPlugin& a, const WasmPlugin& b,
                      const Rules& rules = Rules::documented());

}  // namespace model

#include "model/precedence.h"

#include <algorithm>
#include <limits>

namespace model {
namespace {

std::int64_t clamped(std::int64_t priority) {
  return std::clamp<std::int64_t>(priority, std::numeric_limits<std::int32_t>::min(),
                                  std::numeric_limits<std::int32_t>::max());
}

}  // namespace

Precedence precedence(const WasmPlugin& a, const WasmPlugin& b, const Rules& rules) {
  const std::int64_t left = a.effective_priority();
  const std::int64_t right = b.effective_priority();
  if (left == right) return {Order::Tied, "PRI-3"_clause};
  const ClauseId decided = a.priority.has_value() != b.priority.has_value() ? "PRI-2"_clause
                           : clamped(left) == clamped(right)                ? "PRI-5"_clause
                                                                            : "PRI-1"_clause;
  if (!rules.hold(decided)) return {Order::Tied, decided};
  return {left > right ? Order::Before : Order::After, decided};
}

}  // namespace model

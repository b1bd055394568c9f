#include "harness/diagnostics.h"

#include <algorithm>

namespace harness {

bool has(const Diagnostics& diagnostics, Severity severity) {
  return std::ranges::any_of(diagnostics,
                             [&](const Diagnostic& one) { return one.severity == severity; });
}

}  // namespace harness

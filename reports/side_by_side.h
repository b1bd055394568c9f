// Expected and actual chain set side by side: what stands where it must, what is missing, extra or moved.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "reports/report.h"

namespace reports {

enum class Mark : std::uint8_t {
  Agrees,
  Missing,  // expected, and nowhere in the chain
  Extra,    // in the chain, and not expected there (or once too often)
  Moved,    // in both, on another side of something that stands firm
  Foreign,  // a filter that is neither plugin nor anchor: nothing is expected of it
};

// One row; a side that has nothing there is empty. Both sides of a row that agrees name the same filter.
struct ChainRow {
  std::optional<ShownLink> expected;
  Mark expected_mark = Mark::Agrees;
  std::optional<ShownLink> actual;
  Mark actual_mark = Mark::Agrees;

  bool agrees() const { return expected && actual && expected_mark == Mark::Agrees; }
};

// The rows, with as many as possible that agree, in order (a longest common subsequence). Nothing is Foreign where the
// expected chain is complete.
std::vector<ChainRow> side_by_side(const std::vector<ShownLink>& expected,
                                   const std::vector<ShownLink>& actual, bool complete = false);

}  // namespace reports

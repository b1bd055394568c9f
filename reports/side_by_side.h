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
  Free,     // nothing is asked of it: neither plugin nor anchor, or a plugin that the text leaves open
  Between,  // stands between others that must be neighbours, or on the wrong side of one
};

// One row; a side that has nothing there is empty. Both sides of a row that agrees name the same filter.
struct ChainRow {
  std::optional<ShownLink> expected;
  Mark expected_mark = Mark::Agrees;
  std::optional<ShownLink> actual;
  Mark actual_mark = Mark::Agrees;

  bool agrees() const { return expected && actual && expected_mark == Mark::Agrees; }
};

// The rows, before anything is known of differences: Between is not among them, and what is open is Missing or Extra.
// As many as possible agree, in order (a longest common subsequence). Where the expected chain is complete, a filter that is no
// plugin is as little Free as any.
std::vector<ChainRow> side_by_side(const std::vector<ShownLink>& expected,
                                   const std::vector<ShownLink>& actual, bool complete = false);

// The rows of a result, which must have `shown`. Only what a MUST or SHOULD difference names is at fault; the rest of
// what one side lacks is free.
std::vector<ChainRow> judged_rows(const Result& result);

}  // namespace reports

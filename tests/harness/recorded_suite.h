// The recorded scenarios and the dumps of every implementation, read once for all tests.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "harness/suite.h"

namespace tests {

struct RecordedSuite {
  harness::Suite suite;
  std::vector<std::unique_ptr<harness::Subject>> subjects;
};

inline RecordedSuite& recorded_suite() {
  static RecordedSuite recorded = [] {
    harness::Diagnostics diagnostics;
    RecordedSuite read{harness::read_suite({PLUMBLINE_SOURCE_DIR "/scenarios/recorded"}, {}),
                       harness::recorded_subjects(PLUMBLINE_SOURCE_DIR "/golden/recorded", diagnostics)};
    REQUIRE(diagnostics.empty());
    REQUIRE(read.suite.hygiene.empty());
    return read;
  }();
  return recorded;
}

}  // namespace tests

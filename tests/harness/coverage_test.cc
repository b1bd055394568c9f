// That the suite shows the clauses: a clause that no scenario notices when its rule is switched off is shown by none.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/suite.h"
#include "reports/clause_table.h"

using model::ClauseId;
using model::Evidence;
using model::Level;

namespace {

const harness::Suite& whole_suite() {
  static const harness::Suite suite = harness::read_suite({PLUMBLINE_SOURCE_DIR "/scenarios"}, {});
  return suite;
}

bool is_recorded(const harness::Scenario& scenario) { return scenario.stem.starts_with("recorded/"); }

std::vector<ClauseId> clauses_of_evidence_in_a_chain() {
  std::vector<ClauseId> ids;
  for (std::size_t i = 0; i < model::kClauses.size(); ++i)
    if (model::kClauses[i].evidence != Evidence::Pull) ids.push_back({static_cast<std::uint8_t>(i)});
  return ids;
}

bool names(const harness::Scenario& scenario, ClauseId clause) {
  return std::ranges::find(scenario.clauses, clause) != scenario.clauses.end();
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("the suite is sound") {
  CHECK(whole_suite().hygiene.empty());
  CHECK(whole_suite().diagnostics.empty());
  CHECK(whole_suite().whole);
  CHECK(std::ranges::count_if(whole_suite().scenarios, [](const auto& scenario) {
          return !is_recorded(scenario);
        }) >= 150);
}

TEST_CASE("every golden file is what the model promises, byte for byte") {
  std::size_t compared = 0;
  for (const harness::Scenario& scenario : whole_suite().scenarios) {
    if (is_recorded(scenario)) continue;
    const std::string path = harness::golden_path(scenario, {});
    CAPTURE(path);
    CHECK(harness::to_yaml(harness::promise(scenario)) == bytes_of(path));
    ++compared;
  }
  CHECK(compared >= 150);
}

TEST_CASE("every clause of evidence chain or plugin has a scenario") {
  const auto by_index = harness::coverage(whole_suite());
  reports::ClauseCoverage coverage;
  for (std::size_t i = 0; i < by_index.size(); ++i)
    if (!by_index[i].empty()) coverage[{static_cast<std::uint8_t>(i)}] = by_index[i];
  std::string without;
  for (const ClauseId clause : reports::uncovered(coverage)) without += std::string(clause->id) + " ";
  CHECK(without == "");
}

TEST_CASE("switching a clause off changes the golden file of a scenario that names it") {
  std::size_t tried = 0;
  for (const ClauseId clause : clauses_of_evidence_in_a_chain()) {
    if (clause->level == Level::Info) continue;
    ++tried;
    const auto rules = model::Rules::documented().without(clause);
    std::string sentences;
    bool noticed = false;
    for (const harness::Scenario& scenario : whole_suite().scenarios) {
      if (is_recorded(scenario) || !names(scenario, clause)) continue;
      sentences += "\n  " + scenario.sentence;
      noticed |= harness::to_yaml(harness::promise(scenario, rules)) != bytes_of(harness::golden_path(scenario, {}));
    }
    INFO(clause->id << ": " << clause->text << "\nIts scenarios do not notice that it is switched off:" << sentences);
    CHECK(noticed);
  }
  CHECK(tried >= 35);
}

TEST_CASE("a clause that leaves something open has a scenario whose golden file records it") {
  for (const ClauseId clause : clauses_of_evidence_in_a_chain()) {
    if (clause->level != Level::Info) continue;
    CAPTURE(clause->id);
    CHECK(std::ranges::any_of(whole_suite().scenarios,
                              [&](const auto& scenario) { return names(scenario, clause); }));
  }
}

TEST_CASE("each clause whose breach is told has a scenario that shows it and one at its boundary") {
  std::string without;
  for (const ClauseId clause : clauses_of_evidence_in_a_chain()) {
    const auto count = std::ranges::count_if(whole_suite().scenarios, [&](const auto& scenario) {
      return !is_recorded(scenario) && names(scenario, clause);
    });
    if (clause->level != Level::Info && count < 2) without += std::string(clause->id) + " ";
  }
  CHECK(without == "");
}

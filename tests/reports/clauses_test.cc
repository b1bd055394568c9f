#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/clause_matrix.h"
#include "reports/clause_table.h"
#include "reports/plain_text.h"
#include "tests/reports/verdicts.h"

using model::operator""_clause;

namespace {

reports::ClauseCoverage every_clause() {
  reports::ClauseCoverage coverage;
  for (std::size_t i = 0; i < model::kClauses.size(); ++i)
    coverage[{static_cast<std::uint8_t>(i)}] = {"shows-it"};
  return coverage;
}

std::string text_of(const reports::ClauseCoverage& coverage) {
  std::string out;
  reports::append_clause_table_text(out, coverage, reports::Paint(false));
  return out;
}

std::string matrix_of(const reports::Report& report) {
  std::string out;
  reports::append_clause_matrix(out, report, reports::Paint(false));
  return out;
}

}  // namespace

TEST_CASE("clauses lack a scenario only where one could show them") {
  auto coverage = every_clause();
  coverage.erase("PRI-2"_clause);
  coverage["SEL-1"_clause].clear();
  coverage.erase("PUL-3"_clause);  // needs simulation
  CHECK(reports::uncovered(coverage) == std::vector{"SEL-1"_clause, "PRI-2"_clause});
  CHECK(reports::uncovered(every_clause()).empty());
  CHECK_THAT(text_of(coverage), Catch::StartsWith("68 clauses; 54 need a scenario, 2 have none: "
                                                  "SEL-1, PRI-2\n"));
}

TEST_CASE("the clause table tells of each clause its level, evidence, text and scenarios") {
  auto coverage = every_clause();
  coverage["PRI-2"_clause] = {"unset-is-zero", "unset-before-minus-one"};
  coverage.erase("PUL-3"_clause);
  const std::string text = text_of(coverage);
  CHECK_THAT(text, Catch::StartsWith("68 clauses; 54 need a scenario, and all have one\n"));
  CHECK_THAT(text, Catch::Contains(R"(
PRI-2   MUST    chain   A plugin without a priority has priority 0: after priority 1, before
                        priority -1.
                        2 scenarios: unset-is-zero, unset-before-minus-one
)") && Catch::Contains(R"(
PUL-3   MUST    pull    IfNotPresent uses the version that was pulled before, where there is one.
                        needs simulation
)"));
  std::string out;
  reports::append_clause_table_json(out, coverage);
  const auto document = nlohmann::json::parse(out);
  CHECK(document["clauses"].size() == model::kClauses.size());
  CHECK(document["uncovered"].empty());
}

TEST_CASE("the matrix counts for each implementation and clause the scenarios that show it") {
  using model::DifferenceKind;
  using model::Level;
  reports::Report report;
  const auto add = [&](std::string implementation, std::string scenario, std::string workload,
                       std::vector<reports::Difference> differences) {
    auto result = tests::conforming(std::move(workload));
    result.implementation = std::move(implementation);
    result.scenario = std::move(scenario);
    for (const auto& difference : differences)
      if (difference.found.level == Level::Must) result.verdict = reports::Verdict::Differs;
    result.differences = std::move(differences);
    report.results.push_back(std::move(result));
  };
  const auto shows = [](Level level, std::vector<model::ClauseId> clauses) {
    return tests::difference(DifferenceKind::Order, level, {}, std::move(clauses), "x");
  };
  add("istio-1.12", "one", "shop/a", {shows(Level::Must, {"PRI-2"_clause})});
  add("istio-1.12", "one", "shop/b", {shows(Level::Must, {"PRI-2"_clause})});
  add("istio-1.12", "two", "shop/a",
      {shows(Level::Must, {"PRI-2"_clause}), shows(Level::Should, {"PHA-6"_clause})});
  add("istio-1.31", "one", "shop/a", {});
  add("istio-1.31", "two", "shop/a", {shows(Level::Info, {"PHA-9"_clause})});
  auto failed = tests::undecided(reports::Verdict::Error, "shop/a", "no listener");
  failed.implementation = "istio-1.31";
  failed.scenario = "three";
  report.results.push_back(failed);
  CHECK(matrix_of(report) ==
        R"(IMPLEMENTATION  JUDGED  ERROR  PHA-6  PHA-9  PRI-2
istio-1.12           2      .     !1      .     x2
istio-1.31           2      1      .     i1      .

x MUST is broken, ! SHOULD is not met, i recorded only, . not seen; the number: in how many scenarios
)");
}

TEST_CASE("under a profile of Istio the matrix has rules for columns, and counts what is not modelled") {
  reports::Report report;
  report.profile = "auto";
  const auto shows = [](std::vector<std::string_view> rules) {
    auto difference = tests::difference(model::DifferenceKind::Order, model::Level::Must, {}, {}, "x");
    difference.found.rules = std::move(rules);
    return difference;
  };
  auto differs = tests::conforming("shop/a");
  differs.implementation = "istio-1.29.1";
  differs.scenario = "one";
  differs.verdict = reports::Verdict::Differs;
  differs.differences = {shows({"T-B"}), shows({"NS-C"}), shows({})};
  auto fork = tests::undecided(reports::Verdict::NotModelled, "shop/a", "a fork");
  fork.implementation = "higress";
  fork.scenario = "one";
  report.results = {fork, differs};
  CHECK(matrix_of(report) ==
        R"(IMPLEMENTATION  JUDGED  NOT MODELLED  NS-C  T-B  no rule
higress              0             1     .    .        .
istio-1.29.1         1             .    x1   x1       x1

x MUST is broken, ! SHOULD is not met, i recorded only, . not seen; the number: in how many scenarios
)");
}

TEST_CASE("the matrix of thirty implementations and twelve clauses fits into 140 columns") {
  reports::Report report;
  for (int i = 0; i < 30; ++i) {
    auto result = tests::conforming("shop/a");
    result.implementation = "some-fork-of-istio-1.2" + std::to_string(i);
    for (std::uint8_t clause = 13; clause < 25; ++clause)
      result.differences.push_back(tests::difference(
          model::DifferenceKind::Order, model::Level::Must, {}, {model::ClauseId{clause}}, "x"));
    report.results.push_back(result);
  }
  const std::string text = matrix_of(report);
  std::size_t widest = 0;
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text.size(); ++lines) {
    const std::size_t end = text.find('\n', at);
    widest = std::max(widest, reports::columns_of(text.substr(at, end - at)));
    at = end + 1;
  }
  CHECK(lines == 33);
  CHECK(widest <= 140);
  CHECK(matrix_of({}).empty());
}

#include "reports/clause_matrix.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "reports/plain_text.h"
#include "reports/text_table.h"

namespace reports {
namespace {

// A column: a clause, or the differences that no clause asks about (not-in-force, an unknown plugin).
using Column = std::optional<model::ClauseId>;

// Nothing sorts before every clause; the column stands last.
struct ColumnOrder {
  bool operator()(const Column& a, const Column& b) const {
    if (a.has_value() != b.has_value()) return a.has_value();
    return a < b;
  }
};

struct Tally {
  std::set<std::string> cases;  // scenarios, or workloads where there is none
  model::Level level = model::Level::Info;  // the worst that was seen
};

struct Line {
  std::string implementation;
  std::set<std::string> judged;
  std::size_t errors = 0;
  std::map<Column, Tally, ColumnOrder> tallies;
};

std::string_view glyph(model::Level level) {
  switch (level) {
    case model::Level::Must: return "x";
    case model::Level::Should: return "!";
    case model::Level::Info: return "i";
  }
  return "?";
}

Ink ink_of(model::Level level) {
  switch (level) {
    case model::Level::Must: return Ink::Bad;
    case model::Level::Should: return Ink::Doubtful;
    case model::Level::Info: return Ink::Faint;
  }
  return Ink::Plain;
}

void count(Line& line, const Result& result) {
  const std::string& name = result.scenario ? *result.scenario : result.workload;
  if (result.verdict == Verdict::Conforms || result.verdict == Verdict::Differs)
    line.judged.insert(name);
  line.errors += result.verdict == Verdict::Error || result.verdict == Verdict::BadScenario;
  const auto add = [&](const Column& column, model::Level level) {
    Tally& tally = line.tallies[column];
    tally.cases.insert(name);
    tally.level = std::min(tally.level, level);
  };
  for (const Difference& difference : result.differences) {
    for (const model::ClauseId clause : difference.found.clauses)
      add(clause, difference.found.level);
    if (difference.found.clauses.empty()) add(std::nullopt, difference.found.level);
  }
}

std::vector<Line> lines_of(const Report& report) {
  std::vector<Line> lines;
  std::map<std::string, std::size_t> known;
  for (const Result& result : report.results) {
    const std::string name =
        result.implementation.empty() ? report.implementation : result.implementation;
    const auto [at, fresh] = known.try_emplace(name, lines.size());
    if (fresh) lines.push_back({name.empty() ? "-" : name, {}, 0, {}});
    count(lines[at->second], result);
  }
  return lines;
}

}  // namespace

void append_clause_matrix(std::string& out, const Report& report, const Paint& paint) {
  const auto lines = lines_of(report);
  std::set<Column, ColumnOrder> columns;
  bool errors = false;
  for (const Line& line : lines) {
    for (const auto& [column, tally] : line.tallies) columns.insert(column);
    errors |= line.errors > 0;
  }
  if (lines.empty()) return;

  std::vector<Row> rows(1);
  std::vector<bool> to_the_right{false, true};
  rows[0] = {{"IMPLEMENTATION"}, {"JUDGED"}};
  if (errors) rows[0].push_back({"ERROR"});
  for (const Column& column : columns)
    rows[0].push_back({column ? std::string((*column)->id) : "no clause"});
  to_the_right.resize(rows[0].size(), true);
  for (const Line& line : lines) {
    Row& row = rows.emplace_back();
    row = {{plain(line.implementation)}, {fmt::format("{}", line.judged.size())}};
    if (errors) row.push_back({line.errors ? fmt::format("{}", line.errors) : ".",
                               line.errors ? Ink::Bad : Ink::Faint});
    for (const Column& column : columns) {
      const auto tally = line.tallies.find(column);
      if (tally == line.tallies.end())
        row.push_back({".", Ink::Faint});
      else
        row.push_back({fmt::format("{}{}", glyph(tally->second.level), tally->second.cases.size()),
                       ink_of(tally->second.level)});
    }
  }
  append_table(out, rows, paint, to_the_right);
  if (columns.empty()) {
    out += "no difference and no record of any clause\n";
    return;
  }
  out += "\nx MUST is broken, ! SHOULD is not met, i recorded only, . not seen; the number: in how "
         "many scenarios\n";
}

}  // namespace reports

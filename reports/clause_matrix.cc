#include "reports/clause_matrix.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "model/istio/rules.h"
#include "reports/plain_text.h"
#include "reports/text_table.h"

namespace reports {
namespace {

// A column: a clause, one of Istio's rules, or the differences that neither asks about (not-in-force, an unknown plugin).
// They stand in this order, clauses and rules in that of their own lists.
struct Column {
  std::size_t place;
  std::string_view id;

  auto operator<=>(const Column&) const = default;
};

constexpr std::size_t kLast = static_cast<std::size_t>(-1);

Column column_of(model::ClauseId clause) { return {clause.index, clause->id}; }

Column column_of(std::string_view rule) {
  const auto rules = model::istio::rules();
  const auto found = std::ranges::find(rules, rule, &model::istio::Rule::id);
  return {model::kClauses.size() + static_cast<std::size_t>(found - rules.begin()), rule};
}

struct Tally {
  std::set<std::string> cases;  // scenarios, or workloads where there is none
  model::Level level = model::Level::Info;  // the worst that was seen
};

struct Line {
  std::string implementation;
  std::set<std::string> judged;
  std::size_t errors = 0;
  std::set<std::string> not_modelled;
  std::map<Column, Tally> tallies;
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

void count(Line& line, const Result& result, std::string_view none) {
  const std::string& name = result.scenario ? *result.scenario : result.workload;
  if (result.verdict == Verdict::Conforms || result.verdict == Verdict::Differs)
    line.judged.insert(name);
  line.errors += result.verdict == Verdict::Error || result.verdict == Verdict::BadScenario;
  if (result.verdict == Verdict::NotModelled) line.not_modelled.insert(name);
  const auto add = [&](const Column& column, model::Level level) {
    Tally& tally = line.tallies[column];
    tally.cases.insert(name);
    tally.level = std::min(tally.level, level);
  };
  for (const Difference& difference : result.differences) {
    const model::Difference& found = difference.found;
    for (const model::ClauseId clause : found.clauses) add(column_of(clause), found.level);
    for (const std::string_view rule : found.rules) add(column_of(rule), found.level);
    if (found.clauses.empty() && found.rules.empty()) add({kLast, none}, found.level);
  }
}

std::vector<Line> lines_of(const Report& report) {
  std::vector<Line> lines;
  std::map<std::string, std::size_t> known;
  for (const Result& result : report.results) {
    const std::string name =
        result.implementation.empty() ? report.implementation : result.implementation;
    const auto [at, fresh] = known.try_emplace(name, lines.size());
    if (fresh) lines.push_back({name.empty() ? "-" : name, {}, 0, {}, {}});
    count(lines[at->second], result, report.profile == "documented" ? "no clause" : "no rule");
  }
  return lines;
}

}  // namespace

void append_clause_matrix(std::string& out, const Report& report, const Paint& paint) {
  const auto lines = lines_of(report);
  std::set<Column> columns;
  bool errors = false;
  // The documented profile leaves the same out of everyone's dumps.
  bool not_modelled = false;
  for (const Line& line : lines) {
    for (const auto& [column, tally] : line.tallies) columns.insert(column);
    errors |= line.errors > 0;
    not_modelled |= !line.not_modelled.empty() && report.profile != "documented";
  }
  if (lines.empty()) return;

  std::vector<Row> rows(1);
  std::vector<bool> to_the_right{false, true};
  rows[0] = {{"IMPLEMENTATION"}, {"JUDGED"}};
  if (errors) rows[0].push_back({"ERROR"});
  if (not_modelled) rows[0].push_back({"NOT MODELLED"});
  for (const Column& column : columns) rows[0].push_back({std::string(column.id)});
  to_the_right.resize(rows[0].size(), true);
  for (const Line& line : lines) {
    Row& row = rows.emplace_back();
    row = {{plain(line.implementation)}, {fmt::format("{}", line.judged.size())}};
    if (errors) row.push_back({line.errors ? fmt::format("{}", line.errors) : ".",
                               line.errors ? Ink::Bad : Ink::Faint});
    if (not_modelled)
      row.push_back({line.not_modelled.empty() ? "." : fmt::format("{}", line.not_modelled.size()),
                     line.not_modelled.empty() ? Ink::Faint : Ink::Doubtful});
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
    out += report.profile == "documented" ? "no difference and no record of any clause\n" : "no difference and no record\n";
    return;
  }
  out += "\nx MUST is broken, ! SHOULD is not met, i recorded only, . not seen; the number: in how "
         "many scenarios\n";
}

}  // namespace reports

#include "reports/clause_table.h"

#include <span>

#include <fmt/format.h>

#include "reports/json_text.h"
#include "reports/plain_text.h"

namespace reports {
namespace {

std::span<const std::string> shown_by(const ClauseCoverage& coverage, model::ClauseId clause) {
  const auto found = coverage.find(clause);
  if (found == coverage.end()) return {};
  return found->second;
}

template <class Take>
void for_each_clause(Take take) {
  for (std::size_t i = 0; i < model::kClauses.size(); ++i)
    take(model::ClauseId{static_cast<std::uint8_t>(i)});
}

bool needs_a_scenario(model::ClauseId clause) { return clause->evidence != model::Evidence::Pull; }

void append_clause(std::string& out, model::ClauseId clause,
                   std::span<const std::string> scenarios, const Paint& paint) {
  const std::string head = fmt::format("{:<6}  {:<6}  {:<6}  ", clause->id,
                                       to_string(clause->level), to_string(clause->evidence));
  const std::string indent(head.size(), ' ');
  const auto lines = wrapped(clause->text, kTextWidth - head.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += (i == 0 ? head : indent) + lines[i] + "\n";
  }
  if (scenarios.empty()) {
    out += indent + (needs_a_scenario(clause) ? paint(Ink::Bad, "no scenario")
                                              : paint(Ink::Faint, "needs simulation")) + "\n";
    return;
  }
  std::string names;
  for (const std::string& name : scenarios) names += (names.empty() ? "" : ", ") + plain(name);
  for (const std::string& line :
       wrapped(counted(scenarios.size(), "scenario") + ": " + names, kTextWidth - indent.size()))
    out += indent + paint(Ink::Faint, line) + "\n";
}

}  // namespace

std::vector<model::ClauseId> uncovered(const ClauseCoverage& coverage) {
  std::vector<model::ClauseId> lacking;
  for_each_clause([&](model::ClauseId clause) {
    if (needs_a_scenario(clause) && shown_by(coverage, clause).empty()) lacking.push_back(clause);
  });
  return lacking;
}

void append_clause_table_text(std::string& out, const ClauseCoverage& coverage,
                              const Paint& paint) {
  const auto lacking = uncovered(coverage);
  std::size_t needed = 0;
  for_each_clause([&](model::ClauseId clause) { needed += needs_a_scenario(clause); });
  out += fmt::format("{}; {} need a scenario, ", counted(model::kClauses.size(), "clause"), needed);
  if (lacking.empty()) {
    out += paint(Ink::Good, "and all have one") + "\n";
  } else {
    std::string names;
    for (const model::ClauseId clause : lacking)
      names += (names.empty() ? "" : ", ") + std::string(clause->id);
    out += paint(Ink::Bad, fmt::format("{} have none: {}", lacking.size(), names)) + "\n";
  }
  for_each_clause([&](model::ClauseId clause) {
    out += '\n';
    append_clause(out, clause, shown_by(coverage, clause), paint);
  });
}

void append_clause_table_json(std::string& out, const ClauseCoverage& coverage) {
  JsonWriter json(out);
  json.begin_object();
  json.key("apiVersion").string("plumbline.dev/v1");
  json.key("kind").string("Clauses");
  json.key("profile").string("documented");
  json.key("clauses").begin_array();
  for_each_clause([&](model::ClauseId clause) {
    const auto scenarios = shown_by(coverage, clause);
    json.line().begin_object();
    json.key("id").string(clause->id);
    json.key("level").string(to_string(clause->level));
    json.key("evidence").string(to_string(clause->evidence));
    json.key("text").string(clause->text);
    json.key("quote").string(clause->quote);
    json.key("needsScenario").boolean(needs_a_scenario(clause));
    json.key("scenarios").begin_array();
    for (const std::string& name : scenarios) json.string(name);
    json.end_array().end_object();
  });
  json.end_array();
  json.key("uncovered").begin_array();
  for (const model::ClauseId clause : uncovered(coverage)) json.string(clause->id);
  json.end_array().end_object();
  out += '\n';
}

}  // namespace reports

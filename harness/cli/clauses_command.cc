// plumbline clauses: the clause table, with the scenarios that show each.
#include "harness/cli/suite_options.h"
#include "reports/clause_table.h"

namespace harness::cli {
namespace {

reports::ExitCode clauses(const Words& words, Console& console) {
  SuiteFlags flags;
  std::string output = "text";
  Options options(kClauses);
  flags.declare(options);
  options.text("output,o", output, "FORMAT", "text (default) or json");
  if (const auto done = options.parse(words, console)) return *done;
  if (output != "text" && output != "json")
    return usage_error(kClauses, console,
                       "there is no output format '" + output + "'; it is text or json");
  flags.settle();

  const Suite suite = flags.read(console);
  reports::ClauseCoverage covered;
  const auto names = coverage(suite);
  for (std::uint8_t i = 0; i < names.size(); ++i)
    if (!names[i].empty()) covered[model::ClauseId{i}] = names[i];
  std::string out;
  if (output == "json")
    reports::append_clause_table_json(out, covered);
  else
    reports::append_clause_table_text(out, covered, reports::Paint(console.colour_out));
  console.out << out;
  for (const reports::Hygiene& breach : suite.hygiene) console.err << "hygiene: " << breach << '\n';
  const bool whole = suite.hygiene.empty() && reports::uncovered(covered).empty();
  return worse(exit_code_of(suite), whole ? reports::ExitCode::Ok : reports::ExitCode::Hygiene);
}

}  // namespace

const Command kClauses{
    "clauses", "list the documented clauses, and the scenarios that show each",
    "plumbline clauses [SUITE...] [flags]",
    "  plumbline clauses\n"
    "  plumbline clauses scenarios/ --clause PRI-2 -o json\n",
    clauses};

}  // namespace harness::cli

#include "harness/cli/suite_options.h"

#include "harness/cli/mesh_options.h"

namespace harness::cli {

void SuiteFlags::declare(Options& options) {
  options.positional(paths_);
  options.list("filter", options_.filters, "NAME",
               "only scenarios of this name; * and ? are wild (repeatable)");
  options.list("clause", options_.clauses, "ID", "only scenarios that name this clause (repeatable)");
  options.text("golden", options_.golden, "DIR",
               "the golden files (default: the folder golden beside the suite)");
}

void SuiteFlags::settle() {
  if (paths_.empty()) paths_.emplace_back("scenarios");
}

Suite SuiteFlags::read(Console& console) const {
  Suite suite = read_suite(paths_, options_);
  tell(suite.diagnostics, console);
  for (const Scenario& scenario : suite.scenarios)
    for (const Diagnostic& one : scenario.manifests.diagnostics)
      if (one.severity == Severity::Error || one.severity == Severity::Io)
        console.err << to_text(one);
  return suite;
}

reports::ExitCode exit_code_of(const Suite& suite) {
  auto code = reports::ExitCode::Ok;
  if (has(suite.diagnostics, Severity::Io)) code = worse(code, reports::ExitCode::Io);
  if (has(suite.diagnostics, Severity::Error)) code = worse(code, reports::ExitCode::BadInput);
  return code;
}

}  // namespace harness::cli

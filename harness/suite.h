// A suite of scenarios: found, read, run against golden files or against subjects, and blessed.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/golden.h"
#include "harness/judging.h"
#include "harness/profile.h"
#include "harness/scenario.h"
#include "harness/subject.h"
#include "reports/report.h"

namespace harness {

struct SuiteOptions {
  std::vector<std::string> filters;  // names with * and ?; a scenario that fits any is taken
  std::vector<std::string> clauses;  // ids; a scenario that names any is taken
  std::string golden;                // the folder of golden files; "" means `golden` beside the suite
};

struct Suite {
  std::vector<Scenario> scenarios;     // in byte order of their paths
  std::vector<std::string> folders;    // the suites' folders, each once
  std::vector<reports::Hygiene> hygiene;
  Diagnostics diagnostics;             // of files that could not be read
  bool whole = false;                  // whole folders were read, without a filter
};

// Reads the scenarios behind `paths`. Guards: none found, a filter that fits none, a name given twice, an unknown
// clause, plugins that reach nobody although the scenario does not say so, and the reverse; noDump of no workload.
Suite read_suite(const std::vector<std::string>& paths, const SuiteOptions& options);

// Judges the golden files by the model: the documented ones, and those of Istio's versions (istio_suite.h), as the profiles ask.
// Guards: a scenario without a golden file, a workload that its golden file does not judge, a golden file without a
// scenario (of whole suites), a scenario under istio/ that does not say what it contradicts.
reports::Report run_golden(Suite& suite, const SuiteOptions& options, const std::vector<Profile>& profiles = {Profile{}});

// Judges what subjects were seen to run, one after the other. Guards: a workload that no dump judges, a subject that ran
// no scenario of the suite. A scenario that a subject has not run is counted as not run.
reports::Report run_subjects(Suite& suite, const std::vector<std::unique_ptr<Subject>>& subjects,
                             const JudgingOptions& options);

// The golden file of a scenario, and of a recorded one: its dumps in compact form.
std::string golden_path(const Scenario& scenario, const SuiteOptions& options);
std::string recorded_path(const Scenario& scenario, const SuiteOptions& options);

// Which scenarios of a suite show each clause, by index in model::kClauses; in the suite's order.
std::vector<std::vector<std::string>> coverage(const Suite& suite);

// Whether `name` fits a pattern with * (any text) and ? (one character).
bool fits(std::string_view pattern, std::string_view name);

}  // namespace harness

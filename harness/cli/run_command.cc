// plumbline run: the conformance suite, against its golden files or against recorded dumps.
#include <filesystem>

#include "harness/cli/judging_options.h"
#include "harness/cli/mesh_options.h"
#include "harness/cli/profile_options.h"
#include "harness/cli/suite_options.h"

namespace harness::cli {
namespace {

// The truths whose golden files are judged.
std::vector<Profile> profiles_of(const ProfileOptions& options) {
  if (!options.is_all()) return {options.profile()};
  std::vector<Profile> all = istio_profiles();
  all.insert(all.begin(), Profile{});
  return all;
}

reports::ExitCode run(const Words& words, Console& console) {
  SuiteFlags flags;
  JudgingFlags judging(ProfileOptions::AllAndAuto);
  std::vector<std::string> against;
  Options options(kRun);
  flags.declare(options);
  options.list("against", against, "NAME=DIR",
               "dumps of an implementation, as DIR/SCENARIO/NAMESPACE.NAME.json; or a folder of "
               "recorded cases (repeatable)");
  judging.declare(options);
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = judging.settle(kRun, console)) return *done;
  flags.settle();
  if (against.empty() && judging.profile().is_auto())
    return usage_error(kRun, console, "--profile auto judges dumps: name them with --against");
  if (!against.empty() && judging.profile().is_all())
    return usage_error(kRun, console, "--profile all judges golden files: write auto, or one profile, with --against");

  std::vector<std::unique_ptr<Subject>> subjects;
  Diagnostics diagnostics;
  for (const std::string& word : against) {
    const auto equal = word.find('=');
    const std::string directory = equal == std::string::npos ? word : word.substr(equal + 1);
    std::error_code error;
    if (!std::filesystem::is_directory(directory, error)) {
      console.err << directory << ": error: there is no such directory of dumps\n";
      return reports::ExitCode::Io;
    }
    if (equal != std::string::npos) {
      subjects.push_back(dump_folder(word.substr(0, equal), directory, diagnostics));
    } else if (holds_recorded_cases(directory)) {
      for (auto& subject : recorded_subjects(directory, diagnostics))
        subjects.push_back(std::move(subject));
    } else {
      return usage_error(kRun, console,
                         "--against " + word + " names no implementation: write NAME=" + word);
    }
  }

  Suite suite = flags.read(console);
  for (Scenario& scenario : suite.scenarios) judging.profile().set_flags(scenario.manifests.mesh);
  reports::Report report = against.empty() ? run_golden(suite, flags.options(), profiles_of(judging.profile()))
                                           : run_subjects(suite, subjects, judging.judging());
  tell(diagnostics, console);
  auto code = worse(judging.tell(report, console), exit_code_of(suite));
  if (has(diagnostics, Severity::Io)) code = worse(code, reports::ExitCode::Io);
  if (has(diagnostics, Severity::Error)) code = worse(code, reports::ExitCode::BadInput);
  return code;
}

}  // namespace

const Command kRun{
    "run", "run a suite of scenarios against golden files or dumps", "plumbline run [SUITE...] [flags]",
    "  plumbline run scenarios/\n"
    "  plumbline run scenarios/ --filter 'unset-*' -v\n"
    "  plumbline run scenarios/istio --profile all\n"
    "  plumbline run scenarios/recorded --against istio-1.29.1=dumps/\n",
    run};

}  // namespace harness::cli

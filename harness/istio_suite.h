// The golden files of Istio's versions in a suite: one for each version from which on something that the scenario shows is
// another than before; it holds until the next (docs/scenarios.md).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/istio_golden.h"
#include "harness/suite.h"

namespace harness {

// One of a scenario's files.
struct VersionGolden {
  model::istio::Version since;
  std::string path;
  IstioGolden golden;
};

// The folder of a scenario's files: golden/istio/NAME.
std::string version_folder(const Scenario& scenario, const SuiteOptions& options);

// What the files of a scenario must hold, by path: that of the first version, and those of all that change something.
std::map<std::string, std::string> version_files(const Scenario& scenario, const SuiteOptions& options);

// Judges the files that hold for the profiles, which are all of Istio's, and adds to the report. Guards: a scenario without such
// files, a file of a version that has no row or changes nothing, a workload that a file misses or that is not there, a listener
// that no file has, a clause that no file contradicts. The clauses are checked by the judge where chains, configurations or
// acceptance show them; PRI-3 only in whole suites, where other scenarios show the same pair; clauses about pulls are not checked.
void run_version_goldens(const Suite& suite, const SuiteOptions& options, std::span<const Profile> profiles,
                         reports::Report& report);

}  // namespace harness

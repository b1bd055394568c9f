// What the commands that work on a suite have in common: which scenarios of which folders.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/options.h"
#include "harness/suite.h"

namespace harness::cli {

class SuiteFlags {
 public:
  void declare(Options& options);
  // Without a path, `scenarios` in the working directory.
  void settle();

  // Reads the suite and tells what could not be read.
  Suite read(Console& console) const;

  const SuiteOptions& options() const { return options_; }

 private:
  std::vector<std::string> paths_;
  SuiteOptions options_;
};

// The exit code that the files of a suite ask for: 74 for what could not be read, 65 for what is no manifest, else 0.
reports::ExitCode exit_code_of(const Suite& suite);

}  // namespace harness::cli

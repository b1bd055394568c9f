// What a subcommand is: a line in the table of commands.cc, and a file of its own.
#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/outcome.h"
#include "reports/paint.h"

namespace harness::cli {

using Words = std::vector<std::string>;  // of the command line, behind the command's name

// Where a command writes: data to `out`, everything else to `err`.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool colour_out = false;  // whether it is a terminal that wants colours
  bool colour_err = false;
};

struct Command {
  std::string_view name;
  std::string_view summary;  // one line, no capital
  std::string_view usage;    // "plumbline expect PATH... [flags]"
  std::string_view examples; // whole lines, ended
  reports::ExitCode (*run)(const Words& words, Console& console);
};

// The table: every subcommand, in the order of the help.
std::span<const Command> commands();

extern const Command kExpect;
extern const Command kExplain;
extern const Command kCheck;
extern const Command kRun;
extern const Command kBless;
extern const Command kPlugins;
extern const Command kLint;
extern const Command kClauses;
extern const Command kProfiles;
extern const Command kUpgrade;
extern const Command kDiff;
extern const Command kCompletion;
extern const Command kMan;

}  // namespace harness::cli

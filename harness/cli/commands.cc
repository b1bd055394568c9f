#include "harness/cli/command.h"

namespace harness::cli {

std::span<const Command> commands() {
  static const Command table[] = {kExpect, kExplain, kCheck,   kRun,
                                  kBless,  kPlugins, kLint, kClauses, kProfiles,
                                  kUpgrade, kDiff, kCompletion, kMan};
  return table;
}

}  // namespace harness::cli

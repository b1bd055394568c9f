// What a run found: the vocabulary that the runner fills in and the writers tell.
#pragma once

#include <cstdint>
#include <string_view>

namespace reports {

enum class Verdict : std::uint8_t { Conforms, Differs, NotModelled, BadScenario, Error };

// "conforms", "differs", "not modelled", "bad scenario", "error".
std::string_view to_string(Verdict verdict);

// How a command ends. Where several apply at once, the first of Usage, Io, BadInput, Inconclusive, Differs,
// Hygiene counts. They never depend on the output format.
enum class ExitCode : int {
  Ok = 0,
  Differs = 1,
  Inconclusive = 2,  // a workload got error, or not modelled without --allow-not-modelled
  Hygiene = 3,       // nothing was judged, or a guard against vacuous passes bit
  Usage = 64,
  BadInput = 65,
  Io = 74,
  Interrupted = 130,
};

// The one of two codes that counts.
ExitCode worse(ExitCode a, ExitCode b);

}  // namespace reports

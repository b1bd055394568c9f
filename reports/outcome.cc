#include "reports/outcome.h"

#include <algorithm>
#include <array>

namespace reports {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::Conforms: return "conforms";
    case Verdict::Differs: return "differs";
    case Verdict::NotModelled: return "not modelled";
    case Verdict::BadScenario: return "bad scenario";
    case Verdict::Error: return "error";
  }
  return {};
}

ExitCode worse(ExitCode a, ExitCode b) {
  constexpr std::array order{ExitCode::Interrupted, ExitCode::Usage,   ExitCode::Io,
                             ExitCode::BadInput,    ExitCode::Inconclusive, ExitCode::Differs,
                             ExitCode::Hygiene,     ExitCode::Ok};
  return *std::ranges::find_if(order, [&](ExitCode code) { return code == a || code == b; });
}

}  // namespace reports

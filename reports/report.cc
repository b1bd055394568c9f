#include "reports/report.h"

namespace reports {

Summary summarise(const Report& report) {
  Summary summary;
  for (const Result& result : report.results) {
    switch (result.verdict) {
      case Verdict::Conforms: ++summary.conforms; break;
      case Verdict::Differs: ++summary.differs; break;
      case Verdict::NotModelled: ++summary.not_modelled; break;
      case Verdict::Error: ++summary.error; break;
      case Verdict::BadScenario: ++summary.bad_scenario; break;
    }
  }
  return summary;
}

ExitCode exit_code(const Report& report, const ExitRules& rules) {
  const Summary summary = summarise(report);
  ExitCode code = ExitCode::Ok;
  if (!report.hygiene.empty() || summary.all() == 0) code = worse(code, ExitCode::Hygiene);
  if (summary.differs > 0) code = worse(code, ExitCode::Differs);
  if (summary.error > 0 || (summary.not_modelled > 0 && !rules.allow_not_modelled))
    code = worse(code, ExitCode::Inconclusive);
  if (summary.bad_scenario > 0) code = worse(code, ExitCode::BadInput);
  return code;
}

}  // namespace reports

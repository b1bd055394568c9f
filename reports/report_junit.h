// `--junit FILE`: the results as JUnit XML, the form that CI systems read. A suite for each implementation, a case for each
// workload of a scenario; a failure is a difference, an error what could not be judged (error, bad
// scenario, a breach of hygiene), skipped what is not modelled or was not run.
#pragma once

#include <string>

#include "reports/report.h"

namespace reports {

void append_report_junit(std::string& out, const Report& report);

}  // namespace reports

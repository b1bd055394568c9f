// `plumbline check -o json` and `plumbline run -o json`: schemas/report.schema.json. One result a line.
#pragma once

#include <string>

#include "reports/report.h"

namespace reports {

void append_report_json(std::string& out, const Report& report);

}  // namespace reports

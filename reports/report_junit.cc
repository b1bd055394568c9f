#include "reports/report_junit.h"

namespace reports {

void append_report_junit(std::string&, const Report&) {}

}  // namespace reports

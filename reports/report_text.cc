#include "reports/report_text.h"

namespace reports {

void append_report_text(std::string&, const Report&, Detail, const Paint&) {}

}  // namespace reports

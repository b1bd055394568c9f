#include "reports/lint_text.h"

namespace reports {

void append_lint_text(std::string&, const Findings&, std::size_t, const Paint&) {}

}  // namespace reports

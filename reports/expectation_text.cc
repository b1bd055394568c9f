#include "reports/expectation_text.h"

namespace reports {

void append_expectation_text(std::string&, const ExpectationView&, const Paint&, const Drain&) {}

}  // namespace reports

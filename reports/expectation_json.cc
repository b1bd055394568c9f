#include "reports/expectation_json.h"

namespace reports {

void append_expectation_json(std::string&, const ExpectationView&, const Drain&) {}

}  // namespace reports

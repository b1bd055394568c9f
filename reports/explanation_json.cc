#include "reports/explanation_json.h"

namespace reports {

void append_explanation_json(std::string&, const model::Expectation&, std::size_t) {}

}  // namespace reports

#include "reports/explanation_text.h"

namespace reports {

void append_explanation_text(std::string&, const model::Expectation&, std::size_t, const Paint&) {}

}  // namespace reports

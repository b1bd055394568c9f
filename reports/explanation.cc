#include "reports/explanation.h"

namespace reports {

Explanation explain(const model::Expectation&, std::size_t) { return {}; }

}  // namespace reports

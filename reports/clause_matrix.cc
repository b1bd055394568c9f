#include "reports/clause_matrix.h"

namespace reports {

void append_clause_matrix(std::string&, const Report&, const Paint&) {}

}  // namespace reports

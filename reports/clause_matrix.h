// Several implementations against the clauses, or against Istio's rules: one row each, and in each cell how many scenarios show a
// difference.
#pragma once

#include <string>

#include "reports/paint.h"
#include "reports/report.h"

namespace reports {

// The rows are the implementations that the results name, in the order of their first result; the columns the clauses
// and rules that any difference or record of any of them cites.
void append_clause_matrix(std::string& out, const Report& report, const Paint& paint);

}  // namespace reports

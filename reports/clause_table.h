// `plumbline clauses`: the clauses, and the scenarios that show each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/clauses.h"
#include "reports/paint.h"

namespace reports {

using ClauseCoverage = std::map<model::ClauseId, std::vector<std::string>>;  // names of scenarios

// The clauses that need a scenario (evidence chain or plugin) and have none, in the order of the table.
std::vector<model::ClauseId> uncovered(const ClauseCoverage& coverage);

void append_clause_table_text(std::string& out, const ClauseCoverage& coverage, const Paint& paint);
// Kind Clauses.
void append_clause_table_json(std::string& out, const ClauseCoverage& coverage);

}  // namespace reports

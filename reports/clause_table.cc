#include "reports/clause_table.h"

namespace reports {

std::vector<model::ClauseId> uncovered(const ClauseCoverage&) { return {}; }

void append_clause_table_text(std::string&, const ClauseCoverage&, const Paint&) {}

void append_clause_table_json(std::string&, const ClauseCoverage&) {}

}  // namespace reports

// Changes of chains as JSON: schemas/upgrade.schema.json and schemas/diff.schema.json.
#pragma once

#include <string>

#include "reports/chain_changes.h"

namespace reports {

void append_chain_changes_json(std::string& out, const ChainChanges& changes);

}  // namespace reports

// Changes of chains for a terminal: causes, each with its rules, its workloads and their chains side by side.
#pragma once

#include <string>

#include "reports/chain_changes.h"
#include "reports/paint.h"

namespace reports {

// In full: every workload, and every way in which the chains of a cause change; else the first few of each.
void append_chain_changes_text(std::string& out, const ChainChanges& changes, const Paint& paint, bool in_full = false);

}  // namespace reports

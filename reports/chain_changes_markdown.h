// Changes of chains as Markdown, for a comment on a pull request: the answer, a table, and the chains folded away.
#pragma once

#include <string>

#include "reports/chain_changes.h"

namespace reports {

inline constexpr std::size_t kMarkdownLimit = 60000;  // bytes: what a comment may hold, and some room

// Cut at the limit, with a notice that says so.
void append_chain_changes_markdown(std::string& out, const ChainChanges& changes, std::size_t limit = kMarkdownLimit);

}  // namespace reports

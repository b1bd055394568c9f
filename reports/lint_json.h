// `plumbline lint -o json`: kind Findings.
#pragma once

#include <cstddef>
#include <string>

#include "reports/finding.h"

namespace reports {

void append_lint_json(std::string& out, const Findings& findings, std::size_t plugins);

}  // namespace reports

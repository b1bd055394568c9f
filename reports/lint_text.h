// `plumbline lint`, for a person: one finding a line, in the form that editors jump to.
#pragma once

#include <cstddef>
#include <string>

#include "reports/finding.h"
#include "reports/paint.h"

namespace reports {

// `plugins`: how many were looked at.
void append_lint_text(std::string& out, const Findings& findings, std::size_t plugins,
                      const Paint& paint);

}  // namespace reports

// `plumbline expect`: the chain of every workload, for a person. Workloads of one namespace that run the same
// chain stand above one copy of it.
#pragma once

#include <string>

#include "reports/expectation_view.h"
#include "reports/paint.h"

namespace reports {

// Appends the text. With `drain`, hands over what is written from time to time.
void append_expectation_text(std::string& out, const ExpectationView& view, const Paint& paint,
                             const Drain& drain = {});

}  // namespace reports

// `plumbline explain -w NS/NAME -o json`: kind Explanation.
#pragma once

#include <cstddef>
#include <string>

#include "model/expectation.h"

namespace reports {

void append_explanation_json(std::string& out, const model::Expectation& expectation,
                             std::size_t workload);

}  // namespace reports

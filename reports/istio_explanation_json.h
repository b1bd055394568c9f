// `plumbline explain --profile istio-X.Y -w NS/NAME -o json`: kind Explanation.
#pragma once

#include <cstddef>
#include <string>

#include "reports/istio_expectation.h"

namespace reports {

void append_istio_explanation_json(std::string& out, IstioExpectation& expectation, std::size_t workload);

}  // namespace reports

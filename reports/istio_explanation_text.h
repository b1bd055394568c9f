// `plumbline explain --profile istio-X.Y -w NS/NAME`, for a person.
#pragma once

#include <cstddef>
#include <string>

#include "reports/istio_expectation.h"
#include "reports/paint.h"

namespace reports {

// Appends why that workload (an index in Cluster::workloads) runs what it runs.
void append_istio_explanation_text(std::string& out, IstioExpectation& expectation, std::size_t workload, const Paint& paint);

}  // namespace reports

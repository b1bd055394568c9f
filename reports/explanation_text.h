// `plumbline explain -w NS/NAME`, for a person.
#pragma once

#include <cstddef>
#include <string>

#include "model/expectation.h"
#include "reports/paint.h"

namespace reports {

// Appends why that workload (an index in Cluster::workloads) runs what it runs.
void append_explanation_text(std::string& out, const model::Expectation& expectation,
                             std::size_t workload, const Paint& paint);

}  // namespace reports

// `plumbline expect -o json`: schemas/expectation.schema.json. Written without a tree; one workload a line.
#pragma once

#include <cstdint>
#include <string>

#include "reports/expectation_view.h"

namespace reports {

// Appends the document, with a newline at its end. With `drain`, hands over what is written from time to time:
// `excluded` holds every plugin that is not on a workload, so the output grows with workloads x plugins.
void append_expectation_json(std::string& out, const ExpectationView& view,
                             const Drain& drain = {});

// Appends one workload (an index in Cluster::workloads) alone, as it stands under `workloads`.
void append_documented_workload_json(std::string& out, const ExpectationView& view, std::uint32_t workload);

}  // namespace reports

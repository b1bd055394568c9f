// `plumbline expect --profile all -w NS/NAME -o json`: schemas/versions.schema.json.
#pragma once

#include <cstddef>
#include <string>

#include "reports/istio_versions.h"

namespace reports {

// `documented` is the workload as the documented profile has it: an object of schemas/expectation.schema.json.
void append_versions_json(std::string& out, const model::Cluster& cluster, const model::istio::Mesh& mesh,
                          const std::string& workload, const std::string& documented, const WorkloadVersions& versions);

}  // namespace reports

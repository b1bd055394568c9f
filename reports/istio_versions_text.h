// `plumbline expect --profile all -w NS/NAME`, for a person: what changed is marked between rows.
#pragma once

#include <cstddef>
#include <string>

#include "reports/istio_versions.h"
#include "reports/paint.h"

namespace reports {

// Appends the rows. Of a chain that is another than in the row before, filters that came or moved here have a "+", those that went or
// moved away a "-".
void append_versions_text(std::string& out, const model::Cluster& cluster, const model::istio::Mesh& mesh,
                          const WorkloadVersions& versions, const Paint& paint);

}  // namespace reports

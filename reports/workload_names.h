// The names above a chain, for a person: which workloads run it.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "model/cluster.h"
#include "reports/paint.h"

namespace reports {

// Appends a line for each, with its kind and its proxy; Pods of one owner with equal labels are folded into one.
void append_workload_names(std::string& out, const model::Cluster& cluster, std::span<const std::uint32_t> workloads,
                           const Paint& paint);

}  // namespace reports

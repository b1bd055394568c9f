// `plumbline plugins`, for a person: a table as kubectl would print it, by namespace and name, then what was
// refused.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "model/expectation.h"
#include "reports/paint.h"

namespace reports {

// `plugins`: which ones (indexes in Cluster::plugins); `reach`: for each plugin of the cluster, how many workloads have
// it in their chain (ExpectedChains::reach).
void append_plugins_text(std::string& out, const model::Expectation& expectation,
                         std::span<const model::PluginIndex> plugins,
                         std::span<const std::size_t> reach, const Paint& paint);

}  // namespace reports

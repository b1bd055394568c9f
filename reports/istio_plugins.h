// `plumbline plugins --profile istio-X.Y`: the plugins as that version reads them, and how many workloads each reaches.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "reports/istio_expectation.h"
#include "reports/paint.h"

namespace reports {

struct ExtensionReach {
  std::vector<std::size_t> workloads;  // of each extension: how many have it in a chain
  std::size_t not_modelled = 0;        // workloads of which nothing is said
};

ExtensionReach reach_of(IstioExpectation& expectation);

// A table for a person, and JSON. `plugins`: which ones (indexes in Mesh::extensions).
void append_istio_plugins_text(std::string& out, IstioExpectation& expectation,
                               std::span<const model::istio::ExtensionIndex> plugins, const Paint& paint);
void append_istio_plugins_json(std::string& out, IstioExpectation& expectation,
                               std::span<const model::istio::ExtensionIndex> plugins);

}  // namespace reports

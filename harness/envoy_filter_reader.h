// Reads EnvoyFilters as far as to know which of them can change which filters stand in a chain.
#pragma once

#include "harness/document.h"
#include "harness/manifests.h"

namespace harness {

// Appends a model::ChainPatch if a patch of the EnvoyFilter can add, remove, move, replace or rename a filter of a
// listener's chains, or a chain, or a listener; else counts it in cluster.skipped. A patch can if it applies to
// HTTP_FILTER, NETWORK_FILTER, FILTER_CHAIN or LISTENER; a MERGE of those only if its value names filters or
// chains, or another filter. Every name by which a patch looks for a filter becomes a model::FilterReference. The rules: docs/decisions/envoy-filters.md.
void read_envoy_filter(const Document& document, ManifestContext& context);

}  // namespace harness

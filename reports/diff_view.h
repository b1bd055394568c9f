// A change of manifests as the writers of changes tell it.
#pragma once

#include <string>

#include "model/manifest_diff.h"
#include "reports/chain_changes.h"

namespace reports {

// `before` and `after` name the two states, as they were given: "base/", "head/".
ChainChanges diff_changes(const model::ManifestDiff& diff, const model::MeshState& before_state,
                          const model::MeshState& after_state, const std::string& profile, const std::string& before,
                          const std::string& after);

}  // namespace reports

// Priorities written into a person's manifests: the fewest bytes that do it, with comments and layout as they are, as a unified diff.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/manifests.h"

namespace harness {

struct PriorityChange {
  model::istio::ExtensionIndex extension = 0;  // in Manifests::mesh
  std::int64_t priority = 0;
};

// A change that no patch can tell, with the reason: the manifest came from standard input, is JSON, or is written so that an
// edit of it would change something else as well.
struct Unpatched {
  PriorityChange change;
  std::string reason;
};

struct PriorityPatch {
  std::string diff;  // for `patch -p0` and `git apply -p0`; "" if nothing could be patched
  std::vector<Unpatched> unpatched;
};

// Reads the files of the manifests again. Every file is read in its new form before its diff is taken: if it says anything
// else than the priorities, its changes are unpatched.
PriorityPatch priority_patch(const Manifests& manifests, const std::vector<PriorityChange>& changes,
                             const ManifestOptions& options);

// The same for one file that is in hand: its changes are those whose documents stand in it.
PriorityPatch priority_patch(const SourceFile& file, const Manifests& manifests, const std::vector<PriorityChange>& changes,
                             const ManifestOptions& options);

}  // namespace harness

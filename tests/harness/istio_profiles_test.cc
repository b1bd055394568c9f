// The proof of Istio's profiles against the recordings in their compact form (golden/recorded), with the clusters that stand in
// scenarios/recorded: every chain of every listener, and every extension configuration.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "harness/manifests.h"
#include "harness/recorded_dumps.h"
#include "tests/harness/istio_proof.h"

namespace {

namespace fs = std::filesystem;
using namespace model::istio;

harness::SourceFile read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {path.string(), std::string((std::istreambuf_iterator<char>(in)), {})};
}

// Why a recording is not to be compared, or "".
std::string not_modelled(const harness::RecordedDump& dump, const harness::Manifests& manifests) {
  if (!dump.implementation.starts_with("istio-")) return "no release of Istio";
  if (!manifests.cluster.patches.empty()) return "an EnvoyFilter";
  return {};
}

// The living istiod read files, and there up to 1.26 what has no time of creation is made now; later it has none
// (istio-behaviour.md 5.2). An API server stamps everything, so that this is no matter of the profile.
void stamp(const std::string& implementation, Mesh& mesh) {
  const auto version = parse_version(implementation.substr(std::string("istio-").size()));
  const Timestamp now{.seconds = 4'000'000'000};
  const bool stamps = version && *version < Version{1, 27, 0};
  for (Extension& one : mesh.extensions) {
    if (one.meta.created == now) one.meta.created.reset();
    if (stamps && !one.meta.created) one.meta.created = now;
  }
}

tests::Proof prove_recordings() {
  tests::Proof proof;
  const fs::path root = PLUMBLINE_SOURCE_DIR;
  for (const auto& entry : fs::directory_iterator(root / "golden" / "recorded")) {
    harness::Diagnostics diagnostics;
    const auto recorded = harness::read_recorded_case(read_file(entry.path()), diagnostics);
    REQUIRE(recorded);
    harness::Manifests manifests =
        harness::read_manifests({(root / "scenarios" / "recorded" / (recorded->name + ".yaml")).string()}, {});
    // The living istiod ran without the filters that a stock Envoy does not have.
    if (recorded->name.starts_with("live-")) {
      set_flag(manifests.mesh.features, "PILOT_ENABLE_METADATA_EXCHANGE", "false");
      set_flag(manifests.mesh.features, "PILOT_ENABLE_ALPN_FILTER", "false");
    }
    for (const harness::RecordedDump& dump : recorded->dumps) {
      if (recorded->name.starts_with("live-")) stamp(dump.implementation, manifests.mesh);
      const std::string why = not_modelled(dump, manifests);
      if (why.empty()) tests::prove(dump.implementation, recorded->name, dump.proxy, manifests, proof);
      else ++proof.not_modelled[(dump.implementation.starts_with("istio-") ? recorded->name : dump.implementation) + ": " + why];
    }
  }
  return proof;
}

}  // namespace

TEST_CASE("every chain in the compact recordings is what the profile of its version computes", "[istio]") {
  const tests::Proof proof = prove_recordings();
  std::ostringstream told;
  proof.tell(told);
  INFO(told.str());
  CHECK(proof.differences.empty());
  CHECK(proof.unplaced.empty());
  CHECK(proof.unnoticed == 0);
  CHECK(proof.chains_by_version.size() == 24);
}

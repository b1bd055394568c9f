// The proof of Istio's profiles against the recordings as they were taken. Needs the folder that holds recordings/, named by
// PLUMBLINE_SHARED; run with [.shared]. istio_profiles_test.cc proves the same from the compact form.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <utility>

#include "harness/manifests.h"
#include "harness/recorded_dumps.h"
#include "tests/harness/istio_proof.h"
#include "tests/harness/recorded_cluster.h"

namespace fs = std::filesystem;

TEST_CASE("every chain of every recording is what the profile of its version computes", "[.shared]") {
  const char* const shared = std::getenv("PLUMBLINE_SHARED");
  REQUIRE(shared);
  const fs::path folder = fs::path(shared) / "recordings";
  tests::Proof proof;
  std::map<std::string, harness::Manifests> clusters;
  for (const harness::RecordingFile& file : harness::find_recordings(folder)) {
    if (!file.implementation.starts_with("istio-") || file.case_name.starts_with("live-")) continue;
    auto cluster = clusters.find(file.case_name);
    if (cluster == clusters.end())
      cluster = clusters.emplace(file.case_name, harness::read_manifests(tests::read_recorded_cluster(folder / "cases" / (file.case_name + ".yaml")), {})).first;
    if (!cluster->second.cluster.patches.empty()) {
      ++proof.not_modelled[file.case_name + ": an EnvoyFilter"];
      continue;
    }
    const auto dump = harness::read_recording(file);
    REQUIRE(std::holds_alternative<model::ObservedProxy>(dump));
    tests::prove(file.implementation, file.case_name, std::get<model::ObservedProxy>(dump), cluster->second, proof);
  }
  proof.tell(std::cout);
  CHECK(proof.differences.empty());
  CHECK(proof.unplaced.empty());
  CHECK(proof.unnoticed == 0);
  CHECK_FALSE(proof.chains_by_version.empty());
}

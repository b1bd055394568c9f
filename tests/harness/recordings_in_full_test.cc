// The recordings in full, judged against the clusters that they were taken of, give what their compact form gives
// against the scenarios. PLUMBLINE_SHARED names the folder that holds recordings/; run with '[.shared]'.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "harness/manifest_files.h"
#include "harness/manifests.h"
#include "harness/recorded_dumps.h"
#include "tests/harness/recorded_cluster.h"
#include "tests/harness/recorded_suite.h"
#include "tests/model/observed.h"

namespace fs = std::filesystem;

namespace {

fs::path recordings() {
  const char* shared = std::getenv("PLUMBLINE_SHARED");
  if (!shared) FAIL("PLUMBLINE_SHARED names no folder");
  const fs::path folder = fs::path(shared) / "recordings";
  if (!fs::is_directory(folder)) FAIL(folder.string() << " is no folder");
  return folder;
}

// The manifests that a recording was taken of: cases/CASE.yaml, or beside a live one the cluster of its step.
fs::path cluster_of(const fs::path& folder, const harness::RecordingFile& file) {
  if (!file.case_name.starts_with("live-")) return folder / "cases" / (file.case_name + ".yaml");
  const fs::path scenario = file.path.parent_path().parent_path();
  // The live scenario "updates" has a first step of its own.
  const auto update = file.case_name.rfind("-update");
  const bool first = update == std::string::npos || file.case_name.ends_with("-updates");
  return scenario / (first ? "cluster.yaml" : "cluster." + file.case_name.substr(update + 1) + ".yaml");
}

harness::SourceFile read(const fs::path& path) {
  harness::Diagnostics diagnostics;
  auto file = harness::read_manifest_file(path.string(), diagnostics);
  if (!file) FAIL(path.string() << " cannot be read");
  return std::move(*file);
}

// A result without the places, which differ.
std::string text(const reports::Result& result) {
  std::string text = result.workload + ": " + std::string(to_string(result.verdict)) + " " + result.reason + "\n" +
                     std::to_string(result.chains) + " " + std::to_string(result.own_chains) + " " +
                     std::to_string(result.outbound_chains) + "\n";
  for (const reports::Difference& difference : result.differences) {
    model::Difference found = difference.found;
    found.place = {};
    text += tests::told(found) + " @ " + found.listener + "\n";
  }
  for (const std::string& note : result.notes) text += note + "\n";
  return text;
}

}  // namespace

TEST_CASE("every recorded dump in full is judged as its compact form is", "[.shared]") {
  const fs::path folder = recordings();
  std::map<std::string, std::vector<harness::RecordingFile>> in_full;
  for (auto& file : harness::find_recordings(folder)) in_full[file.case_name].push_back(std::move(file));
  auto& suite = tests::recorded_suite().suite;
  std::size_t judged = 0, differing = 0, pointers = 0;
  for (harness::Scenario& scenario : suite.scenarios) {
    CAPTURE(scenario.name);
    harness::Diagnostics diagnostics;
    const auto compact = harness::read_recorded_case(
        read(PLUMBLINE_SOURCE_DIR "/golden/recorded/" + scenario.name + ".json"), diagnostics);
    REQUIRE(compact);
    const auto& files = in_full[scenario.name];
    REQUIRE(files.size() == compact->dumps.size());
    harness::Judge of_scenario(scenario.manifests.cluster, {});
    for (std::size_t i = 0; i < files.size(); ++i) {
      CAPTURE(files[i].path);
      auto manifests = harness::read_manifests(tests::read_recorded_cluster(cluster_of(folder, files[i])), {});
      REQUIRE_FALSE(harness::has(manifests.diagnostics, harness::Severity::Error));
      harness::Judge of_cluster(manifests.cluster, {});

      const auto& node = compact->dumps[i].proxy.node;
      const model::ObjectName workload{node.ns, node.name};
      auto full = harness::read_config_dump(read(files[i].path));
      REQUIRE(std::holds_alternative<model::ObservedProxy>(full));
      // istiod's dump names no node: what it is comes from beside it, as in the compact form.
      auto& proxy = std::get<model::ObservedProxy>(full);
      if (proxy.node.name.empty()) proxy.node = node;

      model::TieLedger one, other;
      const auto by_full = of_cluster.judge({"dump", workload, full}, one, "here");
      const auto by_compact = of_scenario.judge({"dump", workload, compact->dumps[i].proxy}, other, "here");
      CHECK(text(by_full) == text(by_compact));
      ++judged;
      differing += by_full.verdict == reports::Verdict::Differs;
      for (const auto& difference : by_full.differences) pointers += !difference.found.pointer.empty();
    }
  }
  CHECK(judged > 2000);
  CHECK(differing > 60);
  CHECK(pointers > 1000);  // in full a dump tells where a difference stands
}

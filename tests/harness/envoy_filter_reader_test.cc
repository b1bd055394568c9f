#include "harness/envoy_filter_reader.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "harness/manifests.h"

namespace {

harness::Manifests read(const std::string& spec) {
  std::string path = (std::filesystem::temp_directory_path() / "plumbline-XXXXXX").string();
  ::close(::mkstemp(path.data()));
  std::ofstream(path) << "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\n"
                         "metadata: {name: patch, namespace: shop}\nspec:\n"
                      << spec;
  auto manifests = harness::read_manifests({path}, {});
  std::filesystem::remove(path);
  return manifests;
}

// Whether an EnvoyFilter with this one patch can change chains; if it cannot, it is counted.
bool changes_chains(const std::string& patch) {
  const auto manifests = read("  configPatches: [{" + patch + "}]\n");
  REQUIRE(manifests.diagnostics.empty());
  REQUIRE(manifests.cluster.patches.size() + manifests.cluster.skipped.size() == 1);
  if (manifests.cluster.patches.empty())
    REQUIRE(manifests.cluster.skipped.at("EnvoyFilter") == 1);
  return !manifests.cluster.patches.empty();
}

}  // namespace

TEST_CASE("a patch of filters, chains or listeners can change chains") {
  for (const char* where : {"HTTP_FILTER", "NETWORK_FILTER", "FILTER_CHAIN", "LISTENER", "4"})
    for (const char* operation : {"ADD", "REMOVE", "INSERT_BEFORE", "INSERT_AFTER", "INSERT_FIRST",
                                  "REPLACE"}) {
      CAPTURE(where, operation);
      CHECK(changes_chains("applyTo: " + std::string(where) +
                           ", patch: {operation: " + std::string(operation) + "}"));
    }
  CHECK(changes_chains("applyTo: HTTP_FILTER"));
}

TEST_CASE("a patch of anything else changes no chain") {
  for (const char* where : {"ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE", "CLUSTER",
                            "EXTENSION_CONFIG", "BOOTSTRAP", "LISTENER_FILTER", "8", "null"}) {
    CAPTURE(where);
    CHECK_FALSE(changes_chains("applyTo: " + std::string(where) + ", patch: {operation: ADD}"));
  }
}

TEST_CASE("a merge changes a chain only if it brings filters or chains, or renames a filter") {
  const std::string merge = ", patch: {operation: MERGE, value: ";
  CHECK_FALSE(changes_chains("applyTo: NETWORK_FILTER" + merge +
                             "{typed_config: {xff_num_trusted_hops: 2}}}"));
  CHECK(changes_chains("applyTo: NETWORK_FILTER" + merge +
                       "{typed_config: {http_filters: [{name: a}]}}}"));
  CHECK(changes_chains("applyTo: NETWORK_FILTER" + merge +
                       "{typedConfig: {httpFilters: [{name: a}]}}}"));
  CHECK(changes_chains("applyTo: FILTER_CHAIN" + merge + "{filters: [{name: a}]}}"));
  CHECK(changes_chains("applyTo: LISTENER" + merge + "{filter_chains: []}}"));
  CHECK_FALSE(changes_chains("applyTo: LISTENER" + merge + "{per_connection_buffer_limit_bytes: 1}}"));
  const std::string router =
      "applyTo: HTTP_FILTER, match: {listener: {filterChain: {filter: {name: hcm, subFilter: "
      "{name: envoy.filters.http.router}}}}}";
  CHECK_FALSE(changes_chains(router + merge + "{typed_config: {start_child_span: true}}}"));
  CHECK_FALSE(changes_chains(router + merge + "{name: envoy.filters.http.router}}"));
  CHECK(changes_chains(router + merge + "{name: mine}}"));
  CHECK(changes_chains("applyTo: HTTP_FILTER" + merge + "{name: mine}}"));
}

TEST_CASE("one patch among others is enough, and the selector and place are kept") {
  const auto manifests = read(
      "  workloadSelector: {labels: {app: web, tier: front}}\n"
      "  configPatches:\n"
      "  - {applyTo: CLUSTER, patch: {operation: MERGE}}\n"
      "  - {applyTo: HTTP_FILTER, patch: {operation: INSERT_FIRST}}\n");
  REQUIRE(manifests.cluster.patches.size() == 1);
  const auto& patch = manifests.cluster.patches[0];
  CHECK(to_string(patch.id) == "shop/patch");
  CHECK(patch.place == model::Place{0, 1, 1});
  const auto& labels = manifests.cluster.labels;
  REQUIRE(patch.match_labels.size() == 2);
  CHECK(labels.label(patch.match_labels[0]) == model::Label{"app", "web"});
  CHECK(labels.label(patch.match_labels[1]) == model::Label{"tier", "front"});
  CHECK(manifests.cluster.skipped.empty());
}

TEST_CASE("an EnvoyFilter without a selector reaches all of its scope") {
  const auto manifests = read("  configPatches: [{applyTo: HTTP_FILTER}]\n");
  REQUIRE(manifests.cluster.patches.size() == 1);
  CHECK(manifests.cluster.patches[0].match_labels.empty());
}

TEST_CASE("an EnvoyFilter with a field of the wrong type is an error") {
  const auto manifests = read("  configPatches: {}\n  workloadSelector: {labels: {app: 1}}\n");
  REQUIRE(manifests.diagnostics.size() == 2);
  CHECK(manifests.diagnostics[0].problem == "spec.configPatches is an object, not a list");
  CHECK(manifests.diagnostics[0].where.line == 5);
  CHECK(manifests.diagnostics[1].problem ==
        "spec.workloadSelector.labels.app is a number, not a string");
  CHECK(manifests.cluster.patches.empty());
  CHECK(manifests.cluster.skipped.empty());
}

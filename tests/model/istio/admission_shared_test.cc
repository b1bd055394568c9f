// The checks of admission against what was recorded: the API's own valid and invalid documents, and every plugin that the timelines of
// recordings/pull apply. Needs the folder that holds manifests/ and recordings/, named by PLUMBLINE_SHARED; run with [.shared].
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "harness/document.h"
#include "harness/manifests.h"
#include "model/istio/admission.h"

namespace fs = std::filesystem;
using harness::Node;
using namespace model::istio;

namespace {

fs::path shared() {
  const char* const folder = std::getenv("PLUMBLINE_SHARED");
  REQUIRE(folder);
  return folder;
}

harness::SourceFile read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {path.string(), std::string((std::istreambuf_iterator<char>(in)), {})};
}

template <class Take>
void for_each_document(const harness::SourceFile& file, Take take) {
  harness::Diagnostics diagnostics;
  harness::read_documents(file, {}, [&](const harness::Document& document) { take(*document.root); }, diagnostics);
}

std::string text(const Node* parent, std::string_view key) {
  const Node* node = parent->find(key);
  return node ? std::string(node->text) : std::string();
}

// Each document as a manifest of its own: the names in them repeat.
Extension extension_of(const std::string& spec) {
  const harness::SourceFile file("p.json", "{\"apiVersion\": \"extensions.istio.io/v1alpha1\", \"kind\": \"WasmPlugin\", "
                                           "\"metadata\": {\"name\": \"p\"}, \"spec\": " + spec + "}");
  const harness::Manifests manifests = harness::read_manifests(file, {});
  REQUIRE(manifests.mesh.extensions.size() == 1);
  return manifests.mesh.extensions.front();
}

std::string denied_by(const Regime& regime, const Extension& extension) {
  const auto found = denial(regime, {}, extension);
  return found ? std::string(found->rule) : "";
}

}  // namespace

TEST_CASE("the API's own examples are admitted and denied by the rules they stand for", "[.shared]") {
  const Regime& regime = *find_regime({1, 30, 0});
  std::vector<std::string> valid;
  for_each_document(read_file(shared() / "manifests/istio__api/wasm-valid.yaml"), [&](const Node& root) {
    valid.push_back(denied_by(regime, extension_of(harness::json_text(*root.find("spec")))));
  });
  CHECK(valid == std::vector<std::string>(4));

  // The file's own word for each, and the rule.
  const std::map<std::string, std::string> kRules{
      {"spec.match[0].ports[0].number: Required value", "ADM-URL-SET"},  // and it has no url
      {"spec.url in body should be at least", "ADM-URL-SET"},
      {"url must have schema one of", "ADM-URL-B"},
      {"spec.sha256 in body should match", "ADM-SHA256"},
      {"spec.imagePullSecret in body should be at least 1 chars long", "ADM-LENGTHS"},
      {"spec.pluginName in body should be at least 1 chars long", "ADM-LENGTHS"},
      {"Duplicate value", "ADM-ENV"},
      {"spec.vmConfig.env[0].name in body should be at least", "ADM-ENV"},
      {"value may only be set when valueFrom is INLINE", "ADM-ENV-VALUE"},
      {"spec in body must be of type object: \"null\"", "ADM-TYPES"},
      {"spec.url in body must be of type string: \"null\"", "ADM-TYPES"},
      {"wildcard not allowed in label value match", "ADM-SELECTOR"},
      {"wildcard not allowed in label key match", "ADM-SELECTOR"},
  };
  std::size_t invalid = 0;
  for_each_document(read_file(shared() / "manifests/istio__api/wasm-invalid.yaml"), [&](const Node& root) {
    ++invalid;
    const std::string error = text(&root, "_err");
    CAPTURE(error);
    REQUIRE(kRules.contains(error));
    CHECK(denied_by(regime, extension_of(harness::json_text(*root.find("spec")))) == kRules.at(error));
  });
  CHECK(invalid == 15);
}

TEST_CASE("every plugin of the recorded timelines is admitted, refused and discarded as it was", "[.shared]") {
  const fs::path folder = shared() / "recordings/pull";
  struct Applied {
    Extension extension;
    bool admission;
  };
  std::map<std::string, Applied> applied;  // by timeline and step
  for_each_document(read_file(folder / "timelines.json"), [&](const Node& root) {
    for (const Node& timeline : harness::members(root.find("timelines")))
      for (const Node& step : harness::members(timeline.find("steps")))
        if (text(&step, "do") == "apply")
          applied.emplace(text(&timeline, "id") + " " + text(&step, "step"),
                          Applied{extension_of(harness::json_text(*step.find("spec"))), text(&step, "admission") != "off"});
  });
  for (const char* version : {"1.16.5", "1.24.0", "1.29.1", "1.31-20260827"}) {
    const Regime& regime = *find_regime(parse_version(version).value());
    std::map<std::string, std::size_t> results;
    for_each_document(read_file(folder / ("istio-" + std::string(version) + ".json")), [&](const Node& root) {
      for (const Node& timeline : harness::members(root.find("timelines")))
        for (const Node& step : harness::members(timeline.find("steps"))) {
          const std::string where = text(&timeline, "id") + " " + text(&step, "step");
          const auto found = applied.find(where);
          const std::string result = text(&step, "result");
          if (found == applied.end() || result.empty()) continue;
          const std::string denied = found->second.admission ? denied_by(regime, found->second.extension) : "";
          // The timelines ask the webhook alone, which knows nothing of the schema's least lengths.
          const bool refused = !denied.empty() && denied != "ADM-LENGTHS";
          CAPTURE(version, where, result, denied);
          CHECK(refused == (result == "refused"));
          if (!refused) CHECK(discarded(regime, {}, found->second.extension).has_value() == (result == "not sent"));
          ++results[result];
        }
    });
    INFO(version);
    CHECK(results["refused"] > 20);
    CHECK(results["not sent"] > 0);
    CHECK(results["module"] > 500);
  }
}

TEST_CASE("every published manifest is admitted by 1.29.1 or refused as Istio's own validation had it", "[.shared]") {
  const Regime& regime = *find_regime({1, 29, 1});
  std::size_t refused = 0;
  std::size_t admitted = 0;
  for_each_document(read_file(shared() / "manifests/istio-1.29.1.json"), [&](const Node& root) {
    for (const Node& file : harness::members(root.find("files"))) {
      const std::string name = text(&file, "file");
      const Node* error = file.find("error");
      const bool wanted = error && error->kind == harness::NodeKind::String;
      std::size_t denied = 0;
      for_each_document(read_file(shared() / "manifests" / name), [&](const Node& document) {
        const Node* spec = document.find("spec");
        if (text(&document, "kind") == "WasmPlugin" && spec && !denied_by(regime, extension_of(harness::json_text(*spec))).empty())
          ++denied;
      });
      CAPTURE(name);
      CHECK((denied > 0) == wanted);
      ++(wanted ? refused : admitted);
    }
  });
  CHECK(refused >= 2);
  CHECK(admitted >= 25);
}

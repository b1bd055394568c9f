// Reads the manifests of public repositories and compares each document with what Istio's own
// parser and validation make of it. The files are not ours and stay outside: PLUMBLINE_SHARED names the
// directory that holds manifests/. Run with: PLUMBLINE_SHARED=DIR unit_tests '[.shared]'
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "harness/manifests.h"
#include "harness/public_key.h"
#include "model/module.h"

namespace {

using nlohmann::json;
using model::operator""_clause;
namespace fs = std::filesystem;

// Where the API text asks for another answer than Istio gives. Each must still be needed.
struct Exception {
  std::string file;
  std::size_t document;     // from 0
  model::ClauseId clause;   // Istio refuses the document; this clause says that we may not
};

const std::vector<Exception> kExceptions{
    // Without a url: whether such a plugin is accepted is open.
    {"istio__api/wasm-invalid.yaml", 1, "URL-6"_clause},
    {"istio__api/wasm-invalid.yaml", 11, "URL-6"_clause},
    {"istio__api/wasm-invalid.yaml", 12, "URL-6"_clause},
    {"istio__api/wasm-invalid.yaml", 2, "URL-7"_clause},  // no image reference: open
    {"istio__api/wasm-invalid.yaml", 4, "SHA-4"_clause},  // sha256 foo: open
    // '*' in a selector: a label equals it or not, the text knows no wildcard to refuse.
    {"istio__api/wasm-invalid.yaml", 13, "SEL-1"_clause},
    {"istio__api/wasm-invalid.yaml", 14, "SEL-1"_clause},
};

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string text_at(const harness::Node* root, std::string_view key) {
  const harness::Node* node = root->find(key);
  return node ? std::string(node->text) : std::string();
}

// One WasmPlugin document, read by itself.
struct Answer {
  model::Cluster cluster;
  harness::Diagnostics diagnostics;

  bool refused() const { return !cluster.refused.empty(); }
};

std::vector<Answer> read(const fs::path& path, harness::Validate validate) {
  std::vector<Answer> answers;
  const harness::SourceFile file(path.filename(), bytes_of(path));
  harness::ManifestOptions options;
  options.validate = validate;
  harness::Diagnostics diagnostics;
  harness::read_documents(
      file, {},
      [&](const harness::Document& document) {
        if (text_at(document.root, "kind") != "WasmPlugin") return;
        if (text_at(document.root, "apiVersion") != "extensions.istio.io/v1alpha1") return;
        Answer& answer = answers.emplace_back();
        answer.cluster.files.push_back(file.name());
        harness::ManifestContext context{answer.cluster, options, answer.diagnostics};
        read_wasm_plugin(document, context);
      },
      diagnostics);
  CHECK(diagnostics.empty());
  return answers;
}

// The fields, named and spelled as in the record.
json fields_of(const Answer& answer) {
  const model::WasmPlugin& plugin = answer.cluster.plugins.at(0);
  json selector;
  if (plugin.selector) {
    selector = {{"matchLabels", json::object()}};
    for (const auto id : plugin.selector->match_labels) {
      const auto label = answer.cluster.labels.label(id);
      selector["matchLabels"][std::string(label.key)] = label.value;
    }
  }
  // Istio hands an empty configuration to the plugin as none (CFG-3).
  const bool configured = plugin.plugin_config && plugin.plugin_config != "{}";
  json fields{
      {"name", plugin.id.name},
      {"namespace", plugin.namespace_given ? plugin.id.ns : ""},
      {"phase", to_string(plugin.effective_phase())},
      {"selector", selector},
      {"url", plugin.url},
      {"sha256", plugin.sha256},
      {"imagePullPolicy",
       to_string(plugin.pull_policy.value_or(model::PullPolicy::Unspecified))},
      {"imagePullSecret", plugin.image_pull_secret},
      {"verificationKey", plugin.verification_key},
      {"pluginName", plugin.plugin_name},
      {"pluginConfigText", configured ? json(*plugin.plugin_config) : json()},
      {"priority", plugin.priority ? json(*plugin.priority) : json()},
  };
  return fields;
}

// The later fields of the record that are set, as the model names them, and whether each bears on
// membership.
json later_fields_of(const json& recorded) {
  json fields = json::object();
  if (!recorded["match"].empty()) fields["match"] = true;
  if (!recorded["targetRef"].is_null()) fields["targetRef"] = true;
  if (!recorded["targetRefs"].empty()) fields["targetRefs"] = true;
  if (!recorded["vmConfig"].is_null()) fields["vmConfig"] = false;
  if (recorded["failStrategy"] != "FAIL_CLOSE") fields["failStrategy"] = false;
  if (recorded["type"] != "UNSPECIFIED_PLUGIN_TYPE")
    fields["type"] = recorded["type"] != "HTTP";
  return fields;
}

json later_fields_of(const model::WasmPlugin& plugin) {
  json fields = json::object();
  for (const auto& field : plugin.later) fields[field.name] = field.bears_on_membership;
  return fields;
}

// What the record says of each WasmPlugin document of a file: an error, or the fields.
std::vector<json> recorded_documents(const json& file) {
  std::vector<json> documents;
  if (file.contains("documents")) {
    for (const json& document : file["documents"]) documents.push_back(document);
    return documents;
  }
  REQUIRE(file["error"].is_null());
  for (const json& plugin : file["wasmPlugins"])
    documents.push_back({{"wasmPlugins", json::array({plugin})}});
  return documents;
}

class Comparison {
 public:
  void compare(const std::string& file, std::size_t index, const json& recorded,
               const Answer& answer) {
    CAPTURE(file, index, recorded.value("error", ""));
    if (!recorded.contains("error")) return compare_fields(recorded["wasmPlugins"].at(0), answer);
    if (answer.refused()) return;
    const auto exception = std::ranges::find_if(kExceptions, [&](const Exception& one) {
      return one.file == file && one.document == index;
    });
    REQUIRE(exception != kExceptions.end());
    used_.push_back(&*exception);
    const auto verdict =
        model::resolve_module(answer.cluster.plugins.at(0), harness::is_public_key);
    if (exception->clause != "SEL-1"_clause) CHECK(verdict.left_open == exception->clause);
  }

  void check_that_every_exception_was_needed() const {
    for (const Exception& exception : kExceptions) {
      CAPTURE(exception.file, exception.document, exception.clause->id);
      CHECK(std::ranges::count(used_, &exception) == 1);
    }
  }

 private:
  static void compare_fields(const json& recorded, const Answer& answer) {
    if (answer.refused()) FAIL(answer.cluster.refused.front().reason);
    const json fields = fields_of(answer);
    json wanted;
    for (const auto& [name, value] : fields.items()) wanted[name] = recorded.at(name);
    CHECK(fields == wanted);
    CHECK(later_fields_of(answer.cluster.plugins.at(0)) == later_fields_of(recorded));
  }

  std::vector<const Exception*> used_;
};

}  // namespace

TEST_CASE("real manifests are read as Istio reads them", "[.shared]") {
  const char* const shared = std::getenv("PLUMBLINE_SHARED");
  if (!shared) FAIL("set PLUMBLINE_SHARED to the directory that holds manifests/");
  const fs::path root = fs::path(shared) / "manifests";
  const json record = json::parse(bytes_of(root / "istio-1.29.1.json"));

  Comparison comparison;
  std::size_t files = 0;
  std::size_t documents = 0;
  for (const json& file : record["files"]) {
    const std::string name = file["file"];
    CAPTURE(name);
    const auto answers = read(root / name, harness::Validate::Warn);
    const auto recorded = recorded_documents(file);
    REQUIRE(answers.size() == recorded.size());
    for (std::size_t i = 0; i < answers.size(); ++i)
      comparison.compare(name, i, recorded[i], answers[i]);
    ++files;
    documents += answers.size();
  }
  comparison.check_that_every_exception_was_needed();
  CHECK(files == 32);
  CHECK(documents == 44);  // 15 of them in the API's file of invalid ones
}

TEST_CASE("of the real manifests one has a field that a parser drops", "[.shared]") {
  const char* const shared = std::getenv("PLUMBLINE_SHARED");
  if (!shared) FAIL("set PLUMBLINE_SHARED to the directory that holds manifests/");
  const fs::path root = fs::path(shared) / "manifests";
  const json record = json::parse(bytes_of(root / "istio-1.29.1.json"));
  std::vector<std::string> told;
  for (const json& file : record["files"])
    for (const Answer& answer : read(root / std::string(file["file"]), harness::Validate::Warn))
      for (const auto& diagnostic : answer.diagnostics)
        if (diagnostic.problem.find("'_err'") == std::string::npos)  // a remark of its tests
          told.push_back(diagnostic.problem);
  CHECK(told == std::vector<std::string>{
                    "unknown field 'spec.selector.labels', which is dropped without a word"});
}

// What Kubernetes makes of 420 YAML texts (yaml_vectors.json, recorded from sigs.k8s.io/yaml, k8s.io/apimachinery and
// Istio by tools/make-yaml-vectors.py's source), against our reader.
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/document.h"
#include "harness/yaml_document.h"

namespace {

using harness::Diagnostics;
using harness::DuplicateKeys;
using harness::NodeKind;
using harness::Severity;
using harness::SourceFile;
using harness::YamlReader;
using harness::YamlResult;
using Json = nlohmann::json;

std::string from_base64(const std::string& text) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string decoded;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string::npos) break;
    bits = bits << 6 | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    decoded += static_cast<char>(bits >> count & 0xFF);
  }
  return decoded;
}

// See the forms of a text in tools/make-yaml-vectors.py.
std::string text_of(const Json& form) {
  if (form.is_string()) return form.get<std::string>();
  if (form.is_object()) return from_base64(form.at("base64"));
  std::string text;
  for (const Json& run : form) {
    for (int i = 0; i < run[1].get<int>(); ++i) text += run[0].get<std::string>();
  }
  return text;
}

std::vector<Json> vectors() {
  std::ifstream file(PLUMBLINE_SOURCE_DIR "/tests/harness/yaml_vectors.json");
  return Json::parse(file).at("vectors");
}

YamlResult read_first(YamlReader& reader, const std::string& text,
                      DuplicateKeys keys = DuplicateKeys::LastCounts) {
  return reader.read({text, 0, false}, keys);
}

// encoding/json writes "\ufffd" for a byte that is no UTF-8, and the character for the character. Our nodes hold UTF-8
// only, so that the two are one.
std::string with_replacement(std::string json) {
  const std::string escape = "\\ufffd";
  for (auto at = json.find(escape); at != std::string::npos; at = json.find(escape)) {
    json.replace(at, escape.size(), "\xEF\xBF\xBD");
  }
  return json;
}

// Go's message without its "yaml: line 2: ".
std::string without_place(std::string error) {
  for (const std::string prefix : {"error converting YAML to JSON: ", "yaml: ", "json: "}) {
    if (error.starts_with(prefix)) error.erase(0, prefix.size());
  }
  if (error.starts_with("line ")) error.erase(0, error.find(": ") + 2);
  return error;
}

// Our message for an error of Go's. We say the same, save that we do not print Go's values.
std::string expected_problem(const std::string& error) {
  const std::string problem = without_place(error);
  if (problem.starts_with("invalid map key: []")) return "invalid map key: a list";
  if (problem.starts_with("invalid map key: map[")) return "invalid map key: an object";
  if (problem.starts_with("unsupported map key of type: uint64")) {
    return "unsupported map key: a number above 9223372036854775807";
  }
  if (problem.starts_with("unsupported map key of type: %!s(<nil>)")) {
    return "unsupported map key: null";
  }
  return problem;
}

struct Reading {
  std::vector<std::string> documents;
  Diagnostics diagnostics;
};

Reading read_stream(const std::string& text) {
  Reading reading;
  const SourceFile file("vector.yaml", text);
  harness::read_documents(
      file, {},
      [&](const harness::Document& document) {
        reading.documents.push_back(harness::json_text(*document.root));
      },
      reading.diagnostics);
  return reading;
}

}  // namespace

TEST_CASE("every vector is there") {
  std::map<std::string, int> groups;
  for (const Json& vector : vectors()) {
    ++groups[vector.at("group")];
  }
  CHECK(vectors().size() == 420);
  CHECK(groups == std::map<std::string, int>{{"scalar", 125}, {"pluginConfig", 59},
                                             {"collections", 40}, {"keys", 35}, {"stream", 31},
                                             {"plain", 27}, {"tags", 24}, {"block", 22},
                                             {"quoted", 18}, {"anchors", 18}, {"encoding", 18},
                                             {"limits", 3}});
}

TEST_CASE("a YAML text becomes the JSON that Kubernetes makes of it, or the same error") {
  YamlReader reader;
  int judged = 0;
  for (const Json& vector : vectors()) {
    INFO(vector.at("group") << " / " << vector.at("name"));
    const YamlResult result = read_first(reader, text_of(vector.at("yaml")));
    if (vector.contains("unstable")) {
      // Kubernetes gives one or the other at random: both keys are the same in JSON.
      REQUIRE(result.root);
      const std::string key = vector.at("name") == "duplicate key true" ? "true" : "1";
      const std::string text = harness::json_text(*result.root);
      CHECK((text == "{\"" + key + "\":\"a\"}" || text == "{\"" + key + "\":\"b\"}"));
      REQUIRE(result.warnings.size() == 1);
      CHECK(result.warnings[0].problem.starts_with("key \"" + key + "\" is set twice"));
    } else if (vector.contains("error")) {
      CHECK(result.root == nullptr);
      REQUIRE(result.problems.size() == 1);
      CHECK(result.problems[0].problem == expected_problem(vector.at("error")));
    } else {
      REQUIRE(result.root);
      CHECK(result.problems.empty());
      CHECK(harness::json_text(*result.root) == with_replacement(text_of(vector.at("json"))));
    }
    ++judged;
  }
  CHECK(judged == 420);
}

TEST_CASE("a duplicate key is refused where it is asked for, and only there") {
  YamlReader reader;
  int refused = 0;
  for (const Json& vector : vectors()) {
    INFO(vector.at("group") << " / " << vector.at("name"));
    const YamlResult result =
        read_first(reader, text_of(vector.at("yaml")), DuplicateKeys::Refused);
    if (vector.contains("strictError")) {
      CHECK(result.root == nullptr);
      REQUIRE(result.problems.size() == 1);
      const std::string error = vector.at("strictError");
      CHECK("yaml: unmarshal errors:\n  line" + error.substr(error.find(" line") + 5, 4) +
                result.problems[0].problem ==
            error);
      ++refused;
    } else if (vector.contains("unstable")) {
      CHECK(result.root == nullptr);  // Kubernetes lets it pass, at random; we do not
    } else {
      CHECK((result.root == nullptr) == vector.contains("error"));
    }
  }
  CHECK(refused == 7);
}

TEST_CASE("a stream is cut into the documents that Kubernetes reads, up to its first error") {
  int judged = 0;
  for (const Json& vector : vectors()) {
    if (vector.at("group") != "stream") continue;
    INFO(vector.at("name"));
    const Reading reading = read_stream(text_of(vector.at("yaml")));
    std::vector<std::string> expected;
    bool has_error = false;
    for (const Json& document : vector.at("documents")) {
      has_error = document.contains("error");
      // An empty document is passed over, as kubectl does with what it gets from this decoder.
      if (!has_error && document.at("json") != "null") expected.push_back(document.at("json"));
    }
    REQUIRE(reading.documents.size() >= expected.size());
    CHECK(std::vector(reading.documents.begin(),
                      reading.documents.begin() + static_cast<std::ptrdiff_t>(expected.size())) ==
          expected);
    CHECK(has(reading.diagnostics, Severity::Error) == has_error);
    if (!has_error) CHECK(reading.documents.size() == expected.size());
    ++judged;
  }
  CHECK(judged == 31);
}

TEST_CASE("a pluginConfig becomes the text that Istio configures the plugin with") {
  YamlReader reader;
  int texts = 0;
  for (const Json& vector : vectors()) {
    if (vector.at("group") != "pluginConfig") continue;
    INFO(vector.at("name"));
    const YamlResult result = read_first(reader, text_of(vector.at("yaml")));
    if (vector.contains("pluginConfigText")) {
      REQUIRE(result.root);
      CHECK(result.root->kind == NodeKind::Object);
      CHECK(harness::canonical_json(*result.root) == text_of(vector.at("pluginConfigText")));
      ++texts;
    } else if (vector.contains("pluginConfigError")) {
      // Istio refuses it: it is no YAML for JSON, or no object.
      CHECK((result.root == nullptr || result.root->kind != NodeKind::Object));
    } else {
      // Istio sends none: it is null, or an object without members.
      REQUIRE(result.root);
      CHECK((result.root->kind == NodeKind::Null ||
             harness::canonical_json(*result.root) == "{}"));
    }
  }
  CHECK(texts == 50);
}

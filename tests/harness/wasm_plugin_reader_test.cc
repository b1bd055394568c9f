#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "harness/document.h"
#include "harness/manifests.h"

using harness::ManifestOptions;
using harness::Severity;
using harness::Validate;
using model::Phase;
using model::PullPolicy;

namespace {

struct Read {
  model::Cluster cluster;
  harness::Diagnostics diagnostics;

  const model::WasmPlugin& plugin() const {
    REQUIRE(cluster.refused.empty());
    REQUIRE(cluster.plugins.size() == 1);
    return cluster.plugins.front();
  }
};

Read read(const std::string& text, const ManifestOptions& options = {}) {
  Read read;
  read.cluster.files.push_back("plugin.yaml");
  const harness::SourceFile file("plugin.yaml", text);
  harness::ManifestContext context{read.cluster, options, read.diagnostics};
  harness::read_documents(
      file, {}, [&](const harness::Document& document) { read_wasm_plugin(document, context); },
      read.diagnostics);
  return read;
}

// A document with this spec, each line of which is indented already; the spec begins in line 6.
std::string document(const std::string& spec, const std::string& name = "jwt") {
  return "apiVersion: extensions.istio.io/v1alpha1\n"
         "kind: WasmPlugin\n"
         "metadata: {namespace: shop, name: " +
         name +
         "}\n"
         "\n"
         "spec:\n" +
         spec;
}

Read read_spec(const std::string& spec, const ManifestOptions& options = {}) {
  return read(document(spec), options);
}

// "6:8: reason [clause]" and, if there is one, a hint in a line of its own.
std::string told(const model::Refusal& refusal) {
  std::string text = std::to_string(refusal.place.line) + ":" +
                     std::to_string(refusal.place.column) + ": " + refusal.reason;
  if (refusal.clause) text += " [" + std::string((*refusal.clause)->id) + "]";
  if (!refusal.hint.empty()) text += "\n" + refusal.hint;
  return text;
}

std::string told(const harness::Diagnostic& diagnostic) {
  std::string text = diagnostic.where.file + ":" + std::to_string(diagnostic.where.line) + ":" +
                     std::to_string(diagnostic.where.column) + ": ";
  text += diagnostic.severity == Severity::Error ? "error: " : "warning: ";
  text += diagnostic.problem;
  if (!diagnostic.hint.empty()) text += "\n" + diagnostic.hint;
  return text;
}

std::string all_told(const harness::Diagnostics& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) text += told(diagnostic) + "\n";
  return text;
}

// What is told of a document that is refused, or "accepted".
std::string refusal_of(const Read& read) {
  if (read.cluster.refused.empty()) return "accepted";
  CHECK(read.cluster.plugins.empty());
  REQUIRE(read.cluster.refused.size() == 1);
  return told(read.cluster.refused.front());
}

std::string labels_of(const Read& read) {
  const auto& selector = read.plugin().selector;
  if (!selector) return "none";
  std::string text = "{";
  for (const auto id : selector->match_labels) {
    const auto label = read.cluster.labels.label(id);
    text += std::string(label.key) + "=" + std::string(label.value) + ";";
  }
  return text + "}";
}

}  // namespace

TEST_CASE("every documented field is read with its place", "[GEN-1]") {
  const auto found = read_spec(
      "  selector:\n"
      "    matchLabels: {app: web, tier: front}\n"
      "  url: oci://registry.example.com/jwt:v1\n"
      "  sha256: 1ef0c9a92b0420cf25f7fe5d481b231464bc88f486ca3b9c83ed5cc21d2f6210\n"
      "  imagePullPolicy: Always\n"
      "  imagePullSecret: creds\n"
      "  pluginConfig: {b: [1, true, null], a: 1.50}\n"
      "  pluginName: root\n"
      "  phase: AUTHN\n"
      "  priority: -7\n");
  const auto& plugin = found.plugin();
  CHECK(to_string(plugin.id) == "shop/jwt");
  CHECK(plugin.namespace_given);
  CHECK(labels_of(found) == "{app=web;tier=front;}");
  CHECK(plugin.url == "oci://registry.example.com/jwt:v1");
  CHECK(plugin.sha256 == "1ef0c9a92b0420cf25f7fe5d481b231464bc88f486ca3b9c83ed5cc21d2f6210");
  CHECK(plugin.pull_policy == PullPolicy::Always);
  CHECK(plugin.image_pull_secret == "creds");
  CHECK(plugin.plugin_config == R"({"a":1.5,"b":[1,true,null]})");
  CHECK(plugin.plugin_name == "root");
  CHECK(plugin.phase == Phase::Authn);
  CHECK(plugin.priority == -7);
  CHECK(plugin.later.empty());
  CHECK(plugin.open_spellings.empty());
  CHECK(found.diagnostics.empty());

  CHECK(plugin.place.line == 1);
  CHECK(plugin.name_place == model::Place{0, 3, 35});
  CHECK(plugin.selector->place == model::Place{0, 6, 3});
  CHECK(plugin.url_place == model::Place{0, 8, 8});
  CHECK(plugin.sha256_place == model::Place{0, 9, 11});
  CHECK(plugin.pull_policy_place == model::Place{0, 10, 20});
  CHECK(plugin.phase_place == model::Place{0, 14, 10});
  CHECK(plugin.priority_place == model::Place{0, 15, 13});
}

TEST_CASE("a field that is absent or null is not there", "[GEN-1]") {
  const auto spec = GENERATE(values<std::string>({
      "  {}\n",
      "  null\n",
      "",
      "  selector: null\n  url:\n  sha256: ~\n  imagePullPolicy:\n  imagePullSecret:\n"
      "  verificationKey:\n  pluginConfig:\n  pluginName:\n  phase:\n  priority:\n  match:\n"
      "  targetRef:\n  targetRefs:\n  failStrategy:\n  vmConfig:\n  type:\n",
  }));
  CAPTURE(spec);
  const auto found = read_spec(spec);
  const auto& plugin = found.plugin();
  CHECK_FALSE(plugin.selector);
  CHECK(plugin.url == "");
  CHECK(plugin.sha256 == "");
  CHECK_FALSE(plugin.pull_policy);
  CHECK(plugin.image_pull_secret == "");
  CHECK(plugin.verification_key == "");
  CHECK_FALSE(plugin.plugin_config);
  CHECK(plugin.plugin_name == "");
  CHECK_FALSE(plugin.phase);
  CHECK_FALSE(plugin.priority);
  CHECK(plugin.later.empty());
  CHECK(plugin.url_place.line == 0);
  CHECK(found.diagnostics.empty());
}

TEST_CASE("a plugin without a namespace stands in the default one") {
  ManifestOptions options;
  options.default_namespace = "team";
  const auto metadata = GENERATE(values<std::string>({
      "{name: jwt}", "{name: jwt, namespace: }", "{name: jwt, namespace: ''}"}));
  const auto found = read("kind: WasmPlugin\nmetadata: " + metadata + "\n", options);
  CHECK(to_string(found.plugin().id) == "team/jwt");
  CHECK_FALSE(found.plugin().namespace_given);
}

TEST_CASE("a document without a name is refused") {
  struct Case {
    std::string metadata;
    std::string refusal;
  };
  const auto c = GENERATE(values<Case>({
      {"", "1:1: metadata.name is missing\ngive the plugin a name"},
      {"metadata:\n", "1:1: metadata.name is missing\ngive the plugin a name"},
      {"metadata: {}\n", "2:1: metadata.name is missing\ngive the plugin a name"},
      {"metadata: {name: }\n", "2:1: metadata.name is missing\ngive the plugin a name"},
      {"metadata: {name: ''}\n", "2:1: metadata.name is missing\ngive the plugin a name"},
      {"metadata: {generateName: jwt-}\n", "2:1: metadata.name is missing\ngive the plugin a name"},
      {"metadata: {name: 5}\n",
       "2:18: metadata.name must be a string, not a number\nput it in quotes"},
      {"metadata: {name: [a]}\n", "2:18: metadata.name must be a string, not a list"},
      {"metadata: [a]\n", "2:11: metadata must be an object, not a list"},
      {"metadata: {name: a, namespace: {}}\n",
       "2:32: metadata.namespace must be a string, not an object"},
      {"metadata: {name: a, labels: {version: 1}}\n",
       "2:39: metadata.labels.version must be a string, not a number\nput it in quotes"},
      {"metadata: {name: a, annotations: text}\n",
       "2:34: metadata.annotations must be an object, not a string"},
  }));
  CAPTURE(c.metadata);
  CHECK(refusal_of(read("kind: WasmPlugin\n" + c.metadata)) == c.refusal);
}

TEST_CASE("a value of the wrong type is refused where it stands") {
  struct Case {
    std::string field;
    std::string refusal;
  };
  const auto c = GENERATE(values<Case>({
      {"selector: []", "6:13: spec.selector must be an object, not a list"},
      {"selector: app=web", "6:13: spec.selector must be an object, not a string"},
      {"selector: {matchLabels: []}",
       "6:27: spec.selector.matchLabels must be an object, not a list"},
      {"selector: {matchLabels: {version: 1}}",
       "6:37: spec.selector.matchLabels.version must be a string, not a number\nput it in quotes"},
      {"selector: {matchLabels: {canary: true}}",
       "6:36: spec.selector.matchLabels.canary must be a string, not a boolean\nput it in quotes"},
      {"selector: {matchLabels: {app: null}}",
       "6:33: spec.selector.matchLabels.app must be a string, not null"},
      {"selector: {matchLabels: {app: [web]}}",
       "6:33: spec.selector.matchLabels.app must be a string, not a list"},
      {"url: 5", "6:8: spec.url must be a string, not a number\nput it in quotes"},
      {"url: [a]", "6:8: spec.url must be a string, not a list"},
      {"sha256: 1234", "6:11: spec.sha256 must be a string, not a number\nput it in quotes"},
      {"imagePullSecret: {name: a}", "6:20: spec.imagePullSecret must be a string, not an object"},
      {"imagePullSecret: [a]", "6:20: spec.imagePullSecret must be a string, not a list"},
      {"verificationKey: true",
       "6:20: spec.verificationKey must be a string, not a boolean\nput it in quotes"},
      {"pluginName: 1.5", "6:15: spec.pluginName must be a string, not a number\nput it in quotes"},
      {"pluginConfig: text", "6:17: spec.pluginConfig must be an object, not a string"},
      {"pluginConfig: []", "6:17: spec.pluginConfig must be an object, not a list"},
      {"pluginConfig: 5", "6:17: spec.pluginConfig must be an object, not a number"},
      {"phase: []",
       "6:10: spec.phase must be a name, not a list\n"
       "it is one of UNSPECIFIED_PHASE, AUTHN, AUTHZ and STATS"},
      {"phase: true",
       "6:10: spec.phase must be a name, not a boolean\n"
       "it is one of UNSPECIFIED_PHASE, AUTHN, AUTHZ and STATS"},
      {"imagePullPolicy: {}",
       "6:20: spec.imagePullPolicy must be a name, not an object\n"
       "it is one of UNSPECIFIED_POLICY, IfNotPresent and Always"},
      {"priority: {}", "6:13: spec.priority must be an integer, not an object"},
      {"priority: []", "6:13: spec.priority must be an integer, not a list"},
      {"priority: true", "6:13: spec.priority must be an integer, not a boolean"},
      {"priority: high", "6:13: spec.priority must be an integer, not 'high'"},
      {"priority: 1.5", "6:13: spec.priority must be an integer, not '1.5'"},
      {"priority: ''", "6:13: spec.priority must be an integer, not ''"},
      {"match: {}", "6:10: spec.match must be a list, not an object"},
      {"match: [a]", "6:11: spec.match[0] must be an object, not a string"},
      {"match: [{}, null]", "6:15: spec.match[1] must be an object, not null"},
      {"match: [{ports: 80}]", "6:19: spec.match[0].ports must be a list, not a number"},
      {"match: [{ports: [80]}]", "6:20: spec.match[0].ports[0] must be an object, not a number"},
      {"targetRef: []", "6:14: spec.targetRef must be an object, not a list"},
      {"targetRef: {name: 1}",
       "6:21: spec.targetRef.name must be a string, not a number\nput it in quotes"},
      {"targetRefs: {}", "6:15: spec.targetRefs must be a list, not an object"},
      {"targetRefs: [{kind: []}]", "6:23: spec.targetRefs[0].kind must be a string, not a list"},
      {"failStrategy: []",
       "6:17: spec.failStrategy must be a name, not a list\n"
       "it is one of FAIL_CLOSE, FAIL_OPEN and FAIL_RELOAD"},
      {"vmConfig: []", "6:13: spec.vmConfig must be an object, not a list"},
      {"vmConfig: {env: {}}", "6:19: spec.vmConfig.env must be a list, not an object"},
      {"type: []",
       "6:9: spec.type must be a name, not a list\n"
       "it is one of UNSPECIFIED_PLUGIN_TYPE, HTTP and NETWORK"},
  }));
  CAPTURE(c.field);
  CHECK(refusal_of(read_spec("  " + c.field + "\n")) == c.refusal);
}

TEST_CASE("a spec that is no object is refused") {
  CHECK(refusal_of(read_spec("  - url: a\n")) == "6:3: spec must be an object, not a list");
  CHECK(refusal_of(read_spec("  url\n")) == "6:3: spec must be an object, not a string");
}

TEST_CASE("an enum goes by its names, and by its numbers", "[GEN-2][GEN-3]") {
  struct Case {
    std::string value;
    std::string phase;  // and " (GEN-3)" for an open spelling
  };
  const auto c = GENERATE(values<Case>({
      {"UNSPECIFIED_PHASE", "UNSPECIFIED_PHASE"},
      {"AUTHN", "AUTHN"},
      {"AUTHZ", "AUTHZ"},
      {"STATS", "STATS"},
      {"0", "UNSPECIFIED_PHASE (GEN-3)"},
      {"1", "AUTHN (GEN-3)"},
      {"2", "AUTHZ (GEN-3)"},
      {"3", "STATS (GEN-3)"},
  }));
  CAPTURE(c.value);
  const auto found = read_spec("  phase: " + c.value + "\n");
  const auto& plugin = found.plugin();
  REQUIRE(plugin.phase);
  std::string phase(to_string(*plugin.phase));
  for (const auto& spelling : plugin.open_spellings) {
    phase += " (" + std::string(spelling.clause->id) + ")";
    CHECK(spelling.place == model::Place{0, 6, 10});
  }
  CHECK(phase == c.phase);
}

TEST_CASE("a pull policy goes by its names, and by its numbers", "[GEN-2][GEN-3]") {
  CHECK(read_spec("  imagePullPolicy: 0\n").plugin().pull_policy == PullPolicy::Unspecified);
  CHECK(read_spec("  imagePullPolicy: 1\n").plugin().pull_policy == PullPolicy::IfNotPresent);
  CHECK(read_spec("  imagePullPolicy: 2\n").plugin().pull_policy == PullPolicy::Always);
  CHECK(read_spec("  imagePullPolicy: UNSPECIFIED_POLICY\n").plugin().pull_policy ==
        PullPolicy::Unspecified);
  CHECK(read_spec("  imagePullPolicy: IfNotPresent\n").plugin().pull_policy ==
        PullPolicy::IfNotPresent);
}

TEST_CASE("an enum that is none of the listed names is refused", "[GEN-2]") {
  struct Case {
    std::string field;
    std::string refusal;
  };
  const std::string phases = "it is one of UNSPECIFIED_PHASE, AUTHN, AUTHZ and STATS";
  const auto c = GENERATE_COPY(values<Case>({
      {"phase: AUTHN_Z",
       "6:10: unknown spec.phase 'AUTHN_Z' [GEN-2]\ndid you mean AUTHN? " + phases},
      {"phase: authz", "6:10: unknown spec.phase 'authz' [GEN-2]\ndid you mean AUTHZ? " + phases},
      {"phase: ROUTER", "6:10: unknown spec.phase 'ROUTER' [GEN-2]\n" + phases},
      {"phase: ''", "6:10: unknown spec.phase '' [GEN-2]\n" + phases},
      {"phase: '1'", "6:10: unknown spec.phase '1' [GEN-2]\n" + phases},
      {"phase: 9", "6:10: unknown spec.phase 9 [GEN-2]\n" + phases},
      {"phase: -1", "6:10: unknown spec.phase -1 [GEN-2]\n" + phases},
      {"phase: 1.5", "6:10: unknown spec.phase 1.5 [GEN-2]\n" + phases},
      {"imagePullPolicy: Never",
       "6:20: unknown spec.imagePullPolicy 'Never' [GEN-2]\n"
       "it is one of UNSPECIFIED_POLICY, IfNotPresent and Always"},
      {"failStrategy: FAIL_OPN",
       "6:17: unknown spec.failStrategy 'FAIL_OPN'\n"
       "did you mean FAIL_OPEN? it is one of FAIL_CLOSE, FAIL_OPEN and FAIL_RELOAD"},
      {"type: TCP",
       "6:9: unknown spec.type 'TCP'\nit is one of UNSPECIFIED_PLUGIN_TYPE, HTTP and NETWORK"},
      {"match: [{mode: BOTH}]",
       "6:18: unknown spec.match[0].mode 'BOTH'\n"
       "it is one of UNDEFINED, CLIENT, SERVER and CLIENT_AND_SERVER"},
  }));
  CAPTURE(c.field);
  CHECK(refusal_of(read_spec("  " + c.field + "\n")) == c.refusal);
}

TEST_CASE("a priority is an integer of 64 bits, in any spelling", "[PRI-5][PRI-7]") {
  struct Case {
    std::string text;
    std::int64_t priority;
    bool open;  // PRI-7
  };
  const auto c = GENERATE(values<Case>({
      {"10", 10, false},
      {"0", 0, false},
      {"-0", 0, false},
      {"-5", -5, false},
      {"9223372036854775807", INT64_MAX, false},
      {"-9223372036854775808", INT64_MIN, false},
      {"'10'", 10, true},
      {"'-5'", -5, true},
      {"'1e2'", 100, true},
      {"'1.50E1'", 15, true},
      {"'9223372036854775807'", INT64_MAX, true},
      {"'-9223372036854775808'", INT64_MIN, true},
      {"'0e99999999999999999999'", 0, true},
      {"'100e-2'", 1, true},
      {"'1e18'", 1'000'000'000'000'000'000, true},
  }));
  CAPTURE(c.text);
  const auto found = read_spec("  priority: " + c.text + "\n");
  const auto& plugin = found.plugin();
  CHECK(plugin.priority == c.priority);
  CHECK(plugin.open_spellings.size() == (c.open ? 1 : 0));
  if (c.open) {
    CHECK(plugin.open_spellings.front().clause->id == "PRI-7");
    CHECK(plugin.open_spellings.front().place == model::Place{0, 6, 13});
  }
}

TEST_CASE("a priority with an empty fraction or an exponent is read", "[PRI-7]") {
  CHECK(read_spec("  priority: 1.0\n").plugin().priority == 1);
  CHECK(read_spec("  priority: 1e2\n").plugin().priority == 100);
}

TEST_CASE("a priority outside 64 bits is refused", "[PRI-5]") {
  const auto text = GENERATE(values<std::string>({
      "9223372036854775808", "-9223372036854775809", "99999999999999999999", "1e19", "1e300",
      "'9223372036854775808'", "'-9223372036854775809'", "'1e99999999999999999999'",
      "'99999999999999999999999999999999999999999'"}));
  CAPTURE(text);
  const auto found = read_spec("  priority: " + text + "\n");
  REQUIRE(found.cluster.refused.size() == 1);
  const auto& refusal = found.cluster.refused.front();
  REQUIRE(refusal.clause);
  CHECK((*refusal.clause)->id == "PRI-5");
  CHECK(refusal.hint == "priorities go from -9223372036854775808 to 9223372036854775807");
  CHECK(refusal.place == model::Place{0, 6, 13});
}

TEST_CASE("a text that is no number is no priority") {
  const auto text = GENERATE(values<std::string>({"x", " 10", "10 ", "+10", "010", "1.", ".5", "1e",
                                                  "1e+", "0x10", "1_000", "--1", "1.5", "1e-1",
                                                  "1e-99999999999999999999", "NaN", "Infinity"}));
  CAPTURE(text);
  CHECK(refusal_of(read_spec("  priority: '" + text + "'\n")) ==
        "6:13: spec.priority must be an integer, not '" + text + "'");
}

TEST_CASE("proto names are names of the same fields") {
  const auto found = read_spec(
      "  selector: {match_labels: {app: web}}\n"
      "  image_pull_policy: Always\n"
      "  image_pull_secret: creds\n"
      "  plugin_config: {}\n"
      "  plugin_name: root\n"
      "  target_refs: [{name: a}]\n");
  CHECK(labels_of(found) == "{app=web;}");
  CHECK(found.plugin().pull_policy == PullPolicy::Always);
  CHECK(found.plugin().image_pull_secret == "creds");
  CHECK(found.plugin().plugin_config == "{}");
  CHECK(found.plugin().plugin_name == "root");
  REQUIRE(found.plugin().later.size() == 1);
  CHECK(found.plugin().later.front().name == "targetRefs");
  CHECK(found.diagnostics.empty());
}

TEST_CASE("of two spellings of a field the usual one counts") {
  const auto found = read_spec("  imagePullPolicy: Always\n  image_pull_policy: IfNotPresent\n");
  CHECK(found.plugin().pull_policy == PullPolicy::Always);
  CHECK(all_told(found.diagnostics) ==
        "plugin.yaml:7:3: warning: 'spec.image_pull_policy' is dropped without a word, because "
        "'imagePullPolicy' is given too\nremove one of them\n");
}

TEST_CASE("a selector that picks by nothing is there all the same", "[SEL-7]") {
  const auto selector = GENERATE(values<std::string>(
      {"{}", "{matchLabels: {}}", "{matchLabels: }", "{matchLabels: null}"}));
  CAPTURE(selector);
  CHECK(labels_of(read_spec("  selector: " + selector + "\n")) == "{}");
}

TEST_CASE("a selector may hold empty texts and odd keys", "[SEL-8]") {
  CHECK(labels_of(read_spec("  selector: {matchLabels: {app: '', 'istio*': 'bar*'}}\n")) ==
        "{app=;istio*=bar*;}");
}

TEST_CASE("a later field says what it bears on") {
  struct Case {
    std::string field;
    std::string told;
  };
  const auto c = GENERATE(values<Case>({
      {"match: []", "match"},
      {"match: [{mode: SERVER}]", "match: membership"},
      {"match: [{ports: [{number: 80}, {number: '443'}]}]", "match: membership"},
      {"targetRef: {}", "targetRef: membership, target"},
      {"targetRef: {group: g, kind: Gateway, name: a, namespace: b}",
       "targetRef: membership, target"},
      {"targetRefs: []", "targetRefs"},
      {"targetRefs: [{name: a}]", "targetRefs: membership, target"},
      {"failStrategy: FAIL_OPEN", "failStrategy"},
      {"failStrategy: FAIL_RELOAD", "failStrategy"},
      {"failStrategy: 1", "failStrategy"},
      {"vmConfig: {}", "vmConfig"},
      {"vmConfig: {env: [{name: A}, {name: B, value: b}, {name: C, valueFrom: HOST}]}",
       "vmConfig"},
      {"type: HTTP", "type"},
      {"type: UNSPECIFIED_PLUGIN_TYPE", "type"},
      {"type: NETWORK", "type: membership"},
      {"type: 2", "type: membership"},
      {"type: 77", "type: membership"},
  }));
  CAPTURE(c.field);
  const auto found = read_spec("  " + c.field + "\n");
  const auto& plugin = found.plugin();
  REQUIRE(plugin.later.size() == 1);
  const auto& field = plugin.later.front();
  std::string told = field.name;
  if (field.bears_on_membership) told += ": membership";
  if (field.is_target_reference) told += ", target";
  CHECK(told == c.told);
  CHECK(field.place == model::Place{0, 6, 3});
  CHECK(plugin.open_spellings.empty());
  CHECK(found.diagnostics.empty());
}

TEST_CASE("a later field that Istio refuses is refused") {
  struct Case {
    std::string field;
    std::string refusal;
  };
  const auto c = GENERATE(values<Case>({
      {"match: [{ports: [{}]}]",
       "6:20: spec.match[0].ports[0].number must be a port from 1 to 65535"},
      {"match: [{}, {ports: [{number: 80}, {number: 0}]}]",
       "6:47: spec.match[1].ports[1].number must be a port from 1 to 65535"},
      {"match: [{ports: [{number: 65536}]}]",
       "6:29: spec.match[0].ports[0].number must be a port from 1 to 65535"},
      {"match: [{ports: [{number: http}]}]",
       "6:29: spec.match[0].ports[0].number must be a port from 1 to 65535"},
      {"vmConfig: {env: [{name: ''}]}", "6:20: spec.vmConfig.env[0].name is missing"},
      {"vmConfig: {env: [{value: a}]}", "6:20: spec.vmConfig.env[0].name is missing"},
      {"vmConfig: {env: [{name: A}, {name: A}]}",
       "6:31: spec.vmConfig.env[1].name is given twice: 'A'"},
      {"vmConfig: {env: [{name: A, valueFrom: HOST, value: a}]}",
       "6:20: spec.vmConfig.env[0].value may stand only where valueFrom is INLINE"},
      {"vmConfig: {env: [{name: A, valueFrom: OTHER}]}",
       "6:41: unknown spec.vmConfig.env[0].valueFrom 'OTHER'\nit is one of INLINE and HOST"},
      {"vmConfig: {env: [{name: A, value: 1}]}",
       "6:37: spec.vmConfig.env[0].value must be a string, not a number\nput it in quotes"},
  }));
  CAPTURE(c.field);
  CHECK(refusal_of(read_spec("  " + c.field + "\n")) == c.refusal);
}

TEST_CASE("a field that a parser drops in silence is told with its place") {
  struct Case {
    std::string spec;
    std::string warning;
  };
  const auto c = GENERATE(values<Case>({
      {"  prioritiy: 5\n",
       "plugin.yaml:6:3: warning: unknown field 'spec.prioritiy', which is dropped without a word\n"
       "did you mean 'priority'?\n"},
      {"  selector:\n    labels: {app: web}\n",
       "plugin.yaml:7:5: warning: unknown field 'spec.selector.labels', which is dropped without a "
       "word\ndid you mean 'matchLabels'?\n"},
      {"  matchLabels: {app: web}\n",
       "plugin.yaml:6:3: warning: unknown field 'spec.matchLabels', which is dropped without a "
       "word\nit belongs in spec.selector\n"},
      {"  selector: {phase: AUTHN}\n",
       "plugin.yaml:6:14: warning: unknown field 'spec.selector.phase', which is dropped without a "
       "word\nit belongs in spec\n"},
      {"  pluginConf: {}\n",
       "plugin.yaml:6:3: warning: unknown field 'spec.pluginConf', which is dropped without a "
       "word\n"
       "did you mean 'pluginConfig'?\n"},
      {"  vmConfig: {env: [{name: a, from: HOST}]}\n",
       "plugin.yaml:6:30: warning: unknown field 'spec.vmConfig.env[].from', which is dropped "
       "without a word\ndid you mean 'valueFrom'?\n"},
      {"  match: [{colour: red}]\n",
       "plugin.yaml:6:12: warning: unknown field 'spec.match[].colour', which is dropped without a "
       "word\nthe fields of spec.match[] are mode and ports\n"},
      {"  url: a\nselector: {}\n",
       "plugin.yaml:7:1: warning: unknown field 'selector', which is dropped without a word\n"
       "it belongs in spec\n"},
      {"  url: a\n_err: x\n",
       "plugin.yaml:7:1: warning: unknown field '_err', which is dropped without a word\n"
       "the fields of a WasmPlugin are apiVersion, kind, metadata, spec and status\n"},
  }));
  CAPTURE(c.spec);
  const auto found = read_spec(c.spec);
  CHECK(all_told(found.diagnostics) == c.warning);
  CHECK(found.cluster.plugins.size() == 1);

  ManifestOptions ignore;
  ignore.validate = Validate::Ignore;
  CHECK(read_spec(c.spec, ignore).diagnostics.empty());
  CHECK(read_spec(c.spec, ignore).cluster.plugins.size() == 1);
}

TEST_CASE("a field that a parser drops in silence refuses the plugin under strict validation") {
  ManifestOptions strict;
  strict.validate = Validate::Strict;
  const auto found = read_spec("  url: filter:v1\n  prioritiy: 5\n", strict);
  CHECK(all_told(found.diagnostics) ==
        "plugin.yaml:7:3: error: unknown field 'spec.prioritiy', which is dropped without a word\n"
        "did you mean 'priority'?\n");
  CHECK(refusal_of(found) ==
        "7:3: unknown field 'spec.prioritiy', which is dropped without a word\n"
        "did you mean 'priority'?");
  CHECK(refusal_of(read_spec("  url: filter:v1\n  priority: 5\n", strict)) == "accepted");
}

TEST_CASE("every mistake of one document is told, and the first one is the reason") {
  const auto found = read_spec("  prioritiy: 5\n  phase: X\n  url: 5\n  selector: {labels: {}}\n");
  CHECK(found.diagnostics.size() == 2);
  CHECK(refusal_of(found).starts_with("7:10: unknown spec.phase 'X'"));
}

TEST_CASE("what the module's fields are refused for refuses the plugin", "[URL-5][SHA-2][KEY-1]") {
  CHECK(refusal_of(read_spec("  url: ftp://example.com/x.wasm\n")) ==
        "6:8: unsupported scheme 'ftp' in the url [URL-5]\n"
        "schemes are oci, file, http and https; a url without one names an image");
  const std::string a(64, 'a');
  const std::string b(64, 'b');
  CHECK(refusal_of(read_spec("  url: filter@sha256:" + a + "\n  sha256: " + b + "\n")) ==
        "7:11: sha256 differs from the digest in the url [SHA-2]\n"
        "remove sha256, or set it to '" + a + "'");
  CHECK(refusal_of(read_spec("  url: filter:v1\n  verificationKey: cosign.pub\n")) ==
        "7:20: verificationKey is no public key in PEM [KEY-1]\n"
        "it is one block from '-----BEGIN PUBLIC KEY-----' to '-----END PUBLIC KEY-----', with its "
        "line ends (in YAML a block scalar, '|')");
}

TEST_CASE("a public key in a block scalar is accepted", "[KEY-1]") {
  const std::string key =
      "-----BEGIN PUBLIC KEY-----\n"
      "    MCowBQYDK2VwAyEAkRAkp/5rCYuVydcq2xgx/pJdP9/nONFi0/axI/VWST8=\n"
      "    -----END PUBLIC KEY-----\n";
  CHECK(refusal_of(read_spec("  verificationKey: |\n    " + key)) == "accepted");
  CHECK(refusal_of(read_spec("  verificationKey: >\n    " + key)) != "accepted");
}

TEST_CASE("a number too large for a double is no configuration", "[CFG-1]") {
  const auto found = read(
      R"({"kind":"WasmPlugin","metadata":{"name":"jwt"},"spec":{"pluginConfig":{"a":1e999}}})");
  CHECK(found.cluster.plugins.empty());
}

TEST_CASE("of two documents with one name the last one counts, as in kubectl apply") {
  const auto found =
      read(document("  url: filter:v1\n") + "---\n" + document("  url: filter:v2\n"));
  CHECK(found.plugin().url == "filter:v2");
  CHECK(all_told(found.diagnostics) ==
        "plugin.yaml:10:35: warning: shop/jwt is given twice; this one counts\n"
        "the other stands at plugin.yaml:3:35; remove one of them\n");
}

TEST_CASE("a document that is refused leaves the other of its name in force") {
  const std::string good = document("  url: filter:v1\n");
  const std::string bad = document("  phase: X\n");
  const auto last = read(good + "---\n" + bad);
  CHECK(last.plugin().url == "filter:v1");
  CHECK(all_told(last.diagnostics) ==
        "plugin.yaml:13:10: warning: shop/jwt is given twice; this one is refused, and the other "
        "counts: unknown spec.phase 'X'\n"
        "the other stands at plugin.yaml:3:35; remove one of them\n");
  const auto first = read(bad + "---\n" + good);
  CHECK(first.plugin().url == "filter:v1");
  CHECK(all_told(first.diagnostics) ==
        "plugin.yaml:10:35: warning: shop/jwt is given twice; this one counts, the other is "
        "refused: unknown spec.phase 'X'\n"
        "the other is refused at plugin.yaml:6:10; remove one of them\n");
}

TEST_CASE("two refused documents of one name are one refusal") {
  const auto found = read(document("  phase: X\n") + "---\n" + document("  phase: Z\n"));
  CHECK(refusal_of(found).starts_with("13:10: unknown spec.phase 'Z'"));
  CHECK(all_told(found.diagnostics) ==
        "plugin.yaml:13:10: warning: shop/jwt is given twice, and both are refused; the other: "
        "unknown spec.phase 'X'\n"
        "the other is refused at plugin.yaml:6:10; remove one of them\n");
}

TEST_CASE("names are told apart by their namespace") {
  const auto found = read("kind: WasmPlugin\nmetadata: {name: a, namespace: b}\n---\n"
                          "kind: WasmPlugin\nmetadata: {name: b, namespace: a}\n");
  CHECK(found.cluster.plugins.size() == 2);
  CHECK(found.diagnostics.empty());
}

TEST_CASE("what kubectl prints of a live object is read without a word") {
  const auto found = read(
      R"(apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: extensions.istio.io/v1alpha1
  kind: WasmPlugin
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {"apiVersion":"extensions.istio.io/v1alpha1","kind":"WasmPlugin"}
    creationTimestamp: "2024-10-01T16:59:40Z"
    generation: 1
    labels: {team: edge}
    managedFields:
    - apiVersion: extensions.istio.io/v1alpha1
      fieldsType: FieldsV1
      fieldsV1: {"f:spec": {}}
      manager: kubectl
      operation: Update
    name: limit
    namespace: edge
    ownerReferences:
    - {apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, name: front, uid: 0298355b}
    resourceVersion: "11253"
    uid: 36ef1fb7-9eca-46c7-af63-fe783f40148c
  spec:
    phase: STATS
    pluginConfig: {}
    url: oci://registry.example.com/limit:v1
  status: {observedGeneration: "1"}
)");
  CHECK(to_string(found.plugin().id) == "edge/limit");
  CHECK(found.plugin().plugin_config == "{}");
  CHECK(found.diagnostics.empty());
}

TEST_CASE("a template that nobody filled in is read as text", "[URL-7]") {
  CHECK(read_spec("  url: oci://${IMAGE}\n").plugin().url == "oci://${IMAGE}");
  CHECK(refusal_of(read_spec("  url: filter:v1\n  pluginConfig: <yaml configuration>\n")) ==
        "7:17: spec.pluginConfig must be an object, not a string");
  CHECK(read_spec("  pluginConfig: {id: <YOUR ID>}\n").plugin().plugin_config ==
        R"({"id":"\u003cYOUR ID\u003e"})");
}

TEST_CASE("a tab behind a value is no part of it") {
  CHECK(read_spec("  url: filter:v1\t\n  phase: AUTHN\t# first\n").plugin().url == "filter:v1");
}

// Every kind of value in every place of a document: small enough to be total.
TEST_CASE("any value in any place makes a plugin or a refusal with its place") {
  const std::vector<std::string> places{
      R"("metadata":@)",
      R"("metadata":{"name":@})",
      R"("metadata":{"name":"a","namespace":@})",
      R"("metadata":{"name":"a","labels":@})",
      R"("metadata":{"name":"a","annotations":{"b":@}})",
      R"("metadata":{"name":"a","other":@})",
      R"("status":@)",
      R"("spec":@)",
      R"("spec":{"selector":@})",
      R"("spec":{"selector":{"matchLabels":@}})",
      R"("spec":{"selector":{"matchLabels":{"a":@}}})",
      R"("spec":{"url":@})",
      R"("spec":{"sha256":@})",
      R"("spec":{"imagePullPolicy":@})",
      R"("spec":{"imagePullSecret":@})",
      R"("spec":{"verificationKey":@})",
      R"("spec":{"pluginConfig":@})",
      R"("spec":{"pluginConfig":{"a":[@]}})",
      R"("spec":{"pluginName":@})",
      R"("spec":{"phase":@})",
      R"("spec":{"priority":@})",
      R"("spec":{"match":@})",
      R"("spec":{"match":[@]})",
      R"("spec":{"match":[{"mode":@}]})",
      R"("spec":{"match":[{"ports":@}]})",
      R"("spec":{"match":[{"ports":[@]}]})",
      R"("spec":{"match":[{"ports":[{"number":@}]}]})",
      R"("spec":{"targetRef":@})",
      R"("spec":{"targetRef":{"kind":@}})",
      R"("spec":{"targetRefs":@})",
      R"("spec":{"targetRefs":[@]})",
      R"("spec":{"failStrategy":@})",
      R"("spec":{"vmConfig":@})",
      R"("spec":{"vmConfig":{"env":@}})",
      R"("spec":{"vmConfig":{"env":[@]}})",
      R"("spec":{"vmConfig":{"env":[{"name":"A","valueFrom":@}]}})",
      R"("spec":{"type":@})",
      R"("spec":{"other":@})",
  };
  const std::vector<std::string> values{
      "null", "true", "0", "-1", "1.5", "1e300", "99999999999999999999999", R"("")", R"("text")",
      "\"\\u0000\"", R"("://")", "[]", "[null]", "[[1]]", "{}", R"({"":null})", R"({"a":{"b":[]}})"};
  const auto validate = GENERATE(Validate::Warn, Validate::Strict, Validate::Ignore);
  ManifestOptions options;
  options.validate = validate;
  for (const std::string& place : places) {
    for (const std::string& value : values) {
      const std::size_t at = place.find('@');
      const std::string members = place.substr(0, at) + value + place.substr(at + 1);
      const bool named = place.starts_with("\"metadata\"");
      CAPTURE(members);
      const auto found = read(R"({"kind":"WasmPlugin",)" + members +
                                  (named ? "}" : R"(,"metadata":{"name":"a"}})"),
                              options);
      REQUIRE(found.cluster.plugins.size() + found.cluster.refused.size() == 1);
      for (const auto& refusal : found.cluster.refused) {
        CHECK_FALSE(refusal.reason.empty());
        CHECK(refusal.place.line == 1);
      }
      for (const auto& diagnostic : found.diagnostics) CHECK(diagnostic.where.line == 1);
    }
  }
}

#include "model/istio/admission.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "harness/manifests.h"
#include "model/istio/extension_order.h"

using namespace model::istio;

namespace {

const std::vector<std::string> kMinors = [] {
  std::vector<std::string> all;
  for (int minor = 12; minor <= 31; ++minor) all.push_back("1." + std::to_string(minor));
  return all;
}();

// An object of that kind with that spec, in YAML flow style.
harness::Manifests read(const std::string& spec, const std::string& kind = "WasmPlugin") {
  const harness::SourceFile file("p.yaml", "apiVersion: extensions.istio.io/v1alpha1\nkind: " + kind +
                                               "\nmetadata: {name: p, namespace: shop}\nspec: " + spec + "\n");
  return harness::read_manifests(file, {});
}

const Regime& regime(const std::string& version) { return *find_regime(parse_version(version).value()); }

std::string told(const std::optional<Denial>& denial) {
  return denial ? std::string(denial->rule) + " " + denial->reason : std::string("admitted");
}

// What versions say of it, one piece a change: "1.12 admitted; 1.16 ADM-PORTS spec. ...".
std::string over_versions(const std::string& spec, const std::string& kind = "WasmPlugin") {
  const harness::Manifests manifests = read(spec, kind);
  REQUIRE(manifests.mesh.extensions.size() == 1);
  std::string all;
  std::string last;
  for (const std::string& version : kMinors) {
    const std::string now = told(denial(regime(version), manifests.mesh, manifests.mesh.extensions.front()));
    if (now == last) continue;
    all += (all.empty() ? "" : "; ") + version + " " + now;
    last = now;
  }
  return all;
}

std::string discarded_over_versions(const std::string& spec, const std::string& kind = "WasmPlugin") {
  const harness::Manifests manifests = read(spec, kind);
  REQUIRE(manifests.mesh.extensions.size() == 1);
  std::string all;
  std::string last;
  for (const std::string& version : kMinors) {
    const auto reason = discarded(regime(version), manifests.mesh, manifests.mesh.extensions.front());
    CHECK(reason.has_value() == !is_usable(regime(version), manifests.mesh, manifests.mesh.extensions.front()));
    const std::string now = reason ? told(reason) : "used";
    if (now == last) continue;
    all += (all.empty() ? "" : "; ") + version + " " + now;
    last = now;
  }
  return all;
}

struct Row {
  std::string spec;
  std::string told;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.spec);
    CHECK(over_versions(row.spec) == row.told);
  }
}

std::string url(const std::string& text) { return "{url: '" + text + "'}"; }
std::string with(const std::string& field) { return "{url: 'oci://h/a', " + field + "}"; }

const std::string kDigits64(64, 'a');

}  // namespace

TEST_CASE("a url needs one of five schemes, and is read in two ways over the versions", "[istio]") {
  check({
      {url("oci://h/a"), "1.12 admitted"},
      {url("test"), "1.12 admitted"},
      {url("h/a@sha256:00"), "1.12 admitted"},
      {url("OCI://h/a"), "1.12 admitted"},
      {url("file:/x"), "1.12 admitted"},
      {url(""), "1.12 ADM-URL-SET spec.url is empty"},
      {"{}", "1.12 ADM-URL-SET spec.url is not set"},
      {url("ftp://h/a"), "1.12 ADM-URL-A spec.url has the scheme 'ftp', which is none of file, http, https, oci; "
                         "1.23 ADM-URL-B spec.url has the scheme 'ftp', which is none of file, http, https, oci"},
      {url("img:v1"), "1.12 ADM-URL-A spec.url has the scheme 'img', which is none of file, http, https, oci: "
                      "write oci:// in front of an image with a port or a tag; "
                      "1.23 ADM-URL-B spec.url has the scheme 'img', which is none of file, http, https, oci: "
                      "write oci:// in front of an image with a port or a tag"},
      {url("10.0.0.1:5000/a"), "1.12 ADM-URL-A spec.url '10.0.0.1:5000/a' is no URL; 1.23 admitted"},
      {url("oci://a:v1"), "1.12 ADM-URL-A spec.url 'oci://a:v1' is no URL; 1.23 admitted"},
      {url("://x"), "1.12 ADM-URL-A spec.url '://x' is no URL; 1.23 admitted"},
      {url("a b"), "1.12 admitted; 1.20 ADM-URL-B spec.url 'a b' is no URL"},
      {url("a#f"), "1.12 admitted; 1.20 ADM-URL-B spec.url 'a#f' is no URL"},
  });
}

TEST_CASE("a sha256 is 64 lower-case hex digits or empty", "[istio]") {
  check({
      {with("sha256: " + kDigits64), "1.12 admitted"},
      {with("sha256: ''"), "1.12 admitted"},
      {with("sha256: foo"), "1.12 ADM-SHA256 spec.sha256 is not 64 lower-case hex digits"},
      {with("sha256: '" + std::string(64, 'A') + "'"), "1.12 ADM-SHA256 spec.sha256 is not 64 lower-case hex digits"},
      {with("sha256: 'sha256:" + kDigits64 + "'"), "1.12 ADM-SHA256 spec.sha256 is not 64 lower-case hex digits"},
  });
}

TEST_CASE("a selector has no empty key, no wildcard, and short values from 1.23 on", "[istio]") {
  const std::string longer(64, 'x');
  check({
      {with("selector: {}"), "1.12 admitted"},
      {with("selector: {matchLabels: {app: web}}"), "1.12 admitted"},
      {with("selector: {matchLabels: {'': web}}"), "1.12 ADM-SELECTOR spec.selector.matchLabels has an empty key"},
      {with("selector: {matchLabels: {'a*': web}}"),
       "1.12 ADM-SELECTOR spec.selector.matchLabels has the key 'a*': wildcards are not allowed"},
      {with("selector: {matchLabels: {app: 'bar*'}}"),
       "1.12 ADM-SELECTOR spec.selector.matchLabels has the value 'bar*' for app: wildcards are not allowed"},
      {with("selector: {matchLabels: {app: " + longer + "}}"),
       "1.12 admitted; 1.23 ADM-LENGTHS spec.selector.matchLabels[app] has 64 bytes, and may have 63"},
  });
}

TEST_CASE("a field is of its type, and null is of none", "[istio]") {
  check({
      {with("phase: FIRST"), "1.12 ADM-TYPES spec.phase is 'FIRST', none of UNSPECIFIED_PHASE, AUTHN, AUTHZ, STATS"},
      {with("phase: 1"), "1.12 ADM-TYPES spec.phase is a number, not a string"},
      {with("priority: '10'"), "1.12 ADM-TYPES spec.priority is a string, not a number"},
      {with("priority: 1.5"), "1.12 ADM-TYPES spec.priority is 1.5, no whole number of 64 bits"},
      {with("priority: null"), "1.12 admitted"},
      {"{url: null}", "1.12 ADM-TYPES spec.url is null"},
      {with("sha256: null"), "1.12 ADM-TYPES spec.sha256 is null"},
      {with("pluginConfig: text"), "1.12 ADM-TYPES spec.pluginConfig is a string, not an object"},
      {with("selector: {matchLabels: {app: 5}}"),
       "1.12 ADM-TYPES spec.selector.matchLabels[app] is a number, not a string"},
      {with("imagePullPolicy: Never"),
       "1.12 ADM-TYPES spec.imagePullPolicy is 'Never', none of UNSPECIFIED_POLICY, IfNotPresent, Always"},
      // A version that does not know the field drops it before it looks.
      {with("type: UDP"), "1.12 admitted; 1.20 ADM-TYPES spec.type is 'UDP', none of UNSPECIFIED_PLUGIN_TYPE, HTTP, NETWORK"},
      {with("match: [null]"), "1.12 admitted; 1.16 ADM-TYPES spec.match[0] is null, not an object"},
      {with("failStrategy: FAIL_OPEN"), "1.12 admitted"},
      {with("failStrategy: FAIL_RELOAD"),
       "1.12 admitted; 1.19 ADM-TYPES spec.failStrategy is FAIL_RELOAD, which this version does not know; 1.27 admitted"},
      {"null", "1.12 ADM-TYPES spec is null"},
  });
}

TEST_CASE("a priority is of 32 bits from 1.19 on", "[istio]") {
  check({
      {with("priority: -2147483648"), "1.12 admitted"},
      {with("priority: 2147483647"), "1.12 admitted"},
      {with("priority: 2147483648"), "1.12 admitted; 1.19 ADM-PRIORITY spec.priority is 2147483648, beyond 32 bits"},
      {with("priority: -2147483649"), "1.12 admitted; 1.19 ADM-PRIORITY spec.priority is -2147483649, beyond 32 bits"},
  });
}

TEST_CASE("environment variables have names of their own, and values only of their own", "[istio]") {
  check({
      {with("vmConfig: {env: [{name: a}, {name: b, valueFrom: HOST}, {name: c, value: v}]}"), "1.12 admitted"},
      {with("vmConfig: {env: [{name: ''}]}"), "1.12 admitted; 1.14 ADM-ENV spec.vmConfig.env[0].name is empty"},
      {with("vmConfig: {env: [{value: v}]}"), "1.12 admitted; 1.14 ADM-ENV spec.vmConfig.env[0].name is empty"},
      {with("vmConfig: {env: [{name: a}, {name: a}]}"),
       "1.12 admitted; 1.14 ADM-ENV spec.vmConfig.env[1].name is 'a' a second time"},
      {with("vmConfig: {env: [{name: a, valueFrom: HOST, value: v}]}"),
       "1.12 admitted; 1.23 ADM-ENV-VALUE spec.vmConfig.env[0].value is set, although valueFrom is HOST"},
  });
}

TEST_CASE("ports of match are 1 to 65535", "[istio]") {
  check({
      {with("match: [{ports: [{number: 1}, {number: 65535}]}]"), "1.12 admitted"},
      {with("match: [{mode: CLIENT}, {ports: [{number: 80}, {number: 0}]}]"),
       "1.12 admitted; 1.16 ADM-PORTS spec.match[1].ports[1].number is 0, outside of 1 to 65535"},
      {with("match: [{ports: [{number: 65536}]}]"),
       "1.12 admitted; 1.16 ADM-PORTS spec.match[0].ports[0].number is 65536, outside of 1 to 65535"},
      {with("match: [{ports: [{}]}]"), "1.12 admitted; 1.16 ADM-PORTS spec.match[0].ports[0].number is not set"},
      {with("match: [{ports: [{number: 80}, {number: 80}]}]"),
       "1.12 admitted; 1.23 ADM-DUPLICATE-PORTS spec.match[0].ports[1].number is 80 a second time"},
  });
}

TEST_CASE("targets grow in kinds, and exclude a selector", "[istio]") {
  const std::string gateway = "group: gateway.networking.k8s.io, kind: Gateway, name: g";
  const std::string refused_from = "and may be gateway.networking.k8s.io/Gateway";
  check({
      {with("targetRef: {" + gateway + "}"), "1.12 admitted"},
      {with("targetRefs: [{" + gateway + "}]"), "1.12 admitted"},
      {with("selector: {matchLabels: {a: b}}, targetRef: {" + gateway + "}"),
       "1.12 admitted; 1.20 ADM-ONE-TARGET spec.targetRef is one too many: the object has selector and targetRef, and may have one of "
       "them"},
      {with("targetRef: {" + gateway + "}, targetRefs: [{" + gateway + "}]"),
       "1.12 admitted; 1.22 ADM-ONE-TARGET spec.targetRefs is one too many: the object has targetRef and targetRefs, and may have one "
       "of them"},
      {with("targetRef: {group: gateway.networking.k8s.io, kind: Gateway}"),
       "1.12 admitted; 1.20 ADM-TARGET-A spec.targetRef.name is empty; 1.22 ADM-TARGET-B spec.targetRef.name is empty; "
       "1.24 ADM-TARGET-C spec.targetRef.name is empty; 1.25 ADM-TARGET-D spec.targetRef.name is empty"},
      {with("targetRef: {kind: Service, name: s}"),
       "1.12 admitted; 1.20 ADM-TARGET-A spec.targetRef is core/Service, " + refused_from + "; 1.22 admitted"},
      {with("targetRefs: [{group: networking.istio.io, kind: ServiceEntry, name: s}]"),
       "1.12 admitted; 1.22 ADM-TARGET-B spec.targetRefs[0] is networking.istio.io/ServiceEntry, " + refused_from +
           ", core/Service; 1.24 admitted"},
      {with("targetRefs: [{group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint}]"),
       "1.12 admitted; 1.22 ADM-TARGET-B spec.targetRefs[0] is gateway.networking.k8s.io/GatewayClass, " + refused_from +
           ", core/Service; 1.24 ADM-TARGET-C spec.targetRefs[0] is gateway.networking.k8s.io/GatewayClass, " + refused_from +
           ", core/Service, networking.istio.io/ServiceEntry; 1.25 admitted"},
  });
  CHECK(over_versions(with("targetRefs: [{" + gateway + ", namespace: other}]")).starts_with(
      "1.12 admitted; 1.22 ADM-TARGET-B spec.targetRefs[0].namespace is 'other': a target of another namespace cannot be named"));
}

TEST_CASE("texts are neither empty nor too long from 1.23 on", "[istio]") {
  check({
      {with("imagePullSecret: ''"), "1.12 admitted; 1.23 ADM-LENGTHS spec.imagePullSecret is empty"},
      {with("pluginName: ''"), "1.12 admitted; 1.23 ADM-LENGTHS spec.pluginName is empty"},
      {with("imagePullSecret: " + std::string(253, 's')), "1.12 admitted"},
      {with("imagePullSecret: " + std::string(254, 's')),
       "1.12 admitted; 1.23 ADM-LENGTHS spec.imagePullSecret has 254 bytes, and may have 253"},
      {with("pluginName: " + std::string(257, 's')),
       "1.12 admitted; 1.23 ADM-LENGTHS spec.pluginName has 257 bytes, and may have 256"},
  });
}

TEST_CASE("a TrafficExtension is denied only where it is known, and has one filter", "[istio]") {
  CHECK(over_versions("{wasm: {url: 'oci://h/a'}}", "TrafficExtension") == "1.12 admitted");
  CHECK(over_versions("{lua: {inlineCode: 'x'}}", "TrafficExtension") == "1.12 admitted");
  CHECK(over_versions("{phase: AUTHN}", "TrafficExtension") == "1.12 admitted; 1.30 ADM-FILTER spec has neither wasm nor lua");
  CHECK(over_versions("{lua: {}}", "TrafficExtension") == "1.12 admitted; 1.30 ADM-LUA spec.lua.inlineCode is empty");
  CHECK(over_versions("{lua: {inlineCode: " + std::string(65537, 'x') + "}}", "TrafficExtension") ==
        "1.12 admitted; 1.30 ADM-LUA spec.lua.inlineCode has 65537 bytes, and may have 65536");
  CHECK(over_versions("{lua: {inlineCode: x}, wasm: {url: 'oci://h/a'}}", "TrafficExtension") ==
        "1.12 admitted; 1.30 ADM-FILTER spec has both wasm and lua");
  CHECK(over_versions("{wasm: {url: 'ftp://h/a'}}", "TrafficExtension") ==
        "1.12 admitted; 1.30 ADM-URL-B spec.wasm.url has the scheme 'ftp', which is none of file, http, https, oci");
}

TEST_CASE("a denial stands at the field, or at what holds it", "[istio]") {
  const harness::SourceFile file("p.yaml",
                                 "apiVersion: extensions.istio.io/v1alpha1\n"
                                 "kind: WasmPlugin\n"
                                 "metadata: {name: p, namespace: shop}\n"
                                 "spec:\n"
                                 "  url: oci://h/a\n"
                                 "  vmConfig:\n"
                                 "    env:\n"
                                 "    - name: a\n"
                                 "    - name: a\n"
                                 "  match:\n"
                                 "  - ports: [{}]\n");
  harness::Manifests manifests = harness::read_manifests(file, {});
  Extension& one = manifests.mesh.extensions.front();
  CHECK(denial(regime("1.29"), manifests.mesh, one)->place == model::Place{0, 9, 13});
  one.env.clear();
  CHECK(denial(regime("1.29"), manifests.mesh, one)->place == model::Place{0, 11, 13});  // of the port, which has no number
  one.match.clear();
  one.url.clear();
  CHECK(denial(regime("1.29"), manifests.mesh, one)->place == model::Place{0, 5, 8});
}

TEST_CASE("istiod passes in silence over what it cannot use, with a reason here", "[istio]") {
  CHECK(discarded_over_versions(with("phase: AUTHN")) == "1.12 used");
  CHECK(discarded_over_versions(url("10.0.0.1:5000/a")) == "1.12 URL spec.url '10.0.0.1:5000/a' does not parse");
  CHECK(discarded_over_versions(url("img:v1")) == "1.12 used");
  CHECK(discarded_over_versions("{}") == "1.12 used; 1.30 URL spec.url is empty");
  CHECK(discarded_over_versions(with("priority: 4294967296")) == "1.12 used; 1.19 PRI-32 spec.priority is 4294967296, beyond 32 bits");
  CHECK(discarded_over_versions(with("phase: FIRST")) ==
        "1.12 READ spec.phase is 'FIRST', none of UNSPECIFIED_PHASE, AUTHN, AUTHZ, STATS");
  CHECK(discarded_over_versions(with("priority: '10'")) == "1.12 used");
  CHECK(discarded_over_versions(with("type: UDP")) ==
        "1.12 used; 1.20 READ spec.type is 'UDP', none of UNSPECIFIED_PLUGIN_TYPE, HTTP, NETWORK");
  CHECK(discarded_over_versions("{wasm: {url: 'oci://h/a'}}", "TrafficExtension") ==
        "1.12 FIELD-TrafficExtension kind TrafficExtension is not known to this version; 1.30 used");
  CHECK(discarded_over_versions("{lua: {inlineCode: x}}", "TrafficExtension").ends_with("1.30 used"));
  CHECK(discarded_over_versions("{lua: {inlineCode: x}, wasm: {url: 'oci://h/a'}}", "TrafficExtension")
            .ends_with("1.30 READ spec has both wasm and lua"));
  CHECK(discarded_over_versions("{phase: AUTHN}", "TrafficExtension").ends_with("1.30 READ spec has neither wasm nor lua"));
}

TEST_CASE("an object of another revision is not seen", "[istio]") {
  const harness::SourceFile file("p.yaml",
                                 "apiVersion: extensions.istio.io/v1alpha1\n"
                                 "kind: WasmPlugin\n"
                                 "metadata: {name: p, namespace: shop, labels: {istio.io/rev: canary}}\n"
                                 "spec: {url: oci://h/a}\n");
  harness::Manifests manifests = harness::read_manifests(file, {});
  const Extension& one = manifests.mesh.extensions.front();
  CHECK(told(discarded(regime("1.29"), manifests.mesh, one)) ==
        "REV metadata.labels[istio.io/rev] is canary, and this control plane is default");
  manifests.mesh.revision = "canary";
  CHECK_FALSE(discarded(regime("1.29"), manifests.mesh, one));
}

TEST_CASE("an object of a namespace that no discovery selector fits is not seen", "[istio]") {
  harness::Manifests manifests = read(with("phase: AUTHN"));
  const Extension& one = manifests.mesh.extensions.front();
  using Operator = LabelRequirement::Operator;
  const auto seen = [&](LabelSelector selector) {
    manifests.mesh.config.discovery_selectors = {std::move(selector)};
    return told(discarded(regime("1.29"), manifests.mesh, one)) == "admitted";
  };
  manifests.mesh.namespaces["shop"] = {{"team", "a"}};
  CHECK(seen({.match_labels = {{"team", "a"}}, .match_expressions = {}}));
  CHECK_FALSE(seen({.match_labels = {{"team", "b"}}, .match_expressions = {}}));
  CHECK_FALSE(seen({.match_labels = {{"team", "a"}}, .match_expressions = {{"team", Operator::NotIn, {"a", "c"}}}}));
  CHECK(seen({.match_labels = {}, .match_expressions = {{"team", Operator::In, {"a", "c"}}}}));
  CHECK(seen({.match_labels = {}, .match_expressions = {{"other", Operator::NotIn, {"a"}}}}));
  CHECK(seen({.match_labels = {}, .match_expressions = {{"team", Operator::Exists, {}}}}));
  CHECK_FALSE(seen({.match_labels = {}, .match_expressions = {{"team", Operator::DoesNotExist, {}}}}));
  CHECK(seen({.match_labels = {{"kubernetes.io/metadata.name", "shop"}}, .match_expressions = {}}));
  CHECK(told(discarded(regime("1.29"), manifests.mesh, one)) == "admitted");
  manifests.mesh.config.discovery_selectors = {{.match_labels = {{"team", "b"}}, .match_expressions = {}}};
  CHECK(told(discarded(regime("1.29"), manifests.mesh, one)) ==
        "DISCOVERY metadata.namespace is shop, which no discovery selector fits");
}

TEST_CASE("a version's rules of admission are those by which it denies", "[istio]") {
  for (const Regime& one : regimes()) {
    const auto rules = admission_rules(one);
    CHECK_FALSE(rules.empty());
    for (const Rule* rule : rules) CHECK(rule->about == "admission");
  }
}

#include "harness/priority_patch.h"

#include <catch2/catch.hpp>

using namespace harness;

namespace {

PriorityPatch patched(const std::string& text, const std::vector<PriorityChange>& changes, const char* name = "mesh.yaml") {
  const SourceFile file(name, text);
  return priority_patch(file, read_manifests(file, {}), changes, {});
}

std::string document(const std::string& name, const std::string& spec) {
  return "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: " + name + ", namespace: shop}\n" + spec;
}

}  // namespace

TEST_CASE("a priority is added as the first field of a spec, above the comment of the next") {
  const auto patch = patched(document("waf", "spec:  # of the shop\n  # pinned\n  url: oci://example.com/x\n  phase: AUTHN\n"), {{0, 3}});
  CHECK(patch.unpatched.empty());
  CHECK(patch.diff ==
        "--- mesh.yaml\n"
        "+++ mesh.yaml\n"
        "@@ -2,6 +2,7 @@\n"
        " kind: WasmPlugin\n"
        " metadata: {name: waf, namespace: shop}\n"
        " spec:  # of the shop\n"
        "+  priority: 3\n"
        "   # pinned\n"
        "   url: oci://example.com/x\n"
        "   phase: AUTHN\n");
}

TEST_CASE("a priority that is there is replaced, and the comment behind it stays") {
  const auto patch = patched(document("waf", "spec:\n  url: oci://example.com/x\n  priority: 5 # by hand\n"), {{0, -12}});
  CHECK(patch.diff ==
        "--- mesh.yaml\n"
        "+++ mesh.yaml\n"
        "@@ -3,4 +3,4 @@\n"
        " metadata: {name: waf, namespace: shop}\n"
        " spec:\n"
        "   url: oci://example.com/x\n"
        "-  priority: 5 # by hand\n"
        "+  priority: -12 # by hand\n");
}

TEST_CASE("a priority is added within braces, also where a file does not end its last line") {
  const auto patch = patched(document("waf", "spec: {url: oci://example.com/x}"), {{0, 1}});
  CHECK(patch.diff ==
        "--- mesh.yaml\n"
        "+++ mesh.yaml\n"
        "@@ -1,4 +1,4 @@\n"
        " apiVersion: extensions.istio.io/v1alpha1\n"
        " kind: WasmPlugin\n"
        " metadata: {name: waf, namespace: shop}\n"
        "-spec: {url: oci://example.com/x}\n"
        "\\ No newline at end of file\n"
        "+spec: {priority: 1, url: oci://example.com/x}\n"
        "\\ No newline at end of file\n");
}

TEST_CASE("two plugins on one line are both edited") {
  const std::string text =
      "items: [{apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, metadata: {name: a, namespace: s}, spec: {url: x, priority: 1}}, "
      "{apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, metadata: {name: b, namespace: s}, spec: {priority: 1, url: y}}]\n"
      "kind: List\napiVersion: v1\n";
  const auto patch = patched(text, {{0, 100}, {1, 7}});
  CHECK(patch.unpatched.empty());
  CHECK_THAT(patch.diff, Catch::Contains("spec: {url: x, priority: 100}}") && Catch::Contains("spec: {priority: 7, url: y}}"));
}

TEST_CASE("hunks that are far apart count the lines that were added before them") {
  std::string between;
  for (int i = 0; i < 10; ++i) between += "# line\n";
  const auto patch = patched(document("a", "spec:\n  url: oci://example.com/x\n" + between + "---\n") +
                                 document("b", "spec:\n  url: oci://example.com/x\n"),
                             {{0, 2}, {1, 1}});
  CHECK_THAT(patch.diff, Catch::Contains("@@ -2,6 +2,7 @@\n") && Catch::Contains("@@ -18,4 +19,5 @@\n"));
}

TEST_CASE("a manifest that cannot be edited alone is left, with the reason") {
  const std::string shared = document("a", "spec: &same\n  url: oci://example.com/x\n");
  const std::string list =
      "kind: List\napiVersion: v1\nitems:\n"
      "- {apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, metadata: {name: a, namespace: s}, spec: &same {url: x}}\n"
      "- {apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, metadata: {name: b, namespace: s}, spec: *same}\n";
  const auto both = patched(list, {{0, 2}});
  CHECK(both.diff == "");
  REQUIRE(both.unpatched.size() == 1);
  CHECK(both.unpatched[0].reason == "its spec begins within a line");

  const auto anchored = patched(document("a", "spec: {url: x, priority: &p 5}\n"), {{0, 2}});
  REQUIRE(anchored.unpatched.size() == 1);
  CHECK(anchored.unpatched[0].reason == "its text cannot be edited without changing something else");

  const auto json = patched("{\"apiVersion\":\"extensions.istio.io/v1alpha1\",\"kind\":\"WasmPlugin\",\"metadata\":{\"name\":\"a\"},"
                            "\"spec\":{\"url\":\"x\"}}",
                            {{0, 2}});
  REQUIRE(json.unpatched.size() == 1);
  CHECK(json.unpatched[0].reason == "it is JSON");

  const auto piped = patched(shared, {{0, 2}}, "-");
  REQUIRE(piped.unpatched.size() == 1);
  CHECK(piped.unpatched[0].reason == "it was read from standard input");
}

#include "harness/lint.h"

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using harness::lint;
using model::Phase;
using model::PullPolicy;
using model::operator""_clause;

namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

// A cluster made by hand: plugin("shop", "jwt").priority = 1; pod("shop", "web-1", {}).
struct Mesh {
  model::Cluster cluster;

  model::WasmPlugin& plugin(std::string ns, std::string name, std::string url = "team/filter:v1") {
    model::WasmPlugin plugin;
    plugin.id = {std::move(ns), std::move(name)};
    plugin.url = std::move(url);
    const auto line = static_cast<std::uint32_t>(cluster.plugins.size() + 1);
    plugin.place = {0, line, 1};
    plugin.name_place = {0, line, 2};
    return cluster.plugins.emplace_back(std::move(plugin));
  }

  void select(model::WasmPlugin& plugin, const Labels& labels) {
    plugin.selector.emplace().place = {0, plugin.place.line, 3};
    for (const auto& [key, value] : labels)
      plugin.selector->match_labels.push_back(cluster.labels.intern(key, value));
  }

  void pod(const std::string& ns, std::string name, const Labels& labels,
           model::Proxy proxy = model::Proxy::Sidecar) {
    model::Workload workload;
    workload.ns = cluster.namespaces.intern(ns);
    workload.name = std::move(name);
    workload.proxy = proxy;
    std::vector<model::LabelId> ids;
    for (const auto& [key, value] : labels) ids.push_back(cluster.labels.intern(key, value));
    workload.labels = cluster.labels.intern_set(ids);
    cluster.workloads.push_back(std::move(workload));
  }

  // Each finding in lines: "1:2 shop/jwt: problem [clause]" and "  hint".
  std::string told() const {
    std::string text;
    for (const auto& finding : lint(cluster)) {
      text += std::to_string(finding.place.line) + ":" + std::to_string(finding.place.column) +
              " " + to_string(finding.plugin) + ": " + finding.problem;
      if (finding.clause) text += " [" + std::string((*finding.clause)->id) + "]";
      text += "\n  " + finding.hint + "\n";
    }
    return text;
  }
};

std::string told(const std::function<void(model::WasmPlugin&)>& change) {
  Mesh mesh;
  change(mesh.plugin("shop", "jwt"));
  return mesh.told();
}

std::string told_of_url(std::string url) {
  return told([&](model::WasmPlugin& plugin) { plugin.url = std::move(url); });
}

const std::string kSum(64, 'a');

}  // namespace

TEST_CASE("a plugin without a mistake has no findings") {
  Mesh mesh;
  mesh.plugin("shop", "jwt", "oci://registry.example.com:5000/team/filter:v1@sha256:" + kSum);
  auto& log = mesh.plugin("shop", "log", "https://example.com/log.wasm");
  log.sha256 = kSum;
  log.phase = Phase::Stats;
  log.pull_policy = PullPolicy::Unspecified;
  mesh.select(log, {{"app", "web"}});
  mesh.plugin("istio-system", "waf", "team/waf:v1").phase = Phase::Authn;
  mesh.pod("shop", "web-1", {{"app", "web"}});
  CHECK(mesh.told() == "");
}

TEST_CASE("an empty cluster has no findings") { CHECK(lint({}).empty()); }

TEST_CASE("lint tells a url whose acceptance is open", "[URL-6][URL-7][SHA-4]") {
  CHECK(told_of_url("") ==
        "1:2 shop/jwt: no url is given, and nothing says whether the plugin is accepted [URL-6]\n"
        "  write oci://REGISTRY/REPOSITORY:TAG, file:///PATH or https://HOST/PATH\n");
  CHECK(told_of_url("oci://${IMAGE}") ==
        "1:2 shop/jwt: the url is no valid image reference, and nothing says whether the plugin is "
        "accepted [URL-7]\n"
        "  write oci://REGISTRY/REPOSITORY:TAG, file:///PATH or https://HOST/PATH\n");
  CHECK(told([](auto& plugin) {
          plugin.sha256 = "abc";
          plugin.sha256_place = {0, 1, 9};
        }) ==
        "1:9 shop/jwt: sha256 is not 64 lower-case hexadecimal digits, and nothing says whether "
        "the plugin is accepted [SHA-4]\n"
        "  write 64 lower-case hexadecimal digits and nothing else\n");
}

TEST_CASE("lint tells an image reference that Istio takes for another url", "[URL-1][URL-2]") {
  CHECK(told_of_url("registry.example.com:5000/team/filter:v1") ==
        "1:2 shop/jwt: Istio takes 'registry.example.com' for a scheme, and refuses or drops the "
        "plugin [URL-1]\n"
        "  write 'oci://registry.example.com:5000/team/filter:v1'\n");
  CHECK(told_of_url("filter:v1") ==
        "1:2 shop/jwt: Istio takes 'filter' for a scheme, and refuses or drops the plugin [URL-1]\n"
        "  write 'oci://docker.io/library/filter:v1'\n");
  CHECK(told_of_url("oci://filter:v1") ==
        "1:2 shop/jwt: Istio takes 'v1' for a port, and drops the plugin [URL-2]\n"
        "  write 'oci://docker.io/library/filter:v1'\n");
  CHECK(told_of_url("team/filter:v1") == "");
  CHECK(told_of_url("oci://registry.example.com:5000/filter:v1") == "");
  CHECK(told_of_url("oci://[::1]/filter:v1") == "");
}

TEST_CASE("lint tells an image that is not pinned", "[PUL-2][PUL-8]") {
  const std::string hint = "\n  name a version and its digest: REPOSITORY:TAG@sha256:DIGEST\n";
  CHECK(told_of_url("team/filter:latest") ==
        "1:2 shop/jwt: the image is the latest one, so what runs depends on when it is pulled "
        "[PUL-2]" + hint);
  CHECK(told_of_url("team/filter") ==
        "1:2 shop/jwt: the image has neither tag nor digest, so what runs depends on when it is "
        "pulled [PUL-8]" + hint);
  CHECK(told_of_url("team/filter:latest@sha256:" + kSum) == "");
  CHECK(told([](auto& plugin) {
          plugin.url = "team/filter:latest";
          plugin.sha256 = kSum;
        }) == "");
}

TEST_CASE("lint tells a module that comes unchecked over plain http") {
  CHECK(told_of_url("http://example.com/x.wasm") ==
        "1:2 shop/jwt: the module comes over plain http and without a checksum: anyone on the way "
        "can replace it\n  give its sha256, or use https\n");
  CHECK(told_of_url("https://example.com/x.wasm") == "");
}

TEST_CASE("lint tells fields that do nothing", "[SHA-1][PUL-6][PUL-7][SEC-2][KEY-2]") {
  CHECK(told([](auto& plugin) {
          plugin.url = "file:///x.wasm";
          plugin.sha256 = kSum;
        }) ==
        "1:2 shop/jwt: Istio does not check the sha256 of a file in the proxy [SHA-1]\n"
        "  do not rely on it: check the file where the proxy's image is built\n");
  CHECK(told([](auto& plugin) {
          plugin.url = "file:///x.wasm";
          plugin.pull_policy = PullPolicy::Always;
          plugin.pull_policy_place = {0, 1, 20};
        }) ==
        "1:20 shop/jwt: imagePullPolicy does nothing here: the module is a file, not an image "
        "[PUL-7]\n  remove it\n");
  CHECK(told([](auto& plugin) {
          plugin.url = "team/filter@sha256:" + kSum;
          plugin.pull_policy = PullPolicy::IfNotPresent;
        }) ==
        "1:2 shop/jwt: imagePullPolicy does nothing here: the image is named by digest [PUL-6]\n"
        "  remove it\n");
  CHECK(told([](auto& plugin) {
          plugin.url = "https://example.com/x.wasm";
          plugin.image_pull_secret = "creds";
        }) ==
        "1:2 shop/jwt: imagePullSecret does nothing here: the module is a file, not an image "
        "[SEC-2]\n  remove it\n");
  CHECK(told([](auto& plugin) { plugin.pull_policy = PullPolicy::Always; }) == "");
  CHECK(told([](auto& plugin) { plugin.image_pull_secret = "creds"; }) == "");
}

TEST_CASE("lint tells a secret with a namespace before its name", "[SEC-1]") {
  CHECK(told([](auto& plugin) { plugin.image_pull_secret = "vault/creds"; }) ==
        "1:2 shop/jwt: imagePullSecret 'vault/creds' seems to name a namespace, but the Secret is "
        "looked for in shop only [SEC-1]\n"
        "  write 'creds', and keep that Secret in shop\n");
}

TEST_CASE("lint tells that nobody verifies signatures", "[KEY-2]") {
  CHECK(told([](auto& plugin) {
          plugin.verification_key =
              "-----BEGIN PUBLIC KEY-----\n"
              "MCowBQYDK2VwAyEAkRAkp/5rCYuVydcq2xgx/pJdP9/nONFi0/axI/VWST8=\n"
              "-----END PUBLIC KEY-----\n";
          plugin.verification_key_place = {0, 1, 5};
        }) ==
        "1:5 shop/jwt: no implementation is known to verify a signature by verificationKey "
        "[KEY-2]\n"
        "  do not rely on it: name the image by digest, and verify that before it is deployed\n");
}

TEST_CASE("lint tells spellings that a cluster refuses", "[PRI-5][PRI-7][GEN-3]") {
  CHECK(told([](auto& plugin) {
          plugin.priority = 10;
          plugin.open_spellings.push_back({"PRI-7"_clause, {0, 1, 8}});
        }) ==
        "1:8 shop/jwt: the priority is not written as plain digits, which a cluster refuses "
        "[PRI-7]\n  write 10\n");
  CHECK(told([](auto& plugin) { plugin.open_spellings.push_back({"GEN-3"_clause, {0, 1, 8}}); }) ==
        "1:8 shop/jwt: an enum is written as its number, which a cluster refuses [GEN-3]\n"
        "  write its name\n");
  CHECK(told([](auto& plugin) { plugin.priority = 2147483648; }) ==
        "1:2 shop/jwt: priority 2147483648 does not fit into 32 bits: Istio refuses it since 1.19 "
        "[PRI-5]\n  use one from -2147483648 to 2147483647\n");
  CHECK(told([](auto& plugin) { plugin.priority = 2147483647; }) == "");
  CHECK(told([](auto& plugin) { plugin.priority = -2147483648; }) == "");
}

TEST_CASE("lint tells selectors that do not say what they seem to", "[SEL-1][SEL-7][SEL-8]") {
  const auto told_of_selector = [](const Labels& labels) {
    Mesh mesh;
    mesh.select(mesh.plugin("shop", "jwt"), labels);
    return mesh.told();
  };
  CHECK(told_of_selector({}) ==
        "1:3 shop/jwt: the selector names no label: Istio applies the plugin as if there were no "
        "selector [SEL-7]\n  name labels, or remove the selector if every workload is meant\n");
  CHECK(told_of_selector({{"app", "web*"}}) ==
        "1:3 shop/jwt: 'app=web*' matches nothing: a selector has no wildcards [SEL-1]\n"
        "  write the label in full\n");
  CHECK(told_of_selector({{"app", ""}}) ==
        "1:3 shop/jwt: 'app=' wants an empty label, and whether a missing one will do is open "
        "[SEL-8]\n  write the value that is meant\n");
  CHECK(told_of_selector({{"app", "web"}}) == "");  // no workloads: nothing is certain
}

TEST_CASE("lint tells a selector beside a target reference") {
  Mesh mesh;
  auto& plugin = mesh.plugin("shop", "jwt");
  mesh.select(plugin, {{"app", "web"}});
  plugin.later.push_back({"targetRefs", true, true, {0, 1, 30}});
  CHECK(mesh.told() ==
        "1:30 shop/jwt: a selector stands beside targetRefs, which Istio refuses since 1.20\n"
        "  remove one of them\n");
}

TEST_CASE("lint tells a selector that matches nothing, with the nearest workload", "[SEL-1]") {
  Mesh mesh;
  mesh.select(mesh.plugin("shop", "jwt"), {{"app", "web"}, {"tier", "front"}});
  mesh.pod("shop", "db-1", {{"app", "db"}});
  mesh.pod("shop", "web-1", {{"app", "web"}, {"tier", "back"}});
  mesh.pod("pay", "web-1", {{"app", "web"}, {"tier", "side"}});
  CHECK(mesh.told() ==
        "1:3 shop/jwt: the selector matches no workload of the input [SEL-1]\n"
        "  the nearest is shop/web-1, which has tier=back, not tier=front\n");
}

TEST_CASE("lint tells every label that the nearest workload misses", "[SEL-1]") {
  Mesh mesh;
  mesh.select(mesh.plugin("istio-system", "jwt"), {{"app", "web"}, {"tier", "front"}});
  mesh.pod("shop", "db-1", {{"app", "db"}});
  CHECK(mesh.told() ==
        "1:3 istio-system/jwt: the selector matches no workload of the input [SEL-1]\n"
        "  the nearest is shop/db-1, which has app=db, not app=web, and lacks tier=front\n");
}

TEST_CASE("lint tells a selector that matches in another namespace only", "[SEL-5]") {
  Mesh mesh;
  mesh.select(mesh.plugin("default", "jwt"), {{"app", "web"}});
  mesh.pod("shop", "web-1", {{"app", "web"}});
  mesh.pod("default", "db-1", {{"app", "db"}});
  CHECK(mesh.told() ==
        "1:3 default/jwt: the selector matches shop/web-1, but a plugin of default reaches its "
        "namespace only [SEL-5]\n"
        "  put the plugin where the workload is, or into the root namespace\n");
}

TEST_CASE("lint does not count workloads without a proxy or with a waypoint's") {
  Mesh mesh;
  mesh.select(mesh.plugin("shop", "jwt"), {{"app", "web"}});
  mesh.pod("shop", "web-1", {{"app", "db"}}, model::Proxy::None);
  mesh.pod("shop", "way-1", {{"app", "db"}}, model::Proxy::Waypoint);
  CHECK(mesh.told() == "");
}

TEST_CASE("lint tells a tie once, in its largest group", "[PRI-4]") {
  Mesh mesh;
  mesh.plugin("shop", "b").priority = 5;
  auto& a = mesh.plugin("shop", "a");
  a.priority = 5;
  a.priority_place = {0, 2, 9};
  auto& c = mesh.plugin("istio-system", "c");
  c.priority = 5;
  mesh.select(c, {{"app", "web"}});
  mesh.plugin("shop", "d").priority = 6;
  auto& other_phase = mesh.plugin("shop", "e");
  other_phase.priority = 5;
  other_phase.phase = Phase::Authn;
  mesh.pod("shop", "db-1", {{"app", "db"}});
  mesh.pod("shop", "web-1", {{"app", "web"}});
  mesh.pod("shop", "web-2", {{"app", "web"}});
  CHECK(mesh.told() ==
        "3:2 istio-system/c: phase UNSPECIFIED_PHASE and priority 5 are those of shop/a and shop/b "
        "too, on shop/web-1: their order is up to the implementation, and Istio's goes by their "
        "age first [PRI-4]\n  give each its own priority\n");
}

TEST_CASE("lint tells no tie of plugins that meet on no workload", "[PRI-4]") {
  Mesh mesh;
  mesh.select(mesh.plugin("shop", "a"), {{"app", "web"}});
  mesh.select(mesh.plugin("shop", "b"), {{"app", "db"}});
  mesh.pod("shop", "web-1", {{"app", "web"}});
  mesh.pod("shop", "db-1", {{"app", "db"}});
  CHECK(mesh.told() == "");
}

TEST_CASE("lint tells an unset priority beside a negative one", "[PRI-2]") {
  Mesh mesh;
  mesh.plugin("shop", "a");
  mesh.plugin("shop", "b").priority = -1;
  mesh.plugin("shop", "c").priority = 1;
  mesh.pod("shop", "web-1", {});
  mesh.pod("shop", "db-1", {{"app", "db"}});
  CHECK(mesh.told() ==
        "1:2 shop/a: no priority is given, which Istio puts behind priority -1 of shop/b on "
        "shop/web-1 [PRI-2]\n  write the priority: 0 is what the API text promises\n");
}

TEST_CASE("lint tells an unset priority beside zero as a tie, and as what Istio makes of it",
          "[PRI-2][PRI-4]") {
  Mesh mesh;
  mesh.plugin("shop", "a");
  mesh.plugin("shop", "b").priority = 0;
  mesh.pod("shop", "web-1", {});
  CHECK(mesh.told() ==
        "1:2 shop/a: no priority is given, which Istio puts behind priority 0 of shop/b on "
        "shop/web-1 [PRI-2]\n  write the priority: 0 is what the API text promises\n"
        "1:2 shop/a: phase UNSPECIFIED_PHASE and priority 0 are those of shop/b too, on "
        "shop/web-1: their order is up to the implementation, and Istio's goes by their age first "
        "[PRI-4]\n  give each its own priority\n");
}

#include <catch2/catch.hpp>

#include "harness/istiod_settings.h"
#include "harness/manifests.h"

namespace {

std::string istiod(const std::string& revision, const std::string& env, const std::string& more = "") {
  return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod-" + revision +
         ", namespace: istio-system, labels: {app: istiod, istio.io/rev: " + revision +
         "}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: discovery\n          env: [" + env + "]\n" + more;
}

harness::Manifests read(const std::string& text, const std::string& revision = "") {
  harness::ManifestOptions options;
  options.revision = revision;
  return harness::read_manifests(harness::SourceFile("istiod.yaml", text), options);
}

const std::string kNoAlpn = "{name: PILOT_ENABLE_ALPN_FILTER, value: 'false'}";
const std::string kQuic = "{name: PILOT_ENABLE_QUIC_LISTENERS, value: 'true'}";

}  // namespace

TEST_CASE("istiod's settings are read from its Deployment") {
  const auto manifests = read(istiod("default", kNoAlpn + ", {name: PILOT_ENABLE_PERSISTENT_SESSION_FILTER, value: 'true'}"));
  CHECK(manifests.mesh.settings_given);
  CHECK_FALSE(manifests.mesh.features.alpn);
  CHECK(manifests.mesh.features.metadata_exchange);
  REQUIRE(manifests.mesh.unmodelled_flags.size() == 1);
  const auto& flag = manifests.mesh.unmodelled_flags.front();
  CHECK(flag.name == "PILOT_ENABLE_PERSISTENT_SESSION_FILTER");
  CHECK(flag.value == "true");
  CHECK(flag.place.line == 10);
}

TEST_CASE("without a Deployment of istiod its settings are not given") {
  CHECK_FALSE(read("").mesh.settings_given);
  CHECK_FALSE(read("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, namespace: shop, labels: {app: istiod}}\n")
                  .mesh.settings_given);
}

TEST_CASE("a Deployment of istiod without a word of env has its defaults") {
  const auto manifests = read("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, namespace: istio-system, "
                              "labels: {app: istiod}}\n");
  CHECK(manifests.mesh.settings_given);
  CHECK(manifests.mesh.features == model::istio::Features{});
}

TEST_CASE("a setting that comes from elsewhere, and one of another container, is not known") {
  const auto manifests =
      read(istiod("default", "{name: PILOT_ENABLE_ALPN_FILTER, valueFrom: {configMapKeyRef: {name: a, key: b}}}",
                  "        - name: sidecar\n          env: [" + kQuic + "]\n"));
  CHECK(manifests.mesh.features == model::istio::Features{});
}

TEST_CASE("of several istiods the one of the revision counts") {
  const std::string both = istiod("default", kNoAlpn) + istiod("canary", kQuic);
  CHECK_FALSE(read(both).mesh.features.alpn);
  CHECK_FALSE(read(both).mesh.features.quic_listeners);
  CHECK(read(both, "canary").mesh.features.alpn);
  CHECK(read(both, "canary").mesh.features.quic_listeners);
  CHECK_FALSE(read(both, "other").mesh.settings_given);
  CHECK(read(istiod("canary", kQuic)).mesh.features.quic_listeners);
}

TEST_CASE("a later setting takes the place of an earlier one") {
  auto mesh = read(istiod("default", "{name: PILOT_ENABLE_PERSISTENT_SESSION_FILTER, value: 'true'}")).mesh;
  REQUIRE(mesh.unmodelled_flags.size() == 1);
  harness::set_istiod_setting(mesh, "PILOT_ENABLE_PERSISTENT_SESSION_FILTER", "false", {});
  CHECK(mesh.unmodelled_flags.empty());
}

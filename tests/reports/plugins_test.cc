#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <numeric>

#include "reports/plugins_json.h"
#include "reports/plugins_text.h"
#include "tests/reports/mesh.h"

namespace {

struct Written {
  std::string text;
  std::string json;
};

Written written(const model::Cluster& cluster) {
  const model::Expectation expectation(cluster);
  std::vector<model::PluginIndex> all(cluster.plugins.size());
  std::iota(all.begin(), all.end(), 0u);
  const auto reach = model::ExpectedChains(expectation).reach();
  Written result;
  reports::append_plugins_text(result.text, expectation, all, reach, reports::Paint(false));
  reports::append_plugins_json(result.json, expectation, all, reach);
  return result;
}

}  // namespace

TEST_CASE("plugins are a table by namespace and name, and what was refused stands below it") {
  CHECK(written(tests::rich_mesh()).text ==
        R"(NAMESPACE     NAME   PHASE              PRIORITY  WORKLOADS  SELECTOR    PULL          MODULE
istio-system  jwt    AUTHN                    10          5  -           IfNotPresent  oci://registry.example.com/filter:v1
pay           audit  STATS                     -          0  app=books   -             https://example.com/audit.wasm
shop          a      UNSPECIFIED_PHASE         -          4  -           IfNotPresent  oci://registry.example.com/filter:v1
shop          acl    AUTHZ                    -5          2  app=web     IfNotPresent  oci://registry.example.com/filter:v1
shop          b      UNSPECIFIED_PHASE         0          4  -           IfNotPresent  oci://registry.example.com/filter:v1
shop          maybe  UNSPECIFIED_PHASE         -          0  {} (SEL-7)  IfNotPresent  oci://registry.example.com/filter:v1

2 WasmPlugins refused:
  shop/ftp  unsupported scheme 'ftp' in the url (URL-5)  mesh/plugins.yaml:64:3
    schemes are oci, file, http and https; a url without one names an image
  shop/typo  unknown phase 'AUTH' (GEN-2)  mesh/plugins.yaml:75:10
    the phases are AUTHN, AUTHZ, STATS and UNSPECIFIED_PHASE

skipped: 1 ConfigMap, 3 Service
)");
  CHECK(written({}).text == "no WasmPlugin\n");
}

TEST_CASE("the JSON of plugins tells every field as read, and defaults by the API's names") {
  auto cluster = tests::rich_mesh();
  auto& acl = cluster.plugins[1];
  acl.url = "oci://registry.example.com/acl:latest";
  acl.pull_policy = model::PullPolicy::IfNotPresent;
  acl.image_pull_secret = "pull";
  acl.namespace_given = false;
  acl.plugin_name = "root\"id";
  acl.verification_key = "-----BEGIN\n";
  const auto document = nlohmann::json::parse(written(cluster).json);
  REQUIRE(document["plugins"].size() == 6);
  CHECK(document["plugins"][1] == nlohmann::json::parse(R"({
    "namespace": "shop", "namespaceGiven": false, "name": "acl", "phase": "AUTHZ", "priority": -5,
    "selector": {"matchLabels": {"app": "web"}}, "url": "oci://registry.example.com/acl:latest",
    "sha256": "", "imagePullPolicy": "IfNotPresent", "imagePullSecret": "pull",
    "verificationKey": "-----BEGIN\n", "pluginName": "root\"id", "pluginConfig": null,
    "module": {"source": "oci", "reference": "registry.example.com/acl:latest",
               "pullPolicy": "IfNotPresent", "pullPolicyReason": "the policy is given",
               "pullPolicyClause": "PUL-3", "sha256": null, "secret": "shop/pull"},
    "workloads": 2})"));
  CHECK(document["plugins"][3]["pluginConfig"] == nlohmann::json{{"on", true}});
  CHECK(document["plugins"][3]["imagePullPolicy"] == "UNSPECIFIED_POLICY");
  CHECK(document["plugins"][4]["selector"] == nlohmann::json::parse(R"({"matchLabels": {}})"));
  CHECK(document["plugins"][0]["selector"].is_null());
  CHECK(document["refused"][1] == nlohmann::json::parse(R"({
    "file": "mesh/plugins.yaml", "line": 75, "column": 10, "namespace": "shop", "name": "typo",
    "reason": "unknown phase 'AUTH'",
    "hint": "the phases are AUTHN, AUTHZ, STATS and UNSPECIFIED_PHASE", "clause": "GEN-2"})"));
  CHECK(document["skipped"] == nlohmann::json{{"ConfigMap", 1}, {"Service", 3}});
}

TEST_CASE("plugins tell what is open, later or without effect") {
  model::Cluster cluster;
  tests::add_workload(cluster, "shop", "web");
  tests::add_plugin(cluster, "shop", "none").url = "";
  tests::add_plugin(cluster, "shop", "refs").later = {{"targetRefs", true, true, {}}};
  tests::add_plugin(cluster, "shop", "soft").later = {{"failStrategy", false, false, {}}};
  const auto result = written(cluster);
  CHECK(result.text ==
        R"(NAMESPACE  NAME  PHASE              PRIORITY       WORKLOADS  SELECTOR  PULL          MODULE
shop       none  UNSPECIFIED_PHASE         -               0  -         -             no url (URL-6)
shop       refs  UNSPECIFIED_PHASE         -  ? (targetRefs)  -         IfNotPresent  oci://registry.example.com/filter:v1
shop       soft  UNSPECIFIED_PHASE         -               1  -         IfNotPresent  oci://registry.example.com/filter:v1
)");
  const auto document = nlohmann::json::parse(result.json);
  CHECK(document["plugins"][0]["module"].is_null());
  CHECK(document["plugins"][1]["laterFields"] == nlohmann::json{"targetRefs"});
}

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/explanation.h"
#include "reports/explanation_json.h"
#include "reports/explanation_text.h"
#include "tests/reports/mesh.h"

namespace {

std::string explained(const model::Cluster& cluster, std::size_t workload) {
  std::string out;
  reports::append_explanation_text(out, model::Expectation(cluster), workload,
                                   reports::Paint(false));
  return out;
}

}  // namespace

TEST_CASE("explain tells why each plugin is in, open or out, and why the chain stands in this order") {
  const auto cluster = tests::rich_mesh();
  CHECK(explained(cluster, 0) ==
        R"(shop/web-7d9f-b  Pod, sidecar  mesh/pods.yaml:20:1
labels: app=web
root namespace: istio-system (mesh config)

In the chain, in order:
  1  istio-system/jwt  AUTHN, priority 10
     in: it has no selector: it applies to every workload of every namespace (SEL-3)  mesh/plugins.yaml:1:1
     module: oci registry.example.com/filter:v1, pull policy IfNotPresent (PUL-1)
     authn, after istio-system/jwt: PHA-1
  2  shop/acl  AUTHZ, priority -5
     in: its selector matches the labels (SEL-1)  mesh/plugins.yaml:15:3
     after authn: PHA-2
     module: oci registry.example.com/filter:v1, pull policy IfNotPresent (PUL-1)
     authz, after shop/acl: PHA-3
     stats
  3  shop/a  no phase (UNSPECIFIED_PHASE), no priority (0)
     in: it has no selector: it applies to every workload of its own namespace (SEL-2)  mesh/plugins.yaml:30:1
     after stats: PHA-6
     module: oci registry.example.com/filter:v1, pull policy IfNotPresent (PUL-1)
  4  shop/b  no phase (UNSPECIFIED_PHASE), priority 0
     in: it has no selector: it applies to every workload of its own namespace (SEL-2)  mesh/plugins.yaml:20:1
     tied with shop/a: same phase and priority, which comes first is not promised (PRI-3)
     module: oci registry.example.com/filter:v1, pull policy IfNotPresent (PUL-1)
     router, after shop/b: PHA-8

The API text leaves open whether these are in the chain:
  shop/maybe  its selector is there, but names no label (SEL-7)  mesh/plugins.yaml:44:3

Not in the chain:
  pay/audit  it stands in namespace pay, and the workload in shop (SEL-5)  mesh/plugins.yaml:50:1
    to select it: move the plugin to namespace shop, or to the root namespace istio-system; and
    label the workload app=books

Refused, on no workload:
  shop/ftp  unsupported scheme 'ftp' in the url (URL-5)  mesh/plugins.yaml:64:3
  shop/typo  unknown phase 'AUTH' (GEN-2)  mesh/plugins.yaml:75:10

The API text, clause by clause:
  SEL-1   MUST    "If multiple conditions are specified, all conditions need to match in order for
                  the workload instance to be selected."
  SEL-2   MUST    "If omitted, this configuration will be applied to all workload instances in the
                  same namespace."
  SEL-3   MUST    "If the WasmPlugin is present in the config root namespace, it will be applied to
                  all applicable workloads in any namespace."
  SEL-5   MUST    "The scope of label search is restricted to the configuration namespace in which
                  the resource is present."
  SEL-7   INFO    "One or more labels that indicate a specific set of pods/VMs on which a policy
                  should be applied."
  PHA-1   MUST    "Insert plugin before Istio authentication filters."
  PHA-2   MUST    "Insert plugin before Istio authorization filters and after Istio authentication
                  filters."
  PHA-3   MUST    "Insert plugin before Istio authorization filters and after Istio authentication
                  filters."
  PHA-6   SHOULD  "This will generally be at the end of the filter chain, right before the Router."
  PHA-8   MUST    "Determines where in the filter chain this WasmPlugin is to be injected."
  PRI-3   MUST    "If priority is not set, or two WasmPlugins exist with the same value, the
                  ordering will be deterministically derived from name and namespace of the
                  WasmPlugins."
)");
}

TEST_CASE("explain lists the nearest misses before the plugins of other namespaces") {
  const auto cluster = tests::rich_mesh();
  const auto told = reports::explain(model::Expectation(cluster), 2);  // shop/api
  REQUIRE(told.out.size() == 2);
  CHECK(to_string(cluster.plugins[told.out[0].plugin].id) == "shop/acl");
  CHECK(told.out[0].change == "label the workload app=web");
  CHECK(to_string(cluster.plugins[told.out[1].plugin].id) == "pay/audit");
  CHECK_THAT(explained(cluster, 2),
             Catch::StartsWith("shop/api  Pod, taken for a sidecar: nothing says which proxy it has  "
                               "mesh/pods.yaml:30:1\n") &&
                 Catch::Contains("\nchain before EnvoyFilter shop/lua  mesh/pods.yaml:90:1\n"));
}

TEST_CASE("explain of a workload whose chain is not modelled says why, and no more") {
  const auto cluster = tests::rich_mesh();
  CHECK(explained(cluster, 6) == "pay/way  Pod, waypoint\n"
                                 "labels: none\n"
                                 "root namespace: istio-system (mesh config)\n"
                                 "not modelled: a waypoint (SEL-11)\n");
  CHECK(explained(cluster, 4) == "shop/batch  Pod, no proxy: it runs no plugin  mesh/pods.yaml:50:1\n"
                                 "labels: none\n"
                                 "root namespace: istio-system (mesh config)\n");
}

TEST_CASE("the JSON of explain holds every plugin once and every pair with its proof") {
  const auto cluster = tests::rich_mesh();
  std::string out;
  reports::append_explanation_json(out, model::Expectation(cluster), 0);
  const auto document = nlohmann::json::parse(out);
  CHECK(document["kind"] == "Explanation");
  CHECK(document["direction"] == "inbound");
  CHECK(document["workload"]["labels"] == nlohmann::json{{"app", "web"}});
  CHECK(document["plugins"].size() + document["refused"].size() == cluster.plugins.size() + 1);
  CHECK(document["order"][4] ==
        nlohmann::json{{"before", "shop/a"}, {"after", "shop/b"}, {"tied", true},
                       {"clauses", {"PRI-3"}}});
  for (const auto& plugin : document["plugins"])
    CHECK(document["clauses"].contains(plugin["clause"]));
}

#include <catch2/catch.hpp>
#include <string>

#include "harness/manifests.h"
#include "model/istio/unmodelled.h"

using namespace model::istio;

namespace {

// Why the chains of a proxy of shop are not modelled by a version, in a mesh of these documents; "" where they are.
std::string why(const std::string& documents, std::string_view version, model::NodeType type) {
  const auto manifests = harness::read_manifests(harness::SourceFile("mesh.yaml", documents), {});
  ProxyNode proxy;
  proxy.type = type;
  proxy.ns = "shop";
  proxy.name = "one";
  proxy.node_labels["gateway.networking.k8s.io/gateway-name"] = "front";
  const auto found = OpenQuestions(*find_regime(parse_version(version).value()), manifests.mesh).of(proxy);
  return found ? found->reason + " @" + std::to_string(found->place.line) : "";
}

using enum model::NodeType;

}  // namespace

TEST_CASE("an InferencePool keeps gateways of the Gateway API from being modelled from 1.27 on", "[istio]") {
  const std::string pool = R"(
apiVersion: inference.networking.k8s.io/v1
kind: InferencePool
metadata: {name: llm, namespace: shop}
)";
  CHECK(why(pool, "1.27.0", Router) == "InferencePool shop/llm can add a filter that is not modelled @2");
  CHECK(why(pool, "1.26.0", Router).empty());
  CHECK(why(pool, "1.27.0", Sidecar).empty());
}

TEST_CASE("a ServiceEntry that is resolved by dynamic DNS keeps every proxy from being modelled from 1.28 on", "[istio]") {
  const std::string entry = R"(
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: any, namespace: shop}
spec: {hosts: ["*.example.com"], resolution: DYNAMIC_DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
)";
  CHECK(why(entry, "1.28.0", Sidecar) ==
        "ServiceEntry shop/any, of resolution DYNAMIC_DNS, can add a filter that is not modelled @2");
  CHECK(why(entry, "1.27.0", Sidecar).empty());
}

TEST_CASE("a waypoint that passes on the client's identity is not modelled from 1.30 on", "[istio]") {
  const std::string waypoint = R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: way, namespace: shop}
spec:
  template:
    metadata:
      annotations: {ambient.istio.io/xfcc-include-client-identity: "true"}
)";
  CHECK(why(waypoint, "1.30.0", Waypoint) ==
        "Deployment shop/way, annotated with ambient.istio.io/xfcc-include-client-identity, can add a filter that is not "
        "modelled @2");
  CHECK(why(waypoint, "1.29.0", Waypoint).empty());
  CHECK(why(waypoint, "1.30.0", Sidecar).empty());
}

TEST_CASE("metrics that go to Stackdriver have a filter that is not modelled up to 1.22", "[istio]") {
  const std::string telemetry = R"(
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: default, namespace: shop}
spec: {metrics: [{providers: [{name: stackdriver}]}]}
)";
  CHECK(why(telemetry, "1.22.1", Sidecar) ==
        "its metrics go to a provider of Stackdriver, whose filter is not modelled @0");
  CHECK(why(telemetry, "1.23.0", Sidecar).empty());
}

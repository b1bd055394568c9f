#include "harness/istio_fields.h"

#include <catch2/catch.hpp>
#include <string>

#include "harness/manifests.h"

using harness::parse_timestamp;
using model::istio::Timestamp;

TEST_CASE("a creation timestamp is read with its zone", "[istio]") {
  CHECK(parse_timestamp("1970-01-01T00:00:00Z") == Timestamp{0, 0, 0});
  CHECK(parse_timestamp("2024-01-01T00:00:00Z") == Timestamp{1704067200, 0, 0});
  CHECK(parse_timestamp("2024-01-01T02:00:00+02:00") == Timestamp{1704067200, 0, 7200});
  CHECK(parse_timestamp("2024-02-29T23:59:59.25Z") == Timestamp{1709251199, 250000000, 0});
}

TEST_CASE("what is no timestamp is none", "[istio]") {
  for (const char* text : {"", "2024", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01T00:00:00Zx", "yesterday"})
    CHECK_FALSE(parse_timestamp(text));
}

TEST_CASE("of two objects of one kind and name the later counts", "[istio]") {
  const auto plugin = [](const std::string& kind, const std::string& name, const std::string& phase) {
    return "---\napiVersion: extensions.istio.io/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + name +
           ", namespace: shop}\nspec: {url: oci://h/a, phase: " + phase + "}\n";
  };
  const auto service = [](const std::string& api, const std::string& kind, const std::string& port) {
    return "---\napiVersion: " + api + "\nkind: " + kind + "\nmetadata: {name: web, namespace: shop}\nspec: {ports: [{name: p, " + port +
           "}]}\n";
  };
  const harness::SourceFile file(
      "m.yaml", plugin("WasmPlugin", "a", "AUTHN") + plugin("WasmPlugin", "b", "AUTHN") + plugin("TrafficExtension", "a", "STATS") +
                    plugin("WasmPlugin", "a", "AUTHZ") + service("v1", "Service", "port: 1") +
                    service("networking.istio.io/v1", "ServiceEntry", "number: 2") + service("v1", "Service", "port: 3"));
  const model::istio::Mesh mesh = harness::read_manifests(file, {}).mesh;
  REQUIRE(mesh.extensions.size() == 3);
  CHECK(mesh.extensions[0].meta.id.name == "a");
  CHECK(mesh.extensions[0].phase == model::Phase::Authz);
  CHECK(mesh.extensions[1].meta.id.name == "b");
  CHECK(mesh.extensions[2].phase == model::Phase::Stats);
  REQUIRE(mesh.services.size() == 2);
  CHECK(mesh.services[0].ports.front().number == 3);
  CHECK(mesh.services[1].ports.front().number == 2);
}

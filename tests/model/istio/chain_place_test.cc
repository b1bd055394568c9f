#include "model/istio/chain_place.h"

#include <catch2/catch.hpp>

#include <string>

#include "harness/manifests.h"

using namespace model::istio;

namespace {

// A service of one port for the Pods of app web, as text.
std::string service(const std::string& name, const std::string& port, const std::string& labels = "{}") {
  return "---\napiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: shop, labels: " + labels +
         "}\nspec: {clusterIP: 10.1.0.1, selector: {app: web}, ports: [" + port + "]}\n";
}

ProxyNode sidecar() {
  ProxyNode proxy;
  proxy.type = model::NodeType::Sidecar;
  proxy.ns = "shop";
  proxy.node_labels = {{"app", "web"}};
  return proxy;
}

// The place of one chain: "PORTS/NETWORK PORT", or why it has none.
std::string place(const std::string& text, const model::ObservedChain& chain, const std::string& revision = "") {
  const Mesh mesh = harness::read_manifests(harness::SourceFile("m.yaml", text), {.revision = revision}).mesh;
  const auto found = place_chains(*find_regime({1, 29, 0}), mesh, sidecar(), {chain}).front();
  if (const auto* none = std::get_if<Unplaced>(&found)) return none->reason;
  const auto& one = std::get<ChainPlace>(found);
  return std::to_string(one.http_port) + "/" + std::to_string(one.network_port);
}

model::ObservedChain inbound_tcp(std::uint32_t port) {
  model::ObservedChain chain;
  chain.listener = "virtualInbound";
  chain.chain = "0.0.0.0_" + std::to_string(port);
  chain.direction = model::Direction::Inbound;
  chain.protocol = model::ChainProtocol::Tcp;
  chain.destination_port = port;
  return chain;
}

model::ObservedChain outbound_tcp(std::uint32_t port) {
  model::ObservedChain chain;
  chain.listener = "10.1.0.1_" + std::to_string(port);
  chain.direction = model::Direction::Outbound;
  chain.protocol = model::ChainProtocol::Tcp;
  chain.listener_port = port;
  return chain;
}

}  // namespace

TEST_CASE("an inbound TCP chain has the port of the service, an outbound one its own", "[istio]") {
  const std::string db = service("db", "{name: tcp-db, port: 5432, targetPort: 15432}");
  CHECK(place(db, inbound_tcp(15432)) == "15432/5432");
  CHECK(place(db, outbound_tcp(5432)) == "5432/5432");
}

TEST_CASE("ports of mongo, mysql and redis have filters of their own, which are not modelled", "[istio]") {
  const std::string db = service("db", "{name: mongo, port: 27017, targetPort: 27018}");
  CHECK(place(db, inbound_tcp(27018)) == "the filters of mongo, mysql and redis are not modelled (port 27017)");
  CHECK(place(db, outbound_tcp(27017)) == "the filters of mongo, mysql and redis are not modelled (port 27017)");
  CHECK(place(db, inbound_tcp(80)) == "80/80");
}

TEST_CASE("a Service is of every revision, a ServiceEntry only of its own", "[istio]") {
  const std::string label = "{istio.io/rev: canary}";
  CHECK(place(service("db", "{name: tcp, port: 5432, targetPort: 15432}", label), inbound_tcp(15432)) == "15432/5432");
  const std::string entry =
      "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: db, namespace: shop, labels: " + label +
      "}\nspec: {hosts: [db], addresses: [10.1.0.1], workloadSelector: {labels: {app: web}}, "
      "ports: [{number: 5432, targetPort: 15432, name: tcp, protocol: TCP}]}\n";
  CHECK(place(entry, inbound_tcp(15432)) == "15432/15432");
  CHECK(place(entry, inbound_tcp(15432), "canary") == "15432/5432");
}

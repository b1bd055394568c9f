#include "model/istio/proxy_node.h"

#include <catch2/catch.hpp>
#include <string>

#include "harness/manifests.h"
#include "model/istio/unmodelled.h"

using namespace model::istio;

namespace {

constexpr const char* kRegion = "topology.kubernetes.io/region";
constexpr const char* kZone = "topology.kubernetes.io/zone";
constexpr const char* kSubzone = "topology.istio.io/subzone";
constexpr const char* kCluster = "topology.istio.io/cluster";
constexpr const char* kNetwork = "topology.istio.io/network";
constexpr const char* kHost = "kubernetes.io/hostname";

const Regime& minor(std::uint32_t number) { return *find_regime({1, number, 0}); }

std::string value(const LabelPairs& labels, const char* key) {
  const auto found = labels.find(key);
  return found == labels.end() ? "-" : found->second;
}

// A proxy that sent and whose registry knows everything.
ProxyNode proxy() {
  ProxyNode one;
  one.ns = "shop";
  one.node_labels = {{"app", "node"}};
  one.registry_labels = LabelPairs{{"app", "registry"}};
  one.topology.node = Locality{"node-region", "node-zone", ""};
  one.topology.registry = Locality{};
  one.topology.cluster = "c1";
  one.topology.network = "n1";
  one.topology.host = "host-1";
  return one;
}

std::string label(std::uint32_t version, const ProxyNode& one, const char* key) {
  return value(effective_labels(minor(version), one), key);
}

harness::Manifests read(const std::string& text) { return harness::read_manifests(harness::SourceFile("m.yaml", text), {}); }

const model::Workload& workload(const harness::Manifests& manifests, std::string_view name) {
  const model::Workload* found = WorkloadNames(manifests.cluster).find("shop", name);
  REQUIRE(found);
  return *found;
}

const std::string kPlugin =
    "---\n"
    "apiVersion: extensions.istio.io/v1alpha1\n"
    "kind: WasmPlugin\n"
    "metadata: {name: zonal, namespace: shop}\n"
    "spec:\n"
    "  url: oci://h/a\n"
    "  selector: {matchLabels: {app: web, topology.kubernetes.io/zone: a}}\n";

const std::string kPod =
    "---\n"
    "apiVersion: v1\n"
    "kind: Pod\n"
    "metadata: {name: web, namespace: shop, labels: {app: web}}\n"
    "spec: {nodeName: worker, containers: [{name: istio-proxy}]}\n";

const std::string kNode =
    "---\n"
    "apiVersion: v1\n"
    "kind: Node\n"
    "metadata: {name: worker, labels: {topology.kubernetes.io/region: eu, topology.kubernetes.io/zone: a}}\n";

std::string open_question(const std::string& text, std::uint32_t version = 29) {
  const harness::Manifests manifests = read(text);
  const ProxyNode one = proxy_of(manifests.cluster, manifests.mesh, workload(manifests, "web"), {1, version, 0});
  const auto found = OpenQuestions(minor(version), manifests.mesh).of(one);
  return found ? found->reason : "";
}

}  // namespace

// istio-behaviour.md 1.2, LB-A and LB-B.
TEST_CASE("labels are the node's up to 1.15, and the registry's from 1.16 on", "[istio]") {
  ProxyNode one = proxy();
  CHECK(label(15, one, "app") == "node");
  CHECK(label(16, one, "app") == "registry");
  one.node_labels.clear();
  CHECK(label(15, one, "app") == "registry");
  one = proxy();
  one.registry_labels.reset();
  CHECK(label(16, one, "app") == "node");
}

TEST_CASE("a simulated machine has the labels of its node, whatever the registry knows", "[istio]") {
  ProxyNode one = proxy();
  one.node_labels["istio.io/test-vm"] = "yes";
  CHECK(label(16, one, "app") == "node");
  one.node_labels["istio.io/test-vm"] = "";
  CHECK(label(16, one, "app") == "registry");
}

TEST_CASE("static labels stand under the registry's, from 1.16 on, and nowhere else", "[istio]") {
  ProxyNode one = proxy();
  one.static_labels = {{"app", "static"}, {"tier", "static"}};
  CHECK(label(15, one, "tier") == "-");
  CHECK(label(16, one, "tier") == "static");
  CHECK(label(31, one, "app") == "registry");
  one.registry_labels.reset();
  CHECK(label(31, one, "tier") == "-");
}

TEST_CASE("Istio adds labels of cluster, network and locality, and of the host from 1.17 on", "[istio]") {
  ProxyNode one = proxy();
  for (const std::uint32_t version : {12u, 16u, 20u, 31u}) {
    CHECK(label(version, one, kCluster) == "c1");
    CHECK(label(version, one, kNetwork) == "n1");
    CHECK(label(version, one, kRegion) == "node-region");
    CHECK(label(version, one, kZone) == "node-zone");
    CHECK(label(version, one, kSubzone) == "-");
  }
  CHECK(label(16, one, kHost) == "-");
  CHECK(label(17, one, kHost) == "host-1");
  // They overwrite what is there.
  one.registry_labels = LabelPairs{{kCluster, "mine"}, {kHost, "mine"}};
  CHECK(label(29, one, kCluster) == "c1");
  CHECK(label(29, one, kHost) == "host-1");
}

TEST_CASE("a network among the labels loses up to 1.24, and stays from 1.25 on", "[istio]") {
  ProxyNode one = proxy();
  one.registry_labels->emplace(kNetwork, "mine");
  CHECK(label(24, one, kNetwork) == "n1");
  CHECK(label(25, one, kNetwork) == "mine");
  (*one.registry_labels)[kNetwork] = "";
  CHECK(label(25, one, kNetwork) == "n1");
}

TEST_CASE("a zone of one's own loses against the registry's locality in every version", "[istio]") {
  ProxyNode one = proxy();
  one.registry_labels->emplace(kZone, "mine");
  one.topology.registry = Locality{"eu", "a", "rack"};
  one.topology.is_instance = true;
  for (const std::uint32_t version : {16u, 19u, 20u, 31u}) {
    CHECK(label(version, one, kRegion) == "eu");
    CHECK(label(version, one, kZone) == "a");
    CHECK(label(version, one, kSubzone) == "rack");
  }
}

TEST_CASE("where the registry knows no locality, a zone of one's own loses up to 1.19 and wins from 1.20 on", "[istio]") {
  ProxyNode one = proxy();
  one.registry_labels->emplace(kZone, "mine");
  CHECK(label(19, one, kZone) == "node-zone");
  CHECK(label(19, one, kRegion) == "node-region");
  CHECK(label(20, one, kZone) == "mine");
  CHECK(label(20, one, kRegion) == "-");  // and keeps the node's region out
}

TEST_CASE("istio-locality stands before the node's locality from 1.16 on", "[istio]") {
  ProxyNode one = proxy();
  one.node_labels["istio-locality"] = "us.b";
  one.registry_labels->emplace("istio-locality", "us/b/r");
  CHECK(label(15, one, kRegion) == "node-region");
  CHECK(label(16, one, kRegion) == "us");
  CHECK(label(29, one, kSubzone) == "r");
  CHECK(parse_locality("us.b") == Locality{"us", "b", ""});
  CHECK(parse_locality("us.x/b") == Locality{"us.x", "b", ""});
  CHECK(parse_locality("") == Locality{});
}

TEST_CASE("what the input does not tell is untold, and never guessed", "[istio]") {
  ProxyNode one = proxy();
  CHECK(untold_labels(minor(29), one).empty());
  one.topology = {};
  CHECK(untold_labels(minor(29), one).size() == 6);
  CHECK(untold_labels(minor(16), one).size() == 5);  // no host
  one.registry_labels->emplace(kNetwork, "mine");
  CHECK(untold_labels(minor(29), one).size() == 5);
  CHECK(untold_labels(minor(24), one).size() == 6);
  one.topology.registry = Locality{"eu", "a", ""};  // the node's locality is then no question
  CHECK(untold_labels(minor(29), one).size() == 2);
}

TEST_CASE("a Pod runs where its Node says", "[istio]") {
  const harness::Manifests manifests = read(kPod + kNode);
  const ProxyNode one = proxy_of(manifests.cluster, manifests.mesh, workload(manifests, "web"), {1, 29, 0});
  CHECK(label(29, one, kRegion) == "eu");
  CHECK(label(29, one, kZone) == "a");
  CHECK(label(29, one, kHost) == "worker");
  CHECK(one.topology.registry == Locality{"eu", "a", ""});
}

TEST_CASE("an endpoint of a ServiceEntry and a WorkloadEntry run where they say", "[istio]") {
  const harness::Manifests manifests = read(std::string() +
      "apiVersion: networking.istio.io/v1\n"
      "kind: ServiceEntry\n"
      "metadata: {name: db, namespace: shop}\n"
      "spec:\n"
      "  hosts: [db.shop]\n"
      "  endpoints:\n"
      "  - {address: 10.0.0.1, labels: {app: db}}\n"
      "  - {address: 10.0.0.2, labels: {app: db}, locality: eu/b}\n"
      "---\n"
      "apiVersion: networking.istio.io/v1\n"
      "kind: WorkloadEntry\n"
      "metadata: {name: vm, namespace: shop}\n"
      "spec: {address: 10.0.0.3, labels: {app: vm}, locality: us/c/r}\n" +
      kPlugin);
  const auto of = [&](std::string_view name) {
    return proxy_of(manifests.cluster, manifests.mesh, workload(manifests, name), {1, 29, 0}).topology;
  };
  CHECK(of("db[0]").registry == Locality{});
  CHECK(of("db[1]").registry == Locality{"eu", "b", ""});
  CHECK(of("db[1]").is_instance);
  CHECK(of("vm").registry == Locality{"us", "c", "r"});
  CHECK_FALSE(of("vm").is_instance);
}

TEST_CASE("the proxy of a dump runs where its metadata say, and has the labels of its workload", "[istio]") {
  const harness::Manifests manifests = read(kPod);
  model::ObservedNode seen;
  seen.type = model::NodeType::Sidecar;
  seen.id = "sidecar~10.0.0.1~web.shop~shop.svc.cluster.local";
  seen.ns = "shop";
  seen.name = "web";
  seen.version = "1.28.0";
  seen.labels.emplace().emplace_back("app", "sent");
  seen.topology = model::ObservedTopology{"eu", "a", "", "c1", "", "worker-2"};
  const ProxyNode one = proxy_of(manifests.cluster, manifests.mesh, &workload(manifests, "web"), seen);
  CHECK(one.addresses == std::vector<std::string>{"10.0.0.1"});
  CHECK(one.version == Version{1, 28, 0});
  CHECK(label(15, one, "app") == "sent");
  CHECK(label(16, one, "app") == "web");
  CHECK(label(29, one, kCluster) == "c1");
  CHECK(label(29, one, kHost) == "worker-2");
  // The registry's locality is not told: the Node is not among the manifests.
  CHECK(untold_labels(minor(29), one) == std::set<std::string, std::less<>>{kRegion, kZone, kSubzone});
}

TEST_CASE("a workload is found by its own name and by those of its Pods", "[istio]") {
  model::Cluster cluster;
  model::Workload one;
  one.ns = cluster.namespaces.intern("shop");
  one.name = "web";
  one.pods = {"web-1", "web-2"};
  cluster.workloads.push_back(one);
  one.ns = cluster.namespaces.intern("pay");
  cluster.workloads.push_back(one);
  const WorkloadNames names(cluster);
  CHECK(names.find("shop", "web") == &cluster.workloads[0]);
  CHECK(names.find("shop", "web-2") == &cluster.workloads[0]);
  CHECK(names.find("pay", "web-2") == &cluster.workloads[1]);
  CHECK_FALSE(names.find("shop", "db"));
  CHECK_FALSE(names.find("other", "web"));
}

TEST_CASE("a selector on a place that the input does not tell leaves the workload open", "[istio]") {
  CHECK(open_question(kPod + kPlugin) ==
        "WasmPlugin shop/zonal selects by topology.kubernetes.io/zone, and the input does not tell where the workload runs");
  CHECK(open_question(kPod + kPlugin, 12) ==
        "WasmPlugin shop/zonal selects by topology.kubernetes.io/zone, and the input does not tell where the workload runs");
  CHECK(open_question(kPod + kNode + kPlugin).empty());
  CHECK(open_question(kPod).empty());
  // The other labels do not fit, whatever the zone is.
  const std::string other = "---\n"
                            "apiVersion: security.istio.io/v1\n"
                            "kind: AuthorizationPolicy\n"
                            "metadata: {name: zonal, namespace: shop}\n"
                            "spec: {selector: {matchLabels: {app: db, topology.kubernetes.io/zone: a}}}\n";
  CHECK(open_question(kPod + other).empty());
  const std::string policy = "---\n"
                             "apiVersion: security.istio.io/v1\n"
                             "kind: AuthorizationPolicy\n"
                             "metadata: {name: local, namespace: shop}\n"
                             "spec: {selector: {matchLabels: {topology.istio.io/cluster: c1}}}\n";
  CHECK(open_question(kPod + policy) ==
        "AuthorizationPolicy shop/local selects by topology.istio.io/cluster, and the input does not tell where the workload runs");
}

TEST_CASE("discovery selectors leave a workload open where a Namespace is missing", "[istio]") {
  const std::string config =
      "---\n"
      "apiVersion: v1\n"
      "kind: ConfigMap\n"
      "metadata: {name: istio, namespace: istio-system}\n"
      "data:\n"
      "  mesh: |\n"
      "    discoverySelectors:\n"
      "    - matchLabels: {mesh: 'on'}\n"
      "      matchExpressions:\n"
      "      - {key: team, operator: NotIn, values: [a, b]}\n"
      "    - matchExpressions:\n"
      "      - {key: old, operator: Exists}\n";
  const auto shop = [](const std::string& labels) {
    return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: " + labels + "}\n";
  };
  const std::string plugin =
      "---\napiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: p, namespace: shop}\n"
      "spec: {url: oci://h/a}\n";
  CHECK(open_question(kPod + config + plugin) ==
        "discoverySelectors of the mesh configuration decide whether namespace shop is seen, and the input holds no Namespace of that "
        "name");
  CHECK(open_question(kPod + config + plugin + shop("{}")).empty());
  CHECK(open_question(kPod + config).empty());
  const auto seen = [&](const std::string& labels) {
    const harness::Manifests manifests = read(kPod + config + plugin + shop(labels));
    return is_seen(manifests.mesh, manifests.mesh.extensions.front().meta);
  };
  CHECK(seen("{mesh: 'on'}"));
  CHECK(seen("{mesh: 'on', team: c}"));
  CHECK_FALSE(seen("{mesh: 'on', team: a}"));
  CHECK_FALSE(seen("{}"));
  CHECK(seen("{old: ''}"));
}

TEST_CASE("the revision is the one of --revision, else default", "[istio]") {
  const harness::SourceFile file("m.yaml", kPlugin);
  CHECK(harness::read_manifests(file, {}).mesh.revision == "default");
  CHECK(harness::read_manifests(file, {.revision = "canary"}).mesh.revision == "canary");
}

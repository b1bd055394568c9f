#include "harness/manifests.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

using harness::Diagnostic;
using harness::ManifestOptions;
using harness::Manifests;
using harness::Severity;
using model::Proxy;
using model::WorkloadKind;

namespace {

// A directory of its own, gone at the end of the test.
class Directory {
 public:
  Directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  std::string file(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = path_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::string path() const { return path_.string(); }
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

Manifests read(const std::string& yaml, const ManifestOptions& options = {}) {
  const Directory directory;
  Manifests manifests = harness::read_manifests({directory.file("mesh.yaml", yaml)}, options);
  for (Diagnostic& one : manifests.diagnostics)
    if (one.where.file == directory.path("mesh.yaml")) one.where.file = "mesh.yaml";
  for (Diagnostic& one : manifests.diagnostics)
    for (std::size_t at; (at = one.problem.find(directory.path() + "/")) != std::string::npos;)
      one.problem.erase(at, directory.path().size() + 1);
  return manifests;
}

// "kind ns/name proxy {key=value,...} pods=[a,b] owner=x", one a line: a workload whole, less its place.
std::string text_of(const model::Cluster& cluster, const model::Workload& workload) {
  std::string text(to_string(workload.kind));
  text += " " + name_of(cluster, workload) + " " + std::string(to_string(workload.proxy)) + " {";
  std::map<std::string, std::string> labels;
  for (const model::LabelId id : cluster.labels.set(workload.labels))
    labels.emplace(cluster.labels.label(id).key, cluster.labels.label(id).value);
  for (const auto& [key, value] : labels)
    text += (text.ends_with('{') ? "" : ",") + key + "=" + value;
  text += "}";
  for (std::size_t i = 0; i < workload.pods.size(); ++i)
    text += (i == 0 ? " pods=" : ",") + workload.pods[i];
  if (!workload.owner.empty()) text += " owner=" + workload.owner;
  return text;
}

std::vector<std::string> workloads(const Manifests& manifests) {
  std::vector<std::string> texts;
  for (const model::Workload& one : manifests.cluster.workloads)
    texts.push_back(text_of(manifests.cluster, one));
  return texts;
}

// "file:line:column: severity: problem | hint" of each.
std::vector<std::string> told(const Manifests& manifests) {
  constexpr std::array<const char*, 4> kSeverities{"note", "warning", "error", "io"};
  std::vector<std::string> texts;
  for (const Diagnostic& one : manifests.diagnostics) {
    std::string text = one.where.file;
    if (one.where.line != 0)
      text += ":" + std::to_string(one.where.line) + ":" + std::to_string(one.where.column);
    text += ": " + std::string(kSeverities[static_cast<std::size_t>(one.severity)]) + ": ";
    texts.push_back(text + one.problem + (one.hint.empty() ? "" : " | " + one.hint));
  }
  return texts;
}

using Texts = std::vector<std::string>;

// A document of a kind: metadata is given in flow style, the rest as lines of its own.
std::string document(const std::string& api_version, const std::string& kind,
                     const std::string& metadata, const std::string& rest = "") {
  return "---\napiVersion: " + api_version + "\nkind: " + kind + "\nmetadata: {" + metadata +
         "}\n" + rest + (rest.empty() || rest.ends_with('\n') ? "" : "\n");
}

std::string pod(const std::string& metadata, const std::string& rest = "") {
  return document("v1", "Pod", metadata, rest);
}

// The kind of proxy that one Pod gets.
Proxy proxy_of(const std::string& metadata, const std::string& rest = "") {
  const Manifests manifests = read(pod("name: a, namespace: shop, " + metadata, rest));
  REQUIRE(told(manifests) == Texts{});
  REQUIRE(manifests.cluster.workloads.size() == 1);
  return manifests.cluster.workloads[0].proxy;
}

constexpr const char* kInjected = "annotations: {sidecar.istio.io/inject: 'true'}";

}  // namespace

TEST_CASE("a pod is read with its name, namespace, labels, proxy and place") {
  const Manifests manifests =
      read("# a comment\n" + pod("name: web-1, namespace: shop, labels: {app: web, tier: ''}, " +
                                 std::string(kInjected)));
  CHECK(workloads(manifests) == Texts{"Pod shop/web-1 sidecar {app=web,tier=}"});
  CHECK(manifests.cluster.workloads[0].place == model::Place{0, 3, 1});
  CHECK(manifests.cluster.files.size() == 1);
  CHECK(told(manifests) == Texts{});
  CHECK(manifests.cluster.skipped.empty());
}

TEST_CASE("labels of equal pairs are one set, however they are ordered") {
  const Manifests manifests = read(pod("name: a, namespace: shop, labels: {x: '1', y: '2'}") +
                                   pod("name: b, namespace: shop, labels: {y: '2', x: '1'}") +
                                   pod("name: c, namespace: shop, labels: {x: '12', y: ''}"));
  const auto& all = manifests.cluster.workloads;
  REQUIRE(all.size() == 3);
  CHECK(all[0].labels == all[1].labels);
  CHECK(all[0].labels != all[2].labels);
}

TEST_CASE("a pod template gives each kind of owner its labels") {
  const std::string body =
      "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app}]}}";
  std::string yaml;
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
    yaml += document("apps/v1", kind, "name: web, namespace: shop", "spec: {" + body + "}");
  yaml += document("batch/v1", "Job", "name: web, namespace: shop", "spec: {" + body + "}");
  yaml += document("batch/v1", "CronJob", "name: web, namespace: shop",
                   "spec: {jobTemplate: {spec: {" + body + "}}}");
  CHECK(workloads(read(yaml)) ==
        Texts{"Deployment shop/web unknown {app=web}", "StatefulSet shop/web unknown {app=web}",
              "DaemonSet shop/web unknown {app=web}", "ReplicaSet shop/web unknown {app=web}",
              "Job shop/web unknown {app=web}", "CronJob shop/web unknown {app=web}"});
}

TEST_CASE("an owner without a pod template is an error") {
  const Manifests manifests =
      read(document("apps/v1", "Deployment", "name: web, namespace: shop", "spec: {}") +
           document("batch/v1", "CronJob", "name: web, namespace: shop"));
  CHECK(told(manifests) ==
        Texts{"mesh.yaml:2:1: error: Deployment has no spec.template | the labels of its Pods "
              "stand there",
              "mesh.yaml:7:1: error: CronJob has no spec.jobTemplate.spec.template | the labels "
              "of its Pods stand there"});
  CHECK(workloads(manifests) == Texts{});
}

// Proxies

TEST_CASE("a listed istio-proxy makes a pod a sidecar, also as an init container") {
  CHECK(proxy_of("", "spec: {containers: [{name: app}, {name: istio-proxy}]}") == Proxy::Sidecar);
  CHECK(proxy_of("", "spec: {initContainers: [{name: istio-proxy}], containers: [{name: app}]}") ==
        Proxy::Sidecar);
}

TEST_CASE("annotation and label sidecar.istio.io/inject make a pod a sidecar, or one without") {
  CHECK(proxy_of("annotations: {sidecar.istio.io/inject: 'true'}") == Proxy::Sidecar);
  CHECK(proxy_of("labels: {sidecar.istio.io/inject: 'true'}") == Proxy::Sidecar);
  CHECK(proxy_of("labels: {sidecar.istio.io/inject: 'Yes'}") == Proxy::Sidecar);
  CHECK(proxy_of("annotations: {sidecar.istio.io/inject: 'false'}") == Proxy::None);
  CHECK(proxy_of("labels: {sidecar.istio.io/inject: 'false'}") == Proxy::None);
  CHECK(proxy_of("labels: {sidecar.istio.io/inject: 'false'}, " + std::string(kInjected)) ==
        Proxy::None);
  CHECK(proxy_of("labels: {sidecar.istio.io/inject: ''}") == Proxy::Unknown);
}

TEST_CASE("the injection template tells the kind of proxy") {
  CHECK(proxy_of("annotations: {inject.istio.io/templates: gateway}") == Proxy::Gateway);
  CHECK(proxy_of("annotations: {inject.istio.io/templates: 'custom, gateway'}") == Proxy::Gateway);
  CHECK(proxy_of("annotations: {inject.istio.io/templates: waypoint}") == Proxy::Waypoint);
  CHECK(proxy_of("annotations: {inject.istio.io/templates: 'sidecar,custom'}") == Proxy::Sidecar);
  CHECK(proxy_of("annotations: {inject.istio.io/templates: my-gateway}") == Proxy::Unknown);
  CHECK(proxy_of("annotations: {inject.istio.io/templates: gateway}, "
                 "labels: {sidecar.istio.io/inject: 'true'}") == Proxy::Gateway);
}

TEST_CASE("labels tell gateways and waypoints") {
  CHECK(proxy_of("labels: {istio: ingressgateway}") == Proxy::Gateway);
  CHECK(proxy_of("labels: {istio: my-gateway}") == Proxy::Gateway);
  CHECK(proxy_of("labels: {istio: gateway-of-mine}") == Proxy::Unknown);
  CHECK(proxy_of("labels: {app: ingressgateway}") == Proxy::Unknown);
  CHECK(proxy_of("labels: {gateway.istio.io/managed: istio.io-mesh-controller}") ==
        Proxy::Waypoint);
  CHECK(proxy_of("labels: {gateway.istio.io/managed: istio.io-gateway-controller}") ==
        Proxy::Gateway);
}

TEST_CASE("a gateway that lists its proxy is one, though injection is turned off for it") {
  CHECK(proxy_of("labels: {istio: ingressgateway, sidecar.istio.io/inject: 'false'}",
                 "spec: {containers: [{name: istio-proxy}]}") == Proxy::Gateway);
  CHECK(proxy_of("labels: {sidecar.istio.io/inject: 'false'}",
                 "spec: {hostNetwork: true, containers: [{name: istio-proxy, args: [proxy, "
                 "router, --domain]}]}") == Proxy::Gateway);
}

TEST_CASE("the arguments of the proxy come before annotations and labels") {
  CHECK(proxy_of("labels: {istio: ingressgateway}",
                 "spec: {containers: [{name: istio-proxy, args: [proxy, sidecar]}]}") ==
        Proxy::Sidecar);
  CHECK(proxy_of("", "spec: {containers: [{name: istio-proxy, args: [proxy, waypoint]}]}") ==
        Proxy::Waypoint);
}

TEST_CASE("a pod on the host network, or a finished one, has no proxy") {
  CHECK(proxy_of(kInjected, "spec: {hostNetwork: true}") == Proxy::None);
  CHECK(proxy_of(kInjected, "spec: {hostNetwork: false}") == Proxy::Sidecar);
  CHECK(proxy_of(kInjected, "status: {phase: Succeeded}") == Proxy::None);
  CHECK(proxy_of(kInjected, "status: {phase: Failed}") == Proxy::None);
  CHECK(proxy_of("", "spec: {containers: [{name: istio-proxy}]}\nstatus: {phase: Failed}") ==
        Proxy::None);
  CHECK(proxy_of(kInjected, "status: {phase: Running}") == Proxy::Sidecar);
}

TEST_CASE("containers that are listed without a proxy: none, unless injection is still to come") {
  const std::string app = "spec: {containers: [{name: app}]}";
  CHECK(proxy_of("", app) == Proxy::None);
  CHECK(proxy_of(kInjected, app) == Proxy::Sidecar);
  CHECK(proxy_of(kInjected, app + "\nstatus: {phase: Running}") == Proxy::None);
  CHECK(proxy_of("uid: 1234-5, " + std::string(kInjected), app) == Proxy::None);
  CHECK(proxy_of("", "spec: {containers: []}") == Proxy::Unknown);
  CHECK(proxy_of("", "") == Proxy::Unknown);
}

TEST_CASE("a namespace that asks for injection makes sidecars of what is unknown") {
  const std::string pods = pod("name: a, namespace: shop") +
                           pod("name: b, namespace: shop", "spec: {containers: [{name: app}]}") +
                           pod("name: c, namespace: shop", "spec: {hostNetwork: true}") +
                           pod("name: d, namespace: shop, uid: '1'",
                               "spec: {containers: [{name: app}]}") +
                           pod("name: e, namespace: pay");
  const auto proxies = [](const Manifests& manifests) {
    std::vector<Proxy> all;
    for (const auto& one : manifests.cluster.workloads) all.push_back(one.proxy);
    return all;
  };
  const std::vector<Proxy> injected{Proxy::Sidecar, Proxy::Sidecar, Proxy::None, Proxy::None,
                                    Proxy::Unknown};
  const std::vector<Proxy> plain{Proxy::Unknown, Proxy::None, Proxy::None, Proxy::None,
                                 Proxy::Unknown};
  const auto shop = [](const std::string& labels) {
    return document("v1", "Namespace", "name: shop, labels: {" + labels + "}");
  };
  CHECK(proxies(read(pods + shop("istio-injection: enabled"))) == injected);
  CHECK(proxies(read(shop("istio.io/rev: canary") + pods)) == injected);
  CHECK(proxies(read(shop("istio-injection: disabled, istio.io/rev: canary") + pods)) == plain);
  CHECK(proxies(read(shop("istio-injection: disabled") + pods)) == plain);
  CHECK(proxies(read(pods)) == plain);
}

// Entries and endpoints

TEST_CASE("a WorkloadEntry is a workload with the labels of spec and of metadata") {
  const Manifests manifests = read(
      document("networking.istio.io/v1", "WorkloadEntry",
               "name: vm, namespace: shop, labels: {app: old, zone: a}",
               "spec: {address: 10.0.0.1, labels: {app: new, tier: back}}") +
      document("networking.istio.io/v1", "WorkloadEntry", "name: bare, namespace: shop"));
  CHECK(workloads(manifests) == Texts{"WorkloadEntry shop/vm sidecar {app=old,tier=back,zone=a}",
                                      "WorkloadEntry shop/bare sidecar {}"});
}

TEST_CASE("endpoints with labels are workloads, counted with those that have none") {
  const std::string endpoints =
      "  endpoints:\n"
      "  - address: 10.0.0.1\n"
      "  - {address: 10.0.0.2, labels: {app: web}}\n"
      "  - {address: 10.0.0.3, labels: {}}\n"
      "  - {address: 10.0.0.4, labels: {app: api}}\n";
  const Manifests manifests =
      read(document("networking.istio.io/v1", "ServiceEntry", "name: web, namespace: shop",
                    "spec:\n  location: MESH_INTERNAL\n" + endpoints) +
           document("networking.istio.io/v1", "ServiceEntry", "name: ext, namespace: shop",
                    "spec:\n  location: MESH_EXTERNAL\n" + endpoints) +
           document("networking.istio.io/v1", "ServiceEntry", "name: open, namespace: pay",
                    "spec:\n" + endpoints));
  CHECK(workloads(manifests) ==
        Texts{"ServiceEntry shop/web[1] sidecar {app=web}",
              "ServiceEntry shop/web[3] sidecar {app=api}",
              "ServiceEntry pay/open[1] sidecar {app=web}",
              "ServiceEntry pay/open[3] sidecar {app=api}"});
  CHECK(manifests.cluster.workloads[0].place == model::Place{0, 9, 5});
}

TEST_CASE("an entry or endpoint with the address of a pod of its namespace is that pod") {
  const Manifests manifests =
      read(document("networking.istio.io/v1", "WorkloadEntry", "name: same, namespace: shop",
                    "spec: {address: 10.0.0.1, labels: {app: other}}") +
           document("networking.istio.io/v1", "WorkloadEntry", "name: six, namespace: shop",
                    "spec: {address: 'fd00::1', labels: {app: web}}") +
           document("networking.istio.io/v1", "WorkloadEntry", "name: elsewhere, namespace: pay",
                    "spec: {address: 10.0.0.1}") +
           document("networking.istio.io/v1", "ServiceEntry", "name: web, namespace: shop",
                    "spec: {endpoints: [{address: 10.0.0.1, labels: {app: web}}, "
                    "{address: 10.0.0.9, labels: {app: web}}]}") +
           pod("name: web-1, namespace: shop, labels: {app: web}",
               "status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}]}"));
  CHECK(workloads(manifests) ==
        Texts{"WorkloadEntry pay/elsewhere sidecar {}", "ServiceEntry shop/web[1] sidecar {app=web}",
              "Pod shop/web-1 unknown {app=web}"});
}

TEST_CASE("the address of a finished pod is free again") {
  const Manifests manifests =
      read(document("networking.istio.io/v1", "WorkloadEntry", "name: vm, namespace: shop",
                    "spec: {address: 10.0.0.1}") +
           pod("name: done, namespace: shop", "status: {phase: Succeeded, podIP: 10.0.0.1}"));
  CHECK(workloads(manifests) ==
        Texts{"WorkloadEntry shop/vm sidecar {}", "Pod shop/done none {}"});
}

TEST_CASE("an endpoint like a WorkloadEntry or an earlier endpoint is not listed again") {
  const auto entry = [](const std::string& name, const std::string& endpoint) {
    return document("networking.istio.io/v1", "ServiceEntry", "name: " + name + ", namespace: shop",
                    "spec: {endpoints: [{" + endpoint + "}]}");
  };
  const Manifests manifests =
      read(entry("a", "address: 10.0.0.1, labels: {app: vm}") +
           document("networking.istio.io/v1", "WorkloadEntry", "name: vm, namespace: shop",
                    "spec: {address: 10.0.0.1, labels: {app: vm}}") +
           entry("b", "address: 10.0.0.2, labels: {app: vm}") +
           entry("c", "address: 10.0.0.2, labels: {app: vm}") +
           entry("d", "address: 10.0.0.2, labels: {app: other}") + entry("e", "labels: {app: vm}") +
           entry("f", "labels: {app: vm}"));
  CHECK(workloads(manifests) ==
        Texts{"WorkloadEntry shop/vm sidecar {app=vm}", "ServiceEntry shop/b[0] sidecar {app=vm}",
              "ServiceEntry shop/d[0] sidecar {app=other}",
              "ServiceEntry shop/e[0] sidecar {app=vm}",
              "ServiceEntry shop/f[0] sidecar {app=vm}"});
}

// Owners

namespace {

std::string owned(const std::string& kind, const std::string& name) {
  return "ownerReferences: [{kind: " + kind + ", name: " + name + ", controller: true}]";
}

std::string web_pod(const std::string& name, const std::string& owner,
                    const std::string& labels = "app: web, pod-template-hash: 7d9f",
                    const std::string& rest = "") {
  return pod("name: " + name + ", namespace: shop, labels: {" + labels + "}, " + owner, rest);
}

std::string owner(const std::string& kind, const std::string& name,
                  const std::string& references = "") {
  const std::string metadata =
      "name: " + name + ", namespace: shop" + (references.empty() ? "" : ", " + references);
  const std::string pod_template = "template: {metadata: {labels: {app: web}}}";
  if (kind == "CronJob")
    return document("batch/v1", kind, metadata, "spec: {jobTemplate: {spec: {" + pod_template + "}}}");
  return document(kind == "Job" ? "batch/v1" : "apps/v1", kind, metadata,
                  "spec: {" + pod_template + "}");
}

}  // namespace

TEST_CASE("a Deployment stands for its pods, through the ReplicaSet or by its name") {
  const std::string pods = web_pod("web-7d9f-a", owned("ReplicaSet", "web-7d9f")) +
                           web_pod("web-7d9f-b", owned("ReplicaSet", "web-7d9f"));
  const Texts expected{
      "Deployment shop/web unknown {app=web,pod-template-hash=7d9f} pods=web-7d9f-a,web-7d9f-b"};
  const std::string replicas = owner("ReplicaSet", "web-7d9f", owned("Deployment", "web"));
  CHECK(workloads(read(owner("Deployment", "web") + replicas + pods)) == expected);
  CHECK(workloads(read(pods + replicas + owner("Deployment", "web"))) == expected);
  CHECK(workloads(read(owner("Deployment", "web") + pods)) == expected);
}

TEST_CASE("a ReplicaSet stands for its pods where the Deployment is not in the input") {
  CHECK(workloads(read(owner("ReplicaSet", "web-7d9f", owned("Deployment", "web")) +
                       web_pod("web-7d9f-a", owned("ReplicaSet", "web-7d9f")))) ==
        Texts{"ReplicaSet shop/web-7d9f unknown {app=web,pod-template-hash=7d9f} pods=web-7d9f-a"});
}

TEST_CASE("a name alone makes no Deployment an owner without the hash of the template") {
  CHECK(workloads(read(owner("Deployment", "web") +
                       web_pod("p", owned("ReplicaSet", "web-7d9f"), "app: web"))) ==
        Texts{"Deployment shop/web unknown {app=web}",
              "Pod shop/p unknown {app=web} owner=ReplicaSet/web-7d9f"});
}

TEST_CASE("a Deployment without pods is a workload by its template, and hides its ReplicaSet") {
  CHECK(workloads(read(owner("Deployment", "web") +
                       owner("ReplicaSet", "web-7d9f", owned("Deployment", "web")))) ==
        Texts{"Deployment shop/web unknown {app=web}"});
}

TEST_CASE("pods whose labels or proxies differ are listed, and their owner is not") {
  const std::string first = web_pod("db-0", owned("StatefulSet", "db"), "app: db, index: '0'");
  const std::string labels = web_pod("db-1", owned("StatefulSet", "db"), "app: db, index: '1'");
  const std::string proxy = web_pod("db-1", owned("StatefulSet", "db"), "app: db, index: '0'",
                                    "spec: {hostNetwork: true}");
  CHECK(workloads(read(owner("StatefulSet", "db") + first + labels)) ==
        Texts{"Pod shop/db-0 unknown {app=db,index=0} owner=StatefulSet/db",
              "Pod shop/db-1 unknown {app=db,index=1} owner=StatefulSet/db"});
  CHECK(workloads(read(first + proxy + owner("StatefulSet", "db"))) ==
        Texts{"Pod shop/db-0 unknown {app=db,index=0} owner=StatefulSet/db",
              "Pod shop/db-1 none {app=db,index=0} owner=StatefulSet/db"});
}

TEST_CASE("pods of an owner that is not in the input are listed with it") {
  CHECK(workloads(read(web_pod("a", owned("ReplicaSet", "web-7d9f")) +
                       web_pod("b", owned("Node", "node-1")) + web_pod("c", "uid: x"))) ==
        Texts{"Pod shop/a unknown {app=web,pod-template-hash=7d9f} owner=ReplicaSet/web-7d9f",
              "Pod shop/b unknown {app=web,pod-template-hash=7d9f} owner=Node/node-1",
              "Pod shop/c unknown {app=web,pod-template-hash=7d9f}"});
}

TEST_CASE("a CronJob stands for the pods of its Jobs, and hides Jobs without pods") {
  const std::string job = owner("Job", "tick-28000001", owned("CronJob", "tick"));
  CHECK(workloads(read(owner("CronJob", "tick") + job)) ==
        Texts{"CronJob shop/tick unknown {app=web}"});
  const std::string run = web_pod("tick-28000001-x", owned("Job", "tick-28000001"), "app: t");
  const Texts expected{"CronJob shop/tick unknown {app=t} pods=tick-28000001-x"};
  CHECK(workloads(read(owner("CronJob", "tick") + job + run)) == expected);
  CHECK(workloads(read(owner("CronJob", "tick") + run)) == expected);
}

TEST_CASE("an owner of another namespace, or owners in a circle, own nothing") {
  CHECK(workloads(read(document("apps/v1", "StatefulSet", "name: db, namespace: pay",
                                "spec: {template: {}}") +
                       web_pod("db-0", owned("StatefulSet", "db"), "app: db"))) ==
        Texts{"StatefulSet pay/db unknown {}",
              "Pod shop/db-0 unknown {app=db} owner=StatefulSet/db"});
  // Each hides the other; what matters is that reading ends.
  CHECK(read(owner("ReplicaSet", "a", owned("ReplicaSet", "b")) +
             owner("ReplicaSet", "b", owned("ReplicaSet", "a")))
            .cluster.workloads.size() <= 2);
}

TEST_CASE("of two documents of one name the later counts, and it is said") {
  const Manifests manifests = read(pod("name: a, namespace: shop, labels: {v: '1'}") +
                                   pod("name: a, namespace: pay") +
                                   pod("name: a, namespace: shop, labels: {v: '2'}"));
  CHECK(workloads(manifests) == Texts{"Pod pay/a unknown {}", "Pod shop/a unknown {v=2}"});
  CHECK(told(manifests) ==
        Texts{"mesh.yaml:10:1: warning: Pod shop/a stands in the input twice: this one counts, not "
              "the one at mesh.yaml:2 | leave out one of the two"});
}

// Namespaces

TEST_CASE("documents without a namespace stand in the default one, and one note says which") {
  const std::string yaml = pod("name: a") + pod("name: b, namespace: shop") +
                           pod("name: c, namespace: ''") +
                           document("extensions.istio.io/v1alpha1", "WasmPlugin", "name: p");
  const Manifests manifests = read(yaml);
  CHECK(workloads(manifests) == Texts{"Pod default/a unknown {}", "Pod shop/b unknown {}",
                                      "Pod default/c unknown {}"});
  CHECK(told(manifests) ==
        Texts{"mesh.yaml:2:1: note: 3 documents name no namespace and stand in 'default': Pod/a, "
              "Pod/c, WasmPlugin/p | write metadata.namespace, or name another one with "
              "--default-namespace"});
  const Manifests other = read(pod("name: a"), {.default_namespace = "shop"});
  CHECK(workloads(other) == Texts{"Pod shop/a unknown {}"});
  CHECK(told(other) ==
        Texts{"mesh.yaml:2:1: note: 1 document names no namespace and stands in 'shop': Pod/a | "
              "write metadata.namespace, or name another one with --default-namespace"});
}

// The root namespace

namespace {

std::string mesh_config(const std::string& name, const std::string& mesh,
                        const std::string& ns = "istio-system") {
  return document("v1", "ConfigMap", "name: " + name + ", namespace: " + ns,
                  "data:\n  mesh: " + mesh);
}

std::string root_of(const Manifests& manifests) {
  return manifests.cluster.root_namespace + " by " +
         std::string(to_string(manifests.cluster.root_namespace_from));
}

}  // namespace

TEST_CASE("the root namespace comes from the flag, else the mesh ConfigMap, else the default") {
  const std::string yaml = mesh_config("istio", "|\n    rootNamespace: mesh-root\n");
  CHECK(root_of(read(yaml)) == "mesh-root by mesh config");
  CHECK(root_of(read(yaml, {.root_namespace = "flagged"})) == "flagged by flag");
  CHECK(root_of(read(yaml, {.root_namespace = ""})) == " by flag");
  CHECK(root_of(read("")) == "istio-system by default");
  CHECK(root_of(read(mesh_config("istio", "'rootNamespace: \"\"'"))) == " by mesh config");
  CHECK(root_of(read(mesh_config("istio", "'enableTracing: true'"))) == "istio-system by default");
  CHECK(root_of(read(mesh_config("istio", "'{\"rootNamespace\": \"json\"}'"))) ==
        "json by mesh config");
}

TEST_CASE("a ConfigMap that is no mesh configuration is counted and skipped") {
  const Manifests manifests =
      read(mesh_config("other", "'rootNamespace: x'") +
           document("v1", "ConfigMap", "name: istio-sidecar-injector, namespace: istio-system",
                    "data: {config: x}") +
           document("v1", "ConfigMap", "name: istio, namespace: istio-system"));
  CHECK(root_of(manifests) == "istio-system by default");
  CHECK(manifests.cluster.skipped == std::map<std::string, std::size_t>{{"ConfigMap", 3}});
  CHECK(told(manifests) == Texts{});
}

TEST_CASE("a mesh ConfigMap outside of Istio's namespace is told of") {
  const std::string yaml = mesh_config("istio", "'rootNamespace: x'", "mesh");
  const Manifests manifests = read(yaml);
  CHECK(root_of(manifests) == "istio-system by default");
  CHECK(told(manifests) ==
        Texts{"mesh.yaml:2:1: note: ConfigMap mesh/istio looks like a mesh configuration, but "
              "stands outside of 'istio-system' | name the namespace of Istio with "
              "--istio-namespace if it counts"});
  CHECK(root_of(read(yaml, {.istio_namespace = "mesh"})) == "x by mesh config");
}

TEST_CASE("a revision picks among mesh ConfigMaps, and their disagreement needs one") {
  const std::string yaml = mesh_config("istio", "'rootNamespace: old'") +
                           mesh_config("istio-canary", "'rootNamespace: new'");
  const Manifests open = read(yaml);
  CHECK(root_of(open) == "istio-system by default");
  CHECK(told(open) ==
        Texts{"mesh.yaml:12:9: error: two root namespaces: 'new' in ConfigMap istio-canary, 'old' "
              "in ConfigMap istio (mesh.yaml:6:9) | choose one with --revision, or give "
              "--root-namespace"});
  const Manifests canary = read(yaml, {.revision = "canary"});
  CHECK(root_of(canary) == "new by mesh config");
  CHECK(told(canary) == Texts{});
  CHECK(root_of(read(yaml, {.revision = "default"})) == "old by mesh config");
  CHECK(told(read(yaml, {.root_namespace = "x"})) == Texts{});
  const Manifests lost = read(yaml, {.revision = "canry"});
  CHECK(told(lost) == Texts{"mesh.yaml:6:9: error: no ConfigMap istio-system/istio-canry "
                            "(--revision canry) in the input, which holds istio, istio-canary | "
                            "correct --revision, or give --root-namespace"});
}

TEST_CASE("mesh ConfigMaps that agree need no revision, and one of a revision counts alone") {
  CHECK(root_of(read(mesh_config("istio", "'rootNamespace: a'") +
                     mesh_config("istio-x", "'rootNamespace: a'"))) == "a by mesh config");
  CHECK(root_of(read(mesh_config("istio-x", "'rootNamespace: b'"))) == "b by mesh config");
  // One names none, which is istio-system: they disagree.
  CHECK(read(mesh_config("istio", "'a: b'") + mesh_config("istio-x", "'rootNamespace: b'"))
            .diagnostics.size() == 1);
}

TEST_CASE("a revision without any mesh ConfigMap falls back to the default, and warns") {
  const Manifests manifests = read(pod("name: a, namespace: shop"), {.revision = "canary"});
  CHECK(root_of(manifests) == "istio-system by default");
  CHECK(told(manifests) ==
        Texts{": warning: no ConfigMap istio-system/istio-canary (--revision canary) in the input: "
              "the root namespace is taken to be 'istio-system' | add the ConfigMap, or give "
              "--root-namespace"});
}

TEST_CASE("a mesh configuration that is no YAML, or of the wrong type, is an error") {
  CHECK(told(read(mesh_config("istio", "'just a text'"))) ==
        Texts{"mesh.yaml:6:9: error: data.mesh is a string, not an object | write the mesh "
              "configuration as YAML: `rootNamespace: NAME`"});
  CHECK(told(read(mesh_config("istio", "'rootNamespace: 5'"))) ==
        Texts{"mesh.yaml:6:9: error: rootNamespace in data.mesh is a number, not a string | write "
              "it in quotes"});
  CHECK(told(read(mesh_config("istio", "{rootNamespace: a}"))) ==
        Texts{"mesh.yaml:6:9: error: data.mesh is an object, not a string"});
  const Manifests broken = read(mesh_config("istio", "'rootNamespace: [a'"));
  REQUIRE(broken.diagnostics.size() == 1);
  CHECK(broken.diagnostics[0].severity == Severity::Error);
  CHECK(broken.diagnostics[0].where.line == 6);
  CHECK(broken.diagnostics[0].problem.starts_with("data.mesh is no YAML: "));
}

// Other kinds

TEST_CASE("other kinds are counted by kind; those that we read in another group, by apiVersion") {
  const Manifests manifests =
      read(document("v1", "Service", "name: a") + document("v1", "Service", "name: b") +
           document("networking.istio.io/v1", "Gateway", "name: a") +
           document("v1", "Namespace", "name: shop") +
           document("extensions.higress.io/v1alpha1", "WasmPlugin", "name: a") +
           document("extensions/v1beta1", "Deployment", "name: a") +
           document("plumbline.dev/v1", "Scenario", "x: y"));
  CHECK(manifests.cluster.skipped ==
        std::map<std::string, std::size_t>{{"Service", 2},
                                           {"Gateway", 1},
                                           {"Namespace", 1},
                                           {"WasmPlugin (extensions.higress.io/v1alpha1)", 1},
                                           {"Deployment (extensions/v1beta1)", 1}});
  CHECK(told(manifests) == Texts{});
  CHECK(workloads(manifests) == Texts{});
}

TEST_CASE("a WasmPlugin of another version is an error") {
  CHECK(told(read(document("extensions.istio.io/v1", "WasmPlugin", "name: a, namespace: b"))) ==
        Texts{"mesh.yaml:2:13: error: WasmPlugin has no apiVersion 'extensions.istio.io/v1' | "
              "write extensions.istio.io/v1alpha1"});
}

TEST_CASE("TrafficExtensions are counted, and a note says that they are passed over") {
  const Manifests manifests =
      read(document("extensions.istio.io/v1alpha1", "TrafficExtension", "name: a") +
           document("extensions.istio.io/v1alpha1", "TrafficExtension", "name: b"));
  CHECK(manifests.cluster.skipped == std::map<std::string, std::size_t>{{"TrafficExtension", 2}});
  CHECK(told(manifests) ==
        Texts{"mesh.yaml:2:1: note: 2 TrafficExtensions are passed over by the documented profile, which "
              "knows WasmPlugin only | --profile istio-1.30 and later count them"});
}

TEST_CASE("a document that is no manifest is an error with its place, and the rest is read") {
  const Manifests manifests =
      read("url: oci://x\n---\nkind: Pod\nmetadata: {}\n---\n- a\n---\nsome text\n---\n"
           "apiVersion: v1\nkind: 5\n" +
           pod("name: a, namespace: shop"));
  const std::string hint =
      " | a manifest begins with apiVersion and kind; Istio passes over it without a word";
  CHECK(told(manifests) ==
        Texts{"mesh.yaml:1:1: error: the document has no kind" + hint,
              "mesh.yaml:3:1: error: the document has no apiVersion" + hint,
              "mesh.yaml:6:1: error: the document is a list, not an object | a manifest begins "
              "with apiVersion and kind",
              "mesh.yaml:8:1: error: the document is a string, not an object | a manifest begins "
              "with apiVersion and kind",
              "mesh.yaml:11:7: error: kind is a number, not a string | write it in quotes"});
  CHECK(workloads(manifests) == Texts{"Pod shop/a unknown {}"});
}

TEST_CASE("a field of the wrong type is told with its place, and the document is not taken") {
  struct Case {
    const char* yaml;
    const char* told;
  };
  const auto c = GENERATE(values<Case>({
      {"metadata: []", "mesh.yaml:4:11: error: metadata is a list, not an object"},
      {"metadata: {name: 5}",
       "mesh.yaml:4:18: error: metadata.name is a number, not a string | write it in quotes"},
      {"metadata: {namespace: b}", "mesh.yaml:2:1: error: Pod has no metadata.name | give it a name"},
      {"metadata: {name: a, namespace: [b]}",
       "mesh.yaml:4:32: error: metadata.namespace is a list, not a string"},
      {"metadata: {name: a, namespace: b, labels: [x]}",
       "mesh.yaml:4:43: error: metadata.labels is a list, not an object"},
      {"metadata: {name: a, namespace: b, labels: {version: 1}}",
       "mesh.yaml:4:53: error: metadata.labels.version is a number, not a string | write it in "
       "quotes"},
      {"metadata: {name: a, namespace: b, annotations: {sidecar.istio.io/inject: true}}",
       "mesh.yaml:4:74: error: metadata.annotations.sidecar.istio.io/inject is a boolean, not a "
       "string | write it in quotes"},
      {"metadata: {name: a, namespace: b}\nspec: x",
       "mesh.yaml:5:7: error: spec is a string, not an object"},
      {"metadata: {name: a, namespace: b}\nspec: {containers: {}}",
       "mesh.yaml:5:20: error: spec.containers is an object, not a list"},
      {"metadata: {name: a, namespace: b}\nspec: {containers: [x]}",
       "mesh.yaml:5:21: error: a member of spec.containers is a string, not an object"},
      {"metadata: {name: a, namespace: b}\nspec: {hostNetwork: 'true'}",
       "mesh.yaml:5:21: error: spec.hostNetwork is a string, not a boolean"},
      {"metadata: {name: a, namespace: b}\nstatus: {podIPs: [1.2]}",
       "mesh.yaml:5:19: error: a member of status.podIPs is a number, not an object"},
  }));
  const Manifests manifests = read("---\napiVersion: v1\nkind: Pod\n" + std::string(c.yaml) + "\n");
  Texts messages;
  for (const std::string& one : told(manifests))
    if (one.find(": note: ") == std::string::npos) messages.push_back(one);
  CHECK(messages == Texts{c.told});
  CHECK(workloads(manifests) == Texts{});
}

TEST_CASE("null is an absent field, and a null label an empty one") {
  CHECK(workloads(read(pod("name: a, namespace: shop, labels: {x: null}, annotations: null, "
                           "ownerReferences: null",
                           "spec: null\nstatus: null"))) == Texts{"Pod shop/a unknown {x=}"});
}

// Metamorphic: the same documents, written otherwise

TEST_CASE("one file, several files, a List and JSON give the same cluster") {
  const Texts documents{
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"shop","labels":{"app":"web"}}})",
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"b","namespace":"shop"},"spec":{"template":{"metadata":{"labels":{"app":"api"}}}}})",
      R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"c","namespace":"shop"}})",
      R"({"apiVersion":"networking.istio.io/v1","kind":"WorkloadEntry","metadata":{"name":"d","namespace":"pay"},"spec":{"address":"10.0.0.1"}})"};
  const Directory directory;
  std::string stream;
  std::string list;
  std::vector<std::string> paths;
  for (const std::string& one : documents) {
    stream += "---\n" + one + "\n";
    list += (list.empty() ? "" : ",") + one;
    paths.push_back(directory.file("parts/" + std::to_string(paths.size()) + ".json", one));
  }
  list = R"({"apiVersion":"v1","kind":"List","items":[)" + list + "]}";
  const Manifests whole =
      harness::read_manifests({directory.file("stream.yaml", "# YAML\n" + stream)}, {});
  const Texts expected{"Pod shop/a unknown {app=web}", "Deployment shop/b unknown {app=api}",
                       "WorkloadEntry pay/d sidecar {}"};
  const auto check = [&](const Manifests& other) {
    CHECK(workloads(other) == expected);
    CHECK(other.cluster.skipped == whole.cluster.skipped);
    CHECK(told(other) == Texts{});
  };
  check(whole);
  check(harness::read_manifests(paths, {}));
  check(harness::read_manifests({directory.path("parts")}, {}));
  check(harness::read_manifests({directory.file("list.json", list)}, {}));
  check(harness::read_manifests({directory.file("list.yaml", "# YAML\n" + list)}, {}));
}

TEST_CASE("a hundred thousand mistakes on one line are told in no time, without the line") {
  std::string json = R"({"kind":"List","items":[)";
  for (int i = 0; i < 100000; ++i)
    json += std::string(i == 0 ? "" : ",") + R"({"apiVersion":"v1","kind":"Pod","metadata":[]})";
  const Directory directory;
  const Manifests manifests =
      harness::read_manifests({directory.file("line.json", json + "]}")}, {});
  std::size_t errors = 0;
  for (const Diagnostic& one : manifests.diagnostics)
    if (one.problem == "metadata is a list, not an object" && one.excerpt.empty()) ++errors;
  CHECK(errors == 100000);
}

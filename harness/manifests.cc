#include "harness/manifests.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/chain_changer_reader.h"
#include "harness/envoy_filter_reader.h"
#include "harness/istio_reader.h"
#include "harness/istiod_settings.h"
#include "harness/manifest_fields.h"
#include "harness/manifest_files.h"
#include "harness/mesh_config_reader.h"
#include "harness/workload_folding.h"
#include "harness/workload_reader.h"

namespace harness {
namespace {

using model::WorkloadKind;

// A document and what is being made of all of them.
struct Reading {
  ManifestContext context;
  model::istio::Mesh& mesh;
  WorkloadReader workloads = {};
  MeshConfigReader mesh_configs = {};
  IstiodReader istiods = {};
  ResidenceDrafts residences = {};
  // "KIND/NAME" of documents that name no namespace, and the place of the first.
  std::vector<std::string> without_namespace = {};
  Diagnostic first_without_namespace = {};
  std::size_t traffic_extensions = 0;
  Diagnostic first_traffic_extension = {};
};

void skip(std::string kind, Reading& reading) { ++reading.context.cluster.skipped[std::move(kind)]; }

template <WorkloadKind kind>
void read_owner(const Document& document, Reading& reading) {
  reading.workloads.read_owner(kind, document, reading.context);
}

void read_deployment(const Document& document, Reading& reading) {
  read_owner<WorkloadKind::Deployment>(document, reading);
  reading.istiods.read(document, reading.context);
  note_client_identity(document, reading.context, reading.mesh);
}

void read_pod(const Document& document, Reading& reading) {
  reading.workloads.read_pod(document, reading.context);
  read_pod_residence(document, reading.context, reading.residences);
  note_client_identity(document, reading.context, reading.mesh);
}

void read_workload_entry(const Document& document, Reading& reading) {
  reading.workloads.read_workload_entry(document, reading.context);
  read_entry_residence(document, reading.context, reading.residences);
}

void read_service_entry(const Document& document, Reading& reading) {
  reading.workloads.read_service_entry(document, reading.context);
  read_entry_as_service(document, reading.context, reading.mesh);
  note_dynamic_dns(document, reading.context, reading.mesh);
}

// Kinds that matter to Istio's profiles alone: the documented one passes over them, and they are counted so.
template <void (*read)(const Document&, const ManifestContext&, model::istio::Mesh&)>
void read_for_istio(const Document& document, Reading& reading) {
  read(document, reading.context, reading.mesh);
  skip(std::string(document.root->find("kind")->text), reading);
}

void read_envoy_filter(const Document& document, Reading& reading) {
  read_envoy_filter(document, reading.context);
}

void read_plugin(const Document& document, Reading& reading) {
  const std::string_view version = document.root->find("apiVersion")->text;
  if (version == "extensions.istio.io/v1alpha1") {
    read_wasm_plugin(document, reading.context);
    return read_extension(document, reading.context, reading.mesh);
  }
  reading.context.diagnostics.push_back(
      fault(document, *document.root->find("apiVersion"), Severity::Error,
            "WasmPlugin has no apiVersion '" + std::string(version) + "'",
            "write extensions.istio.io/v1alpha1"));
}

void read_traffic_extension(const Document& document, Reading& reading) {
  if (reading.traffic_extensions++ == 0)
    reading.first_traffic_extension = fault(document, *document.root, Severity::Note, {});
  skip("TrafficExtension", reading);
  read_extension(document, reading.context, reading.mesh);
}

void read_config_map(const Document& document, Reading& reading) {
  if (!reading.mesh_configs.read(document, reading.context)) skip("ConfigMap", reading);
}

// A Namespace is no workload and no plugin, so it is counted as skipped; its labels tell of injection all the same.
void read_namespace(const Document& document, Reading& reading) {
  reading.workloads.read_namespace(document, reading.context);
  read_namespace_labels(document, reading.context, reading.mesh);
  skip("Namespace", reading);
}

// The command that runs scenarios reads it for itself.
void read_scenario(const Document&, Reading&) {}

enum class Scope { Namespaced, Other };  // Other: a missing namespace is not worth a word

struct KindReader {
  std::string_view group;  // apiVersion less its version; "" is Kubernetes' core
  std::string_view kind;
  Scope scope;
  void (*read)(const Document&, Reading&);
};

constexpr std::array kReaders = std::to_array<KindReader>({
    {"", "Pod", Scope::Namespaced, read_pod},
    {"apps", "Deployment", Scope::Namespaced, read_deployment},
    {"apps", "StatefulSet", Scope::Namespaced, read_owner<WorkloadKind::StatefulSet>},
    {"apps", "DaemonSet", Scope::Namespaced, read_owner<WorkloadKind::DaemonSet>},
    {"apps", "ReplicaSet", Scope::Namespaced, read_owner<WorkloadKind::ReplicaSet>},
    {"batch", "Job", Scope::Namespaced, read_owner<WorkloadKind::Job>},
    {"batch", "CronJob", Scope::Namespaced, read_owner<WorkloadKind::CronJob>},
    {"networking.istio.io", "WorkloadEntry", Scope::Namespaced, read_workload_entry},
    {"networking.istio.io", "ServiceEntry", Scope::Namespaced, read_service_entry},
    {"networking.istio.io", "EnvoyFilter", Scope::Namespaced, read_envoy_filter},
    {"extensions.istio.io", "WasmPlugin", Scope::Namespaced, read_plugin},
    {"extensions.istio.io", "TrafficExtension", Scope::Other, read_traffic_extension},
    {"", "Service", Scope::Other, read_for_istio<read_service>},
    {"networking.istio.io", "Gateway", Scope::Other, read_for_istio<read_istio_gateway>},
    {"networking.istio.io", "Sidecar", Scope::Other, read_for_istio<read_sidecar>},
    {"gateway.networking.k8s.io", "Gateway", Scope::Other, read_for_istio<read_api_gateway>},
    {"security.istio.io", "RequestAuthentication", Scope::Other, read_for_istio<read_request_authentication>},
    {"security.istio.io", "AuthorizationPolicy", Scope::Other, read_for_istio<read_authorization_policy>},
    {"security.istio.io", "PeerAuthentication", Scope::Other, read_for_istio<read_peer_authentication>},
    {"telemetry.istio.io", "Telemetry", Scope::Other, read_for_istio<read_telemetry>},
    {"inference.networking.k8s.io", "InferencePool", Scope::Other, read_for_istio<note_inference_pool>},
    {"inference.networking.x-k8s.io", "InferencePool", Scope::Other, read_for_istio<note_inference_pool>},
    {"", "ConfigMap", Scope::Other, read_config_map},
    {"", "Namespace", Scope::Other, read_namespace},
    {"", "Node", Scope::Other, read_for_istio<read_node>},
    {"plumbline.dev", "Scenario", Scope::Other, read_scenario},
});

std::string_view group_of(std::string_view api_version) {
  const auto slash = api_version.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
}

// A kind that we read in another group is told with its apiVersion, or the count would look like ours.
std::string skipped_name(std::string_view api_version, std::string_view kind) {
  std::string name(kind);
  if (std::ranges::find(kReaders, kind, &KindReader::kind) != kReaders.end())
    name.append(" (").append(api_version).append(")");
  return name;
}

void note_namespace(const Document& document, std::string_view kind, Reading& reading) {
  const Node* metadata = document.root->find("metadata");
  const Node* ns = metadata ? metadata->find("namespace") : nullptr;
  const bool given = ns && ns->kind != NodeKind::Null && !(ns->kind == NodeKind::String && ns->text.empty());
  if (given) return;
  const Node* name = metadata ? metadata->find("name") : nullptr;
  if (reading.without_namespace.empty())
    reading.first_without_namespace = fault(document, *document.root, Severity::Note, {});
  std::string text(kind);
  reading.without_namespace.push_back(text.append("/").append(name ? name->text : "?"));
}

// The text of `apiVersion` or `kind`; nothing, and an Error, if it is missing or of the wrong type.
std::string_view identifying_text(ManifestFields& fields, std::string_view key) {
  const Node& root = *fields.document().root;
  const std::string_view text = fields.text(&root, key, key);
  if (text.empty() && !fields.refused())
    fields.refuse(root, "the document has no " + std::string(key),
                  "a manifest begins with apiVersion and kind; Istio passes over it without a word");
  return text;
}

void read_manifest(const Document& document, Reading& reading) {
  ManifestFields fields(document, reading.context.diagnostics);
  if (document.root->kind != NodeKind::Object)
    return fields.refuse(*document.root,
                         "the document is " + std::string(to_string(document.root->kind)) +
                             ", not an object",
                         "a manifest begins with apiVersion and kind");
  const std::string_view kind = identifying_text(fields, "kind");
  if (fields.refused()) return;
  const std::string_view api_version = identifying_text(fields, "apiVersion");
  if (fields.refused()) return;
  const auto reader = std::ranges::find_if(kReaders, [&](const KindReader& one) {
    return one.kind == kind && one.group == group_of(api_version);
  });
  if (reader == kReaders.end()) return skip(skipped_name(api_version, kind), reading);
  if (reader->scope == Scope::Namespaced) note_namespace(document, kind, reading);
  reader->read(document, reading);
}

void tell_namespaces(Reading& reading) {
  const std::vector<std::string>& documents = reading.without_namespace;
  if (documents.empty()) return;
  constexpr std::size_t kShown = 10;
  std::string problem = documents.size() == 1
                            ? "1 document names no namespace and stands in '"
                            : std::to_string(documents.size()) +
                                  " documents name no namespace and stand in '";
  problem.append(reading.context.options.default_namespace).append("': ");
  for (std::size_t i = 0; i < std::min(kShown, documents.size()); ++i)
    problem.append(i == 0 ? "" : ", ").append(documents[i]);
  if (documents.size() > kShown)
    problem.append(" and ").append(std::to_string(documents.size() - kShown)).append(" more");
  reading.first_without_namespace.problem = std::move(problem);
  reading.first_without_namespace.hint =
      "write metadata.namespace, or name another one with --default-namespace";
  reading.context.diagnostics.push_back(std::move(reading.first_without_namespace));
}

void tell_traffic_extensions(Reading& reading) {
  const std::size_t count = reading.traffic_extensions;
  if (count == 0) return;
  Diagnostic& note = reading.first_traffic_extension;
  note.problem = count == 1 ? "1 TrafficExtension is passed over"
                            : std::to_string(count) + " TrafficExtensions are passed over";
  note.problem += " by the documented profile, which knows WasmPlugin only";
  note.hint = "--profile istio-1.30 and later count them";
  reading.context.diagnostics.push_back(std::move(note));
}

void read_file(const SourceFile& file, Reading& reading) {
  const Validate validate = reading.context.options.validate;
  const DocumentOptions options{.duplicate_keys = validate == Validate::Strict ? DuplicateKeys::Refused
                                                  : validate == Validate::Warn ? DuplicateKeys::Told
                                                                               : DuplicateKeys::LastCounts};
  model::Cluster& cluster = reading.context.cluster;
  reading.context.file = static_cast<std::uint32_t>(cluster.files.size());
  cluster.files.push_back(file.name());
  reading.workloads.expect(file.bytes().size());
  read_documents(
      file, options, [&](const Document& document) { read_manifest(document, reading); },
      reading.context.diagnostics);
}

void finish(Reading& reading) {
  tell_namespaces(reading);
  tell_traffic_extensions(reading);
  settle_objects(reading.residences, reading.mesh);
  reading.mesh_configs.settle(reading.context, reading.mesh);
  if (!reading.context.options.revision.empty()) reading.mesh.revision = reading.context.options.revision;
  reading.istiods.settle(reading.mesh);
  fold_workloads(reading.workloads.take(), reading.context.cluster);
}

}  // namespace

Manifests read_manifests(const std::vector<std::string>& paths, const ManifestOptions& options) {
  Manifests result;
  Reading reading{.context = {result.cluster, options, result.diagnostics}, .mesh = result.mesh};
  for (const std::string& path : find_manifest_files(paths, result.diagnostics))
    if (const auto file = read_manifest_file(path, result.diagnostics)) read_file(*file, reading);
  finish(reading);
  return result;
}

Manifests read_manifests(const SourceFile& file, const ManifestOptions& options) {
  Manifests result;
  Reading reading{.context = {result.cluster, options, result.diagnostics}, .mesh = result.mesh};
  read_file(file, reading);
  finish(reading);
  return result;
}

}  // namespace harness

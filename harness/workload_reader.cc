#include "harness/workload_reader.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "harness/proxy_evidence.h"

namespace harness {

using model::WorkloadKind;

struct WorkloadReader::Identity {
  std::string_view name;
  std::string_view ns;
  const Node* metadata = nullptr;
};

// The labels of a map, and those of them that tell of the proxy.
struct WorkloadReader::LabelsFound {
  model::LabelSetId set = 0;
  std::optional<std::string_view> inject;
  std::string_view istio;
  std::string_view managed;
};

namespace {

// The value of a label or annotation. encoding/json reads null into a string as "".
std::string_view text_of(ManifestFields& fields, const Node& node, std::string_view path) {
  if (node.kind == NodeKind::String) return node.text;
  if (node.kind == NodeKind::Null) return {};
  fields.check(node, std::string(path) + "." + std::string(node.key), NodeKind::String);
  return {};
}

void read_annotations(ManifestFields& fields, const Node* annotations, std::string_view path,
                      ProxyEvidence& evidence) {
  for (const Node& one : members(annotations)) {
    const std::string_view value = text_of(fields, one, path);
    if (one.key == "inject.istio.io/templates") evidence.templates = value;
    if (one.key == "sidecar.istio.io/inject") evidence.inject_annotation = value;
  }
}

// Arguments begin `proxy ROLE`.
std::string_view role_of(const Node& container) {
  const Node* args = container.find("args");
  const Node* first = args && args->kind == NodeKind::Array ? args->first : nullptr;
  if (!first || first->text != "proxy" || !first->next) return {};
  return first->next->text;
}

void read_containers(ManifestFields& fields, const Node* list, std::string_view path,
                     ProxyEvidence& evidence) {
  for (const Node& container : members(list)) {
    if (!fields.check(container, path, NodeKind::Object)) return;
    evidence.lists_containers = true;
    if (fields.text(&container, "name", "a container's name") != "istio-proxy") continue;
    evidence.lists_proxy = true;
    evidence.proxy_role = role_of(container);
  }
}

void read_pod_spec(ManifestFields& fields, const Node* spec, ProxyEvidence& evidence) {
  evidence.host_network = fields.flag(spec, "hostNetwork", "spec.hostNetwork");
  read_containers(fields, fields.list(spec, "containers", "spec.containers"),
                  "a member of spec.containers", evidence);
  read_containers(fields, fields.list(spec, "initContainers", "spec.initContainers"),
                  "a member of spec.initContainers", evidence);
}

// protobuf's JSON form takes the name of an enum's value or its number; 0 is MESH_EXTERNAL.
bool is_mesh_external(ManifestFields& fields, const Node* spec) {
  const Node* location = spec ? spec->find("location") : nullptr;
  if (!location || location->kind == NodeKind::Null) return false;
  if (location->kind == NodeKind::Number) return location->text == "0";
  return fields.check(*location, "spec.location", NodeKind::String) &&
         location->text == "MESH_EXTERNAL";
}

}  // namespace

bool WorkloadReader::read_identity(ManifestFields& fields, const ManifestContext& context,
                                   Identity& identity) {
  const Node& root = *fields.document().root;
  identity.metadata = fields.object(&root, "metadata", "metadata");
  identity.name = fields.text(identity.metadata, "name", "metadata.name");
  // `kubectl create` makes the name of it; what the workload is for us does not depend on the rest.
  if (identity.name.empty())
    identity.name = fields.text(identity.metadata, "generateName", "metadata.generateName");
  identity.ns = fields.text(identity.metadata, "namespace", "metadata.namespace");
  if (identity.ns.empty()) identity.ns = context.options.default_namespace;
  if (identity.name.empty() && !fields.refused())
    fields.refuse(root, std::string(root.find("kind")->text) + " has no metadata.name",
                  "give it a name");
  return !fields.refused();
}

WorkloadReader::LabelsFound WorkloadReader::read_labels(ManifestFields& fields, const Node* labels,
                                                        std::string_view path,
                                                        ManifestContext& context) {
  LabelsFound found;
  spelling_.clear();
  const auto spell = [&](std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    spelling_.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
  };
  for (const Node& label : members(labels)) {
    const std::string_view value = text_of(fields, label, path);
    if (label.key == "istio") found.istio = value;
    if (label.key == "sidecar.istio.io/inject") found.inject = value;
    if (label.key == "gateway.istio.io/managed") found.managed = value;
    spell(label.key);
    spell(value);
  }
  if (fields.refused() || spelling_.empty()) return found;
  const std::uint32_t spelled = spellings_.intern(spelling_);
  if (spelled < spelled_sets_.size()) {
    found.set = spelled_sets_[spelled];
    return found;
  }
  pairs_.clear();
  for (const Node& label : members(labels))
    pairs_.push_back(context.cluster.labels.intern(label.key, label.text));
  found.set = context.cluster.labels.intern_set(pairs_);
  spelled_sets_.push_back(found.set);
  return found;
}

model::LabelSetId WorkloadReader::merge_labels(ManifestFields& fields, const Node* weak,
                                               const Node* strong, ManifestContext& context) {
  pairs_.clear();
  std::unordered_set<std::string_view> given;
  for (const Node& label : members(strong)) {
    given.insert(label.key);
    pairs_.push_back(
        context.cluster.labels.intern(label.key, text_of(fields, label, "metadata.labels")));
  }
  for (const Node& label : members(weak)) {
    const std::string_view value = text_of(fields, label, "spec.labels");
    if (!given.contains(label.key))
      pairs_.push_back(context.cluster.labels.intern(label.key, value));
  }
  return context.cluster.labels.intern_set(pairs_);
}

void WorkloadReader::read_owner_reference(ManifestFields& fields, const Node* metadata,
                                          std::string_view ns, WorkloadDraft& draft) {
  const Node* references = fields.list(metadata, "ownerReferences", "metadata.ownerReferences");
  const Node* owner = nullptr;
  for (const Node& reference : members(references)) {
    if (!fields.check(reference, "a member of metadata.ownerReferences", NodeKind::Object)) return;
    const bool controls = fields.flag(&reference, "controller", "ownerReferences.controller");
    if (!owner || controls) owner = &reference;
    if (controls) break;
  }
  if (!owner) return;
  const std::string_view kind = fields.text(owner, "kind", "ownerReferences.kind");
  const std::string_view name = fields.text(owner, "name", "ownerReferences.name");
  if (!kind.empty() && !name.empty()) draft.owner = key(ns, kind, name);
}

model::NamespaceId WorkloadReader::namespace_id(std::string_view ns, ManifestContext& context) {
  if (last_namespace_id_ == WorkloadDraft::kNone || ns != last_namespace_) {
    last_namespace_ = ns;
    last_namespace_id_ = context.cluster.namespaces.intern(ns);
  }
  return last_namespace_id_;
}

std::uint32_t WorkloadReader::key(std::string_view ns, std::string_view kind,
                                  std::string_view name) {
  key_text_.assign(ns).append("/").append(kind).append("/").append(name);
  const std::uint32_t id = drafts_.keys.intern(key_text_);
  if (id == drafts_.draft_of_key.size()) drafts_.draft_of_key.push_back(WorkloadDraft::kNone);
  return id;
}

void WorkloadReader::add_address(WorkloadDraft& draft, std::string_view address) {
  if (address.empty()) return;
  if (draft.addresses == 0)
    draft.first_address = static_cast<std::uint32_t>(drafts_.addresses.size());
  drafts_.addresses.push_back({static_cast<std::uint32_t>(drafts_.address_text.size()),
                               static_cast<std::uint32_t>(address.size())});
  drafts_.address_text += address;
  ++draft.addresses;
}

void WorkloadReader::expect(std::size_t bytes) {
  // The least that a Pod with labels takes. What is reserved in vain is never touched, and costs nothing.
  constexpr std::size_t kLeastPod = 256;
  const std::size_t wanted = drafts_.workloads.size() + bytes / kLeastPod;
  const std::size_t room = drafts_.workloads.capacity();
  if (wanted <= room) return;
  // At least twice the room, or many small files would move everything again and again.
  drafts_.workloads.reserve(std::max(wanted, room * 2));
  drafts_.drafts.reserve(std::max(wanted, room * 2));
}

void WorkloadReader::add(model::Workload workload, WorkloadDraft draft, std::string_view ns,
                         ManifestContext& context, const Document& document) {
  const std::string_view kind = to_string(workload.kind);
  workload.ns = namespace_id(ns, context);
  draft.key = key(ns, kind, workload.name);
  std::uint32_t& known = drafts_.draft_of_key[draft.key];
  if (known != WorkloadDraft::kNone) {
    const model::Place& before = drafts_.workloads[known].place;
    std::string problem(kind);
    problem.append(" ").append(ns).append("/").append(workload.name);
    problem.append(" stands in the input twice: this one counts, not the one at ");
    problem.append(context.cluster.files[before.file]).append(":").append(
        std::to_string(before.line));
    context.diagnostics.push_back(fault(document, *document.root, Severity::Warning,
                                        std::move(problem), "leave out one of the two"));
  }
  known = static_cast<std::uint32_t>(drafts_.drafts.size());
  drafts_.drafts.push_back(draft);
  drafts_.workloads.push_back(std::move(workload));
}

void WorkloadReader::read_pod(const Document& document, ManifestContext& context) {
  ManifestFields fields(document, context.diagnostics);
  Identity identity;
  if (!read_identity(fields, context, identity)) return;

  ProxyEvidence evidence{.is_pod = true};
  const Node* metadata = identity.metadata;
  const LabelsFound labels = read_labels(fields, fields.object(metadata, "labels", "metadata.labels"),
                                         "metadata.labels", context);
  evidence.inject_label = labels.inject;
  evidence.istio_label = labels.istio;
  evidence.managed_label = labels.managed;
  read_annotations(fields, fields.object(metadata, "annotations", "metadata.annotations"),
                   "metadata.annotations", evidence);
  read_pod_spec(fields, fields.object(document.root, "spec", "spec"), evidence);

  const Node* status = fields.object(document.root, "status", "status");
  const std::string_view phase = fields.text(status, "phase", "status.phase");
  evidence.is_finished = phase == "Succeeded" || phase == "Failed";
  // A person writes neither; an API server always sets the uid, and the kubelet the phase.
  evidence.is_live = !phase.empty() || metadata->find("uid") != nullptr;

  WorkloadDraft draft;
  read_owner_reference(fields, metadata, identity.ns, draft);
  // The address of a finished Pod may be another's by now.
  if (!evidence.is_finished) {
    const std::string_view address = fields.text(status, "podIP", "status.podIP");
    add_address(draft, address);
    for (const Node& more : members(fields.list(status, "podIPs", "status.podIPs")))
      if (fields.check(more, "a member of status.podIPs", NodeKind::Object))
        if (const auto ip = fields.text(&more, "ip", "status.podIPs.ip"); ip != address)
          add_address(draft, ip);
  }
  if (fields.refused()) return;

  const ProxyFinding finding = find_proxy(evidence);
  draft.namespace_decides = finding.namespace_decides;
  model::Workload workload;
  workload.name = identity.name;
  workload.proxy = finding.proxy;
  workload.labels = labels.set;
  workload.place = context.place(document.place(*document.root));
  add(std::move(workload), draft, identity.ns, context, document);
}

void WorkloadReader::read_owner(WorkloadKind kind, const Document& document,
                                ManifestContext& context) {
  ManifestFields fields(document, context.diagnostics);
  Identity identity;
  if (!read_identity(fields, context, identity)) return;

  const bool cron = kind == WorkloadKind::CronJob;
  const std::string path = cron ? "spec.jobTemplate.spec.template" : "spec.template";
  const Node* spec = fields.object(document.root, "spec", "spec");
  if (cron) {
    const Node* jobs = fields.object(spec, "jobTemplate", "spec.jobTemplate");
    spec = fields.object(jobs, "spec", "spec.jobTemplate.spec");
  }
  const Node* pod = fields.object(spec, "template", path);
  if (!pod && !fields.refused()) {
    std::string problem(to_string(kind));
    fields.refuse(*document.root, problem.append(" has no ").append(path),
                  "the labels of its Pods stand there");
  }
  const Node* metadata = fields.object(pod, "metadata", path + ".metadata");
  const std::string labels_path = path + ".metadata.labels";
  const std::string annotations_path = path + ".metadata.annotations";
  const LabelsFound labels = read_labels(fields, fields.object(metadata, "labels", labels_path),
                                         labels_path, context);
  ProxyEvidence evidence{.inject_label = labels.inject,
                         .istio_label = labels.istio,
                         .managed_label = labels.managed};
  read_annotations(fields, fields.object(metadata, "annotations", annotations_path),
                   annotations_path, evidence);
  read_pod_spec(fields, fields.object(pod, "spec", path + ".spec"), evidence);
  WorkloadDraft draft;
  read_owner_reference(fields, identity.metadata, identity.ns, draft);
  if (fields.refused()) return;

  const ProxyFinding finding = find_proxy(evidence);
  draft.namespace_decides = finding.namespace_decides;
  model::Workload workload;
  workload.name = identity.name;
  workload.kind = kind;
  workload.proxy = finding.proxy;
  workload.labels = labels.set;
  workload.place = context.place(document.place(*document.root));
  add(std::move(workload), draft, identity.ns, context, document);
}

void WorkloadReader::read_workload_entry(const Document& document, ManifestContext& context) {
  ManifestFields fields(document, context.diagnostics);
  Identity identity;
  if (!read_identity(fields, context, identity)) return;

  const Node* spec = fields.object(document.root, "spec", "spec");
  const Node* own = fields.object(identity.metadata, "labels", "metadata.labels");
  const model::LabelSetId labels =
      merge_labels(fields, fields.object(spec, "labels", "spec.labels"), own, context);
  const std::string_view address = fields.text(spec, "address", "spec.address");
  if (fields.refused()) return;

  WorkloadDraft draft;
  model::Workload workload;
  workload.name = identity.name;
  workload.kind = WorkloadKind::WorkloadEntry;
  workload.proxy = model::Proxy::Sidecar;
  workload.labels = labels;
  workload.place = context.place(document.place(*document.root));
  add_address(draft, address);
  add(std::move(workload), draft, identity.ns, context, document);
}

void WorkloadReader::read_service_entry(const Document& document, ManifestContext& context) {
  ManifestFields fields(document, context.diagnostics);
  Identity identity;
  if (!read_identity(fields, context, identity)) return;

  const Node* spec = fields.object(document.root, "spec", "spec");
  const Node* endpoints = fields.list(spec, "endpoints", "spec.endpoints");
  if (is_mesh_external(fields, spec) || fields.refused()) return;

  std::vector<std::pair<model::Workload, WorkloadDraft>> found;
  std::size_t index = 0;
  for (const Node& endpoint : members(endpoints)) {
    const std::string path = "spec.endpoints[" + std::to_string(index) + "]";
    std::string name(identity.name);
    name.append("[").append(std::to_string(index++)).append("]");
    if (!fields.check(endpoint, path, NodeKind::Object)) continue;
    const Node* labels = fields.object(&endpoint, "labels", path + ".labels");
    const std::string_view address = fields.text(&endpoint, "address", path + ".address");
    const LabelsFound read = read_labels(fields, labels, path + ".labels", context);
    if (!labels || !labels->first || fields.refused()) continue;
    auto& [workload, draft] = found.emplace_back();
    workload.name = std::move(name);
    workload.kind = WorkloadKind::ServiceEntry;
    workload.proxy = model::Proxy::Sidecar;
    workload.labels = read.set;
    workload.place = context.place(document.place(endpoint));
    add_address(draft, address);
  }
  if (fields.refused()) return;
  for (auto& [workload, draft] : found)
    add(std::move(workload), draft, identity.ns, context, document);
}

void WorkloadReader::read_namespace(const Document& document, ManifestContext& context) {
  ManifestFields fields(document, context.diagnostics);
  Identity identity;
  if (!read_identity(fields, context, identity)) return;
  const Node* labels = fields.object(identity.metadata, "labels", "metadata.labels");
  std::optional<std::string_view> injection;
  std::optional<std::string_view> revision;
  for (const Node& label : members(labels)) {
    const std::string_view value = text_of(fields, label, "metadata.labels");
    if (label.key == "istio-injection") injection = value;
    if (label.key == "istio.io/rev") revision = value;
  }
  if (fields.refused() || !asks_for_injection(injection, revision)) return;
  drafts_.injecting_namespaces.insert(std::string(identity.name));
}

}  // namespace harness

// Readers of everything that is a workload, or owns one. They leave drafts, since which of them stand for the same
// workload is known only at the end of the input: workload_folding.h makes workloads of them.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/document.h"
#include "harness/manifest_fields.h"
#include "harness/manifests.h"
#include "model/labels.h"
#include "model/workload.h"

namespace harness {

// What a draft holds beside the workload that it may become.
struct WorkloadDraft {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  std::uint32_t key = kNone;      // in WorkloadDrafts::keys
  std::uint32_t owner = kNone;    // key of its controller by ownerReferences
  std::uint32_t first_address = 0;  // in WorkloadDrafts::addresses
  std::uint32_t addresses = 0;
  bool namespace_decides = false;  // whether it has a sidecar: see ProxyFinding
};

struct WorkloadDrafts {
  // In the order of the documents, draft for workload; `pods` and `owner` of the workloads are still empty. They
  // stand apart because the workloads become the cluster's as they are, without being copied.
  std::vector<model::Workload> workloads;
  std::vector<WorkloadDraft> drafts;
  model::Symbols keys;                // "NAMESPACE/KIND/NAME" of drafts and of owners, here or not
  std::vector<std::uint32_t> draft_of_key;  // kNone: only referred to. Of two of one name, the later
  // Where Pods and endpoints are reached. Views of one text would move as it grows, so these are offsets.
  struct Address {
    std::uint32_t begin;
    std::uint32_t size;
  };
  std::string address_text;
  std::vector<Address> addresses;
  std::set<std::string, std::less<>> injecting_namespaces;  // their labels ask for injection

  std::string_view address(const Address& at) const {
    return std::string_view(address_text).substr(at.begin, at.size);
  }
};

class WorkloadReader {
 public:
  // Each takes a document of its kind. A field of the wrong type, or a missing name, is an Error, and the
  // document is not taken.
  void read_pod(const Document& document, ManifestContext& context);
  // Deployment, StatefulSet, DaemonSet, ReplicaSet, Job: spec.template. CronJob: spec.jobTemplate.spec.template.
  void read_owner(model::WorkloadKind kind, const Document& document, ManifestContext& context);
  // Labels are those of spec, and of metadata, which come before them (Istio 1.29.1, ConvertWorkloadEntry).
  void read_workload_entry(const Document& document, ManifestContext& context);
  // Each inline endpoint with labels, unless location is MESH_EXTERNAL; named NAME[i], where i counts all endpoints.
  void read_service_entry(const Document& document, ManifestContext& context);
  // Its labels tell whether Pods in it are injected.
  void read_namespace(const Document& document, ManifestContext& context);

  // Makes room for the workloads of a file, so that none is moved while they are read.
  void expect(std::size_t bytes);

  WorkloadDrafts take() { return std::move(drafts_); }

 private:
  struct Identity;
  struct LabelsFound;

  bool read_identity(ManifestFields& fields, const ManifestContext& context, Identity& identity);
  LabelsFound read_labels(ManifestFields& fields, const Node* labels, std::string_view path,
                          ManifestContext& context);
  model::LabelSetId merge_labels(ManifestFields& fields, const Node* weak, const Node* strong,
                                 ManifestContext& context);
  void read_owner_reference(ManifestFields& fields, const Node* metadata, std::string_view ns,
                            WorkloadDraft& draft);
  model::NamespaceId namespace_id(std::string_view ns, ManifestContext& context);
  std::uint32_t key(std::string_view ns, std::string_view kind, std::string_view name);
  void add_address(WorkloadDraft& draft, std::string_view address);
  void add(model::Workload workload, WorkloadDraft draft, std::string_view ns,
           ManifestContext& context, const Document& document);

  WorkloadDrafts drafts_;
  // Pods of one owner spell their labels alike: one look-up by the spelling in place of one for every label.
  model::Symbols spellings_;
  std::vector<model::LabelSetId> spelled_sets_;
  std::string spelling_;
  std::string key_text_;
  std::vector<model::LabelId> pairs_;
  std::string last_namespace_;
  model::NamespaceId last_namespace_id_ = WorkloadDraft::kNone;
};

}  // namespace harness

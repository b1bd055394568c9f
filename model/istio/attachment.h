// Whom a plugin or a policy reaches in a version of Istio: namespaces, selectors and target references
// (istio-behaviour.md 1.1 to 1.3).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/istio/proxy_node.h"

namespace model::istio {

// A service that a waypoint's chain serves.
struct ServedService {
  std::string ns;
  std::string name;
  Registry registry = Registry::Kubernetes;

  bool operator==(const ServedService&) const = default;
};

// What plugins and policies are attached to: a proxy, and on a waypoint the services of the chain at hand.
struct Target {
  NodeType type = NodeType::Sidecar;
  std::string ns;
  LabelPairs labels;         // effective_labels
  std::string gateway = {};  // gateway_name
  std::vector<ServedService> services = {};
};

Target target_of(const Regime& regime, const ProxyNode& proxy, std::vector<ServedService> services = {});

// The namespaces whose plugins are looked up for it, in order, each once. None is the root where `root` is "".
std::vector<std::string> namespaces_for(const Regime& regime, const std::string& root, const Target& target);

// Whether every pair of the selector is among the labels (SubsetOf, pkg/config/labels/instance.go).
bool matches(const Regime& regime, const LabelPairs& selector, const LabelPairs& labels);

// Whether an object of `ns`, which is one of namespaces_for, reaches the target.
bool reaches(const Regime& regime, const std::string& root, const Attachment& attachment,
             const std::string& ns, const Target& target);

// Whether the object is this revision's business (crdclient: LabelsInRevision).
bool in_revision(const Mesh& mesh, const ObjectMeta& meta);

// Whether a discovery selector of the mesh configuration fits the namespace, or there is none (pkg/kube/namespace/filter.go). Of a
// namespace that is not among the input only the name is known, as the label kubernetes.io/metadata.name.
bool is_discovered(const Mesh& mesh, const std::string& ns);

// Whether this control plane sees the object at all: both.
bool is_seen(const Mesh& mesh, const ObjectMeta& meta);

}  // namespace model::istio

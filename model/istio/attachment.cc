#include "model/istio/attachment.h"

#include <algorithm>
#include <utility>

namespace model::istio {
namespace {

constexpr std::string_view kGatewayGroup = "gateway.networking.k8s.io";
constexpr std::string_view kEntryGroup = "networking.istio.io";
constexpr std::string_view kWaypointClass = "istio-waypoint";
constexpr std::string_view kNamespaceName = "kubernetes.io/metadata.name";

bool names_gateway(const TargetRef& ref) { return ref.group == kGatewayGroup && ref.kind == "Gateway"; }

// "" and "core" are one group.
bool names_service(const TargetRef& ref) {
  return (ref.group.empty() || ref.group == "core") && ref.kind == "Service";
}

bool in_namespace(const TargetRef& ref, const std::string& ns) { return ref.ns.empty() || ref.ns == ns; }

bool selected(const Regime& regime, const Attachment& attachment, const Target& target) {
  return !attachment.selector || matches(regime, *attachment.selector, target.labels);
}

bool is_target_gateway(const TargetRef& ref, const Target& target) {
  return names_gateway(ref) && ref.name == target.gateway && in_namespace(ref, target.ns);
}

// The references that count: the list, else the older single field.
std::vector<TargetRef> references(const Regime& regime, const Attachment& attachment) {
  if (regime.fields.has(Field::TargetRefs) && !attachment.target_refs.empty()) return attachment.target_refs;
  if (regime.fields.has(Field::TargetRef) && attachment.target_ref) return {*attachment.target_ref};
  return {};
}

// S-D: services by their name alone, in the waypoint's namespace.
bool names_nearby_service(const TargetRef& ref, const Target& target) {
  return names_service(ref) && in_namespace(ref, target.ns) &&
         std::ranges::any_of(target.services, [&](const ServedService& one) { return one.name == ref.name; });
}

// S-E and S-F: services of the policy's own namespace.
bool names_own_service(const TargetRef& ref, const std::string& ns, const Target& target) {
  const bool entry = ref.group == kEntryGroup && ref.kind == "ServiceEntry";
  if (!entry && !names_service(ref)) return false;
  const Registry registry = entry ? Registry::ServiceEntry : Registry::Kubernetes;
  return in_namespace(ref, ns) && std::ranges::any_of(target.services, [&](const ServedService& one) {
           return one.name == ref.name && one.ns == ns && one.registry == registry;
         });
}

bool names_waypoint_class(const TargetRef& ref, const std::string& ns, const std::string& root) {
  return ref.group == kGatewayGroup && ref.kind == "GatewayClass" && ref.name == kWaypointClass && ns == root;
}

bool reference_fits(const Regime& regime, const std::string& root, const TargetRef& ref,
                    const std::string& ns, const Target& target) {
  const bool waypoint = target.type == NodeType::Waypoint;
  switch (regime.attachment) {
    case AttachmentRule::SelectorOnly:
      return false;
    case AttachmentRule::TargetRef:
      return is_target_gateway(ref, target);
    case AttachmentRule::TargetRefs:
      return is_target_gateway(ref, target) || (waypoint && names_nearby_service(ref, target));
    case AttachmentRule::OwnedTargets:
      return is_target_gateway(ref, target) || (waypoint && names_own_service(ref, ns, target));
    case AttachmentRule::ManyTargets:
      return (is_target_gateway(ref, target) && ns == target.ns) ||
             (waypoint && (names_own_service(ref, ns, target) || names_waypoint_class(ref, ns, root)));
  }
  return false;
}

// labels.Selector of Kubernetes (apimachinery): a value asked for needs the key, a value excluded does not.
bool fits(const LabelRequirement& requirement, const LabelPairs& labels) {
  const auto found = labels.find(requirement.key);
  const bool has_key = found != labels.end();
  const bool is_listed = has_key && std::ranges::find(requirement.values, found->second) != requirement.values.end();
  switch (requirement.op) {
    case LabelRequirement::Operator::In: return is_listed;
    case LabelRequirement::Operator::NotIn: return !is_listed;
    case LabelRequirement::Operator::Exists: return has_key;
    case LabelRequirement::Operator::DoesNotExist: return !has_key;
  }
  return false;
}

bool fits(const LabelSelector& selector, const LabelPairs& labels) {
  return std::ranges::all_of(selector.match_labels, [&](const auto& wanted) {
           const auto found = labels.find(wanted.first);
           return found != labels.end() && found->second == wanted.second;
         }) &&
         std::ranges::all_of(selector.match_expressions, [&](const LabelRequirement& one) { return fits(one, labels); });
}

}  // namespace

Target target_of(const Regime& regime, const ProxyNode& proxy, std::vector<ServedService> services) {
  Target target{.type = proxy.type, .ns = proxy.ns, .labels = effective_labels(regime, proxy), .services = std::move(services)};
  target.gateway = gateway_name(regime, target.labels);
  return target;
}

std::vector<std::string> namespaces_for(const Regime& regime, const std::string& root, const Target& target) {
  std::vector<std::string> namespaces;
  const auto add = [&](const std::string& ns) {
    if (!ns.empty() && std::ranges::find(namespaces, ns) == namespaces.end()) namespaces.push_back(ns);
  };
  switch (regime.namespaces) {
    case NamespaceOrder::RootThenOwn:
      add(root);
      add(target.ns);
      break;
    case NamespaceOrder::OwnThenRoot:
      add(target.ns);
      add(root);
      break;
    case NamespaceOrder::OwnThenRootThenServices:
      add(target.ns);
      add(root);
      for (const ServedService& service : target.services) add(service.ns);
      break;
  }
  return namespaces;
}

bool matches(const Regime& regime, const LabelPairs& selector, const LabelPairs& labels) {
  if (selector.empty()) return true;
  if (labels.size() < selector.size()) return false;
  return std::ranges::all_of(selector, [&](const auto& wanted) {
    const auto found = labels.find(wanted.first);
    if (found != labels.end()) return found->second == wanted.second;
    return wanted.second.empty() && regime.empty_value == EmptyValue::MatchesAbsence;
  });
}

bool reaches(const Regime& regime, const std::string& root, const Attachment& attachment,
             const std::string& ns, const Target& target) {
  if (regime.attachment == AttachmentRule::SelectorOnly) return selected(regime, attachment, target);
  const std::vector<TargetRef> refs = references(regime, attachment);
  const bool waypoint = target.type == NodeType::Waypoint;
  if (target.gateway.empty()) return refs.empty() && selected(regime, attachment, target);
  if (!refs.empty())
    return std::ranges::any_of(
        refs, [&](const TargetRef& ref) { return reference_fits(regime, root, ref, ns, target); });
  // 1.20 and 1.21 keep only selectors away from waypoints.
  if (waypoint && (regime.attachment != AttachmentRule::TargetRef || attachment.selector)) return false;
  return selected(regime, attachment, target);
}

bool in_revision(const Mesh& mesh, const ObjectMeta& meta) {
  return meta.revision.empty() || meta.revision == mesh.revision;
}

bool is_discovered(const Mesh& mesh, const std::string& ns) {
  const std::vector<LabelSelector>& selectors = mesh.config.discovery_selectors;
  if (selectors.empty()) return true;
  const auto described = mesh.namespaces.find(ns);
  LabelPairs labels = described == mesh.namespaces.end() ? LabelPairs{} : described->second;
  labels.try_emplace(std::string(kNamespaceName), ns);
  return std::ranges::any_of(selectors, [&](const LabelSelector& one) { return fits(one, labels); });
}

bool is_seen(const Mesh& mesh, const ObjectMeta& meta) {
  return in_revision(mesh, meta) && is_discovered(mesh, meta.id.ns);
}

}  // namespace model::istio

#include "model/selection.h"

#include <algorithm>

namespace model {
namespace {

bool is_virtual_machine(const Workload& workload) {
  return workload.kind == WorkloadKind::WorkloadEntry ||
         workload.kind == WorkloadKind::ServiceEntry;
}

// The first later field of the plugin that bears on membership and whose reach the plugin's own selector gives, or not.
bool bears_on_membership(const WasmPlugin& plugin) {
  return std::ranges::any_of(plugin.later, &LaterField::bears_on_membership);
}

bool has_target_reference(const WasmPlugin& plugin) {
  return std::ranges::any_of(plugin.later, &LaterField::is_target_reference);
}

enum class Match { Yes, No, ValueIsEmpty };

// SEL-8: an empty value against a missing key is neither a match nor a miss.
Match matches(const Cluster& cluster, const Selector& selector, const Workload& workload) {
  const auto labels = cluster.labels.set(workload.labels);
  auto result = Match::Yes;
  for (const LabelId wanted : selector.match_labels) {
    if (std::ranges::binary_search(labels, wanted)) continue;
    const Label pair = cluster.labels.label(wanted);
    if (!pair.value.empty() || cluster.labels.value_of(workload.labels, pair.key)) return Match::No;
    result = Match::ValueIsEmpty;
  }
  return result;
}

std::string pair_text(const Label& label) {
  std::string text(label.key);
  text += '=';
  text += label.value.empty() ? "\"\"" : label.value;
  return text;
}

}  // namespace

Membership membership(const Cluster& cluster, const WasmPlugin& plugin, const Workload& workload,
                      const Rules& rules) {
  const std::string_view own = cluster.namespaces[workload.ns];
  const bool same = plugin.id.ns == own;
  const bool root = !cluster.root_namespace.empty() && plugin.id.ns == cluster.root_namespace;
  const bool might_be_root = cluster.root_namespace.empty() && plugin.id.ns == kDefaultRootNamespace;

  if (!same && !root && !might_be_root && rules.hold("SEL-5"_clause))
    return {Standing::Out, "SEL-5"_clause};
  if (has_target_reference(plugin)) return {Standing::NotModelled, "SEL-1"_clause};
  if (is_virtual_machine(workload) && !rules.hold("SEL-10"_clause))
    return {Standing::Out, "SEL-10"_clause};

  const bool selects = plugin.selector.has_value();
  const auto match = selects && rules.hold("SEL-1"_clause)
                         ? matches(cluster, *plugin.selector, workload)
                         : Match::Yes;
  if (match == Match::No) return {Standing::Out, "SEL-1"_clause};
  if (bears_on_membership(plugin)) return {Standing::NotModelled, "SEL-1"_clause};
  if (selects && plugin.selector->match_labels.empty()) return {Standing::Open, "SEL-7"_clause};
  if (match == Match::ValueIsEmpty) return {Standing::Open, "SEL-8"_clause};
  if (!same && might_be_root) return {Standing::Open, "SEL-9"_clause};

  const ClauseId decided = root ? (selects ? "SEL-4"_clause : "SEL-3"_clause)
                                : (selects ? "SEL-1"_clause : "SEL-2"_clause);
  const bool holds = decided == "SEL-1"_clause || rules.hold(decided) || (same && root);
  return {holds ? Standing::In : Standing::Out, decided};
}

std::vector<LabelMiss> misses(const Cluster& cluster, const WasmPlugin& plugin,
                              const Workload& workload) {
  std::vector<LabelMiss> missed;
  if (!plugin.selector) return missed;
  const auto labels = cluster.labels.set(workload.labels);
  for (const LabelId wanted : plugin.selector->match_labels) {
    if (std::ranges::binary_search(labels, wanted)) continue;
    const Label pair = cluster.labels.label(wanted);
    missed.push_back({pair, cluster.labels.value_of(workload.labels, pair.key)});
  }
  return missed;
}

std::string reason(const Cluster& cluster, const WasmPlugin& plugin, const Workload& workload,
                   const Membership& membership) {
  const std::string own(cluster.namespaces[workload.ns]);
  if (membership.standing == Standing::NotModelled) {
    std::string fields;
    for (const LaterField& field : plugin.later)
      if (field.bears_on_membership) fields += (fields.empty() ? "" : ", ") + field.name;
    return to_string(plugin.id) + " has " + fields + ", which the documented API does not know";
  }
  if (membership.clause == "SEL-5"_clause)
    return "it stands in namespace " + plugin.id.ns + ", and the workload in " + own;
  if (membership.clause == "SEL-7"_clause)
    return "its selector is there, but names no label";
  if (membership.clause == "SEL-9"_clause)
    return "no root namespace is configured, and it stands in " + plugin.id.ns;
  if (membership.clause == "SEL-10"_clause) return "the workload is a virtual machine";
  const auto missed = misses(cluster, plugin, workload);
  if (missed.empty()) {
    const bool everywhere =
        membership.clause == "SEL-3"_clause || membership.clause == "SEL-4"_clause;
    const std::string where = everywhere ? "of every namespace" : "of its own namespace";
    return plugin.selector ? "its selector matches the labels"
                           : "it has no selector: it applies to every workload " + where;
  }
  std::string text = "its selector wants ";
  for (std::size_t i = 0; i < missed.size(); ++i)
    text += (i == 0 ? "" : i + 1 == missed.size() ? " and " : ", ") + pair_text(missed[i].wanted);
  text += ", and the workload has ";
  if (const auto& first = missed.front(); missed.size() == 1) {
    text += first.actual ? pair_text({first.wanted.key, *first.actual})
                         : "no label " + std::string(first.wanted.key);
    return text;
  }
  for (std::size_t i = 0; i < missed.size(); ++i) {
    text += i == 0 ? "" : i + 1 == missed.size() ? " and " : ", ";
    text += missed[i].actual ? pair_text({missed[i].wanted.key, *missed[i].actual})
                             : "no " + std::string(missed[i].wanted.key);
  }
  return text;
}

std::string smallest_change(const Cluster& cluster, const WasmPlugin& plugin,
                            const Workload& workload, const Membership& membership) {
  if (membership.standing != Standing::Out) return {};
  const auto missed = misses(cluster, plugin, workload);
  std::string change;
  if (membership.clause == "SEL-5"_clause) {
    change = "move the plugin to namespace " + std::string(cluster.namespaces[workload.ns]);
    if (!cluster.root_namespace.empty() && cluster.root_namespace != cluster.namespaces[workload.ns])
      change += ", or to the root namespace " + cluster.root_namespace;
  }
  if (missed.empty()) return change;
  change += change.empty() ? "label the workload " : "; and label the workload ";
  for (std::size_t i = 0; i < missed.size(); ++i)
    change += (i == 0 ? "" : " ") + pair_text(missed[i].wanted);
  return change;
}

}  // namespace model

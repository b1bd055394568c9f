#include "reports/istio_explanation.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "reports/istio_chain_text.h"

namespace reports {
namespace {

using model::istio::Extension;
using model::istio::ExtensionIndex;
using model::istio::ExtensionType;
using model::istio::LabelPairs;
using model::istio::ListenerOutline;
using model::istio::OutlineFilter;
using model::istio::Regime;
using model::istio::TargetRef;
using model::istio::TrafficMode;

std::string joined(const LabelPairs& labels) {
  std::string text;
  for (const auto& [key, value] : labels) text += (text.empty() ? "" : ", ") + key + "=" + (value.empty() ? "\"\"" : value);
  return text.empty() ? "no labels" : text;
}

std::string joined(const std::vector<TargetRef>& refs) {
  std::string text;
  for (const TargetRef& ref : refs) text += (text.empty() ? "" : ", ") + ref.kind + " " + ref.name;
  return text;
}

model::Place place_of(const Extension& extension, std::string_view field) {
  const auto found = extension.written.places.find(field);
  return found == extension.written.places.end() ? extension.meta.place : found->second;
}

// Of a waypoint with every service that a target names: what reaches one of its chains.
model::istio::Target target_for(const IstioExpectation& expectation, std::size_t workload) {
  auto target = target_of(expectation.regime(), expectation.proxy_of(workload));
  if (target.type == model::NodeType::Waypoint) target.services = expectation.context().named_services();
  return target;
}

class Explainer {
 public:
  Explainer(IstioExpectation& expectation, std::size_t workload)
      : regime_(expectation.regime()),
        mesh_(expectation.mesh()),
        target_(target_for(expectation, workload)),
        namespaces_(namespaces_for(regime_, mesh_.root_namespace, target_)) {
    result_.chains = expectation.chains_of(workload);
  }

  IstioExplanation explain() {
    if (!result_.chains.not_modelled) explain_chains();
    for (ExtensionIndex i = 0; i < mesh_.extensions.size(); ++i) explain_plugin(i);
    std::ranges::stable_sort(result_.plugins, [&](const IstioExplainedPlugin& a, const IstioExplainedPlugin& b) {
      if (a.standing != b.standing) return a.standing < b.standing;
      if (a.standing == IstioStanding::In) return first_seen_.at(a.extension) < first_seen_.at(b.extension);
      return mesh_.extensions[a.extension].meta.id < mesh_.extensions[b.extension].meta.id;
    });
    cite();
    return std::move(result_);
  }

 private:
  std::string name(const OutlineFilter& filter) const {
    return filter.extension ? extension_name(mesh_.extensions[*filter.extension]) : std::string(filter.built_in);
  }

  void explain_chains() {
    for (const ListenerOutline& chain : result_.chains.chains)
      for (const FilterList& list : filter_lists(chain)) {
        if (!list.has_plugin) continue;
        const bool network = list.filters.data() == chain.filters.network.data();
        IstioExplainedChain explained{list.title, {list.filters.begin(), list.filters.end()}, {}};
        for (std::size_t i = 0; i < list.filters.size(); ++i) {
          if (const auto& extension = list.filters[i].extension) {
            listeners_[*extension].push_back(list.title);
            first_seen_.try_emplace(*extension, first_seen_.size());
          }
          if (i + 1 < list.filters.size() && (list.filters[i].extension || list.filters[i + 1].extension))
            explained.pairs.push_back(pair(list.filters[i], list.filters[i + 1], network));
        }
        result_.explained.push_back(std::move(explained));
      }
  }

  std::string_view chain_rule(bool network) const {
    return network ? rule_of(*regime_.network).id : rule_of(*regime_.http).id;
  }

  IstioPair pair(const OutlineFilter& before, const OutlineFilter& after, bool network) const {
    IstioPair found{name(before), name(after), chain_rule(network), "", false};
    if (!before.extension || !after.extension) {
      found.reason = "their places in the chain";
      return found;
    }
    const Extension& a = mesh_.extensions[*before.extension];
    const Extension& b = mesh_.extensions[*after.extension];
    if (a.phase != b.phase) {
      found.reason = std::string(to_string(a.phase)) + " stands before " + std::string(to_string(b.phase));
    } else if (by_priority(regime_, a, b) != 0) {
      found.rule = a.priority && b.priority ? "PRI" : rule_of(regime_.unset_priority).id;
      found.reason = priority_text(a) + " against " + priority_text(b);
    } else if (a.meta.id.ns != b.meta.id.ns) {
      found.rule = rule_of(regime_.namespaces).id;
      found.reason = "one priority; namespace " + a.meta.id.ns + " is looked up before " + b.meta.id.ns;
    } else if (is_age_unknown(regime_, a, b)) {
      found.rule = "AGE";
      found.unsure = true;
      found.reason = "one priority and namespace, and the manifests do not tell which is older";
    } else if (a.meta.created->seconds != b.meta.created->seconds || a.meta.created->nanoseconds != b.meta.created->nanoseconds) {
      found.rule = "AGE";
      found.reason = "one priority and namespace; it is older";
    } else {
      found.rule = rule_of(regime_.ties).id;
      found.reason = "one priority, namespace and second";
    }
    return found;
  }

  void explain_plugin(ExtensionIndex index) {
    const Extension& one = mesh_.extensions[index];
    IstioExplainedPlugin told;
    told.extension = index;
    told.place = one.meta.place;
    if (auto why = discarded(regime_, mesh_, one)) {
      told.standing = IstioStanding::Discarded;
      told.rule = why->rule;
      told.reason = why->reason;
      told.place = why->place;
    } else if (std::ranges::find(namespaces_, one.meta.id.ns) == namespaces_.end()) {
      told.rule = rule_of(regime_.namespaces).id;
      told.reason = "namespace " + one.meta.id.ns + " is not looked up for a workload of " + target_.ns;
      told.change = "move the plugin to " + target_.ns +
                    (mesh_.root_namespace.empty() || mesh_.root_namespace == target_.ns
                         ? ""
                         : ", or to " + mesh_.root_namespace + " for every namespace");
    } else {
      explain_attachment(one, told);
    }
    result_.plugins.push_back(std::move(told));
  }

  // Which of its fields asks for workloads in this version.
  std::vector<TargetRef> references(const Extension& one) const {
    if (regime_.fields.has(model::istio::Field::TargetRefs) && !one.attachment.target_refs.empty()) return one.attachment.target_refs;
    if (regime_.fields.has(model::istio::Field::TargetRef) && one.attachment.target_ref) return {*one.attachment.target_ref};
    return {};
  }

  void explain_attachment(const Extension& one, IstioExplainedPlugin& told) const {
    told.rule = rule_of(regime_.attachment).id;
    const auto refs = references(one);
    const auto& selector = one.attachment.selector;
    const bool attached = reaches(regime_, mesh_.root_namespace, one.attachment, one.meta.id.ns, target_);
    told.place = place_of(one, refs.empty() ? "spec.selector" : one.attachment.target_refs.empty() ? "spec.targetRef" : "spec.targetRefs");
    if (attached) {
      if (!refs.empty()) told.reason = "its target is " + joined(refs);
      else if (selector && !selector->empty()) told.reason = "its selector matches the labels";
      else if (one.meta.id.ns == mesh_.root_namespace) told.reason = "it has no selector: it reaches the workloads of every namespace";
      else told.reason = "it has no selector: it reaches every workload of its namespace";
      explain_listeners(told);
      return;
    }
    if (!refs.empty()) {
      told.reason = target_.gateway.empty() ? "its target is " + joined(refs) + ", and the workload is no pod of a Gateway"
                                            : "its target is " + joined(refs) + ", and the workload is of Gateway " + target_.gateway;
      return;
    }
    if (target_.type == model::NodeType::Waypoint && !target_.gateway.empty() &&
        (!selector || matches(regime_, *selector, target_.labels))) {
      told.reason = "a waypoint takes no plugin of this kind without a target";
      return;
    }
    explain_selector(*selector, told);
  }

  void explain_selector(const LabelPairs& selector, IstioExplainedPlugin& told) const {
    LabelPairs wanted;
    LabelPairs there;
    for (const auto& [key, value] : selector) {
      const auto found = target_.labels.find(key);
      if (found != target_.labels.end() && found->second == value) continue;
      wanted[key] = value;
      if (found != target_.labels.end()) there[key] = found->second;
    }
    if (wanted.empty()) {
      told.reason = "its selector has more pairs than the workload has labels";
      return;
    }
    std::string lacking;
    for (const auto& [key, value] : wanted)
      if (!there.contains(key)) lacking += (lacking.empty() ? "" : ", ") + key;
    told.reason = "its selector wants " + joined(wanted) + ", and the workload has " +
                  (there.empty() ? "no label " + lacking : joined(there));
    told.change = "label the workload " + joined(wanted);
  }

  // In which listeners an attached plugin stands, and why not in the others of its layer.
  void explain_listeners(IstioExplainedPlugin& told) const {
    const Extension& one = mesh_.extensions[told.extension];
    const bool network = type_of(regime_, one) == ExtensionType::Network;
    if (const auto found = listeners_.find(told.extension); found != listeners_.end()) told.listeners = found->second;
    for (const ListenerOutline& chain : result_.chains.chains) {
      if (!network && !is_http(chain.kind)) continue;
      const auto& filters = network ? chain.filters.network : chain.filters.http;
      if (std::ranges::find(filters, std::optional(told.extension), &OutlineFilter::extension) != filters.end()) continue;
      told.absences.push_back(absence(one, chain, network));
    }
    told.standing = told.listeners.empty() ? IstioStanding::Attached : IstioStanding::In;
  }

  IstioAbsence absence(const Extension& one, const ListenerOutline& chain, bool network) const {
    const std::string title = chain_title(chain);
    if (!takes_plugins(chain.kind, network)) return {title, chain_rule(network), "no plugin stands in such a chain"};
    if (chain.service || target_.type == model::NodeType::Waypoint) {
      auto for_chain = target_;
      for_chain.services.clear();
      if (chain.service) for_chain.services = {*chain.service};
      if (!reaches(regime_, mesh_.root_namespace, one.attachment, one.meta.id.ns, for_chain))
        return {title, rule_of(regime_.attachment).id, "its target is another service"};
    }
    return {title, "MATCH", "its match asks for " + match_text(one)};
  }

  // Whether any plugin of that layer could stand there.
  bool takes_plugins(model::istio::ChainKind kind, bool network) const {
    model::istio::Mesh mesh;
    Extension probe;
    probe.meta.id = {target_.ns, "probe"};
    probe.url = "oci://probe";
    probe.type = network ? ExtensionType::Network : ExtensionType::Http;
    mesh.extensions = {probe};
    model::istio::Reached reached;
    reached.target = target_;
    (network ? reached.network : reached.http) = {0};
    const model::istio::PushContext context(regime_, mesh);
    const auto outline = chain_outline(context, reached, {}, {.kind = kind});
    const auto& filters = network ? outline.network : outline.http;
    return std::ranges::any_of(filters, [](const OutlineFilter& filter) { return filter.extension.has_value(); });
  }

  static std::string match_text(const Extension& one) {
    std::string text;
    for (const auto& match : one.match) {
      text += text.empty() ? "" : " or ";
      text += match.mode == TrafficMode::Any ? "any side" : match.mode == TrafficMode::Client ? "CLIENT" : "SERVER";
      for (std::size_t i = 0; i < match.ports.size(); ++i) text += (i == 0 ? " on port " : ", ") + std::to_string(match.ports[i]);
    }
    return text;
  }

  void cite() {
    std::set<std::string_view> ids;
    for (const IstioExplainedPlugin& plugin : result_.plugins) {
      ids.insert(plugin.rule);
      for (const IstioAbsence& absence : plugin.absences) ids.insert(absence.rule);
    }
    for (const IstioExplainedChain& chain : result_.explained)
      for (const IstioPair& pair : chain.pairs) ids.insert(pair.rule);
    for (const model::istio::Rule& rule : model::istio::rules())
      if (ids.contains(rule.id)) result_.rules.push_back(&rule);
  }

  const Regime& regime_;
  const model::istio::Mesh& mesh_;
  const model::istio::Target target_;
  const std::vector<std::string> namespaces_;
  std::map<ExtensionIndex, std::vector<std::string>> listeners_;
  std::map<ExtensionIndex, std::size_t> first_seen_;
  IstioExplanation result_;
};

}  // namespace

std::string_view to_string(IstioStanding standing) {
  switch (standing) {
    case IstioStanding::In: return "in";
    case IstioStanding::Attached: return "attached";
    case IstioStanding::Out: return "out";
    case IstioStanding::Discarded: return "discarded";
  }
  return {};
}

IstioExplanation explain(IstioExpectation& expectation, std::size_t workload) { return Explainer(expectation, workload).explain(); }

}  // namespace reports

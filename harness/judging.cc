#include "harness/judging.h"

#include <algorithm>

namespace harness {
namespace {

using model::operator""_clause;

std::string note_of(const model::WasmPlugin& plugin) {
  std::string note(to_string(plugin.effective_phase()));
  if (plugin.priority) note += ", priority " + std::to_string(*plugin.priority);
  return note;
}

reports::ShownLink shown(const model::Cluster& cluster, const model::ChainLink& link) {
  if (const auto* anchor = link.anchor())
    return {.label = std::string(to_string(*anchor)), .note = "", .envoy = "", .anchor = true};
  const model::WasmPlugin& plugin = cluster.plugins[*link.plugin()];
  return {.label = to_string(plugin.id), .note = note_of(plugin), .envoy = "", .anchor = false};
}

reports::ShownLink shown(const model::Cluster& cluster, const model::PluginDirectory& directory,
                         const model::ObservedFilter& filter) {
  reports::ShownLink link{.label = filter.name, .note = "", .envoy = filter.name, .anchor = false};
  if (filter.kind == model::FilterKind::Anchor) {
    link.label = to_string(filter.anchor);
    link.anchor = true;
  } else if (filter.plugin) {
    link.label = to_string(*filter.plugin);
    if (const auto index = directory.find(*filter.plugin)) link.note = note_of(cluster.plugins[*index]);
  }
  return link;
}

model::AnchorSet anchors_of(const model::ObservedChain& chain) {
  auto anchors = model::AnchorSet::router_only();
  for (const model::ObservedFilter& filter : chain.filters)
    if (filter.kind == model::FilterKind::Anchor) anchors.add(filter.anchor);
  return anchors;
}

reports::Verdict verdict_of(model::ProxyVerdict verdict) {
  switch (verdict) {
    case model::ProxyVerdict::Conforms: return reports::Verdict::Conforms;
    case model::ProxyVerdict::Differs: return reports::Verdict::Differs;
    case model::ProxyVerdict::NotModelled: return reports::Verdict::NotModelled;
    case model::ProxyVerdict::Error: return reports::Verdict::Error;
  }
  return reports::Verdict::Error;
}

// A proxy that no manifest describes, as its node describes itself.
model::Workload as_its_node_says(model::Cluster& cluster, const model::ObjectName& name,
                                 const model::ObservedNode& node) {
  model::Workload workload;
  workload.ns = cluster.namespaces.intern(name.ns);
  workload.name = name.name;
  workload.proxy = node.type == model::NodeType::Router     ? model::Proxy::Gateway
                   : node.type == model::NodeType::Waypoint ? model::Proxy::Waypoint
                                                            : model::Proxy::Sidecar;
  std::vector<model::LabelId> labels;
  if (node.labels)
    for (const auto& [key, value] : *node.labels) labels.push_back(cluster.labels.intern(key, value));
  workload.labels = cluster.labels.intern_set(labels);
  return workload;
}

// What the node says of its labels that the manifest does not, for a note.
std::string label_difference(const model::Cluster& cluster, const model::Workload& workload,
                             const model::ObservedNode& node) {
  if (!node.labels) return {};
  std::string text;
  const auto add = [&](std::string entry) { text += (text.empty() ? "" : ", ") + entry; };
  for (const auto& [key, value] : *node.labels) {
    const auto manifest = cluster.labels.value_of(workload.labels, key);
    if (!manifest) add(key + "=" + value + " is not in the manifest");
    if (manifest && *manifest != value)
      add(key + "=" + value + " is " + std::string(*manifest) + " in the manifest");
  }
  for (const model::LabelId id : cluster.labels.set(workload.labels)) {
    const model::Label label = cluster.labels.label(id);
    const bool known = std::ranges::any_of(
        *node.labels, [&](const auto& pair) { return pair.first == label.key; });
    if (!known) add(std::string(label.key) + "=" + std::string(label.value) + " is in the manifest only");
  }
  return text;
}

std::string breach_text(const model::TieBreach& breach) {
  std::string text =
      to_string(breach.first) + " stands before " + to_string(breach.second) + " here";
  for (std::size_t step = 0; step < breach.before.size(); ++step)
    text += ", and " + to_string(breach.earlier[step]) + " before " +
            to_string(breach.earlier[step + 1]) + " in " + breach.before[step];
  return text;
}

}  // namespace

std::string where(const model::Cluster& cluster, const model::Place& place) {
  if (!place) return {};
  return cluster.files[place.file] + ":" + std::to_string(place.line) + ":" +
         std::to_string(place.column);
}

Judge::Judge(model::Cluster& cluster, const JudgingOptions& options)
    : cluster_(cluster), options_(options), expectation_(cluster), directory_(cluster) {
  for (std::size_t i = 0; i < cluster.workloads.size(); ++i) {
    const model::Workload& workload = cluster.workloads[i];
    const std::string ns(cluster.namespaces[workload.ns]);
    workloads_.emplace(ns + "/" + workload.name, i);
    for (const std::string& pod : workload.pods) workloads_.emplace(ns + "/" + pod, i);
  }
}

std::optional<std::size_t> Judge::find(const model::ObjectName& name) const {
  const auto found = workloads_.find(to_string(name));
  return found == workloads_.end() ? std::nullopt : std::optional(found->second);
}

reports::Result Judge::judge(const Actual& actual, model::TieLedger& ledger,
                             const std::string& chain_name) {
  reports::Result result;
  result.source = actual.source;
  if (const auto* failure = std::get_if<DumpFailure>(&actual.proxy)) {
    result.workload = actual.workload ? to_string(*actual.workload) : "";
    result.verdict = reports::Verdict::Error;
    result.reason = failure->reason;
    if (failure->place.line != 0)
      result.where = actual.source + ":" + std::to_string(failure->place.line) + ":" +
                     std::to_string(failure->place.column);
    return result;
  }
  const auto& observed = std::get<model::ObservedProxy>(actual.proxy);
  const model::ObjectName of_node{observed.node.ns, observed.node.name};
  if (!actual.workload && observed.node.name.empty()) {
    result.verdict = reports::Verdict::Error;
    result.reason = "the dump does not say which workload it is of: name it with -w NAMESPACE/NAME, or with "
                    "--against NAMESPACE/NAME=FILE";
    return result;
  }
  const model::ObjectName name = actual.workload.value_or(of_node);
  result.workload = to_string(name);
  if (actual.workload && !observed.node.name.empty() && of_node != name)
    result.notes.push_back("the dump's node is " + to_string(of_node));
  return judge_proxy(name, observed, std::move(result), ledger, chain_name);
}

reports::Result Judge::judge_proxy(const model::ObjectName& name,
                                   const model::ObservedProxy& observed, reports::Result result,
                                   model::TieLedger& ledger, const std::string& chain_name) {
  const auto known = find(name);
  model::Workload workload = known ? cluster_.workloads[*known]
                                   : as_its_node_says(cluster_, name, observed.node);
  if (!known)
    result.notes.push_back(observed.node.labels
                               ? "no manifest describes it: the labels of its node decide"
                               : "no manifest describes it, and its node has no labels");
  if (known && (workload.proxy == model::Proxy::Unknown))
    workload.proxy = observed.node.type == model::NodeType::Router ? model::Proxy::Gateway
                                                                    : model::Proxy::Sidecar;
  if (known)
    if (const auto text = label_difference(cluster_, workload, observed.node); !text.empty())
      result.notes.push_back("its node bears other labels: " + text);

  const model::ExpectedChain expected = expectation_.chain(workload);
  const auto judgement =
      model::judge_proxy(expectation_, directory_, workload, expected, observed);
  result.verdict = verdict_of(judgement.verdict);
  result.reason = judgement.reason;
  result.where = where(cluster_, judgement.place);
  result.chains = judgement.chains;
  result.own_chains = judgement.own_chains;
  result.outbound_chains = judgement.outbound_chains;
  for (const model::Difference& difference : judgement.differences)
    result.differences.push_back({difference, where(cluster_, difference.place)});

  for (const model::SeenTie& tie : judgement.ties) {
    for (const model::TieBreach& breach : ledger.note(tie, chain_name + " " + to_string(name))) {
      model::Difference difference;
      difference.kind = model::DifferenceKind::Order;
      difference.clauses = {"PRI-3"_clause};
      difference.plugins = {breach.second, breach.first};
      difference.reason = breach_text(breach);
      if (result.verdict == reports::Verdict::Conforms) result.verdict = reports::Verdict::Differs;
      const auto told = std::ranges::find_if(result.differences, [&](const auto& other) {
        return other.found.same_as(difference);
      });
      if (told == result.differences.end())
        result.differences.push_back({std::move(difference), ""});
      else
        ++told->found.chains;
    }
  }
  const bool hedged = std::ranges::any_of(result.differences, [](const auto& difference) {
    return difference.found.level == model::Level::Should;
  });
  if (options_.strict && hedged && result.verdict == reports::Verdict::Conforms)
    result.verdict = reports::Verdict::Differs;

  const bool in_chain = std::ranges::any_of(result.differences, [](const auto& difference) {
    return difference.found.level != model::Level::Info &&
           difference.found.kind != model::DifferenceKind::NotInForce &&
           difference.found.kind != model::DifferenceKind::Setting;
  });
  if (in_chain && !judgement.judged.empty()) {
    const model::ObservedChain* chain = judgement.judged.front();
    for (const auto* candidate : judgement.judged)
      if (!result.differences.empty() &&
          candidate->listener == result.differences.front().found.listener &&
          candidate->pointer == result.differences.front().found.pointer) {
        chain = candidate;
        break;
      }
    reports::ShownChains both{chain->listener, {}, {}};
    for (const model::ChainLink& link : expectation_.links(expected, anchors_of(*chain)))
      both.expected.push_back(shown(cluster_, link));
    for (const model::ObservedFilter& filter : chain->filters) {
      auto link = shown(cluster_, directory_, filter);
      // Several rbac (or jwt_authn and istio_authn) side by side are one anchor.
      const bool repeats = link.anchor && !both.actual.empty() && both.actual.back().label == link.label;
      if (!repeats) both.actual.push_back(std::move(link));
    }
    result.shown = std::move(both);
  }
  return result;
}

}  // namespace harness

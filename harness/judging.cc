#include "harness/judging.h"

#include <algorithm>
#include <map>

#include "harness/dump_version.h"
#include "model/istio/chain_place.h"
#include "model/istio/judgement.h"

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

// The text does not order tied plugins: they are shown as they were seen, so that what is marked as moved is at fault.
void order_ties_as_seen(const model::Cluster& cluster, std::span<const model::PluginIndex> plugins,
                        const std::vector<reports::ShownLink>& actual,
                        std::vector<reports::ShownLink>& expected) {
  const auto seen_at = [&](const reports::ShownLink& link) {
    return std::ranges::find(actual, link.label, &reports::ShownLink::label) - actual.begin();
  };
  for (const model::TieGroup& tie : model::ties(cluster, plugins)) {
    // Tied plugins are neighbours in the chain with its anchors, too.
    const auto first = std::ranges::find(expected, to_string(cluster.plugins[plugins[tie.begin]].id),
                                         &reports::ShownLink::label);
    if (expected.end() - first < static_cast<std::ptrdiff_t>(tie.size)) continue;
    std::stable_sort(first, first + static_cast<std::ptrdiff_t>(tie.size),
                     [&](const auto& a, const auto& b) { return seen_at(a) < seen_at(b); });
  }
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

// Whether a difference is to be seen in a chain, more than as a record.
bool is_in_chain(const reports::Difference& difference) {
  return difference.found.level != model::Level::Info && difference.found.kind != model::DifferenceKind::NotInForce &&
         difference.found.kind != model::DifferenceKind::Setting;
}

// What the node is, where the manifest says something else.
std::string other_proxy(const model::Workload& workload, const model::ObservedNode& node) {
  const auto agrees = [&] {
    switch (node.type) {
      case model::NodeType::Router: return workload.proxy == model::Proxy::Gateway;
      case model::NodeType::Waypoint: return workload.proxy == model::Proxy::Waypoint;
      default: return workload.proxy == model::Proxy::Sidecar;
    }
  };
  if (workload.proxy == model::Proxy::None || agrees()) return {};
  const char* kind = node.type == model::NodeType::Router     ? "a gateway"
                     : node.type == model::NodeType::Waypoint ? "a waypoint"
                                                              : "a sidecar";
  return std::string("its node is ") + kind + ", and its manifest a " + std::string(to_string(workload.proxy));
}

// The proxy that a dump is of. What its node does not say (istioctl's list of listeners says nothing) is as the workload has it.
model::istio::ProxyNode proxy_of_dump(const model::Cluster& cluster, const model::istio::Mesh& mesh,
                                      const model::Workload& workload, bool by_manifest, const model::ObservedNode& node,
                                      const model::istio::Version& version) {
  auto proxy = model::istio::proxy_of(cluster, mesh, by_manifest ? &workload : nullptr, node);
  if (proxy.type == model::NodeType::Unknown)
    proxy.type = model::istio::proxy_of(cluster, workload, version).type;
  if (proxy.ns.empty()) proxy.ns = cluster.namespaces[workload.ns];
  if (proxy.name.empty()) proxy.name = workload.name;
  if (!proxy.version) proxy.version = version;
  return proxy;
}

// Whether all that differs is that plugins are missing from outbound chains of a sidecar.
bool only_outbound_lacks_plugins(const model::ProxyJudgement& judgement, const model::istio::ProxyNode& proxy) {
  if (proxy.type != model::NodeType::Sidecar || judgement.verdict != model::ProxyVerdict::Differs) return false;
  return std::ranges::all_of(judgement.differences, [&](const model::Difference& one) {
    if (one.level == model::Level::Info) return true;
    const auto chain = std::ranges::find(judgement.judged, one.listener, &model::ObservedChain::listener);
    return one.kind == model::DifferenceKind::Missing && !one.plugins.empty() && chain != judgement.judged.end() &&
           (*chain)->direction == model::Direction::Outbound;
  });
}

std::string note_of(const model::istio::Extension& plugin) {
  std::string note(to_string(plugin.phase));
  if (plugin.priority) note += ", priority " + std::to_string(*plugin.priority);
  return note;
}

// One layer of a chain, beside what is expected of it.
reports::ShownChains shown_layer(const model::ObservedChain& chain, const model::istio::FilterChain& expected,
                                 const model::istio::Mesh& mesh, bool network, bool plugins_only) {
  reports::ShownChains both{.listener = chain.listener, .expected = {}, .actual = {}, .complete = !plugins_only};
  for (const model::istio::ChainFilter& one : network ? expected.network : expected.http) {
    if (one.extension) {
      const model::istio::Extension& plugin = mesh.extensions[*one.extension];
      both.expected.push_back({.label = to_string(plugin.meta.id), .note = note_of(plugin), .envoy = "", .anchor = false});
    } else if (!plugins_only) {
      both.expected.push_back({.label = one.name, .note = "", .envoy = "", .anchor = false});
    }
  }
  const bool http = chain.protocol == model::ChainProtocol::Http;
  for (const model::ObservedFilter& one : network && http ? chain.network_filters : chain.filters)
    both.actual.push_back({.label = one.plugin ? to_string(*one.plugin) : one.name, .note = "", .envoy = one.name, .anchor = false});
  return both;
}

// The judgement of the model as a result for a person.
void take(const model::Cluster& cluster, const model::ProxyJudgement& judgement, reports::Result& result) {
  result.verdict = verdict_of(judgement.verdict);
  result.reason = judgement.reason;
  result.where = where(cluster, judgement.place);
  result.chains = judgement.chains;
  result.own_chains = judgement.own_chains;
  result.outbound_chains = judgement.outbound_chains;
  for (const model::Difference& difference : judgement.differences)
    result.differences.push_back({difference, where(cluster, difference.place)});
  result.notes.insert(result.notes.end(), judgement.notes.begin(), judgement.notes.end());
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

Judge::Judge(Manifests& manifests, const JudgingOptions& options) : Judge(manifests.cluster, options) {
  mesh_ = &manifests.mesh;
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

reports::Result Judge::judge(const Actual& actual, model::TieLedger& ledger, const std::string& chain_name,
                             const std::string& implementation) {
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
  const Known known = known_workload(name, observed, result);
  const auto fork = fork_of(observed, implementation);
  const auto answer = [&](reports::Verdict verdict, std::string reason) {
    result.verdict = verdict;
    result.reason = std::move(reason);
    return std::move(result);
  };
  if (options_.automatic) {
    result.version = observed.node.version;
    result.spelling = spelling_of(observed);
    if (fork) return answer(reports::Verdict::NotModelled, "it is of " + *fork);
    auto chosen = profile_of(observed);
    if (!chosen.profile) return answer(chosen.verdict, std::move(chosen.reason));
    judge_as_istio(*chosen.profile, known, observed, result);
  } else if (options_.profile.istio) {
    if (fork) result.notes.push_back("it is of " + *fork + ", and judged as Istio because --profile says so");
    judge_as_istio(options_.profile, known, observed, result);
  } else {
    judge_as_documented(name, known.workload, observed, result, ledger, chain_name);
  }
  return result;
}

Judge::Known Judge::known_workload(const model::ObjectName& name, const model::ObservedProxy& observed,
                                   reports::Result& result) {
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
  return {std::move(workload), known.has_value()};
}

void Judge::judge_as_istio(const Profile& profile, const Known& known, const model::ObservedProxy& observed,
                           reports::Result& result) {
  namespace istio = model::istio;
  const istio::Regime& regime = *profile.istio->regime;
  result.profile = profile.name;
  if (known.by_manifest && observed.node.type != model::NodeType::Unknown)
    if (const auto text = other_proxy(known.workload, observed.node); !text.empty()) result.notes.push_back(text);
  const auto proxy = proxy_of_dump(cluster_, *mesh_, known.workload, known.by_manifest, observed.node, profile.istio->version);
  const auto compared = options_.plugins_only ? istio::Compared::PluginsOnly : istio::Compared::AllFilters;
  const auto judged = istio::judge_proxy(regime, cluster_, *mesh_, known.workload, proxy, observed, compared);
  const model::ProxyJudgement& judgement = judged.judgement;
  take(cluster_, judgement, result);
  if (only_outbound_lacks_plugins(judgement, proxy))
    result.notes.emplace_back("only outbound chains lack plugins: OpenShift Service Mesh, a fork of Istio, leaves them out there with "
                              "APPLY_WASM_PLUGINS_TO_INBOUND_ONLY=true");

  const auto first = std::ranges::find_if(result.differences, is_in_chain);
  if (first == result.differences.end()) return;
  const auto chain = std::ranges::find_if(judgement.judged, [&](const model::ObservedChain* one) {
    return one->listener == first->found.listener && one->pointer == first->found.pointer;
  });
  if (chain == judgement.judged.end()) return;
  const auto& expected = judged.computed[judged.expected[static_cast<std::size_t>(chain - judgement.judged.begin())]];
  result.shown = shown_layer(**chain, expected, *mesh_, first->found.network, options_.plugins_only);
}

void Judge::judge_as_documented(const model::ObjectName& name, const model::Workload& workload,
                                const model::ObservedProxy& observed, reports::Result& result,
                                model::TieLedger& ledger, const std::string& chain_name) {
  const model::ExpectedChain expected = expectation_.chain(workload);
  const auto judgement =
      model::judge_proxy(expectation_, directory_, workload, expected, observed);
  take(cluster_, judgement, result);

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

  if (std::ranges::any_of(result.differences, is_in_chain) && !judgement.judged.empty()) {
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
    order_ties_as_seen(cluster_, expected.plugins, both.actual, both.expected);
    result.shown = std::move(both);
  }
}

std::vector<std::string> version_notes(const reports::Report& report) {
  std::map<std::string, std::size_t> dumps;
  for (const reports::Result& one : report.results) {
    if (one.version.empty()) continue;
    std::string text = "Istio " + one.version + " by its node, ";
    text += one.spelling.empty() ? "without a plugin whose name could tell" : "named as by Istio " + one.spelling;
    if (!one.profile.empty()) {
      std::string problem;
      const auto profile = parse_profile(one.profile, problem);
      const std::string note = profile ? profile->note() : std::string();
      text += ": judged as " + one.profile + (note.empty() ? "" : ", by the rules of " + note.substr(note.rfind(' ') + 1));
    }
    ++dumps[text];
  }
  std::vector<std::string> notes;
  for (const auto& [text, count] : dumps) notes.push_back(std::to_string(count) + (count == 1 ? " dump: " : " dumps: ") + text);
  return notes;
}

}  // namespace harness

#include "model/manifest_diff.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/expected_chains.h"
#include "model/istio/admission.h"
#include "model/istio/extension_order.h"
#include "model/istio/nearby_chains.h"
#include "model/istio/unmodelled.h"
#include "model/precedence.h"

namespace model {
namespace {

using istio::ChangedChain;
using istio::Extension;
using istio::NamedFilter;
using istio::shown_name;

using Directory = std::map<std::string, const Extension*>;

Directory directory_of(const istio::Mesh& mesh) {
  Directory all;
  for (const Extension& one : mesh.extensions) all[shown_name(one)] = &one;
  return all;
}

std::string text_of(istio::FailStrategy fail) {
  switch (fail) {
    case istio::FailStrategy::Close: return "FAIL_CLOSE";
    case istio::FailStrategy::Open: return "FAIL_OPEN";
    case istio::FailStrategy::Reload: break;
  }
  return "FAIL_RELOAD";
}

std::string text_of(const std::vector<istio::EnvironmentVariable>& env) {
  std::string text;
  for (const istio::EnvironmentVariable& one : env)
    text += (text.empty() ? "" : ", ") + one.name + (one.from_host ? " from the host" : "=" + one.value);
  return text;
}

// The configuration behind a plugin's filter, by field.
std::vector<std::pair<std::string, std::string>> settings_of(const Extension& one) {
  return {{"url", one.url},
          {"sha256", one.sha256},
          {"imagePullPolicy", std::string(to_string(one.pull_policy))},
          {"imagePullSecret", one.written.pull_secret_text},
          {"pluginName", one.plugin_name},
          {"pluginConfig", one.config.value_or("")},
          {"vmConfig.env", text_of(one.env)},
          {"failStrategy", text_of(one.fail)}};
}

std::vector<ChangedSettings::Field> changed_fields(const Extension& before, const Extension& after) {
  std::vector<ChangedSettings::Field> fields;
  const auto old = settings_of(before);
  const auto fresh = settings_of(after);
  for (std::size_t i = 0; i < old.size(); ++i)
    if (old[i].second != fresh[i].second) fields.push_back({old[i].first, old[i].second, fresh[i].second});
  return fields;
}

bool says_the_same(const Extension& a, const Extension& b) {
  const auto same_match = [](const istio::TrafficMatch& x, const istio::TrafficMatch& y) {
    return x.mode == y.mode && x.ports == y.ports;
  };
  return a.phase == b.phase && a.priority == b.priority && a.type == b.type && settings_of(a) == settings_of(b) &&
         a.attachment.selector == b.attachment.selector && a.attachment.target_ref == b.attachment.target_ref &&
         a.attachment.target_refs == b.attachment.target_refs && std::ranges::equal(a.match, b.match, same_match);
}

using Names = std::set<std::string>;

// What a plugin that is not taken is told with.
struct Denied {
  std::string reason;
  std::string rule;
  Place place;
};

// One state under the documented profile.
class DocumentedSide {
 public:
  explicit DocumentedSide(const MeshState& state)
      : cluster_(state.cluster), expectation_(state.cluster), chains_(expectation_), directory_(state.cluster) {}

  // Workloads of one number have one chain.
  std::uint64_t class_of(std::size_t workload) const {
    const Workload& one = cluster_.workloads[workload];
    return std::uint64_t{chains_.class_of(workload)} << 8 | static_cast<std::uint64_t>(one.proxy);
  }

  struct Chain {
    ExpectedChain expected;
    std::vector<NamedFilter> filters;
    istio::ChainKind kind = istio::ChainKind::InboundHttp;
    std::optional<std::string> why_not;
    Place place = {};
    Names running;
  };

  ExpectedChain expected(std::size_t workload) const { return chains_.chain_of(workload); }

  // With plugins that tie in the order in which `like` has them: between them none is promised, and no move is one.
  void order_ties(ExpectedChain& chain, const std::vector<std::string>& like) const {
    const auto place = [&](PluginIndex i) { return std::ranges::find(like, name(i)) - like.begin(); };
    for (const TieGroup& tie : ties(cluster_, chain.plugins))
      std::ranges::stable_sort(chain.plugins.begin() + static_cast<std::ptrdiff_t>(tie.begin),
                               chain.plugins.begin() + static_cast<std::ptrdiff_t>(tie.begin + tie.size), {}, place);
  }

  std::vector<std::string> names(const ExpectedChain& chain) const {
    std::vector<std::string> all;
    for (const PluginIndex i : chain.plugins) all.push_back(name(i));
    return all;
  }

  Chain chain(std::size_t workload, ExpectedChain expected) const {
    const Workload& one = cluster_.workloads[workload];
    Chain made;
    made.expected = std::move(expected);
    const auto direction = direction_of(one);
    if (!direction) {
      made.why_not = "a waypoint (SEL-11)";
      made.place = one.place;
    } else if (!made.expected.not_modelled.empty()) {
      const WasmPlugin& plugin = cluster_.plugins[made.expected.not_modelled.front()];
      const auto field = std::ranges::find_if(plugin.later, &LaterField::bears_on_membership);
      made.why_not = to_string(plugin.id) + (field == plugin.later.end() ? std::string() : " has " + field->name);
      made.place = field == plugin.later.end() ? plugin.place : field->place;
    }
    if (direction == ChainDirection::Gateway) made.kind = istio::ChainKind::GatewayHttp;
    std::size_t phase = 0;
    const auto pass_anchors = [&](std::size_t until) {
      for (; phase < until; ++phase) made.filters.push_back({std::string(to_string(static_cast<Anchor>(phase)))});
    };
    for (const PluginIndex i : made.expected.plugins) {
      const WasmPlugin& plugin = cluster_.plugins[i];
      pass_anchors(static_cast<std::size_t>(plugin.effective_phase()));
      made.filters.push_back({to_string(plugin.id), true, plugin.effective_phase()});
      made.running.insert(made.filters.back().name);
    }
    pass_anchors(kAnchors);
    return made;
  }

  std::map<std::string, Denied> denied() const {
    std::map<std::string, Denied> all;
    const auto add = [&](const Refusal& one) {
      all[to_string(one.plugin)] = {one.reason, one.clause ? std::string((*one.clause)->id) : std::string(), one.place};
    };
    for (const Refusal& one : cluster_.refused) add(one);
    for (const ModuleVerdict& one : expectation_.modules())
      if (one.refusal) add(*one.refusal);
    return all;
  }

  // How two plugins of a chain are ordered, by their names.
  std::optional<Order> order(const std::string& a, const std::string& b) const {
    const WasmPlugin* first = plugin(a);
    const WasmPlugin* second = plugin(b);
    if (!first || !second || first->effective_phase() != second->effective_phase()) return std::nullopt;
    return precedence(*first, *second).order;
  }

  const WasmPlugin* plugin(const std::string& name) const {
    const auto slash = name.find('/');
    const auto found = directory_.find({name.substr(0, slash), name.substr(slash + 1)});
    return found ? &cluster_.plugins[*found] : nullptr;
  }

  std::string name(PluginIndex i) const { return to_string(cluster_.plugins[i].id); }

 private:
  const Cluster& cluster_;
  Expectation expectation_;
  ExpectedChains chains_;
  PluginDirectory directory_;
};

// What no list shows: ties that come or go, and plugins that become open.
std::vector<std::string> unlisted(const DocumentedSide& before, const DocumentedSide::Chain& old, const DocumentedSide& after,
                                  const DocumentedSide::Chain& fresh) {
  std::vector<std::string> sentences;
  std::vector<std::string> common;
  for (const NamedFilter& one : fresh.filters)
    if (one.plugin && old.running.contains(one.name)) common.push_back(one.name);
  for (std::size_t a = 0; a < common.size(); ++a)
    for (std::size_t b = a + 1; b < common.size(); ++b) {
      const auto was = before.order(common[a], common[b]);
      const auto is = after.order(common[a], common[b]);
      if (!was || !is || *was == *is) continue;
      if (*is == Order::Tied)
        sentences.push_back("the order of " + common[a] + " and " + common[b] + " is promised no longer: they tie (PRI-3)");
      else if (*was == Order::Tied)
        sentences.push_back(common[a] + " stands before " + common[b] + " for certain, and they tied");
    }
  const auto open = [](const DocumentedSide& side, const DocumentedSide::Chain& chain) {
    std::map<std::string, std::string> names;
    for (const OpenMember& one : chain.expected.open) names[side.name(one.plugin)] = one.clause->id;
    return names;
  };
  const auto were = open(before, old);
  const auto are = open(after, fresh);
  for (const auto& [name, clause] : are)
    if (!were.contains(name)) sentences.push_back("whether " + name + " is in the chain is open (" + clause + ")");
  for (const auto& [name, clause] : were)
    if (!are.contains(name)) sentences.push_back("whether " + name + " is in the chain is open no longer");
  return sentences;
}

struct Outcome {
  std::vector<ChangedChain> chains;
  std::vector<std::string> also;
  std::optional<std::pair<std::string, Place>> not_modelled;
  Names running_before;
  Names running_after;
};

Outcome outcome(const DocumentedSide& before, std::size_t old, const DocumentedSide& after, std::size_t fresh) {
  ExpectedChain expected_before = before.expected(old);
  ExpectedChain expected_after = after.expected(fresh);
  after.order_ties(expected_after, before.names(expected_before));
  before.order_ties(expected_before, after.names(expected_after));
  const auto was = before.chain(old, std::move(expected_before));
  const auto is = after.chain(fresh, std::move(expected_after));
  Outcome found{{}, {}, std::nullopt, was.running, is.running};
  if (was.filters != is.filters || was.kind != is.kind)
    found.chains.push_back({is.kind, std::nullopt, std::nullopt, false, was.filters, is.filters});
  found.also = unlisted(before, was, after, is);
  const bool differ = !found.chains.empty() || !found.also.empty() || was.why_not != is.why_not;
  if (differ && (was.why_not || is.why_not))
    found.not_modelled = is.why_not ? std::pair(*is.why_not, is.place) : std::pair(*was.why_not, Place{});
  return found;
}

// One state under a version of Istio.
class IstioSide {
 public:
  IstioSide(const istio::Regime& regime, const istio::Version& version, const MeshState& state)
      : regime_(regime), version_(version), state_(state), open_(regime, state.mesh), chains_(state.mesh) {}

  std::uint64_t class_of(std::size_t workload) {
    const Workload& one = state_.cluster.workloads[workload];
    const istio::ProxyNode node = proxy(workload);
    std::string labels;
    for (const auto& [key, value] : istio::effective_labels(regime_, node)) labels += key + "=" + value + "\n";
    // Where a proxy runs is told for itself, as far as it is not known.
    const auto why = why_not(workload);
    return classes_.try_emplace({one.ns, one.proxy, labels, why ? why->reason : std::string()}, classes_.size()).first->second;
  }

  std::optional<istio::Unmodelled> why_not(std::size_t workload) const {
    if (auto why = istio::unmodelled(state_.cluster, state_.mesh, state_.cluster.workloads[workload])) return why;
    return open_.of(proxy(workload));
  }

  std::vector<istio::ListenerChain> chains(std::size_t workload) { return chains_.of(regime_, proxy(workload)); }

  Names running(const std::vector<istio::ListenerChain>& chains) const {
    Names names;
    for (const istio::ListenerChain& chain : chains)
      for (const auto layer : {&istio::FilterChain::http, &istio::FilterChain::network})
        for (const istio::ChainFilter& filter : chain.filters.*layer)
          if (filter.extension) names.insert(shown_name(state_.mesh.extensions[*filter.extension]));
    return names;
  }

  std::map<std::string, Denied> denied() const {
    std::map<std::string, Denied> all;
    for (const Extension& one : state_.mesh.extensions) {
      auto why = istio::discarded(regime_, state_.mesh, one);
      if (!why) why = istio::denial(regime_, state_.mesh, one);
      if (why) all[shown_name(one)] = {why->reason, std::string(why->rule), why->place};
    }
    return all;
  }

  const istio::Mesh& mesh() const { return state_.mesh; }

 private:
  istio::ProxyNode proxy(std::size_t workload) const {
    return istio::proxy_of(state_.cluster, state_.mesh, state_.cluster.workloads[workload], version_);
  }

  const istio::Regime& regime_;
  const istio::Version version_;
  const MeshState& state_;
  const istio::OpenQuestions open_;
  istio::NearbyChains chains_;
  std::map<std::tuple<NamespaceId, Proxy, std::string, std::string>, std::uint64_t> classes_;
};

Outcome outcome(IstioSide& before, std::size_t old, IstioSide& after, std::size_t fresh) {
  const auto was = before.chains(old);
  const auto is = after.chains(fresh);
  Outcome found{{}, {}, std::nullopt, before.running(was), after.running(is)};
  found.chains = istio::changed_chains(before.mesh(), was, after.mesh(), is);
  const auto why_before = before.why_not(old);
  const auto why_after = after.why_not(fresh);
  const bool alike = found.chains.empty() && why_before.has_value() == why_after.has_value() &&
                     (!why_after || why_before->reason == why_after->reason);
  if (!alike && (why_before || why_after))
    found.not_modelled = why_after ? std::pair(why_after->reason, why_after->place) : std::pair(why_before->reason, Place{});
  return found;
}

// The comparison that both profiles share.
template <class Side>
class Differ {
 public:
  Differ(Side& before, Side& after, const MeshState& old, const MeshState& fresh)
      : before_(before), after_(after), old_(old), fresh_(fresh),
        plugins_before_(directory_of(old.mesh)), plugins_after_(directory_of(fresh.mesh)) {
    for (const auto& [name, plugin] : plugins_before_) {
      const auto other = plugins_after_.find(name);
      if (other == plugins_after_.end() || !says_the_same(*plugin, *other->second)) touched_.insert(name);
      if (other == plugins_after_.end()) continue;
      auto fields = changed_fields(*plugin, *other->second);
      if (!fields.empty()) settings_[name] = {name, other->second->meta.place, std::move(fields), {}};
    }
    for (const auto& [name, plugin] : plugins_after_)
      if (!plugins_before_.contains(name)) touched_.insert(name);
  }

  ManifestDiff diff(const std::vector<bool>& looked_at_before, const std::vector<bool>& looked_at_after) {
    pair_up(looked_at_before, looked_at_after);
    for (const WorkloadPair& pair : pairs_) compare(pair);
    for (auto& [key, way] : ways_) result_.ways.push_back(std::move(way));
    std::ranges::stable_sort(result_.ways, std::ranges::greater{}, [](const ChangedByManifests& one) { return one.workloads.size(); });
    for (auto& [name, settings] : settings_)
      if (!settings.workloads.empty()) result_.settings.push_back(std::move(settings));
    // Where only some workloads are looked at, nobody knows.
    const auto all = [](const std::vector<bool>& looked_at) { return std::ranges::find(looked_at, false) == looked_at.end(); };
    for (const std::string& name : touched_)
      if (all(looked_at_before) && all(looked_at_after) && !running_.contains(name)) result_.idle.push_back(name);
    find_acceptances();
    return std::move(result_);
  }

 private:
  void pair_up(const std::vector<bool>& looked_at_before, const std::vector<bool>& looked_at_after) {
    std::map<std::tuple<std::string_view, std::string_view, WorkloadKind>, std::uint32_t> known;
    const auto key = [](const Cluster& cluster, const Workload& one) {
      return std::tuple(cluster.namespaces[one.ns], std::string_view(one.name), one.kind);
    };
    const auto& old = old_.cluster.workloads;
    const auto& fresh = fresh_.cluster.workloads;
    for (std::uint32_t i = 0; i < old.size(); ++i)
      if (old[i].proxy != Proxy::None) known.try_emplace(key(old_.cluster, old[i]), i);
    std::set<std::uint32_t> found;
    for (std::uint32_t i = 0; i < fresh.size(); ++i) {
      if (fresh[i].proxy == Proxy::None || !looked_at_after[i]) continue;
      ++result_.workloads;
      const auto same = known.find(key(fresh_.cluster, fresh[i]));
      if (same == known.end()) {
        result_.added.push_back(i);
        continue;
      }
      pairs_.push_back({same->second, i});
      found.insert(same->second);
    }
    std::set<std::tuple<std::string_view, std::string_view, WorkloadKind>> in_later;
    for (const Workload& one : fresh)
      if (one.proxy != Proxy::None) in_later.insert(key(fresh_.cluster, one));
    for (std::uint32_t i = 0; i < old.size(); ++i)
      if (old[i].proxy != Proxy::None && looked_at_before[i] && !in_later.contains(key(old_.cluster, old[i]))) {
        result_.removed.push_back(i);
        ++result_.workloads;
      }
  }

  const Outcome& outcome_of(const WorkloadPair& pair) {
    const auto key = std::pair(before_.class_of(pair.before), after_.class_of(pair.after));
    const auto known = outcomes_.find(key);
    if (known != outcomes_.end()) return known->second;
    return outcomes_.emplace(key, outcome(before_, pair.before, after_, pair.after)).first->second;
  }

  void compare(const WorkloadPair& pair) {
    const Outcome& found = outcome_of(pair);
    running_.insert(found.running_before.begin(), found.running_before.end());
    running_.insert(found.running_after.begin(), found.running_after.end());
    bool changed = false;
    for (auto& [name, settings] : settings_) {
      if (!found.running_before.contains(name) || !found.running_after.contains(name)) continue;
      settings.workloads.push_back(pair);
      changed = true;
    }
    if (found.not_modelled) {
      const auto& [reason, place] = *found.not_modelled;
      auto same = std::ranges::find_if(result_.not_modelled, [&](const DiffNotModelled& one) {
        return one.reason == reason && one.place == place;
      });
      if (same == result_.not_modelled.end()) same = result_.not_modelled.insert(same, {{}, reason, place});
      same->workloads.push_back(pair);
    } else if (!found.chains.empty() || !found.also.empty()) {
      auto& way = ways_[{istio::key_of(found.chains), found.also}];
      if (way.workloads.empty()) way = {{}, found.chains, found.also};
      way.workloads.push_back(pair);
      changed = true;
    }
    result_.changed += changed;
  }

  void find_acceptances() {
    const auto old = before_.denied();
    const auto fresh = after_.denied();
    for (const auto& [name, why] : fresh)
      if (!old.contains(name)) result_.acceptances.push_back({name, true, why.reason, why.rule, why.place});
    for (const auto& [name, why] : old)
      if (!fresh.contains(name) && plugins_after_.contains(name))
        result_.acceptances.push_back({name, false, why.reason, why.rule, why.place});
  }

  Side& before_;
  Side& after_;
  const MeshState& old_;
  const MeshState& fresh_;
  const Directory plugins_before_;
  const Directory plugins_after_;
  Names touched_;  // plugins that the states do not have alike
  Names running_;
  std::map<std::string, ChangedSettings> settings_;
  std::vector<WorkloadPair> pairs_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Outcome> outcomes_;
  std::map<std::pair<std::vector<istio::ChangeOfChain>, std::vector<std::string>>, ChangedByManifests> ways_;
  ManifestDiff result_;
};

}  // namespace

ManifestDiff documented_diff(const MeshState& before, const MeshState& after, const std::vector<bool>& looked_at_before,
                             const std::vector<bool>& looked_at_after) {
  DocumentedSide old(before);
  DocumentedSide fresh(after);
  return Differ(old, fresh, before, after).diff(looked_at_before, looked_at_after);
}

ManifestDiff istio_diff(const istio::Regime& regime, const istio::Version& version, const MeshState& before,
                        const MeshState& after, const std::vector<bool>& looked_at_before,
                        const std::vector<bool>& looked_at_after) {
  IstioSide old(regime, version, before);
  IstioSide fresh(regime, version, after);
  return Differ(old, fresh, before, after).diff(looked_at_before, looked_at_after);
}

}  // namespace model

#include "model/istio/upgrade.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "model/istio/extension_order.h"
#include "model/istio/nearby_chains.h"
#include "model/istio/payload.h"

namespace model::istio {
namespace {

// A side on the way from one version to the other.
struct Side {
  Regime regime;
  Version proxies;
};

void take_field(Fields& fields, Field field, Fields from) {
  if (from.has(field) != fields.has(field)) fields = from.has(field) ? fields | field : fields.without(field);
}

Cause cause(Aspect aspect, const Rule& before, const Rule& after) { return {aspect, &before, &after}; }

Cause field_cause(Aspect aspect, Field field, const Regime& before, const Regime& after) {
  const Rule* rule = rules_of(Fields(field)).front();
  return {aspect, before.fields.has(field) ? rule : nullptr, after.fields.has(field) ? rule : nullptr};
}

// One rule made the later version's.
struct Step {
  Aspect aspect;
  void (*take)(Side& side, const Side& to);
  Cause (*cause)(const Regime& before, const Regime& after);
};

template <Field field>
void take_one(Side& side, const Side& to) { take_field(side.regime.fields, field, to.regime.fields); }

constexpr std::array kSteps = std::to_array<Step>({
    {Aspect::Kinds, take_one<Field::TrafficExtension>,
     [](const Regime& a, const Regime& b) { return field_cause(Aspect::Kinds, Field::TrafficExtension, a, b); }},
    {Aspect::EmptyUrls, take_one<Field::EmptyUrl>,
     [](const Regime& a, const Regime& b) { return field_cause(Aspect::EmptyUrls, Field::EmptyUrl, a, b); }},
    {Aspect::FailStrategies,
     [](Side& side, const Side& to) {
       take_field(side.regime.fields, Field::FailStrategy, to.regime.fields);
       take_field(side.regime.fields, Field::FailReload, to.regime.fields);
     },
     [](const Regime& a, const Regime& b) {
       const bool same = a.fields.has(Field::FailReload) == b.fields.has(Field::FailReload);
       return field_cause(Aspect::FailStrategies, same ? Field::FailStrategy : Field::FailReload, a, b);
     }},
    {Aspect::PriorityWidth, [](Side& side, const Side& to) { side.regime.unset_priority = to.regime.unset_priority; },
     [](const Regime& a, const Regime& b) {
       return cause(Aspect::PriorityWidth, rule_of(a.unset_priority), rule_of(b.unset_priority));
     }},
    {Aspect::Match, take_one<Field::Match>,
     [](const Regime& a, const Regime& b) { return field_cause(Aspect::Match, Field::Match, a, b); }},
    {Aspect::Labels, [](Side& side, const Side& to) { side.regime.labels = to.regime.labels; },
     [](const Regime& a, const Regime& b) { return cause(Aspect::Labels, rule_of(a.labels), rule_of(b.labels)); }},
    {Aspect::Topology, [](Side& side, const Side& to) { side.regime.topology = to.regime.topology; },
     [](const Regime& a, const Regime& b) { return cause(Aspect::Topology, rule_of(a.topology), rule_of(b.topology)); }},
    {Aspect::EmptyValues, [](Side& side, const Side& to) { side.regime.empty_value = to.regime.empty_value; },
     [](const Regime& a, const Regime& b) {
       return cause(Aspect::EmptyValues, rule_of(a.empty_value), rule_of(b.empty_value));
     }},
    {Aspect::Attachment,
     [](Side& side, const Side& to) {
       side.regime.attachment = to.regime.attachment;
       side.regime.gateway_label = to.regime.gateway_label;
       take_field(side.regime.fields, Field::TargetRef, to.regime.fields);
       take_field(side.regime.fields, Field::TargetRefs, to.regime.fields);
     },
     [](const Regime& a, const Regime& b) {
       return a.attachment == b.attachment
                  ? cause(Aspect::Attachment, rule_of(a.gateway_label), rule_of(b.gateway_label))
                  : cause(Aspect::Attachment, rule_of(a.attachment), rule_of(b.attachment));
     }},
    {Aspect::HttpChain,
     [](Side& side, const Side& to) {
       side.regime.http = to.regime.http;
       side.proxies = to.proxies;
     },
     [](const Regime& a, const Regime& b) { return cause(Aspect::HttpChain, rule_of(*a.http), rule_of(*b.http)); }},
    {Aspect::NetworkChain, [](Side& side, const Side& to) { side.regime.network = to.regime.network; },
     [](const Regime& a, const Regime& b) {
       return cause(Aspect::NetworkChain, rule_of(*a.network), rule_of(*b.network));
     }},
    {Aspect::Type, take_one<Field::Type>,
     [](const Regime& a, const Regime& b) { return field_cause(Aspect::Type, Field::Type, a, b); }},
    {Aspect::NamespaceOrder, [](Side& side, const Side& to) { side.regime.namespaces = to.regime.namespaces; },
     [](const Regime& a, const Regime& b) {
       return cause(Aspect::NamespaceOrder, rule_of(a.namespaces), rule_of(b.namespaces));
     }},
    {Aspect::TieOrder, [](Side& side, const Side& to) { side.regime.ties = to.regime.ties; },
     [](const Regime& a, const Regime& b) { return cause(Aspect::TieOrder, rule_of(a.ties), rule_of(b.ties)); }},
});

template <class Objects>
bool asks_for_topology(const Objects& objects) {
  return std::ranges::any_of(objects, [](const auto& one) {
    return one.attachment.selector && std::ranges::any_of(*one.attachment.selector, [](const auto& pair) {
             return is_topology_label(pair.first);
           });
  });
}

bool asks_for_topology(const Mesh& mesh) {
  return asks_for_topology(mesh.extensions) || asks_for_topology(mesh.request_authentications) ||
         asks_for_topology(mesh.authorization_policies) || asks_for_topology(mesh.peer_authentications) ||
         asks_for_topology(mesh.telemetries);
}

std::vector<ExtensionIndex> plugins_in(const std::vector<ChainFilter>& filters) {
  std::vector<ExtensionIndex> found;
  for (const ChainFilter& one : filters)
    if (one.extension) found.push_back(*one.extension);
  return found;
}

// Workloads that no rule tells apart.
struct Class {
  std::vector<std::uint32_t> workloads;
  ProxyNode proxy;  // of the earlier version
};

class Comparison {
 public:
  Comparison(const Cluster& cluster, const Mesh& mesh, const Release& from, const Release& to)
      : cluster_(cluster),
        mesh_(mesh),
        from_{*from.regime, from.version},
        to_{*to.regime, to.version},
        chains_(mesh),
        open_before_(from_.regime, mesh),
        open_after_(to_.regime, mesh) {}

  Upgrade compare(const std::vector<std::uint32_t>& workloads) {
    for (const Class& one : classes(workloads)) compare(one);
    for (auto& [key, way] : ways_) {
      std::ranges::sort(way.found.workloads);
      auto group = std::ranges::find(result_.groups, way.causes, &ChangeGroup::causes);
      if (group == result_.groups.end()) group = result_.groups.insert(group, ChangeGroup{way.causes, {}});
      group->ways.push_back(way.found);
    }
    sort_groups();
    find_edits();
    find_services();
    find_acceptances();
    find_renaming();
    find_references();
    find_fields();
    find_remarks();
    finish();
    return std::move(result_);
  }

 private:
  struct Way {
    std::vector<Cause> causes;
    ChangedWorkloads found;
  };

  ProxyNode proxy_on(const Side& side, ProxyNode proxy) const {
    proxy.version = side.proxies;
    return proxy;
  }

  std::vector<ListenerChain> chains_on(const Side& side, NearbyChains& chains, const ProxyNode& proxy) const {
    return chains.of(side.regime, proxy_on(side, proxy));
  }

  std::vector<Class> classes(const std::vector<std::uint32_t>& workloads) {
    const bool topology = asks_for_topology(mesh_);
    std::map<std::tuple<NamespaceId, LabelSetId, Proxy, std::string>, std::size_t> known;
    std::vector<Class> found;
    for (const std::uint32_t index : workloads) {
      const Workload& workload = cluster_.workloads[index];
      if (workload.proxy == Proxy::None) continue;
      ++result_.workloads;
      ProxyNode proxy;
      std::string where;
      if (topology) {
        proxy = proxy_of(cluster_, mesh_, workload, from_.proxies);
        where = place_of(proxy);
      }
      const auto [at, fresh] = known.try_emplace({workload.ns, workload.labels, workload.proxy, where}, found.size());
      if (fresh) found.push_back({{}, topology ? proxy : proxy_of(cluster_, mesh_, workload, from_.proxies)});
      found[at->second].workloads.push_back(index);
    }
    // Those of one namespace one after the other (NearbyChains).
    std::ranges::stable_sort(found, {}, [](const Class& one) -> const std::string& { return one.proxy.ns; });
    return found;
  }

  // Where a proxy runs, as far as selectors can ask.
  std::string place_of(const ProxyNode& proxy) const {
    std::string text;
    for (const Side* side : {&from_, &to_}) {
      for (const auto& [key, value] : effective_labels(side->regime, proxy_on(*side, proxy))) text += key + "=" + value + "\n";
      for (const std::string& key : untold_labels(side->regime, proxy_on(*side, proxy))) text += key + "\n";
    }
    return text;
  }

  std::optional<Unmodelled> unmodelled_class(const Class& one) const {
    if (auto why = unmodelled(cluster_, mesh_, cluster_.workloads[one.workloads.front()])) return why;
    if (auto why = open_before_.of(proxy_on(from_, one.proxy))) return why;
    if (auto why = open_after_.of(proxy_on(to_, one.proxy))) return why;
    return std::nullopt;
  }

  void not_modelled(const Class& one, const Unmodelled& why) {
    auto known = std::ranges::find(result_.not_modelled, why, &NotModelled::why);
    if (known == result_.not_modelled.end()) known = result_.not_modelled.insert(known, NotModelled{{}, why});
    known->workloads.insert(known->workloads.end(), one.workloads.begin(), one.workloads.end());
  }

  void compare(const Class& one) {
    const auto before = chains_on(from_, chains_, one.proxy);
    const auto after = chains_on(to_, chains_, one.proxy);
    note_plugins(one, before, after);
    if (const auto why = unmodelled_class(one)) return not_modelled(one, *why);
    if (before.empty() != after.empty())
      return not_modelled(one, {"Istio " + to_string((before.empty() ? from_ : to_).proxies) + " has no waypoints", {}});
    modelled_.push_back(one);
    auto unknown = unmodelled_listener(from_.regime, one.proxy.type);
    if (!unknown) unknown = unmodelled_listener(to_.regime, one.proxy.type);
    if (unknown)
      not_modelled(one, {"its " + std::string(direction_of(*unknown)) + " " + std::string(class_of(*unknown)) +
                             " chains on one of the versions; the others are compared",
                         {}});
    auto chains = changed_chains(mesh_, before, mesh_, after);
    if (chains.empty()) return;
    std::vector<std::vector<Cause>> causes = causes_of(one, before, chains);
    // Lists of one workload that change for different causes are told apart.
    std::map<std::vector<Aspect>, ChangedWorkloads> parts;
    std::map<std::vector<Aspect>, std::vector<Cause>> causes_by_key;
    for (std::size_t i = 0; i < chains.size(); ++i) {
      const auto key = causes_key(causes[i]);
      parts[key].chains.push_back(std::move(chains[i]));
      causes_by_key[key] = std::move(causes[i]);
    }
    for (auto& [key, part] : parts) {
      auto& way = ways_[{key, key_of(part.chains)}];
      if (way.found.workloads.empty()) way = {causes_by_key[key], std::move(part)};
      way.found.workloads.insert(way.found.workloads.end(), one.workloads.begin(), one.workloads.end());
    }
  }

  // The orders of plugins, which an EnvoyFilter does not change, and who runs which.
  void note_plugins(const Class& one, const std::vector<ListenerChain>& before, const std::vector<ListenerChain>& after) {
    std::set<ExtensionIndex> old;
    std::set<ExtensionIndex> fresh;
    for (const ChainPair& pair : pairs_of(before, after))
      for (const auto layer : {&FilterChain::http, &FilterChain::network}) {
        PluginOrders orders{plugins_in(pair.before->filters.*layer), plugins_in(pair.after->filters.*layer)};
        old.insert(orders.before.begin(), orders.before.end());
        fresh.insert(orders.after.begin(), orders.after.end());
        if (orders.before.size() > 1 || orders.after.size() > 1) orders_.insert(std::move(orders));
      }
    const auto note = [&](const Side& side, const std::set<ExtensionIndex>& plugins, auto& unserved) {
      for (const ExtensionIndex i : plugins)
        if (!is_served(side.regime, mesh_, mesh_.extensions[i], proxy_on(side, one.proxy)))
          unserved[i].insert(one.workloads.begin(), one.workloads.end());
    };
    note(from_, old, unserved_before_);
    note(to_, fresh, unserved_after_);
    bool any = false;
    for (const ExtensionIndex i : old)
      if (fresh.contains(i)) {
        stays_.insert(i);
        any = true;
      }
    if (any) runs_.insert(runs_.end(), one.workloads.begin(), one.workloads.end());
  }

  // Of each list, the steps that change it.
  std::vector<std::vector<Cause>> causes_of(const Class& one, std::vector<ListenerChain> chains,
                                            const std::vector<ChangedChain>& changed) {
    std::vector<std::vector<Cause>> causes(changed.size());
    Side side = from_;
    for (const Step& step : kSteps) {
      const Side last = side;
      step.take(side, to_);
      const Cause rules = step.cause(last.regime, to_.regime);
      if (rules.before == rules.after && last.proxies == side.proxies) continue;
      auto next = chains_on(side, chains_, one.proxy);
      for (std::size_t i = 0; i < changed.size(); ++i)
        if (differs(mesh_, chains, next, changed[i])) causes[i].push_back(rules);
      chains = std::move(next);
    }
    return causes;
  }

  static std::vector<Aspect> causes_key(const std::vector<Cause>& causes) {
    std::vector<Aspect> key;
    for (const Cause& one : causes) key.push_back(one.aspect);
    return key;
  }

  // What moves plugins first, then what moves Istio's own filters alone; single causes before several.
  void sort_groups() {
    const auto moves_plugins = [](const ChangeGroup& group) {
      return std::ranges::any_of(group.ways, [](const ChangedWorkloads& way) {
        return std::ranges::any_of(way.chains, [](const ChangedChain& chain) {
          const auto plugins = [](const std::vector<NamedFilter>& filters) {
            std::vector<NamedFilter> found;
            std::ranges::copy_if(filters, std::back_inserter(found), &NamedFilter::plugin);
            return found;
          };
          return plugins(chain.before) != plugins(chain.after);
        });
      });
    };
    std::ranges::stable_sort(result_.groups, {}, [&](const ChangeGroup& group) {
      return std::tuple(!moves_plugins(group), group.causes.size(), -static_cast<int>(group.causes.back().aspect));
    });
    for (ChangeGroup& group : result_.groups)
      std::ranges::stable_sort(group.ways, std::ranges::greater{}, [](const ChangedWorkloads& way) { return way.workloads.size(); });
  }

  void find_edits() {
    result_.edits = order_edits(mesh_, orders_);
    if (result_.edits.empty()) return;
    prove_edits();
    std::map<std::string, std::size_t> edit_of;
    for (std::size_t i = 0; i < result_.edits.size(); ++i)
      for (const ExtensionIndex plugin : result_.edits[i].plugins) edit_of[shown_name(mesh_.extensions[plugin])] = i;
    for (ChangeGroup& group : result_.groups)
      for (ChangedWorkloads& way : group.ways) {
        std::set<std::size_t> edits;
        for (const ChangedChain& chain : way.chains)
          for (const auto& [first, second] : shift_of(chain.before, chain.after).swapped) {
            const auto one = edit_of.find(first);
            const auto other = edit_of.find(second);
            if (one != edit_of.end() && other != edit_of.end() && one->second == other->second) edits.insert(one->second);
          }
        way.edits.assign(edits.begin(), edits.end());
      }
  }

  // Computes all chains once more with the edits: an edit that does not do what it promises is none.
  void prove_edits() {
    const Mesh edited_mesh = edited(mesh_, result_.edits);
    NearbyChains with(edited_mesh);
    std::set<ExtensionIndex> wrong;
    const auto restored = [&](const std::vector<ExtensionIndex>& today, const std::vector<ExtensionIndex>& then) {
      std::map<ExtensionIndex, std::size_t> place;
      for (std::size_t i = 0; i < then.size(); ++i) place[then[i]] = i;
      for (std::size_t a = 0; a < today.size(); ++a)
        for (std::size_t b = a + 1; b < today.size(); ++b) {
          const bool both = place.contains(today[a]) && place.contains(today[b]);
          if (both && mesh_.extensions[today[a]].phase == mesh_.extensions[today[b]].phase &&
              place[today[a]] > place[today[b]])
            wrong.insert({today[a], today[b]});
        }
    };
    for (const Class& one : modelled_) {
      const auto today = chains_on(from_, chains_, one.proxy);
      const auto today_with = chains_on(from_, with, one.proxy);
      const auto then_with = chains_on(to_, with, one.proxy);
      for (const auto layer : {&FilterChain::http, &FilterChain::network}) {
        for (const ChainPair& pair : pairs_of(today, today_with))
          if (plugins_in(pair.before->filters.*layer) != plugins_in(pair.after->filters.*layer))
            for (const ExtensionIndex i : plugins_in(pair.before->filters.*layer)) wrong.insert(i);
        for (const ChainPair& pair : pairs_of(today, then_with))
          restored(plugins_in(pair.before->filters.*layer), plugins_in(pair.after->filters.*layer));
      }
    }
    for (OrderEdit& edit : result_.edits) {
      const bool fails = std::ranges::any_of(edit.plugins, [&](ExtensionIndex i) { return wrong.contains(i); });
      if (!fails || edit.edits.empty()) continue;
      edit.edits.clear();
      edit.obstacle = "no edit of priorities was found that keeps every chain";
    }
  }

  void find_services() {
    const Rule& before = rule_of(from_.regime.served);
    const Rule& after = rule_of(to_.regime.served);
    const auto add = [&](const auto& these, const auto& others, bool served_after) {
      for (const auto& [extension, workloads] : these) {
        std::vector<std::uint32_t> only;
        const auto other = others.find(extension);
        for (const std::uint32_t i : workloads)
          if (other == others.end() || !other->second.contains(i)) only.push_back(i);
        if (!only.empty()) result_.services.push_back({&before, &after, extension, served_after, std::move(only)});
      }
    };
    add(unserved_after_, unserved_before_, false);
    add(unserved_before_, unserved_after_, true);
  }

  void find_acceptances() {
    for (ExtensionIndex i = 0; i < mesh_.extensions.size(); ++i) {
      const Extension& one = mesh_.extensions[i];
      const auto add = [&](bool by_admission, auto before, auto after) {
        if (before.has_value() == after.has_value()) return;
        const bool accepted_before = !before.has_value();
        result_.acceptances.push_back({i, by_admission, accepted_before, accepted_before ? *after : *before});
      };
      add(false, discarded(from_.regime, mesh_, one), discarded(to_.regime, mesh_, one));
      add(true, denial(from_.regime, mesh_, one), denial(to_.regime, mesh_, one));
    }
  }

  void find_renaming() {
    if (from_.regime.names == to_.regime.names || stays_.empty()) return;
    Renaming found{&rule_of(from_.regime.names), &rule_of(to_.regime.names), {}, runs_};
    for (const ExtensionIndex i : stays_) {
      const Extension& one = mesh_.extensions[i];
      if (filter_name(from_.regime, one.meta.id, one.kind) != filter_name(to_.regime, one.meta.id, one.kind))
        found.extensions.push_back(i);
    }
    if (found.extensions.empty()) return;
    std::ranges::sort(found.workloads);
    result_.renaming = std::move(found);
  }

  // A patch is lost if it looks for the old name, and no patch of the same EnvoyFilter for the new one.
  void find_references() {
    if (from_.regime.names == to_.regime.names) return;
    std::map<std::string, ExtensionIndex> before;
    std::map<std::string, ExtensionIndex> after;
    for (ExtensionIndex i = 0; i < mesh_.extensions.size(); ++i) {
      const Extension& one = mesh_.extensions[i];
      if (is_usable(from_.regime, mesh_, one)) before[filter_name(from_.regime, one.meta.id, one.kind)] = i;
      if (is_usable(to_.regime, mesh_, one)) after[filter_name(to_.regime, one.meta.id, one.kind)] = i;
    }
    std::set<std::pair<ObjectName, std::string>> all;
    for (const FilterReference& one : cluster_.filter_references) all.insert({one.envoy_filter, one.filter});
    for (std::size_t i = 0; i < cluster_.filter_references.size(); ++i) {
      const FilterReference& one = cluster_.filter_references[i];
      const bool is_old = before.contains(one.filter);
      if (is_old == after.contains(one.filter)) continue;
      const ExtensionIndex extension = is_old ? before[one.filter] : after[one.filter];
      const Extension& plugin = mesh_.extensions[extension];
      const std::string other = filter_name(is_old ? to_.regime : from_.regime, plugin.meta.id, plugin.kind);
      if (!all.contains({one.envoy_filter, other})) result_.references.push_back({i, extension, other, is_old});
    }
  }

  void find_fields() {
    const auto add = [&](Field field, auto uses) {
      if (from_.regime.fields.has(field) == to_.regime.fields.has(field)) return;
      FieldChange change{rules_of(Fields(field)).front(), to_.regime.fields.has(field), {}};
      for (const ExtensionIndex i : stays_)
        if (uses(mesh_.extensions[i])) change.extensions.push_back(i);
      if (!change.extensions.empty()) result_.fields.push_back(std::move(change));
    };
    add(Field::Environment, [](const Extension& one) { return !one.env.empty(); });
    add(Field::PullPolicy, [](const Extension& one) { return one.pull_policy != PullPolicy::Unspecified; });
    add(Field::FailStrategy, [](const Extension& one) { return one.fail != FailStrategy::Close; });
  }

  void find_remarks() {
    if (stays_.empty()) return;
    const auto add = [&](const Rule& before, const Rule& after) {
      if (&before != &after) result_.remarks.push_back({Aspect::Kinds, &before, &after});
    };
    add(rule_of(from_.regime.type_urls), rule_of(to_.regime.type_urls));
    add(rule_of(from_.regime.fail), rule_of(to_.regime.fail));
  }

  void finish() {
    std::set<std::uint32_t> changed;
    for (const ChangeGroup& group : result_.groups)
      for (const ChangedWorkloads& way : group.ways) changed.insert(way.workloads.begin(), way.workloads.end());
    for (const ServiceChange& one : result_.services) changed.insert(one.workloads.begin(), one.workloads.end());
    result_.changed.assign(changed.begin(), changed.end());
  }

  const Cluster& cluster_;
  const Mesh& mesh_;
  const Side from_;
  const Side to_;
  NearbyChains chains_;
  const OpenQuestions open_before_;
  const OpenQuestions open_after_;
  Upgrade result_;
  std::map<std::pair<std::vector<Aspect>, std::vector<ChangeOfChain>>, Way> ways_;
  std::set<PluginOrders> orders_;
  std::map<ExtensionIndex, std::set<std::uint32_t>> unserved_before_;
  std::map<ExtensionIndex, std::set<std::uint32_t>> unserved_after_;
  std::set<ExtensionIndex> stays_;          // plugins that stand in a chain on both sides
  std::vector<std::uint32_t> runs_;         // workloads that have one of them
  std::vector<Class> modelled_;
};

}  // namespace

bool Upgrade::changes() const {
  return !changed.empty() || !acceptances.empty() || renaming || !references.empty() || !fields.empty();
}

Upgrade upgrade(const Cluster& cluster, const Mesh& mesh, const Release& from, const Release& to,
                const std::vector<std::uint32_t>& workloads) {
  // One version is no upgrade: nothing can change, whatever is modelled of it.
  if (from.regime == to.regime && from.version == to.version) {
    Upgrade same;
    same.workloads = static_cast<std::size_t>(
        std::ranges::count_if(workloads, [&](std::uint32_t i) { return cluster.workloads[i].proxy != Proxy::None; }));
    return same;
  }
  return Comparison(cluster, mesh, from, to).compare(workloads);
}

}  // namespace model::istio

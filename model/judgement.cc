#include "model/judgement.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "model/differences.h"
#include "model/placement.h"

namespace model {
namespace {

// One place of a chain that the phases speak of.
struct Seen {
  ChainLink link;
  const ObservedFilter* filter;
};

// How far back in the chain a link belongs: phases and anchors take turns. Only UNSPECIFIED_PHASE, which PHA-6
// judges by adjacency, has no place of its own here.
int rank(const Cluster& cluster, const ChainLink& link) {
  if (const auto* anchor = link.anchor()) return 2 * static_cast<int>(*anchor) + 1;
  return 2 * static_cast<int>(cluster.plugins[*link.plugin()].effective_phase());
}

// Whether the text asks for `b` before `a`, who were seen the other way round. Equal to "the graph has a proof
// without PHA-6", which a test shows over all small worlds.
bool contradicts(const Cluster& cluster, const ChainLink& a, const ChainLink& b) {
  if (a.anchor() && b.anchor()) return false;
  const auto router = [](const ChainLink& link) {
    return link.anchor() && *link.anchor() == Anchor::Router;
  };
  if (router(a)) return true;
  if (router(b)) return false;
  const auto unspecified = [&](const ChainLink& link) {
    return link.plugin() &&
           cluster.plugins[*link.plugin()].effective_phase() == Phase::Unspecified;
  };
  if (unspecified(a) != unspecified(b)) return false;
  if (rank(cluster, a) != rank(cluster, b)) return rank(cluster, a) > rank(cluster, b);
  return a.plugin() && b.plugin() &&
         cluster.plugins[*a.plugin()].effective_priority() <
             cluster.plugins[*b.plugin()].effective_priority();
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

// A colon before the first slash, as in registry:5000/filter: implementations take what stands before it for a
// scheme, although the text says that there is none without "://".
bool colon_looks_like_scheme(std::string_view url) {
  const auto colon = url.find(':');
  return url.find("://") == std::string_view::npos && colon != std::string_view::npos &&
         colon < url.find('/');
}

class ChainJudge {
 public:
  ChainJudge(const Expectation& expectation, const PluginDirectory& directory,
             const Workload& workload, const ExpectedChain& expected, const ObservedChain& observed)
      : expectation_(expectation),
        cluster_(expectation.cluster()),
        directory_(directory),
        workload_(workload),
        expected_(expected),
        observed_(observed) {}

  ChainJudgement judge() && {
    look();
    judge_presence();
    judge_order();
    judge_adjacency();
    record_external_authorization();
    record_ties();
    return std::move(result_);
  }

 private:
  Difference& add(DifferenceKind kind, Level level, std::vector<ClauseId> clauses,
                  std::string reason) {
    Difference difference;
    difference.kind = kind;
    difference.level = level;
    difference.clauses = std::move(clauses);
    difference.reason = std::move(reason);
    difference.listener = observed_.listener;
    difference.pointer = observed_.pointer;
    return result_.differences.emplace_back(std::move(difference));
  }

  const WasmPlugin& plugin(PluginIndex index) const { return cluster_.plugins[index]; }

  std::optional<ClauseId> open_clause(PluginIndex index) const {
    for (const OpenMember& member : expected_.open)
      if (member.plugin == index) return member.clause;
    return std::nullopt;
  }

  void look() {
    for (const ObservedFilter& filter : observed_.filters) {
      if (filter.kind == FilterKind::Anchor) seen_.push_back({filter.anchor, &filter});
      if (!filter.plugin) continue;
      const auto index = directory_.find(*filter.plugin);
      const bool first = ++counts_[*filter.plugin] == 1;
      if (index && first && expects(*index)) seen_.push_back({*index, &filter});
      if (!first || (index && expects(*index))) continue;
      strangers_.push_back(&filter);
    }
  }

  bool expects(PluginIndex index) const {
    return std::ranges::find(expected_.plugins, index) != expected_.plugins.end() ||
           open_clause(index);
  }

  void judge_presence() {
    for (const PluginIndex index : expected_.plugins)
      if (!counts_.contains(plugin(index).id)) judge_missing(index);
    for (const OpenMember& member : expected_.open) {
      const bool there = counts_.contains(plugin(member.plugin).id);
      auto& record = add(there ? DifferenceKind::Extra : DifferenceKind::Missing, Level::Info,
                         {member.clause},
                         there ? "it stands in the chain; the text leaves it open"
                               : "it does not stand in the chain; the text leaves it open");
      record.plugins = {plugin(member.plugin).id};
      record.place = plugin(member.plugin).place;
    }
    for (const ObservedFilter* stranger : strangers_) judge_stranger(*stranger);
    for (const auto& [name, count] : counts_) {
      if (count < 2) continue;
      auto& difference = add(DifferenceKind::Duplicate, Level::Must, {"SEL-6"_clause},
                             "it stands " + std::to_string(count) + " times in one chain");
      difference.plugins = {name};
      if (const auto index = directory_.find(name)) difference.place = plugin(*index).place;
    }
  }

  void judge_missing(PluginIndex index) {
    const WasmPlugin& missing = plugin(index);
    const Membership member = expectation_.membership(index, workload_);
    auto& difference = add(DifferenceKind::Missing, Level::Must, {member.clause},
                           reason(cluster_, missing, workload_, member));
    difference.plugins = {missing.id};
    difference.place = missing.selector ? missing.selector->place : missing.place;
    if (!missing.open_spellings.empty()) {
      difference.level = Level::Info;
      difference.clauses = {missing.open_spellings.front().clause};
      difference.reason = "the spelling of a field is left open, and so is whether it is accepted";
      difference.place = missing.open_spellings.front().place;
    } else if (colon_looks_like_scheme(missing.url)) {
      difference.clauses = {"URL-1"_clause};
      difference.reason = "its url " + missing.url + " has no scheme, so it names an image";
      difference.place = missing.url_place;
    }
  }

  // Of a plugin that reads, but whose url, checksum or key is at fault.
  const Refusal* refusal_of_module(PluginIndex index) const {
    const auto& refusal = expectation_.modules()[index].refusal;
    return refusal ? &*refusal : nullptr;
  }

  void judge_stranger(const ObservedFilter& filter) {
    const ObjectName& name = *filter.plugin;
    const auto index = directory_.find(name);
    const Refusal* refusal = index ? refusal_of_module(*index) : directory_.refusal(name);
    if (refusal) {
      std::vector<ClauseId> clauses;
      if (refusal->clause) clauses.push_back(*refusal->clause);
      auto& difference =
          add(DifferenceKind::Extra, Level::Must, clauses, "it is refused: " + refusal->reason);
      difference.plugins = {name};
      difference.place = refusal->place;
      return;
    }
    if (index) {
      const Membership member = expectation_.membership(*index, workload_);
      auto& difference = add(DifferenceKind::Extra, Level::Must, {member.clause},
                             reason(cluster_, plugin(*index), workload_, member));
      difference.plugins = {name};
      difference.place = plugin(*index).selector ? plugin(*index).selector->place : plugin(*index).place;
      return;
    }
    add(DifferenceKind::Extra, Level::Must, {}, "the manifests have no WasmPlugin of this name")
        .plugins = {name};
  }

  void judge_order() {
    std::vector<std::pair<std::size_t, std::size_t>> contradictions;
    for (std::size_t i = 0; i < seen_.size(); ++i)
      for (std::size_t j = i + 1; j < seen_.size(); ++j)
        if (contradicts(cluster_, seen_[i].link, seen_[j].link)) contradictions.emplace_back(i, j);
    if (contradictions.empty()) return;

    std::vector<PluginIndex> members;
    AnchorSet anchors = AnchorSet::router_only();
    for (const Seen& seen : seen_) {
      if (seen.link.plugin()) members.push_back(*seen.link.plugin());
      if (seen.link.anchor()) anchors.add(*seen.link.anchor());
    }
    const PrecedenceGraph graph(cluster_.plugins, members, anchors);
    for (const auto& [i, j] : nearest(contradictions)) tell_order(graph, seen_[i], seen_[j]);
  }

  void tell_order(const PrecedenceGraph& graph, const Seen& first, const Seen& second) {
    const auto clauses = graph.proof(second.link, first.link);
    const auto name = [&](const Seen& seen) {
      return seen.link.plugin() ? to_string(plugin(*seen.link.plugin()).id) : seen.filter->name;
    };
    const bool plugins = first.link.plugin() && second.link.plugin();
    auto& difference = add(plugins ? DifferenceKind::Order : DifferenceKind::Placement, Level::Must,
                           clauses, name(second) + " must stand before " + name(first));
    for (const Seen* seen : {&second, &first}) {
      if (const auto* index = seen->link.plugin()) {
        difference.plugins.push_back(plugin(*index).id);
        const Place decides = clauses.front()->id.starts_with("PRI") ? plugin(*index).priority_place
                                                                    : plugin(*index).phase_place;
        if (!difference.place) difference.place = decides ? decides : plugin(*index).place;
      } else {
        difference.filters.push_back(seen->filter->name);
      }
    }
  }

  // PHA-6: from the first UNSPECIFIED_PHASE plugin to the router stand only such plugins.
  void judge_adjacency() {
    std::vector<ObjectName> early;
    std::vector<ObjectName> between;
    std::vector<std::string> foreign;
    Place place;
    for (const ObservedFilter& filter : observed_.filters) {
      if (filter.kind == FilterKind::Anchor && filter.anchor == Anchor::Router) break;
      const auto index = filter.plugin ? directory_.find(*filter.plugin) : std::nullopt;
      if (index && plugin(*index).effective_phase() == Phase::Unspecified) {
        if (foreign.empty()) between.push_back(plugin(*index).id);
        if (!place) place = plugin(*index).phase_place ? plugin(*index).phase_place : plugin(*index).place;
        continue;
      }
      if (between.empty()) continue;
      foreign.push_back(filter.name);
      early = between;
    }
    if (foreign.empty()) return;
    auto& difference = add(DifferenceKind::Placement, Level::Should, {"PHA-6"_clause},
                           (foreign.size() == 1 ? foreign.front() + " stands"
                                                : listed(foreign) + " stand") +
                               " between it and the router");
    difference.plugins = std::move(early);
    difference.filters = std::move(foreign);
    difference.place = place;
  }

  void record_external_authorization() {
    const auto external = std::ranges::find(observed_.filters, FilterKind::ExternalAuthorization,
                                            &ObservedFilter::kind);
    if (external == observed_.filters.end()) return;
    std::map<std::pair<Phase, bool>, std::vector<ObjectName>> sides;
    for (auto filter = observed_.filters.begin(); filter != observed_.filters.end(); ++filter) {
      const auto index = filter->plugin ? directory_.find(*filter->plugin) : std::nullopt;
      if (!index || plugin(*index).effective_phase() == Phase::Unspecified) continue;
      sides[{plugin(*index).effective_phase(), filter < external}].push_back(plugin(*index).id);
    }
    for (auto& [side, plugins] : sides) {
      auto& record = add(DifferenceKind::Placement, Level::Info, {"PHA-9"_clause},
                         std::string(to_string(side.first)) + " stands " +
                             (side.second ? "before" : "after") + " external authorization");
      record.plugins = std::move(plugins);
      record.filters = {external->name};
    }
  }

  void record_ties() {
    std::map<std::pair<Phase, std::int64_t>, SeenTie> groups;
    for (const Seen& seen : seen_)
      if (const auto* index = seen.link.plugin())
        groups[{plugin(*index).effective_phase(), plugin(*index).effective_priority()}].push_back(
            plugin(*index).id);
    for (auto& [key, group] : groups)
      if (group.size() > 1) result_.ties.push_back(std::move(group));
  }

  const Expectation& expectation_;
  const Cluster& cluster_;
  const PluginDirectory& directory_;
  const Workload& workload_;
  const ExpectedChain& expected_;
  const ObservedChain& observed_;
  std::vector<Seen> seen_;  // anchors, and each plugin that may stand here, at its first place
  std::vector<const ObservedFilter*> strangers_;
  std::map<ObjectName, std::size_t> counts_;
  ChainJudgement result_;
};

bool is_judged(const ObservedNode& node, const Workload& workload, const ObservedChain& chain) {
  const bool gateway =
      node.type == NodeType::Router ||
      (node.type == NodeType::Unknown && workload.proxy == Proxy::Gateway);
  return chain.protocol == ChainProtocol::Http &&
         chain.direction == (gateway ? Direction::Outbound : Direction::Inbound);
}

// The chains whose filters must be served: those that are judged, and those that wait to take their place.
std::vector<const ObservedChain*> asking_chains(const ObservedProxy& observed,
                                                const Workload& workload) {
  std::vector<const ObservedChain*> chains;
  for (const ObservedChain& chain : observed.chains)
    if ((chain.state == ListenerState::Active || chain.state == ListenerState::Warming) &&
        is_judged(observed.node, workload, chain))
      chains.push_back(&chain);
  return chains;
}

void judge_resources(const Expectation& expectation, const PluginDirectory& directory,
                     const Workload& workload, const ObservedProxy& observed,
                     ProxyJudgement& judgement) {
  const auto chains = asking_chains(observed, workload);
  const auto served = judge_service(observed, chains, {.http = true, .network = false}, judgement.differences);
  judgement.notes = refusal_notes(observed, chains);
  for (const ServedPlugin& one : served) {
    const ObjectName& name = one.plugin;
    const ObservedExtension* resource = one.resources.back();
    const auto index = directory.find(name);
    if (!index) continue;
    const WasmPlugin& plugin = expectation.cluster().plugins[*index];
    const auto setting = [&](std::string_view pointer, ClauseId clause, std::string expected,
                             std::string actual, std::string reason) {
      Difference wrong;
      wrong.kind = DifferenceKind::Setting;
      wrong.plugins = {name};
      wrong.filters = {resource->name};
      wrong.clauses = {clause};
      wrong.pointer = resource->pointer + std::string(pointer);
      wrong.expected = std::move(expected);
      wrong.actual = std::move(actual);
      wrong.reason = std::move(reason);
      wrong.place = plugin.place;
      add_once(judgement.differences, std::move(wrong));
    };
    // CFG-3: an empty configuration against none is left open.
    const auto given = [](const std::optional<std::string>& config) {
      return config && *config != "{}" ? *config : std::string();
    };
    if (given(plugin.plugin_config) != given(resource->configuration))
      setting("/configuration", "CFG-1"_clause, plugin.plugin_config.value_or("null"),
              resource->configuration.value_or("null"), "another pluginConfig reaches the plugin");
    if (plugin.plugin_name != resource->root_id)
      setting("/root_id", "CFG-2"_clause, '"' + plugin.plugin_name + '"',
              '"' + resource->root_id + '"', "another plugin name (root id) is configured");
  }
}

struct Obstacle {
  std::string reason;
  Place place;
};

// What keeps the chains of a workload from being judged, if anything does.
std::optional<Obstacle> why_not_modelled(const Cluster& cluster, const Workload& workload,
                             const ExpectedChain& expected) {
  if (const auto patches = patches_of(cluster, workload); !patches.empty())
    return Obstacle{"EnvoyFilter " + to_string(patches.front()->id) + " changes filter chains",
                    patches.front()->place};
  if (expected.not_modelled.empty()) return std::nullopt;
  const WasmPlugin& plugin = cluster.plugins[expected.not_modelled.front()];
  const auto field = std::ranges::find_if(plugin.later, &LaterField::bears_on_membership);
  return Obstacle{reason(cluster, plugin, workload, {Standing::NotModelled, "SEL-1"_clause}),
                  field == plugin.later.end() ? plugin.place : field->place};
}

}  // namespace

std::string_view to_string(DifferenceKind kind) {
  constexpr std::array names = std::to_array<std::string_view>(
      {"missing", "extra", "duplicate", "order", "placement", "setting", "not-in-force"});
  return names[static_cast<std::size_t>(kind)];
}

bool Difference::same_as(const Difference& other) const {
  return kind == other.kind && level == other.level && plugins == other.plugins &&
         filters == other.filters && clauses == other.clauses && rules == other.rules &&
         network == other.network && reason == other.reason && expected == other.expected &&
         actual == other.actual;
}

ChainJudgement judge_chain(const Expectation& expectation, const PluginDirectory& directory,
                           const Workload& workload, const ExpectedChain& expected,
                           const ObservedChain& observed) {
  return ChainJudge(expectation, directory, workload, expected, observed).judge();
}

ProxyJudgement judge_proxy(const Expectation& expectation, const PluginDirectory& directory,
                           const Workload& workload, const ExpectedChain& expected,
                           const ObservedProxy& observed) {
  const Cluster& cluster = expectation.cluster();
  ProxyJudgement judgement;
  const auto answer = [&](ProxyVerdict verdict, std::string reason) {
    judgement.verdict = verdict;
    judgement.reason = std::move(reason);
    return judgement;
  };
  if (!observed.has_listeners)
    return answer(ProxyVerdict::Error,
                  "the dump holds no listener at all: take it again when the proxy is ready");
  if (workload.proxy == Proxy::None)
    return answer(ProxyVerdict::NotModelled, "the manifests say that no proxy runs beside it");
  if (observed.node.type == NodeType::Waypoint || workload.proxy == Proxy::Waypoint)
    return answer(ProxyVerdict::NotModelled, "a waypoint (SEL-11)");

  for (const ObservedChain& chain : observed.chains) {
    if (chain.protocol != ChainProtocol::Http) continue;
    if (chain.state == ListenerState::Static || chain.direction == Direction::Unspecified)
      ++judgement.own_chains;
    else if (!is_judged(observed.node, workload, chain))
      judgement.outbound_chains += chain.state == ListenerState::Active;
    else if (chain.state == ListenerState::Active)
      judgement.judged.push_back(&chain);
  }
  judge_listeners(observed, [&](const ObservedChain& chain) { return is_judged(observed.node, workload, chain); },
                  judgement.differences);
  judge_resources(expectation, directory, workload, observed, judgement);

  // Whether a chain is in force can be told of chains that are not modelled, too.
  if (const auto obstacle = why_not_modelled(cluster, workload, expected)) {
    std::erase_if(judgement.differences, [](const Difference& difference) {
      return difference.kind != DifferenceKind::NotInForce;
    });
    judgement.judged.clear();
    judgement.place = obstacle->place;
    return answer(judgement.differences.empty() ? ProxyVerdict::NotModelled : ProxyVerdict::Differs,
                  obstacle->reason);
  }

  judgement.chains = judgement.judged.size();
  std::vector<Difference> found;
  for (const ObservedChain* chain : judgement.judged) {
    auto judged = judge_chain(expectation, directory, workload, expected, *chain);
    for (Difference& difference : judged.differences) add_once(found, std::move(difference));
    judgement.ties.insert(judgement.ties.end(), judged.ties.begin(), judged.ties.end());
  }
  // A plugin that some chains have and others lack is selected: it is LIS-1 that is broken.
  for (Difference& difference : found)
    if (difference.kind == DifferenceKind::Missing && difference.level == Level::Must &&
        difference.chains < judgement.chains)
      difference.clauses.push_back("LIS-1"_clause);
  judgement.differences.insert(judgement.differences.begin(), found.begin(), found.end());

  const bool fails = std::ranges::any_of(judgement.differences, [](const Difference& difference) {
    return difference.level == Level::Must;
  });
  if (fails) return answer(ProxyVerdict::Differs, "");
  if (judgement.judged.empty())
    return answer(ProxyVerdict::NotModelled,
                  "the dump has listeners, but no HTTP chain of the kind that is judged");
  return answer(ProxyVerdict::Conforms, "");
}

}  // namespace model

#include "model/expected_chains.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace model {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

using Rank = std::uint32_t;  // a plugin's position in the order of ExpectedChain

// One plugin that selection does not keep out.
struct Match {
  Rank rank;
  Standing standing;
  ClauseId clause;  // for Open
};

// The plugins of one namespace, found by the labels that they ask for.
class Scope {
 public:
  // `rank`s must be added in ascending order.
  void add(Rank rank, const WasmPlugin& plugin, const ModuleVerdict& module,
           const LabelTable& labels) {
    Candidate candidate{rank, {}, Standing::In, {}};
    bool refers = false;
    for (const LaterField& field : plugin.later) {
      if (field.bears_on_membership) candidate.standing = Standing::NotModelled;
      refers |= field.is_target_reference;
    }
    if (candidate.standing == Standing::In && module.left_open)
      candidate = {rank, {}, Standing::Open, *module.left_open};
    if (plugin.selector && !refers) {
      candidate.wanted = plugin.selector->match_labels;
      if (candidate.wanted.empty() && candidate.standing == Standing::In) {
        candidate.standing = Standing::Open;
        candidate.clause = "SEL-7"_clause;
      }
    }
    // A pair with a value must be there; one without (SEL-8) may be missing, so it finds nothing.
    const auto key = std::ranges::find_if(candidate.wanted, [&](LabelId wanted) {
      return !labels.label(wanted).value.empty();
    });
    if (key == candidate.wanted.end())
      always_.push_back(std::move(candidate));
    else
      keyed_.emplace_back(*key, std::move(candidate));
  }

  void seal() {
    std::ranges::stable_sort(keyed_, {}, [](const auto& entry) { return entry.first; });
  }

  bool empty() const { return always_.empty() && keyed_.empty(); }

  // The matches of a set of labels, ascending by rank, into `found`.
  void match(const LabelTable& labels, LabelSetId set, std::vector<Match>& found) const {
    found.clear();
    for (const Candidate& candidate : always_) take(candidate, labels, set, found);
    if (!keyed_.empty())
      for (const LabelId label : labels.set(set))
        for (auto entry = std::ranges::lower_bound(
                 keyed_, label, {}, [](const auto& keyed) { return keyed.first; });
             entry != keyed_.end() && entry->first == label; ++entry)
          take(entry->second, labels, set, found);
    std::ranges::sort(found, {}, &Match::rank);
  }

 private:
  struct Candidate {
    Rank rank;
    std::vector<LabelId> wanted;
    Standing standing;
    ClauseId clause;
  };

  static void take(const Candidate& candidate, const LabelTable& labels, LabelSetId set,
                   std::vector<Match>& found) {
    bool value_is_empty = false;
    for (const LabelId wanted : candidate.wanted) {
      if (std::ranges::binary_search(labels.set(set), wanted)) continue;
      const Label pair = labels.label(wanted);
      if (!pair.value.empty() || labels.value_of(set, pair.key)) return;
      value_is_empty = true;
    }
    if (value_is_empty && candidate.standing == Standing::In)
      found.push_back({candidate.rank, Standing::Open, "SEL-8"_clause});
    else
      found.push_back({candidate.rank, candidate.standing, candidate.clause});
  }

  std::vector<Candidate> always_;
  std::vector<std::pair<LabelId, Candidate>> keyed_;
};

}  // namespace

ExpectedChains::ExpectedChains(const Expectation& expectation) : cluster_(&expectation.cluster()) {
  assert(expectation.rules().hold_all());
  const Cluster& cluster = *cluster_;
  const std::span<const PluginIndex> order = expectation.order();

  const bool no_root = cluster.root_namespace.empty();
  const std::string_view root_name =
      no_root ? kDefaultRootNamespace : std::string_view(cluster.root_namespace);
  Scope root;
  std::vector<Scope> own(cluster.namespaces.size());
  for (Rank rank = 0; rank < order.size(); ++rank) {
    const WasmPlugin& plugin = cluster.plugins[order[rank]];
    const ModuleVerdict& module = expectation.modules()[order[rank]];
    if (module.refusal) continue;
    if (plugin.id.ns == root_name) root.add(rank, plugin, module, cluster.labels);
    if (const auto ns = cluster.namespaces.find(plugin.id.ns))
      own[*ns].add(rank, plugin, module, cluster.labels);
  }
  root.seal();
  for (Scope& scope : own) scope.seal();

  const auto emit = [&](std::span<const Match> matches) {
    const auto id = static_cast<ChainClass>(classes_.size());
    Class chain{members_.size(), 0};
    for (const Match& match : matches) {
      if (match.standing == Standing::In) {
        members_.push_back(order[match.rank]);
        continue;
      }
      Exceptions& exceptions = exceptions_[id];
      if (match.standing == Standing::Open)
        exceptions.open.push_back({order[match.rank], match.clause});
      else
        exceptions.not_modelled.push_back(order[match.rank]);
    }
    chain.size = members_.size() - chain.begin;
    classes_.push_back(chain);
    return id;
  };

  // By namespace, so that one table of label sets serves all of them in turn.
  std::vector<std::size_t> begins(cluster.namespaces.size() + 1);
  for (const Workload& workload : cluster.workloads) ++begins[workload.ns + 1];
  for (std::size_t ns = 0; ns + 1 < begins.size(); ++ns) begins[ns + 1] += begins[ns];
  std::vector<std::uint32_t> grouped(cluster.workloads.size());
  auto next = begins;
  for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i)
    grouped[next[cluster.workloads[i].ns]++] = i;

  struct RootMatches {
    std::size_t begin = kNone;  // in root_matches
    std::size_t size = 0;
    ChainClass chain = kNone;   // of workloads that no other plugin reaches
  };
  std::vector<Match> root_matches;
  std::vector<RootMatches> by_set(cluster.labels.sets());
  std::vector<Match> found;
  const auto of_root = [&](LabelSetId set) -> RootMatches& {
    RootMatches& known = by_set[set];
    if (known.begin != kNone) return known;
    root.match(cluster.labels, set, found);
    for (Match& match : found)
      if (no_root && match.standing == Standing::In) match = {match.rank, Standing::Open, "SEL-9"_clause};
    known.begin = root_matches.size();
    known.size = found.size();
    root_matches.insert(root_matches.end(), found.begin(), found.end());
    return known;
  };

  class_of_.resize(cluster.workloads.size());
  std::vector<ChainClass> class_of_set(cluster.labels.sets());
  std::vector<NamespaceId> stamp(cluster.labels.sets(), kNone);
  std::vector<Match> merged;
  const auto root_ns = cluster.namespaces.find(root_name);
  for (NamespaceId ns = 0; ns + 1 < begins.size(); ++ns) {
    const bool hosts_root = root_ns == ns;
    for (std::size_t at = begins[ns]; at < begins[ns + 1]; ++at) {
      const LabelSetId set = cluster.workloads[grouped[at]].labels;
      if (stamp[set] != ns) {
        stamp[set] = ns;
        if (hosts_root) {
          // The root namespace's own workloads: each plugin once (SEL-6), and none is there from elsewhere.
          own[ns].match(cluster.labels, set, found);
          class_of_set[set] = emit(found);
        } else {
          RootMatches& roots = of_root(set);
          found.clear();
          if (!own[ns].empty()) own[ns].match(cluster.labels, set, found);
          if (found.empty()) {
            if (roots.chain == kNone)
              roots.chain = emit(std::span(root_matches).subspan(roots.begin, roots.size));
            class_of_set[set] = roots.chain;
          } else {
            merged.resize(found.size() + roots.size);
            std::ranges::merge(found, std::span(root_matches).subspan(roots.begin, roots.size),
                               merged.begin(), {}, &Match::rank, &Match::rank);
            class_of_set[set] = emit(merged);
          }
        }
      }
      class_of_[grouped[at]] = class_of_set[set];
    }
  }
}

ExpectedChain ExpectedChains::chain(ChainClass chain) const {
  ExpectedChain whole;
  const auto members = plugins(chain);
  whole.plugins.assign(members.begin(), members.end());
  if (const auto found = exceptions_.find(chain); found != exceptions_.end()) {
    whole.open = found->second.open;
    whole.not_modelled = found->second.not_modelled;
  }
  return whole;
}

std::vector<std::size_t> ExpectedChains::reach() const {
  std::vector<std::size_t> workloads(classes_.size());
  for (std::size_t i = 0; i < class_of_.size(); ++i)
    workloads[class_of_[i]] += direction_of(cluster_->workloads[i]).has_value();
  std::vector<std::size_t> reach(cluster_->plugins.size());
  for (ChainClass chain = 0; chain < classes_.size(); ++chain)
    for (const PluginIndex plugin : plugins(chain)) reach[plugin] += workloads[chain];
  return reach;
}

}  // namespace model

#include "reports/explanation.h"

#include <algorithm>
#include <set>

#include "model/precedence_graph.h"
#include "reports/expectation_view.h"

namespace reports {
namespace {

using model::operator""_clause;

std::string name_of(const model::Cluster& cluster, const model::ChainLink& link) {
  if (const auto* plugin = link.plugin()) return to_string(cluster.plugins[*plugin].id);
  return std::string(to_string(*link.anchor()));
}

// What decided stands in the selector where there is one; of another namespace, in the document's name.
model::Place deciding_place(const model::WasmPlugin& plugin, const model::ModuleVerdict& module,
                            const model::Membership& membership) {
  if (module.left_open && membership.clause == *module.left_open)
    return membership.clause == "SHA-4"_clause && plugin.sha256_place ? plugin.sha256_place
           : plugin.url_place                                         ? plugin.url_place
                                                                      : plugin.place;
  if (membership.clause == "SEL-5"_clause || !plugin.selector || !plugin.selector->place)
    return plugin.name_place ? plugin.name_place : plugin.place;
  return plugin.selector->place;
}

bool is_tie(const model::Cluster& cluster, const model::ChainLink& a, const model::ChainLink& b) {
  if (!a.plugin() || !b.plugin()) return false;
  const model::WasmPlugin& first = cluster.plugins[*a.plugin()];
  const model::WasmPlugin& second = cluster.plugins[*b.plugin()];
  return first.effective_phase() == second.effective_phase() &&
         first.effective_priority() == second.effective_priority();
}

std::vector<ExplainedPair> neighbours(const model::Expectation& expectation,
                                      const model::ExpectedChain& chain,
                                      const std::vector<model::ChainLink>& links) {
  const model::Cluster& cluster = expectation.cluster();
  const model::PrecedenceGraph graph(cluster.plugins, chain.plugins, model::AnchorSet::all(),
                                     expectation.rules());
  std::vector<ExplainedPair> pairs;
  for (std::size_t i = 0; i + 1 < links.size(); ++i) {
    if (!links[i].plugin() && !links[i + 1].plugin()) continue;
    ExplainedPair pair{name_of(cluster, links[i]), name_of(cluster, links[i + 1]), false, {}};
    pair.tied = is_tie(cluster, links[i], links[i + 1]);
    pair.clauses = pair.tied ? std::vector{"PRI-3"_clause} : graph.proof(links[i], links[i + 1]);
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

std::vector<model::ClauseId> cited(const Explanation& explanation) {
  std::set<model::ClauseId> clauses;
  for (const auto* list : {&explanation.in, &explanation.open, &explanation.out})
    for (const ExplainedPlugin& plugin : *list) clauses.insert(plugin.membership.clause);
  for (const ExplainedPair& pair : explanation.pairs)
    clauses.insert(pair.clauses.begin(), pair.clauses.end());
  return {clauses.begin(), clauses.end()};
}

}  // namespace

Explanation explain(const model::Expectation& expectation, std::size_t index) {
  const model::Cluster& cluster = expectation.cluster();
  const model::Workload& workload = cluster.workloads[index];
  Explanation result;
  result.workload = name_of(cluster, workload);
  result.direction = model::direction_of(workload, expectation.rules());
  result.patches = model::patches_of(cluster, workload);
  if (workload.proxy == model::Proxy::Waypoint) result.not_modelled = "a waypoint (SEL-11)";
  if (!result.direction) return result;

  for (const model::PluginIndex plugin : expectation.order()) {
    if (expectation.modules()[plugin].refusal) continue;
    const model::WasmPlugin& found = cluster.plugins[plugin];
    ExplainedPlugin explained;
    explained.plugin = plugin;
    explained.membership = expectation.membership(plugin, workload);
    explained.reason = standing_reason(expectation, plugin, workload, explained.membership);
    explained.change = model::smallest_change(cluster, found, workload, explained.membership);
    explained.place =
        deciding_place(found, expectation.modules()[plugin], explained.membership);
    auto& list = [&]() -> std::vector<ExplainedPlugin>& {
      switch (explained.membership.standing) {
        case model::Standing::In: return result.in;
        case model::Standing::Open: return result.open;
        case model::Standing::NotModelled: return result.unmodelled;
        case model::Standing::Out: return result.out;
      }
      return result.out;
    }();
    list.push_back(std::move(explained));
  }
  std::ranges::stable_sort(result.out, [&](const ExplainedPlugin& a, const ExplainedPlugin& b) {
    const bool a_far = a.membership.clause == "SEL-5"_clause;
    const bool b_far = b.membership.clause == "SEL-5"_clause;
    if (a_far != b_far) return b_far;
    return cluster.plugins[a.plugin].id < cluster.plugins[b.plugin].id;
  });
  if (!result.unmodelled.empty()) {
    result.not_modelled = unmodelled(cluster, result.unmodelled.front().plugin).reason;
  } else {
    const model::ExpectedChain chain = expectation.chain(workload);
    result.links = expectation.links(chain, model::AnchorSet::all());
    result.pairs = neighbours(expectation, chain, result.links);
  }
  result.clauses = cited(result);
  return result;
}

}  // namespace reports

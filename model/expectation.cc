#include "model/expectation.h"

#include <algorithm>

#include "model/precedence.h"

namespace model {
namespace {

// GEN-1 switched off: the fields that may be omitted are demanded.
bool omits_a_field(const WasmPlugin& plugin) {
  return !plugin.selector || !plugin.phase || !plugin.priority || plugin.sha256.empty() ||
         plugin.image_pull_secret.empty() || plugin.verification_key.empty() ||
         plugin.plugin_name.empty() || !plugin.pull_policy || !plugin.plugin_config;
}

ModuleVerdict judge(const WasmPlugin& plugin, const Rules& rules) {
  // Keys were judged when the plugin was read (KEY-1): what is not a key never becomes a plugin.
  const auto any_key = [](std::string_view) { return true; };
  ModuleVerdict verdict = resolve_module(plugin, any_key, rules);
  if (!rules.hold("GEN-1"_clause) && omits_a_field(plugin))
    verdict.refusal = Refusal{plugin.id, "a field is omitted", "", "GEN-1"_clause, plugin.place};
  return verdict;
}

}  // namespace

PluginDirectory::PluginDirectory(const Cluster& cluster) {
  for (PluginIndex i = 0; i < cluster.plugins.size(); ++i)
    plugins_.emplace(to_string(cluster.plugins[i].id), i);
  for (const Refusal& refusal : cluster.refused)
    refusals_.emplace(to_string(refusal.plugin), &refusal);
}

std::optional<PluginIndex> PluginDirectory::find(const ObjectName& name) const {
  const auto found = plugins_.find(to_string(name));
  return found == plugins_.end() ? std::nullopt : std::optional(found->second);
}

const Refusal* PluginDirectory::refusal(const ObjectName& name) const {
  const auto found = refusals_.find(to_string(name));
  return found == refusals_.end() ? nullptr : found->second;
}

Expectation::Expectation(const Cluster& cluster, const Rules& rules)
    : cluster_(&cluster), rules_(rules) {
  modules_.reserve(cluster.plugins.size());
  for (const WasmPlugin& plugin : cluster.plugins) modules_.push_back(judge(plugin, rules));
  order_.resize(cluster.plugins.size());
  for (PluginIndex i = 0; i < order_.size(); ++i) order_[i] = i;
  std::ranges::sort(order_, [&](PluginIndex a, PluginIndex b) {
    return stands_before(cluster.plugins[a], cluster.plugins[b]);
  });
}

Membership Expectation::membership(PluginIndex plugin, const Workload& workload) const {
  if (const auto& refusal = modules_[plugin].refusal)
    return {Standing::Out, refusal->clause.value_or("GEN-1"_clause)};
  const auto selected = model::membership(*cluster_, cluster_->plugins[plugin], workload, rules_);
  const bool may_be_in =
      selected.standing == Standing::In || selected.standing == Standing::Open;
  if (may_be_in && modules_[plugin].left_open)
    return {Standing::Open, *modules_[plugin].left_open};
  return selected;
}

ExpectedChain Expectation::chain(const Workload& workload) const {
  ExpectedChain chain;
  for (const PluginIndex plugin : order_) {
    const auto member = membership(plugin, workload);
    if (member.standing == Standing::In) chain.plugins.push_back(plugin);
    if (member.standing == Standing::In && !rules_.hold("SEL-6"_clause) &&
        cluster_->plugins[plugin].id.ns == cluster_->root_namespace &&
        cluster_->namespaces[workload.ns] == cluster_->root_namespace)
      chain.plugins.push_back(plugin);
    if (member.standing == Standing::Open) chain.open.push_back({plugin, member.clause});
    if (member.standing == Standing::NotModelled) chain.not_modelled.push_back(plugin);
  }
  // The order is the graph's; the sort above only lists what it leaves free.
  const PrecedenceGraph graph(cluster_->plugins, chain.plugins, AnchorSet::all(), rules_);
  chain.plugins.clear();
  for (const ChainLink& link : graph.earliest())
    if (link.plugin()) chain.plugins.push_back(*link.plugin());
  return chain;
}

std::vector<ChainLink> Expectation::links(const ExpectedChain& chain, AnchorSet anchors) const {
  return PrecedenceGraph(cluster_->plugins, chain.plugins, anchors, rules_).earliest();
}

std::vector<ChainLink> Expectation::latest_links(const ExpectedChain& chain,
                                                 AnchorSet anchors) const {
  return PrecedenceGraph(cluster_->plugins, chain.plugins, anchors, rules_).latest();
}

std::vector<TieGroup> ties(const Cluster& cluster, std::span<const PluginIndex> plugins,
                           const Rules& rules) {
  std::vector<TieGroup> groups;
  if (!rules.hold("PRI-3"_clause)) return groups;
  for (std::size_t begin = 0; begin < plugins.size();) {
    const WasmPlugin& first = cluster.plugins[plugins[begin]];
    std::size_t end = begin + 1;
    while (end < plugins.size()) {
      const WasmPlugin& next = cluster.plugins[plugins[end]];
      if (next.effective_phase() != first.effective_phase() ||
          precedence(first, next, rules).order != Order::Tied)
        break;
      ++end;
    }
    if (end - begin > 1) groups.push_back({begin, end - begin});
    begin = end;
  }
  return groups;
}

std::string_view to_string(ChainDirection direction) {
  return direction == ChainDirection::Inbound ? "inbound" : "gateway";
}

std::optional<ChainDirection> direction_of(const Workload& workload, const Rules& rules) {
  switch (workload.proxy) {
    case Proxy::Sidecar:
    case Proxy::Unknown: return ChainDirection::Inbound;
    case Proxy::Gateway:
      return rules.hold("LIS-1"_clause) ? std::optional(ChainDirection::Gateway) : std::nullopt;
    case Proxy::Waypoint:
    case Proxy::None: return std::nullopt;
  }
  return std::nullopt;
}

bool stands_before(const WasmPlugin& a, const WasmPlugin& b) {
  if (a.effective_phase() != b.effective_phase()) return a.effective_phase() < b.effective_phase();
  if (a.effective_priority() != b.effective_priority())
    return a.effective_priority() > b.effective_priority();
  return a.id < b.id;
}

std::vector<const ChainPatch*> patches_of(const Cluster& cluster, const Workload& workload) {
  std::vector<const ChainPatch*> found;
  const std::string_view own = cluster.namespaces[workload.ns];
  const auto labels = cluster.labels.set(workload.labels);
  for (const ChainPatch& patch : cluster.patches) {
    const bool in_scope = patch.id.ns == own || patch.id.ns == cluster.root_namespace;
    const bool selected = std::ranges::all_of(patch.match_labels, [&](LabelId wanted) {
      return std::ranges::binary_search(labels, wanted);
    });
    if (in_scope && selected) found.push_back(&patch);
  }
  return found;
}

}  // namespace model

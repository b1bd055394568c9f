#include "model/istio/chain_changes.h"

#include <algorithm>
#include <map>

namespace model::istio {
namespace {

std::vector<NamedFilter> named(const Mesh& mesh, const std::vector<ChainFilter>& filters) {
  std::vector<NamedFilter> names;
  for (const ChainFilter& filter : filters) {
    if (!filter.extension) names.push_back({filter.name});
    else names.push_back({shown_name(mesh.extensions[*filter.extension]), true, mesh.extensions[*filter.extension].phase});
  }
  return names;
}

bool same_filters(const Mesh& mesh_before, const std::vector<ChainFilter>& before, const Mesh& mesh_after,
                  const std::vector<ChainFilter>& after) {
  return std::ranges::equal(before, after, [&](const ChainFilter& a, const ChainFilter& b) {
    if (a.extension.has_value() != b.extension.has_value()) return false;
    if (!a.extension) return a.name == b.name;
    const Extension& left = mesh_before.extensions[*a.extension];
    const Extension& right = mesh_after.extensions[*b.extension];
    return left.meta.id == right.meta.id && left.kind == right.kind && left.phase == right.phase;
  });
}

}  // namespace

const ListenerChain* nearest_chain(std::span<const ListenerChain> chains, ChainKind kind, std::optional<std::uint32_t> port,
                                   const std::optional<ServedService>& service) {
  const auto exact = [&](ChainKind k, std::optional<std::uint32_t> p,
                         const std::optional<ServedService>& s) -> const ListenerChain* {
    const auto found = std::ranges::find_if(
        chains, [&](const ListenerChain& one) { return one.kind == k && one.port == p && one.service == s; });
    return found == chains.end() ? nullptr : &*found;
  };
  if (const auto* found = exact(kind, port, service)) return found;
  if (service)
    return exact(kind, std::nullopt, service) ? exact(kind, std::nullopt, service) : nearest_chain(chains, kind, port, std::nullopt);
  if (port) return exact(kind, std::nullopt, std::nullopt);
  if (kind == ChainKind::PassthroughHttp) return exact(ChainKind::InboundHttp, std::nullopt, std::nullopt);
  if (kind == ChainKind::PassthroughTcp) return exact(ChainKind::InboundTcp, std::nullopt, std::nullopt);
  return nullptr;
}

bool differs(const Mesh& mesh, std::span<const ListenerChain> before, std::span<const ListenerChain> after,
             const ChangedChain& list) {
  const ListenerChain* old = nearest_chain(before, list.kind, list.port, list.service);
  const ListenerChain* fresh = nearest_chain(after, list.kind, list.port, list.service);
  if (!old || !fresh) return old != fresh;
  const auto layer = list.network ? &FilterChain::network : &FilterChain::http;
  return !same_filters(mesh, old->filters.*layer, mesh, fresh->filters.*layer);
}

std::string shown_name(const Extension& extension) {
  const std::string name = to_string(extension.meta.id);
  return extension.kind == ExtensionKind::TrafficExtension ? "TrafficExtension " + name : name;
}

std::vector<ChainPair> pairs_of(std::span<const ListenerChain> before, std::span<const ListenerChain> after) {
  std::vector<ChainPair> pairs;
  const auto add = [&](const ListenerChain& one) {
    const bool known = std::ranges::any_of(pairs, [&](const ChainPair& pair) {
      return pair.kind == one.kind && pair.port == one.port && pair.service == one.service;
    });
    if (known) return;
    ChainPair pair{nullptr, nullptr, one.kind, one.port, one.service};
    pair.before = nearest_chain(before, one.kind, one.port, one.service);
    pair.after = nearest_chain(after, one.kind, one.port, one.service);
    if (pair.before && pair.after) pairs.push_back(pair);
  };
  for (const ListenerChain& one : before) add(one);
  for (const ListenerChain& one : after) add(one);
  std::ranges::stable_sort(pairs, {}, &ChainPair::kind);
  return pairs;
}

std::vector<ChangedChain> changed_chains(const Mesh& mesh_before, std::span<const ListenerChain> before,
                                         const Mesh& mesh_after, std::span<const ListenerChain> after) {
  std::vector<ChangedChain> changed;
  for (const ChainPair& pair : pairs_of(before, after)) {
    const FilterChain& old = pair.before->filters;
    const FilterChain& fresh = pair.after->filters;
    if (!same_filters(mesh_before, old.http, mesh_after, fresh.http))
      changed.push_back({pair.kind, pair.port, pair.service, false, named(mesh_before, old.http), named(mesh_after, fresh.http)});
    if (!same_filters(mesh_before, old.network, mesh_after, fresh.network))
      changed.push_back(
          {pair.kind, pair.port, pair.service, true, named(mesh_before, old.network), named(mesh_after, fresh.network)});
  }
  return changed;
}

Shift shift_of(std::span<const NamedFilter> before, std::span<const NamedFilter> after) {
  Shift shift;
  // Filters of one name (several rbac) are told apart by their turn.
  using Key = std::pair<std::string, std::size_t>;
  const auto keys_of = [](std::span<const NamedFilter> filters) {
    std::map<std::string, std::size_t> turns;
    std::vector<Key> keys;
    for (const NamedFilter& one : filters) {
      // A plugin that changes its phase is another one.
      const std::string name = one.plugin ? one.name + " " + std::string(to_string(one.phase)) : one.name;
      keys.push_back({name, turns[name]++});
    }
    return keys;
  };
  const std::vector<Key> old = keys_of(before);
  const std::vector<Key> fresh = keys_of(after);
  std::map<Key, std::size_t> place;
  for (std::size_t i = 0; i < fresh.size(); ++i) place[fresh[i]] = i;
  std::vector<std::size_t> common;  // indexes in `before`
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (place.contains(old[i])) common.push_back(i);
    else shift.removed.push_back(old[i].first);
  }
  const std::map<Key, bool> known = [&] {
    std::map<Key, bool> all;
    for (const Key& key : old) all[key] = true;
    return all;
  }();
  for (const Key& key : fresh)
    if (!known.contains(key)) shift.added.push_back(key.first);
  for (std::size_t a = 0; a < common.size(); ++a)
    for (std::size_t b = a + 1; b < common.size(); ++b) {
      if (place[old[common[a]]] < place[old[common[b]]]) continue;
      const NamedFilter& first = before[common[a]];
      const NamedFilter& second = before[common[b]];
      const bool both = first.plugin && second.plugin;
      const auto text = [&](const NamedFilter& one) {
        return one.plugin && !both ? std::string(to_string(one.phase)) : one.name;
      };
      shift.swapped.push_back({text(first), text(second)});
    }
  std::ranges::sort(shift.swapped);
  const auto rest = std::ranges::unique(shift.swapped);
  shift.swapped.erase(rest.begin(), rest.end());
  return shift;
}

std::vector<ChangeOfChain> key_of(std::span<const ChangedChain> chains) {
  std::vector<ChangeOfChain> key;
  for (const ChangedChain& one : chains)
    key.push_back({one.kind, one.network, one.port, one.service ? one.service->ns + "/" + one.service->name : std::string(),
                   shift_of(one.before, one.after)});
  return key;
}

}  // namespace model::istio

#include "model/differences.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace model {
namespace {

struct Asked {
  const ObservedFilter* filter;
  const ObservedChain* chain;
  bool network;
};

const std::vector<ObservedFilter>* filters_of(const ObservedChain& chain, bool network) {
  if (!network) return chain.protocol == ChainProtocol::Http ? &chain.filters : nullptr;
  return chain.protocol == ChainProtocol::Http ? &chain.network_filters : &chain.filters;
}

// The configurations that answer a name. istiod's own dump names no resource, but the plugin within.
std::vector<const ObservedExtension*> answers(const ObservedProxy& observed, const Asked& asks) {
  std::vector<const ObservedExtension*> exact;
  std::vector<const ObservedExtension*> by_plugin;
  for (const ObservedExtension& extension : observed.extensions) {
    if (extension.network != asks.network) continue;
    if (extension.name == asks.filter->name) exact.push_back(&extension);
    else if (extension.name.empty() && asks.filter->plugin && extension.plugin == asks.filter->plugin)
      by_plugin.push_back(&extension);
  }
  return exact.empty() ? by_plugin : exact;
}

// The plugins in the chains of a listener that are in a state.
std::set<ObjectName> plugins_of(const ObservedProxy& observed, const std::string& listener, ListenerState state) {
  std::set<ObjectName> plugins;
  for (const ObservedChain& chain : observed.chains) {
    if (chain.listener != listener || chain.state != state) continue;
    for (const auto* filters : {&chain.filters, &chain.network_filters})
      for (const ObservedFilter& filter : *filters)
        if (filter.plugin) plugins.insert(*filter.plugin);
  }
  return plugins;
}

}  // namespace

void add_once(std::vector<Difference>& differences, Difference difference) {
  for (Difference& known : differences) {
    if (!known.same_as(difference)) continue;
    known.chains += difference.chains;
    return;
  }
  differences.push_back(std::move(difference));
}

Contradictions nearest(const Contradictions& all) {
  const std::set<std::pair<std::size_t, std::size_t>> known(all.begin(), all.end());
  Contradictions near;
  for (const auto& [i, j] : all) {
    bool told_by_others = false;
    for (std::size_t k = i + 1; k < j && !told_by_others; ++k)
      told_by_others = known.contains({i, k}) || known.contains({k, j});
    if (!told_by_others) near.emplace_back(i, j);
  }
  return near;
}

Difference not_in_force(std::string listener, std::string reason) {
  Difference difference;
  difference.kind = DifferenceKind::NotInForce;
  difference.listener = std::move(listener);
  difference.reason = std::move(reason);
  return difference;
}

void judge_listeners(const ObservedProxy& observed, const std::function<bool(const ObservedChain&)>& is_judged,
                     std::vector<Difference>& differences) {
  std::set<std::string> warming;
  for (const ObservedChain& chain : observed.chains)
    if (chain.state == ListenerState::Warming && is_judged(chain) && warming.insert(chain.listener).second)
      differences.push_back(not_in_force(chain.listener, "warming"));
  for (const ListenerFailure& failure : observed.failures)
    add_once(differences, not_in_force(failure.listener, "rejected: " + failure.details));
}

std::vector<ServedPlugin> judge_service(const ObservedProxy& observed, const std::vector<const ObservedChain*>& chains,
                                        Layers layers, std::vector<Difference>& differences) {
  std::map<std::string, Asked> asked;  // by name, the first chain that asks
  for (const ObservedChain* chain : chains) {
    for (const bool network : {false, true}) {
      const auto* filters = (network ? layers.network : layers.http) ? filters_of(*chain, network) : nullptr;
      if (!filters) continue;
      for (const ObservedFilter& filter : *filters) {
        if (!filter.type_urls.empty()) asked.emplace(filter.name, Asked{&filter, chain, network});
        if (filter.kind != FilterKind::Fallback) continue;
        auto difference = not_in_force(chain->listener, "fallback");
        difference.plugins = {*filter.plugin};
        difference.filters = {filter.name};
        difference.pointer = chain->pointer;
        difference.network = network;
        add_once(differences, std::move(difference));
      }
    }
  }
  std::vector<ServedPlugin> served;
  if (!observed.has_extensions_section) return served;
  for (const auto& [name, asks] : asked) {
    const auto resources = answers(observed, asks);
    auto difference = not_in_force(asks.chain->listener, "no-resource");
    if (asks.filter->plugin) difference.plugins = {*asks.filter->plugin};
    difference.filters = {name};
    difference.pointer = asks.chain->pointer;
    difference.network = asks.network;
    if (resources.empty() || !resources.back()->answered) {
      add_once(differences, std::move(difference));
      continue;
    }
    if (!asks.filter->plugin) continue;
    ServedPlugin plugin{*asks.filter->plugin, asks.filter, asks.chain, asks.network, {}};
    for (const ObservedExtension* resource : resources) {
      difference.pointer = resource->pointer;
      difference.filters = {resource->name};
      if (!resource->error.empty()) {
        difference.reason = "rejected: " + resource->error;
        add_once(differences, difference);
      }
      if (resource->type_url.ends_with(".RBAC")) {
        difference.reason = "fallback";
        add_once(differences, difference);
      } else if (resource->answered) {
        plugin.resources.push_back(resource);
      }
    }
    if (!plugin.resources.empty()) served.push_back(std::move(plugin));
  }
  return served;
}

std::vector<std::string> refusal_notes(const ObservedProxy& observed, const std::vector<const ObservedChain*>& chains) {
  std::vector<std::string> notes;
  for (const ListenerFailure& failure : observed.failures) {
    const auto active = plugins_of(observed, failure.listener, ListenerState::Active);
    for (const ObjectName& plugin : plugins_of(observed, failure.listener, ListenerState::Error))
      if (!active.contains(plugin))
        notes.push_back(to_string(plugin) + " stands in listener " + failure.listener +
                        " as Envoy refused it, and so does not run there");
  }
  for (const ObservedExtension& extension : observed.extensions) {
    if (extension.error.empty() || !extension.plugin) continue;
    const bool asked = std::ranges::any_of(chains, [&](const ObservedChain* chain) {
      return std::ranges::any_of(std::array{&chain->filters, &chain->network_filters}, [&](const auto* filters) {
        return std::ranges::find(*filters, extension.plugin, &ObservedFilter::plugin) != filters->end();
      });
    });
    if (!asked)
      notes.push_back("the configuration of " + to_string(*extension.plugin) + ", which no judged chain asks for, was refused by Envoy: " +
                      extension.error);
  }
  return notes;
}

}  // namespace model

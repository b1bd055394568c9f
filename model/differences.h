// What the judges of all profiles have in common: how differences are gathered, and whether what a dump lists is what traffic
// meets (docs/decisions/not-in-force.md).
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "model/judgement.h"

namespace model {

// Adds a difference, or counts it with the one that tells the same.
void add_once(std::vector<Difference>& differences, Difference difference);

// Pairs (i, j), i < j, of places of a chain that stand the wrong way round, less those that others tell: that d stands before a
// is what there is to tell of d, a, b, c.
using Contradictions = std::vector<std::pair<std::size_t, std::size_t>>;
Contradictions nearest(const Contradictions& all);

Difference not_in_force(std::string listener, std::string reason);

// Adds what is not in force of whole listeners: "warming" for those with a chain that is judged, and "rejected: ..." with
// Envoy's text.
void judge_listeners(const ObservedProxy& observed, const std::function<bool(const ObservedChain&)>& is_judged,
                     std::vector<Difference>& differences);

// A plugin whose configuration is there, as a chain asks for it.
struct ServedPlugin {
  ObjectName plugin;
  const ObservedFilter* filter = nullptr;
  const ObservedChain* chain = nullptr;             // the first that asks
  bool network = false;
  std::vector<const ObservedExtension*> resources;  // by that name, at least one
};

struct Layers {
  bool http = true;
  bool network = true;
};

// Whether the chains' plugins are served: adds "fallback" for a filter that stands in a plugin's place, "no-resource" for a name
// without a configuration, "rejected: ..." with Envoy's text. Returns the plugins of which a configuration is there that can be
// compared. Without an ECDS section only the filters themselves tell anything.
std::vector<ServedPlugin> judge_service(const ObservedProxy& observed, const std::vector<const ObservedChain*>& chains,
                                        Layers layers, std::vector<Difference>& differences);

// What else Envoy refused, for a person: plugins that only a refused update of a listener holds, and configurations with Envoy's
// error that none of the chains asks for.
std::vector<std::string> refusal_notes(const ObservedProxy& observed, const std::vector<const ObservedChain*>& chains);

}  // namespace model

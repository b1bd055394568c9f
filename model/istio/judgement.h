// Judges what a proxy was seen to run against what a version of Istio computes for it: every chain of every listener, filter by
// filter, and the configurations behind its plugins. Differences name the rules that decide (rules.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/istio/filter_chain.h"
#include "model/judgement.h"

namespace model::istio {

enum class Compared : std::uint8_t {
  AllFilters,   // the order of all filters, Istio's own among them
  PluginsOnly,  // plugins alone, of both layers
};

struct JudgedProxy {
  ProxyJudgement judgement;
  std::vector<FilterChain> computed;   // each once
  std::vector<std::size_t> expected;   // of judgement.judged, one for each: its place in `computed`
};

// `proxy` is the one that `observed` is of, `workload` what the manifests (or its node) say of it. Not modelled are: a workload
// that an EnvoyFilter or a setting of istiod changes (unmodelled.h), HTTP/3 and HBONE listeners without the setting of istiod
// that makes them, and chains that have no place (chain_place.h); whether what is listed is in force is told all the same. Two
// plugins that nothing but their age orders, and of which the manifests do not tell it, are recorded (INFO) and not judged.
JudgedProxy judge_proxy(const Regime& regime, const Cluster& cluster, const Mesh& mesh, const Workload& workload,
                        const ProxyNode& proxy, const ObservedProxy& observed, Compared compared);

}  // namespace model::istio

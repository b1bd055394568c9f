// Who runs a plugin: the SEL- clauses, for one plugin and one workload. This is the meaning of selection;
// expected_chains.h computes the same for a whole mesh at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/clauses.h"
#include "model/cluster.h"

namespace model {

enum class Standing : std::uint8_t {
  In,
  Out,
  Open,         // the text leaves it open, or leaves open whether the plugin is accepted at all
  NotModelled,  // a field of a later API decides it
};

// The standing of a plugin on a workload, with the clause that decided.
//   In           SEL-1 (selector), SEL-2 (none), SEL-3, SEL-4 (the same from the root namespace)
//   Out          SEL-5 (another namespace), SEL-1 (a pair of the selector is not among the labels), SEL-10 (off)
//   Open         SEL-7, SEL-8, SEL-9
//   NotModelled  SEL-1: what a later field makes of it is not modelled
struct Membership {
  Standing standing = Standing::Out;
  ClauseId clause;

  bool operator==(const Membership&) const = default;
};

Membership membership(const Cluster& cluster, const WasmPlugin& plugin, const Workload& workload,
                      const Rules& rules = Rules::documented());

// One pair of a selector that a workload does not have.
struct LabelMiss {
  Label wanted;
  std::optional<std::string_view> actual;  // the workload's value of that key, or nothing
};

// The pairs of a plugin's selector that the workload lacks, in the selector's order.
std::vector<LabelMiss> misses(const Cluster& cluster, const WasmPlugin& plugin,
                              const Workload& workload);

// Why a plugin has this standing on this workload, for a person: "its selector wants app=web, and the
// workload has app=api".
std::string reason(const Cluster& cluster, const WasmPlugin& plugin, const Workload& workload,
                   const Membership& membership);

// The smallest change that would put a plugin that is Out on the workload: "label the workload app=web". ""
// for other standings.
std::string smallest_change(const Cluster& cluster, const WasmPlugin& plugin,
                            const Workload& workload, const Membership& membership);

}  // namespace model

// What `expect` is asked: which workloads of a mesh are shown. And what both of its outputs need to know of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/expectation.h"
#include "model/expected_chains.h"

namespace reports {

enum class Proxyless : std::uint8_t { Counted, Shown };  // --all-pods

struct ExpectationView {
  const model::Expectation& expectation;
  const model::ExpectedChains& chains;
  std::vector<std::uint32_t> workloads;  // indexes in Cluster::workloads, in any order: what the filters let through
  Proxyless proxyless = Proxyless::Counted;
};

// Every workload of a cluster, for a view without filters.
std::vector<std::uint32_t> all_workloads(const model::Cluster& cluster);

// The workloads of a view by namespace, then name; less those without a proxy where these are only counted.
std::vector<std::uint32_t> shown_workloads(const ExpectationView& view);
std::vector<std::uint32_t> shown_workloads(const model::Cluster& cluster, const std::vector<std::uint32_t>& workloads,
                                           Proxyless proxyless);

// Every refusal: of the plugins that could not be read, and of those whose url or checksum is at fault; by place.
std::vector<const model::Refusal*> refusals(const model::Expectation& expectation);

// Why a plugin has this standing on the workload: model::reason, and for the module's part of it (a refusal, an open
// url) the module's own reason.
std::string standing_reason(const model::Expectation& expectation, model::PluginIndex plugin,
                            const model::Workload& workload, const model::Membership& membership);

// "shop/x has targetRefs": the field of a later API because of which a workload is not modelled, with its place.
struct Unmodelled {
  std::string reason;
  model::Place place;
};
Unmodelled unmodelled(const model::Cluster& cluster, model::PluginIndex plugin);

// Takes what was written so far out of the string, so that memory stays bounded; called once in about a megabyte.
using Drain = std::function<void(std::string&)>;
inline constexpr std::size_t kDrainAt = 1 << 20;

}  // namespace reports

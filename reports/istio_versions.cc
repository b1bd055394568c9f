#include "reports/istio_versions.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace reports {
namespace {

bool are_alike(const WorkloadChains& a, const WorkloadChains& b) {
  return a.not_modelled == b.not_modelled && a.chains == b.chains && a.unmodelled_listener == b.unmodelled_listener;
}

bool can_show(const RuleChange& change) {
  if (change.effect == Effect::Names || change.effect == Effect::Payload) return false;
  const model::istio::Rule& rule = change.after ? *change.after : *change.before;
  // Fields of the payload.
  constexpr std::string_view kBeside[] = {"FIELD-env", "FIELD-imagePullPolicy", "FIELD-failStrategy"};
  return rule.about != "admission" && std::ranges::find(kBeside, rule.id) == std::end(kBeside);
}

}  // namespace

WorkloadVersions versions_of(const model::Cluster& cluster, const model::istio::Mesh& mesh, std::size_t workload,
                             std::span<const IstioProfile> profiles) {
  WorkloadVersions found;
  const model::istio::Regime* before = nullptr;
  for (const IstioProfile& profile : profiles) {
    IstioExpectation expectation(cluster, mesh, profile);
    const WorkloadChains& chains = expectation.chains_of(workload);
    if (!before || before->names != profile.regime->names)
      found.names.push_back({profile.version, &rule_of(profile.regime->names)});
    if (!before || !are_alike(found.rows.back().chains, chains)) {
      VersionRow row{profile.version, profile.version, 0, chains, {}};
      if (before) row.changes = changes_between(*before, *profile.regime);
      std::erase_if(row.changes, [](const RuleChange& change) { return !can_show(change); });
      found.rows.push_back(std::move(row));
    }
    found.rows.back().last = profile.version;
    ++found.rows.back().versions;
    before = profile.regime;
  }
  return found;
}

}  // namespace reports

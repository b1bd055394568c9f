#include "model/wasm_plugin.h"

namespace model {
namespace {

constexpr std::array kPhases = std::to_array<std::string_view>(
    {"AUTHN", "AUTHZ", "STATS", "UNSPECIFIED_PHASE"});
constexpr std::array kPullPolicies =
    std::to_array<std::string_view>({"UNSPECIFIED_POLICY", "IfNotPresent", "Always"});

template <class Enum, std::size_t n>
std::optional<Enum> find(const std::array<std::string_view, n>& names, std::string_view name) {
  for (std::size_t i = 0; i < n; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string to_string(const ObjectName& name) { return name.ns + "/" + name.name; }

std::string_view to_string(Phase phase) { return kPhases[static_cast<std::size_t>(phase)]; }

std::string_view to_string(PullPolicy policy) {
  return kPullPolicies[static_cast<std::size_t>(policy)];
}

std::optional<Phase> find_phase(std::string_view name) { return find<Phase>(kPhases, name); }

std::optional<PullPolicy> find_pull_policy(std::string_view name) {
  return find<PullPolicy>(kPullPolicies, name);
}

}  // namespace model

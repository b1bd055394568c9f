// What changes from one version of Istio to another, by the rules of model/istio/rules.h: what `plumbline profiles` tells.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/istio/regimes.h"
#include "model/istio/rules.h"

namespace reports {

// What a change of rules shows in.
enum class Effect : std::uint8_t {
  Order,    // which plugin stands before which
  Places,   // where plugins stand among Istio's own filters, and which of those there are
  Reach,    // which workloads have a plugin
  Names,    // how its filter is called
  Payload,  // what is sent to the proxy beside
  Api,      // which fields and values are taken
};

std::string_view to_string(Effect effect);  // "order", "places", "reach", "names", "payload", "api"

// What a rule of this subject (Rule::about) shows in.
Effect effect_of(std::string_view about);

// One rule in the place of another; nullptr where there was none, or is none any more.
struct RuleChange {
  const model::istio::Rule* before = nullptr;
  const model::istio::Rule* after = nullptr;
  Effect effect = Effect::Order;

  bool operator==(const RuleChange&) const = default;
};

// In the order of effects, then of rules(). Empty where the versions differ in nothing.
std::vector<RuleChange> changes_between(const model::istio::Regime& from, const model::istio::Regime& to);

// A row of the table: the version from which it holds, and what changed from the row before (nothing for the first).
struct ProfileRow {
  const model::istio::Regime* regime = nullptr;
  std::string name;  // "istio-1.20.0"
  std::vector<RuleChange> changes;
};

// Every row of regimes(), oldest first.
std::vector<ProfileRow> profile_rows();

}  // namespace reports

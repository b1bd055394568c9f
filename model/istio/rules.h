// Istio's rules as sentences with their sources: what answers quote under an Istio profile, as they quote clauses under the
// documented one. A version's row in regimes.h says which rule of each group holds; here stands what it says. The ids are the codes
// of the source study; sources are files of istio/istio at a tag from which on the rule holds.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "model/istio/regimes.h"

namespace model::istio {

struct Rule {
  std::string_view id;        // "NS-B"
  std::string_view about;     // what it decides, as `plumbline profiles` heads it: "namespaces"
  std::string_view sentence;
  std::string_view source;    // "pilot/pkg/model/push_context.go:1967@1.20.0"
};

// All of them, in the order of the groups, each id once.
std::span<const Rule> rules();

// The rule of that id, which must be one of rules().
const Rule& rule(std::string_view id);

// The rules of one version, one a group, in the order of the groups; then those of its fields and of its admission (admission.h).
std::vector<const Rule*> rules_of(const Regime& regime);

// The rule that a row's code stands for.
const Rule& rule_of(NamespaceOrder order);
const Rule& rule_of(TieOrder ties);
const Rule& rule_of(UnsetPriority unset);
const Rule& rule_of(LabelSource labels);
const Rule& rule_of(TopologyLabels topology);
const Rule& rule_of(EmptyValue empty);
const Rule& rule_of(AttachmentRule attachment);
const Rule& rule_of(GatewayLabel label);
const Rule& rule_of(const HttpTemplates& templates);
const Rule& rule_of(const NetworkTemplates& templates);
const Rule& rule_of(NameForm names);
const Rule& rule_of(TypeUrls urls);
const Rule& rule_of(FailField fail);
const Rule& rule_of(Served served);
// What the API of this version knows, one rule for each field that a row has.
std::vector<const Rule*> rules_of(Fields fields);

}  // namespace model::istio

// A WasmPlugin as the documented API describes it, read and typed but not yet interpreted: what its
// url and checksum resolve to is module.h, whom it reaches selection.h.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/clauses.h"
#include "model/labels.h"
#include "model/place.h"

namespace model {

// Names a resource within the cluster; prints as "namespace/name" and sorts that way.
struct ObjectName {
  std::string ns;
  std::string name;

  auto operator<=>(const ObjectName&) const = default;
};

std::string to_string(const ObjectName& name);

// The place in the filter chain that a plugin asks for, in chain order.
enum class Phase : std::uint8_t { Authn, Authz, Stats, Unspecified };

enum class PullPolicy : std::uint8_t { Unspecified, IfNotPresent, Always };

// The API's own words: "AUTHN", ..., "UNSPECIFIED_PHASE"; "UNSPECIFIED_POLICY", "IfNotPresent", "Always".
std::string_view to_string(Phase phase);
std::string_view to_string(PullPolicy policy);
std::optional<Phase> find_phase(std::string_view name);
std::optional<PullPolicy> find_pull_policy(std::string_view name);

// The pairs of matchLabels. Empty: the selector is there, but picks by nothing (SEL-7).
struct Selector {
  std::vector<LabelId> match_labels;
  Place place;
};

// A field of the current API that the documented profile does not know. It is never ignored in
// silence: one that bears on membership makes the workloads of its reach not modelled.
struct LaterField {
  std::string name;  // "match", "targetRefs", "failStrategy", ...
  bool bears_on_membership = false;
  bool is_target_reference = false;  // reaches all of the plugin's scope, whatever the selector
  Place place;
};

// A field written in a way that the text leaves open (INFO): the plugin is read as if the spelling were
// the usual one, and its absence from a chain is recorded, not judged.
struct OpenSpelling {
  ClauseId clause;  // PRI-7, GEN-3
  Place place;
};

struct WasmPlugin {
  ObjectName id;
  bool namespace_given = true;  // false: it stands in the default namespace because it names none

  std::optional<Selector> selector;
  std::optional<Phase> phase;            // nothing where the document names none (PHA-7)
  std::optional<std::int64_t> priority;  // nothing is not the same as 0 in every profile

  std::string url;  // "" where there is none, for this and the next four
  std::string sha256;
  std::string image_pull_secret;
  std::string verification_key;
  std::string plugin_name;
  std::optional<PullPolicy> pull_policy;
  // The configuration as canonical compact JSON (keys sorted bytewise, numbers as Go prints doubles):
  // equal texts are equal values (CFG-1). Nothing where the document gives none.
  std::optional<std::string> plugin_config;

  std::vector<LaterField> later;
  std::vector<OpenSpelling> open_spellings;

  Place place;           // of the document
  Place name_place;      // of metadata.name, and so on; unknown (line 0) where the field is absent
  Place phase_place;
  Place priority_place;
  Place url_place;
  Place sha256_place;
  Place pull_policy_place;
  Place verification_key_place;

  Phase effective_phase() const { return phase.value_or(Phase::Unspecified); }  // PHA-7
  std::int64_t effective_priority() const { return priority.value_or(0); }      // PRI-2
};

// A WasmPlugin that is refused: no filter of it may be in force on any workload.
struct Refusal {
  ObjectName plugin;
  std::string reason;               // "unknown phase 'AUTHN_Z'": no capital, no full stop
  std::string hint;                 // what to do about it; may be empty
  std::optional<ClauseId> clause;   // the clause that asks for the refusal; nothing: not valid at all
  Place place;                      // of the field at fault
};

}  // namespace model

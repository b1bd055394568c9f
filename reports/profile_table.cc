#include "reports/profile_table.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace reports {
namespace {

using model::istio::Regime;
using model::istio::Rule;

struct Subject {
  std::string_view about;
  Effect effect;
};
constexpr std::array kSubjects = std::to_array<Subject>({
    {"namespaces", Effect::Order},
    {"ties", Effect::Order},
    {"HTTP chain", Effect::Places},
    {"network chain", Effect::Places},
    {"labels", Effect::Reach},
    {"topology labels", Effect::Reach},
    {"empty label values", Effect::Reach},
    {"attachment", Effect::Reach},
    {"gateway label", Effect::Reach},
    {"filter names", Effect::Names},
    {"type URLs", Effect::Payload},
    {"fail field", Effect::Payload},
    {"configurations served", Effect::Payload},
    {"priority", Effect::Api},
    {"fields", Effect::Api},
    {"admission", Effect::Api},
});

// What the rules of one kind have in common: "ADM-TARGET" of ADM-TARGET-A and ADM-TARGET-B.
std::string_view stem(std::string_view id) { return id.substr(0, id.rfind('-')); }

// Of several rules of one subject, the one that this one replaces.
bool is_successor(const Rule& after, const Rule& before) {
  if (after.about != before.about) return false;
  const bool one_at_a_time = after.about != "fields" && after.about != "admission";
  return one_at_a_time || (stem(after.id) == stem(before.id) && stem(after.id) != "ADM" && stem(after.id) != "FIELD");
}

Effect effect_of_change(const RuleChange& change) {
  const Rule& rule = change.after ? *change.after : *change.before;
  // From NS-B to NS-C namespaces are added behind those that were looked up before.
  if (rule.about == "namespaces" && change.before && change.after && change.before->id != "NS-A" && change.after->id != "NS-A")
    return Effect::Reach;
  return effect_of(rule.about);
}

}  // namespace

std::string_view to_string(Effect effect) {
  switch (effect) {
    case Effect::Order: return "order";
    case Effect::Places: return "places";
    case Effect::Reach: return "reach";
    case Effect::Names: return "names";
    case Effect::Payload: return "payload";
    case Effect::Api: return "api";
  }
  return {};
}

Effect effect_of(std::string_view about) {
  const auto found = std::ranges::find(kSubjects, about, &Subject::about);
  assert(found != kSubjects.end());
  return found->effect;
}

std::vector<RuleChange> changes_between(const Regime& from, const Regime& to) {
  std::vector<const Rule*> gone;
  const auto old_rules = rules_of(from);
  const auto new_rules = rules_of(to);
  for (const Rule* one : old_rules)
    if (std::ranges::find(new_rules, one) == new_rules.end()) gone.push_back(one);
  std::vector<RuleChange> changes;
  for (const Rule* one : new_rules) {
    if (std::ranges::find(old_rules, one) != old_rules.end()) continue;
    const auto before = std::ranges::find_if(gone, [&](const Rule* old) { return is_successor(*one, *old); });
    RuleChange change{before == gone.end() ? nullptr : *before, one};
    if (before != gone.end()) gone.erase(before);
    change.effect = effect_of_change(change);
    changes.push_back(change);
  }
  for (const Rule* one : gone) changes.push_back({one, nullptr, effect_of(one->about)});
  std::ranges::stable_sort(changes, {}, &RuleChange::effect);
  return changes;
}

std::vector<ProfileRow> profile_rows() {
  std::vector<ProfileRow> rows;
  for (const Regime& regime : model::istio::regimes()) {
    ProfileRow row{&regime, "istio-" + to_string(regime.since), {}};
    if (!rows.empty()) row.changes = changes_between(*rows.back().regime, regime);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace reports

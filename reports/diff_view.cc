#include "reports/diff_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/istio/rules.h"
#include "reports/plain_text.h"
#include "reports/upgrade_view.h"

namespace reports {
namespace {

std::vector<std::uint32_t> later(const std::vector<model::WorkloadPair>& pairs) {
  std::vector<std::uint32_t> indexes;
  for (const model::WorkloadPair& one : pairs) indexes.push_back(one.after);
  return indexes;
}

std::string title_of(const std::vector<model::istio::ChangedChain>& chains, bool also) {
  bool added = false;
  bool removed = false;
  bool moved = also;
  bool built_in = false;
  for (const model::istio::ChangedChain& chain : chains) {
    const auto is_plugin = [&](const std::string& name) {
      return std::ranges::any_of(chain.before, [&](const auto& one) { return one.plugin && name.starts_with(one.name); }) ||
             std::ranges::any_of(chain.after, [&](const auto& one) { return one.plugin && name.starts_with(one.name); });
    };
    const auto shift = shift_of(chain.before, chain.after);
    for (const std::string& name : shift.added) (is_plugin(name) ? added : built_in) = true;
    for (const std::string& name : shift.removed) (is_plugin(name) ? removed : built_in) = true;
    moved |= !shift.swapped.empty();
  }
  std::string title;
  const auto add = [&](bool is, std::string_view text) {
    if (is) title += (title.empty() ? "" : ", ") + std::string(text);
  };
  add(added, "plugins are new");
  add(removed, "plugins are gone");
  add(moved, "the order is another");
  add(built_in, "filters of Istio come or go");
  return title;
}

// Long values are cut: what matters is that they differ, and where.
std::string value_text(const std::string& value) {
  constexpr std::size_t kWidth = 80;
  return value.empty() ? "none" : shortened(value, kWidth);
}

std::optional<CitedRule> cited(const std::string& id) {
  if (id.empty()) return std::nullopt;
  const auto rules = model::istio::rules();
  const auto rule = std::ranges::find(rules, std::string_view(id), &model::istio::Rule::id);
  if (rule != rules.end()) return CitedRule{id, std::string(rule->sentence), std::string(rule->source), false};
  const auto clause = std::ranges::find(model::kClauses, std::string_view(id), &model::Clause::id);
  if (clause != model::kClauses.end()) return CitedRule{id, std::string(clause->text), "", false};
  return std::nullopt;
}

class View {
 public:
  View(const model::ManifestDiff& diff, const model::MeshState& before, const model::MeshState& after)
      : diff_(diff), before_(before), after_(after) {}

  ChainChanges all() {
    changes_.kind = "Diff";
    changes_.workloads = diff_.workloads;
    changes_.changed = diff_.changed;
    for (const model::ChangedByManifests& way : diff_.ways) {
      ChangedAlike alike{sentences_of(way.chains), workload_list(after_.cluster, later(way.workloads)),
                         listings_of(way.chains, before_.mesh)};
      alike.what.insert(alike.what.end(), way.also.begin(), way.also.end());
      const std::string title = title_of(way.chains, !way.also.empty());
      auto cause = std::ranges::find(changes_.causes, title, &ChangeCause::title);
      if (cause == changes_.causes.end()) cause = changes_.causes.insert(cause, ChangeCause{title, {}, {}});
      cause->ways.push_back(std::move(alike));
    }
    for (const model::ChangedSettings& one : diff_.settings) add(one);
    add_acceptances(true, "refused", "refused, and was not");
    add_acceptances(false, "accepted", "accepted, and was refused");
    add_workloads("new", after_.cluster, diff_.added);
    add_workloads("gone", before_.cluster, diff_.removed);
    add_idle();
    for (const model::DiffNotModelled& one : diff_.not_modelled)
      changes_.not_modelled.push_back(
          {one.reason, place_text(after_.cluster, one.place), workload_list(after_.cluster, later(one.workloads))});
    return std::move(changes_);
  }

 private:
  void add(const model::ChangedSettings& one) {
    ChangeNotice notice;
    notice.code = "setting";
    std::string names;
    for (const auto& field : one.fields) {
      names += (names.empty() ? "" : ", ") + field.name;
      notice.lines.push_back({fmt::format("{}: {} -> {}", field.name, value_text(field.before), value_text(field.after)),
                              place_text(after_.cluster, one.place), {}});
    }
    notice.title = fmt::format("{} of {} {} another", names, one.plugin, one.fields.size() == 1 ? "is" : "are");
    notice.workloads = workload_list(after_.cluster, later(one.workloads));
    changes_.notices.push_back(std::move(notice));
  }

  void add_acceptances(bool accepted_before, const char* code, const char* title) {
    ChangeNotice notice;
    notice.code = code;
    for (const model::ChangedAcceptance& one : diff_.acceptances) {
      if (one.accepted_before != accepted_before) continue;
      const std::string rule = one.rule.empty() ? "" : " (" + one.rule + ")";
      notice.lines.push_back({one.plugin + ": " + one.reason + rule,
                              place_text(accepted_before ? after_.cluster : before_.cluster, one.place), {}});
      const auto cite = cited(one.rule);
      if (cite && std::ranges::find(notice.rules, cite->id, &CitedRule::id) == notice.rules.end()) notice.rules.push_back(*cite);
    }
    if (notice.lines.empty()) return;
    notice.title = fmt::format("{} {}", counted(notice.lines.size(), "plugin") + (notice.lines.size() == 1 ? " is" : " are"), title);
    changes_.notices.push_back(std::move(notice));
  }

  void add_workloads(const char* what, const model::Cluster& cluster, const std::vector<std::uint32_t>& indexes) {
    if (indexes.empty()) return;
    ChangeNotice notice;
    notice.code = "workloads";
    notice.title = fmt::format("{} {} {}", counted(indexes.size(), "workload"), indexes.size() == 1 ? "is" : "are", what);
    notice.workloads = workload_list(cluster, indexes);
    changes_.notices.push_back(std::move(notice));
  }

  void add_idle() {
    if (diff_.idle.empty()) return;
    ChangeNotice remark;
    remark.code = "remark";
    remark.title = fmt::format("{} {} changed and {} nowhere", counted(diff_.idle.size(), "plugin"),
                               diff_.idle.size() == 1 ? "is" : "are", diff_.idle.size() == 1 ? "runs" : "run");
    for (const std::string& name : diff_.idle) remark.lines.push_back({name, {}, {}});
    changes_.remarks.push_back(std::move(remark));
  }

  const model::ManifestDiff& diff_;
  const model::MeshState& before_;
  const model::MeshState& after_;
  ChainChanges changes_;
};

}  // namespace

ChainChanges diff_changes(const model::ManifestDiff& diff, const model::MeshState& before_state,
                          const model::MeshState& after_state, const std::string& profile, const std::string& before,
                          const std::string& after) {
  ChainChanges changes = View(diff, before_state, after_state).all();
  changes.profile = profile;
  changes.before = before;
  changes.after = after;
  return changes;
}

}  // namespace reports

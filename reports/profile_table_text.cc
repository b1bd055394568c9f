#include "reports/profile_table_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/plain_text.h"

namespace reports {
namespace {

using model::istio::Regime;
using model::istio::Rule;

// The change that readers look for stands out without colours, too.
std::string effect_text(Effect effect) { return effect == Effect::Order ? "ORDER" : std::string(to_string(effect)); }

constexpr std::size_t kEffectWidth = 7;

const Rule& rule_of(const RuleChange& change) { return change.after ? *change.after : *change.before; }

// In brief, what the API takes is told by ids alone: they name the field.
bool is_told_by_id(const RuleChange& change, Detail detail) { return detail == Detail::Brief && change.effect == Effect::Api; }

std::size_t id_width(const std::vector<RuleChange>& changes, Detail detail) {
  std::size_t width = 0;
  for (const RuleChange& change : changes)
    if (!is_told_by_id(change, detail)) width = std::max(width, rule_of(change).id.size());
  return width;
}

// The rule that a sentence like "As H6, with ..." goes on from; nullptr where it stands by itself.
const Rule* continued(const Rule& rule) {
  constexpr std::string_view kAs = "As ";
  if (!rule.sentence.starts_with(kAs)) return nullptr;
  const std::string_view rest = rule.sentence.substr(kAs.size());
  return &model::istio::rule(rest.substr(0, rest.find_first_of(",.")));
}

class ChangeLines {
 public:
  ChangeLines(std::string& out, const Paint& paint, Detail detail, std::size_t head, std::size_t id)
      : out_(out), paint_(paint), detail_(detail), head_(head), id_(id) {}

  // Each change on lines of its own, the first behind `head`.
  void append(std::string_view head, const std::vector<RuleChange>& changes) {
    std::string_view before = head;
    std::string_view effect;
    std::string ids;
    for (const RuleChange& change : changes) {
      if (is_told_by_id(change, detail_)) {
        ids += (ids.empty() ? "" : ", ") + std::string(change.after ? "" : "no longer ") + std::string(rule_of(change).id);
        continue;
      }
      const std::string_view own = to_string(change.effect);
      append(before, effect == own ? "" : effect_text(change.effect), change);
      before = {};
      effect = own;
    }
    if (!ids.empty()) append_ids(before, ids);
  }

 private:
  void append_head(std::string_view head, Effect effect, const std::string& text) {
    out_ += paint_(Ink::Strong, head) + std::string(head_ + 2 - head.size(), ' ');
    out_ += effect == Effect::Order ? paint_(Ink::Bad, text) : text;
    out_.append(kEffectWidth + 2 - text.size(), ' ');
  }

  void append_ids(std::string_view head, const std::string& ids) {
    const std::size_t indent = head_ + 2 + kEffectWidth + 2;
    append_head(head, Effect::Api, effect_text(Effect::Api));
    const auto lines = wrapped(ids, kTextWidth - indent);
    for (std::size_t i = 0; i < lines.size(); ++i) out_ += (i == 0 ? "" : std::string(indent, ' ')) + lines[i] + "\n";
  }

  void append(std::string_view head, const std::string& effect, const RuleChange& change) {
    const Rule& rule = rule_of(change);
    const std::string sentence =
        change.after ? std::string(rule.sentence) : "no longer: " + std::string(rule.sentence);
    const std::size_t indent = head_ + 2 + kEffectWidth + 2 + id_ + 2;
    const auto lines = wrapped(sentence, std::max<std::size_t>(kTextWidth - indent, 40));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) {
        out_ += std::string(indent, ' ') + lines[i] + "\n";
        continue;
      }
      append_head(head, change.effect, effect);
      out_ += std::string(rule.id) + std::string(id_ + 2 - rule.id.size(), ' ') + lines[i] + "\n";
    }
    if (detail_ == Detail::Brief) return;
    append_faint(indent, std::string(rule.source));
    if (change.after && change.before)
      append_faint(indent, "before: " + std::string(change.before->id) + "  " + std::string(change.before->sentence));
  }

  void append_faint(std::size_t indent, const std::string& text) {
    for (const std::string& line : wrapped(text, std::max<std::size_t>(kTextWidth - indent, 40)))
      out_ += std::string(indent, ' ') + paint_(Ink::Faint, line) + "\n";
  }

  std::string& out_;
  const Paint& paint_;
  const Detail detail_;
  const std::size_t head_;
  const std::size_t id_;
};

std::string order_changes(const std::vector<ProfileRow>& rows) {
  std::string text;
  for (const ProfileRow& row : rows)
    for (const RuleChange& change : row.changes)
      if (change.effect == Effect::Order)
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", to_string(row.regime->since), change.after->id);
  return text;
}

}  // namespace

void append_profile_table_text(std::string& out, const Paint& paint, Detail detail) {
  const auto rows = profile_rows();
  std::size_t head = std::string_view("documented").size();
  std::size_t id = 0;
  for (const ProfileRow& row : rows) {
    head = std::max(head, row.name.size());
    id = std::max(id, id_width(row.changes, detail));
  }
  out += fmt::format("the documented profile, and {} of Istio; the order of plugins changes at {}\n\n", rows.size(),
                     order_changes(rows));
  const auto append_plain = [&](std::string_view name, std::string_view text) {
    out += paint(Ink::Strong, name) + std::string(head + 2 - name.size(), ' ') + std::string(text) + "\n";
  };
  append_plain("documented", "the API text: its clauses are listed by plumbline clauses");
  ChangeLines lines(out, paint, detail, head, id);
  for (const ProfileRow& row : rows) {
    if (!row.changes.empty())
      lines.append(row.name, row.changes);
    else if (&row == &rows.front())
      append_plain(row.name, fmt::format("the first; plumbline profiles {} lists its rules", row.name));
    else
      append_plain(row.name, "nothing changed");
  }
  out += "\norder: which plugin stands before which; places: where plugins stand among Istio's own filters;\n"
         "reach: which workloads have a plugin; names: of filters; payload: what is sent to the proxy\n"
         "beside; api: which fields and values are taken (-v says them all). A version between two has the\n"
         "rules of the earlier.\n";
}

void append_profile_text(std::string& out, std::string_view name, std::string_view note, const Regime& regime,
                         const Paint& paint) {
  out += paint(Ink::Strong, note.empty() ? name : note) + "\n";
  const auto rules = rules_of(regime);
  std::size_t id = 0;
  for (const Rule* rule : rules) id = std::max(id, rule->id.size());
  std::string_view about;
  for (const Rule* rule : rules) {
    if (rule->about != about) out += "\n" + std::string(rule->about) + "\n";
    about = rule->about;
    for (const Rule* told = rule; told; told = continued(*told)) {
      const auto lines = wrapped(told->sentence, kTextWidth - id - 4);
      for (std::size_t i = 0; i < lines.size(); ++i)
        out += "  " + padded(i == 0 ? told->id : "", id + 2) + lines[i] + "\n";
      out += std::string(id + 4, ' ') + paint(Ink::Faint, told->source) + "\n";
    }
  }
}

void append_profile_change_text(std::string& out, std::string_view from, const Regime& before, std::string_view to,
                                const Regime& after, const Paint& paint, Detail detail) {
  const auto changes = changes_between(before, after);
  out += fmt::format("{} to {}: {}\n", from, to,
                     changes.empty() ? "nothing changed" : counted(changes.size(), "change"));
  if (changes.empty()) return;
  out += "\n";
  ChangeLines(out, paint, detail, 0, id_width(changes, detail)).append("", changes);
}

}  // namespace reports

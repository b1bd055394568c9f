#include "reports/report_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "model/istio/rules.h"
#include "reports/plain_text.h"
#include "reports/side_by_side.h"

namespace reports {
namespace {

constexpr std::size_t kShownNames = 20;      // of a list at the end, unless told in full
constexpr std::size_t kExpectedWidth = 60;   // of the left side, at most
constexpr std::size_t kValueWidth = 78;      // of a setting
constexpr std::string_view kIndent = "          ";

bool has_level(const Result& result, model::Level level) {
  return std::ranges::any_of(result.differences,
                             [&](const Difference& one) { return one.found.level == level; });
}

// What the one-word reasons of not-in-force mean for whoever reads them at night.
std::string in_force_text(const std::string& reason) {
  if (reason == "warming") return "it is still warming, and traffic does not meet it yet";
  if (reason == "no-resource")
    return "the chain names it, but the dump holds no configuration for it";
  if (reason == "fallback") return "another filter stands in its place, and the plugin does not run";
  constexpr std::string_view kRejected = "rejected: ";
  if (reason.starts_with(kRejected))
    return "Envoy rejected it: " + reason.substr(kRejected.size());
  return reason;
}

std::string listed(const std::vector<model::ObjectName>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + to_string(names[i]);
  return text;
}

// "shop/a is missing", and the like; "" for the kinds whose reason says all.
std::string_view predicate(model::DifferenceKind kind) {
  switch (kind) {
    case model::DifferenceKind::Missing: return " is missing";
    case model::DifferenceKind::Extra: return " must not be there";
    case model::DifferenceKind::Duplicate: return " stands there more than once";
    case model::DifferenceKind::NotInForce: return " is not in force";
    case model::DifferenceKind::Order:
    case model::DifferenceKind::Placement:
    case model::DifferenceKind::Setting: return "";
  }
  return "";
}

bool is_of_listener(const model::Difference& found) {
  return found.kind == model::DifferenceKind::NotInForce && found.plugins.empty() &&
         found.filters.empty();
}

// What it is about, and what is the matter with it.
std::string sentence(const model::Difference& found) {
  // The reasons of an order name both of its filters.
  const bool complete = found.kind == model::DifferenceKind::Order ||
                        (found.kind == model::DifferenceKind::Placement &&
                         found.level == model::Level::Must);
  std::string subject = listed(found.plugins);
  if (is_of_listener(found)) subject = "listener " + found.listener;
  // A filter or resource that is no plugin's.
  else if (subject.empty() && !found.filters.empty() && !complete)
    subject = (found.network ? "network filter " : "filter ") + found.filters.front();
  if (!subject.empty()) subject += predicate(found.kind);
  const std::string reason = found.kind == model::DifferenceKind::NotInForce
                                 ? in_force_text(found.reason)
                                 : found.reason;
  if (subject.empty() || (complete && !reason.empty())) return plain(reason);
  return plain(reason.empty() ? subject : subject + ": " + reason);
}

// Whether a person would be told the same of both, but for the implementation.
bool same_told(const Result& a, const Result& b) {
  const auto same_links = [](const std::vector<ShownLink>& x, const std::vector<ShownLink>& y) {
    return std::ranges::equal(x, y, {}, &ShownLink::label, &ShownLink::label);
  };
  const auto same_shown = [&] {
    if (a.shown.has_value() != b.shown.has_value()) return false;
    return !a.shown || (same_links(a.shown->expected, b.shown->expected) &&
                        same_links(a.shown->actual, b.shown->actual));
  };
  return a.verdict == b.verdict && a.workload == b.workload && a.scenario == b.scenario &&
         a.reason == b.reason && a.notes == b.notes && !a.implementation.empty() &&
         !b.implementation.empty() && same_shown() &&
         std::ranges::equal(a.differences, b.differences,
                            [](const Difference& x, const Difference& y) {
                              return x.found.same_as(y.found) && x.where == y.where;
                            });
}

// The part of a long value around the first byte that differs.
std::string excerpt(std::string_view value, std::string_view other) {
  if (value.size() <= kValueWidth) return plain(value);
  const auto differs = static_cast<std::size_t>(
      std::ranges::mismatch(value, other).in1 - value.begin());
  std::size_t begin = differs > kValueWidth / 2 ? differs - kValueWidth / 2 : 0;
  const auto continues = [&](std::size_t at) {
    return at < value.size() && (static_cast<unsigned char>(value[at]) & 0xc0) == 0x80;
  };
  while (continues(begin)) ++begin;
  std::size_t end = std::min(value.size(), begin + kValueWidth);
  while (continues(end)) --end;
  return (begin > 0 ? ".." : "") + plain(value.substr(begin, end - begin)) +
         (end < value.size() ? ".." : "");
}

class Writer {
 public:
  Writer(std::string& out, const Report& report, Detail detail, const Paint& paint)
      : out_(out), report_(report), verbose_(detail == Detail::Verbose), paint_(paint),
        summary_(summarise(report)) {}

  void write() {
    write_summary();
    for (const Verdict verdict : {Verdict::Differs, Verdict::Error, Verdict::BadScenario,
                                  Verdict::NotModelled, Verdict::Conforms})
      for (const auto& group : groups(verdict)) write_result(*group.front(), group);
    write_list("hygiene", report_.hygiene, Ink::Bad);
    write_names("no dump for", "workload", report_.no_dump);
    write_names("not run:", "scenario", report_.not_run);
    write_list("notes", report_.notes, Ink::Plain);
  }

 private:
  bool is_told(const Result& result) const {
    if (result.verdict != Verdict::Conforms) return true;
    if (has_level(result, model::Level::Should)) return true;
    return verbose_ || !result.notes.empty();
  }

  // The results to tell, those of several implementations of which the same is to be said together.
  using Group = std::vector<const Result*>;
  std::vector<Group> groups(Verdict verdict) const {
    std::vector<Group> all;
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> of_workload;
    for (const Result& result : report_.results) {
      if (result.verdict != verdict || !is_told(result)) continue;
      auto& known = of_workload[{result.scenario.value_or(""), result.workload}];
      const auto same = std::ranges::find_if(
          known, [&](std::size_t group) { return same_told(*all[group].front(), result); });
      if (same != known.end()) {
        all[*same].push_back(&result);
        continue;
      }
      known.push_back(all.size());
      all.push_back({&result});
    }
    return all;
  }

  void write_summary() {
    const std::string what = counted(summary_.all(), "workload");
    std::string scope;
    if (report_.scenarios > 0) scope = counted(report_.scenarios, "scenario") + ", ";
    std::string who = plain(report_.implementation);
    // "istio-1.29.1" tells the version already.
    if (!who.ends_with(plain(report_.version))) who += (who.empty() ? "" : " ") + plain(report_.version);
    if (report_.profile != "documented") who += (who.empty() ? "profile " : ", profile ") + plain(report_.profile);
    if (!who.empty()) who = " (" + who + ")";
    if (summary_.all() == 0) {
      out_ += paint_(Ink::Bad, "nothing was judged") + who + "\n";
    } else if (summary_.conforms == summary_.all()) {
      out_ += scope + what + ": " +
              paint_(Ink::Good, summary_.all() == 1 ? "it conforms" : "all conform") + who + "\n";
    } else {
      out_ += scope + what + ": ";
      std::string_view between;
      const auto say = [&](std::size_t count, std::string_view word, Ink ink) {
        if (count == 0) return;
        out_ += between;
        out_ += paint_(ink, fmt::format("{} {}", count, word));
        between = ", ";
      };
      say(summary_.differs, summary_.differs == 1 ? "differs" : "differ", Ink::Bad);
      say(summary_.error, "with an error", Ink::Bad);
      say(summary_.bad_scenario, "of a bad scenario", Ink::Bad);
      say(summary_.not_modelled, "not modelled", Ink::Doubtful);
      say(summary_.conforms, summary_.conforms == 1 ? "conforms" : "conform", Ink::Good);
      out_ += who + "\n";
    }
    write_counts();
  }

  // What the verdicts do not show.
  void write_counts() {
    std::size_t should = 0;
    std::size_t info = 0;
    for (const Result& result : report_.results) {
      should += result.verdict == Verdict::Conforms && has_level(result, model::Level::Should);
      for (const Difference& difference : result.differences)
        info += difference.found.level == model::Level::Info;
    }
    std::string line;
    if (should > 0)
      line = fmt::format("{} {} a SHOULD difference (--strict fails on it)",
                         should == 1 ? "1 that conforms" : fmt::format("{} that conform", should),
                         should == 1 ? "has" : "have");
    if (info > 0)
      line += (line.empty() ? "" : "; ") +
              counted(info, "INFO record") + (verbose_ ? "" : " (--verbose shows them)");
    if (!line.empty()) out_ += line + "\n";
  }

  static Ink ink_of(Verdict verdict) {
    if (verdict == Verdict::Conforms) return Ink::Good;
    return verdict == Verdict::NotModelled ? Ink::Doubtful : Ink::Bad;
  }

  void write_result(const Result& result, const Group& group) {
    out_ += fmt::format("\n{}  {}", paint_(ink_of(result.verdict), to_string(result.verdict)),
                        paint_(Ink::Strong, plain(result.workload.empty() ? "-" : result.workload)));
    if (result.scenario) out_ += ", scenario " + plain(*result.scenario);
    if (group.size() > 1)
      out_ += ", " + counted(group.size(), "implementation");
    else if (!result.implementation.empty())
      out_ += ", " + plain(result.implementation);
    if (!result.source.empty()) out_ += "  " + paint_(Ink::Faint, plain(result.source));
    out_ += '\n';
    if (group.size() > 1) {
      std::string names;
      for (const Result* one : group)
        names += (names.empty() ? "" : ", ") + plain(one->implementation);
      write_wrapped("  ", names);
    }
    if (!result.reason.empty()) {
      // A chain can be told not to be in force without being judged.
      const bool beside = result.verdict == Verdict::Differs || result.verdict == Verdict::Conforms;
      write_wrapped(beside ? "  not modelled: " : "  ", plain(result.reason));
      if (!result.where.empty()) out_.insert(out_.size() - 1, "  " + plain(result.where));
    }
    if (result.shown) write_chains(result);
    std::set<model::ClauseId> quoted;
    told_rules_.clear();
    for (const auto level : {model::Level::Must, model::Level::Should, model::Level::Info})
      for (const Difference& difference : result.differences)
        if (difference.found.level == level && (verbose_ || level != model::Level::Info))
          write_difference(difference, result, quoted);
    for (const std::string& note : result.notes) write_wrapped("  note: ", plain(note));
    if (verbose_ && (result.own_chains > 0 || result.outbound_chains > 0)) {
      out_ += fmt::format("  {} judged, {} of the proxy itself", counted(result.chains, "chain"), result.own_chains);
      // By Istio's profiles they are judged as all others.
      if (result.profile.empty()) out_ += fmt::format(", {} outbound", result.outbound_chains);
      out_ += '\n';
    }
    if (result.shown) write_envoy_names(result);
  }

  void write_wrapped(std::string_view head, const std::string& text) {
    std::string indent(head);
    for (const std::string& line : wrapped(text, kTextWidth - head.size())) {
      out_ += indent + line + "\n";
      indent.assign(head.size(), ' ');
    }
  }

  // Runs in which both sides agree are cut to the rows next to a difference.
  void write_chains(const Result& result) {
    const ShownChains& shown = *result.shown;
    const auto rows = judged_rows(result);
    std::size_t width = std::string_view("expected").size();
    for (const ChainRow& row : rows)
      if (row.expected) width = std::max(width, columns_of(expected_text(*row.expected)));
    width = std::min(width, kExpectedWidth);
    out_ += "\n    " + paint_(Ink::Strong, padded("expected", width)) + "    " +
            paint_(Ink::Strong, "actual") +
            (shown.listener.empty() ? "" : ", " + plain(shown.listener)) + "\n";
    for (std::size_t begin = 0; begin < rows.size();) {
      std::size_t end = begin;
      while (end < rows.size() && is_quiet(rows[end]) == is_quiet(rows[begin])) ++end;
      write_run(std::span(rows).subspan(begin, end - begin), width, begin == 0, end == rows.size());
      begin = end;
    }
    out_ += '\n';
  }

  static bool is_quiet(const ChainRow& row) {
    const auto quiet = [](const std::optional<ShownLink>& link, Mark mark) {
      return !link || mark == Mark::Agrees || mark == Mark::Free;
    };
    return quiet(row.expected, row.expected_mark) && quiet(row.actual, row.actual_mark);
  }

  void write_run(std::span<const ChainRow> run, std::size_t width, bool first, bool last) {
    const std::size_t head = first ? 0 : 2;
    const std::size_t tail = last ? 1 : 2;
    if (!is_quiet(run.front()) || run.size() <= head + tail + 1) {
      for (const ChainRow& row : run) write_row(row, width);
      return;
    }
    for (const ChainRow& row : run.first(head)) write_row(row, width);
    out_ += "    " + paint_(Ink::Faint, fmt::format("... {}, none at fault",
                                                    counted(run.size() - head - tail, "filter"))) +
            "\n";
    for (const ChainRow& row : run.last(tail)) write_row(row, width);
  }

  static std::string expected_text(const ShownLink& link) {
    const std::string label = plain(link.label);
    return link.note.empty() ? label : label + "  " + plain(link.note);
  }

  static std::string_view sign(Mark mark) {
    switch (mark) {
      case Mark::Missing: return "-";
      case Mark::Extra: return "+";
      case Mark::Moved: return "~";
      case Mark::Between: return "!";
      case Mark::Agrees:
      case Mark::Free: return " ";
    }
    return " ";
  }

  static Ink ink_of(const ShownLink& link, Mark mark) {
    if (mark == Mark::Free) return Ink::Faint;
    if (mark == Mark::Between) return Ink::Doubtful;
    if (mark != Mark::Agrees) return Ink::Bad;
    return link.anchor ? Ink::Faint : Ink::Plain;
  }

  static std::string_view word(Mark mark) {
    switch (mark) {
      case Mark::Missing: return "  missing";
      case Mark::Extra: return "  extra";
      case Mark::Moved: return "  moved";
      case Mark::Between: return "  in between";
      case Mark::Agrees:
      case Mark::Free: return "";
    }
    return "";
  }

  void write_row(const ChainRow& row, std::size_t width) {
    std::string line = "  ";
    if (row.expected) {
      const std::string text = shortened(expected_text(*row.expected), width);
      line += std::string(sign(row.expected_mark)) + " " +
              paint_(ink_of(*row.expected, row.expected_mark), text);
      if (row.actual || row.expected_mark == Mark::Missing)
        line.append(width - columns_of(text), ' ');
    } else {
      line.append(2 + width, ' ');
    }
    if (row.actual) {
      line += "  " + std::string(sign(row.actual_mark)) + " " +
              paint_(ink_of(*row.actual, row.actual_mark), plain(row.actual->label)) +
              std::string(word(row.actual_mark));
    } else if (row.expected_mark == Mark::Missing) {
      line += "  " + std::string(word(Mark::Missing));
    }
    out_ += line + "\n";
  }

  void write_difference(const Difference& difference, const Result& result,
                        std::set<model::ClauseId>& quoted) {
    const model::Difference& found = difference.found;
    const Ink ink = found.level == model::Level::Must     ? Ink::Bad
                    : found.level == model::Level::Should ? Ink::Doubtful
                                                          : Ink::Faint;
    const auto lines =
        wrapped(sentence(found), kTextWidth - kIndent.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
      out_ += (i == 0 ? "  " + paint_(ink, padded(to_string(found.level), 6)) + "  "
                      : std::string(kIndent)) +
              lines[i] + "\n";
    if (found.kind == model::DifferenceKind::Setting) {
      out_ += fmt::format("{}expected  {}\n", kIndent, excerpt(found.expected, found.actual));
      out_ += fmt::format("{}actual    {}\n", kIndent, excerpt(found.actual, found.expected));
    }
    for (const model::ClauseId clause : found.clauses) write_clause(clause, quoted);
    for (const std::string_view id : found.rules) write_rule(id);
    write_places(difference, result);
  }

  // The sentence stands with the first difference of a workload that rests on it.
  void write_clause(model::ClauseId clause, std::set<model::ClauseId>& quoted) {
    if (!quoted.insert(clause).second) {
      out_ += fmt::format("{}{}\n", kIndent, clause->id);
      return;
    }
    std::string indent = std::string(kIndent) + std::string(clause->id) + "  ";
    const std::size_t width = indent.size();
    for (const std::string& line :
         wrapped(fmt::format("\"{}\"", clause->quote), kTextWidth - width)) {
      out_ += indent + line + "\n";
      indent.assign(width, ' ');
    }
  }

  // One of Istio's rules, with its source. As a clause, in full where it is first told.
  void write_rule(std::string_view id) {
    const model::istio::Rule& rule = model::istio::rule(id);
    if (!told_rules_.insert(id).second) {
      out_ += fmt::format("{}{}\n", kIndent, id);
      return;
    }
    std::string indent = std::string(kIndent) + std::string(id) + "  ";
    const std::size_t width = indent.size();
    for (const std::string& line : wrapped(std::string(rule.sentence), kTextWidth - width)) {
      out_ += indent + line + "\n";
      indent.assign(width, ' ');
    }
    out_ += indent + paint_(Ink::Faint, rule.source) + "\n";
  }

  void write_places(const Difference& difference, const Result& result) {
    const model::Difference& found = difference.found;
    if (!difference.where.empty())
      out_ += fmt::format("{}manifest  {}\n", kIndent, plain(difference.where));
    if (!found.listener.empty() && !is_of_listener(found)) {
      out_ += fmt::format("{}listener  {}", kIndent, plain(found.listener));
      if (result.chains > 1)
        out_ += fmt::format(", {} of {} chains", found.chains, result.chains);
      if (found.network) out_ += ", network filters";
      out_ += '\n';
    }
    if (found.kind == model::DifferenceKind::Setting)
      out_ += fmt::format("{}in dump   {}\n", kIndent, plain(found.pointer));
  }

  // Those of the plugins that break a MUST, as the dump spells them.
  void write_envoy_names(const Result& result) {
    std::set<std::string> concerned;
    for (const Difference& difference : result.differences)
      if (difference.found.level == model::Level::Must)
        for (const model::ObjectName& plugin : difference.found.plugins)
          concerned.insert(to_string(plugin));
    for (const ShownLink& link : result.shown->actual) {
      if (link.envoy.empty() || link.envoy == link.label || concerned.erase(link.label) == 0)
        continue;
      out_ += "  " + paint_(Ink::Faint, fmt::format("Envoy's name of {}: {}", plain(link.label),
                                                    plain(link.envoy))) + "\n";
    }
  }

  void write_list(std::string_view title, const std::vector<std::string>& lines, Ink ink) {
    if (lines.empty()) return;
    out_ += "\n" + paint_(ink, title) + ":\n";
    for (const std::string& line : lines) write_wrapped("  ", plain(line));
  }

  void write_names(std::string_view title, std::string_view noun,
                   const std::vector<std::string>& names) {
    if (names.empty()) return;
    out_ += fmt::format("\n{} {}:\n", title, counted(names.size(), noun));
    const std::size_t shown = verbose_ ? names.size() : std::min(names.size(), kShownNames);
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + plain(names[i]);
    if (shown < names.size())
      text += fmt::format(", and {} more (--verbose names them)", names.size() - shown);
    write_wrapped("  ", text);
  }

  std::string& out_;
  const Report& report_;
  const bool verbose_;
  const Paint& paint_;
  const Summary summary_;
  std::set<std::string_view> told_rules_;  // of the result at hand
};

}  // namespace

void append_report_text(std::string& out, const Report& report, Detail detail,
                        const Paint& paint) {
  Writer(out, report, detail, paint).write();
}

}  // namespace reports

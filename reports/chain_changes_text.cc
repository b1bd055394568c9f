#include "reports/chain_changes_text.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "reports/plain_text.h"
#include "reports/side_by_side.h"
#include "reports/text_table.h"

namespace reports {
namespace {

constexpr std::size_t kShownWorkloads = 5;
constexpr std::size_t kShownWays = 4;
constexpr std::size_t kShownListings = 3;
constexpr std::size_t kShownSentences = 3;
constexpr std::size_t kShownLines = 12;
constexpr std::size_t kLeftWidth = 58;

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

class Writer {
 public:
  Writer(std::string& out, const ChainChanges& changes, const Paint& paint, bool in_full)
      : out_(out), changes_(changes), paint_(paint), in_full_(in_full) {}

  void write() {
    out_ += fmt::format("{} -> {}: {}\n", plain(changes_.before), plain(changes_.after), summary(changes_));
    for (const std::string& note : changes_.notes) out_ += "note: " + plain(note) + "\n";
    for (const ChangeCause& cause : changes_.causes) write(cause);
    write_edits();
    for (const ChangeNotice& notice : changes_.notices) write(notice);
    for (const ChangeNotice& remark : changes_.remarks) write(remark);
    write_not_modelled();
  }

 private:
  std::size_t shown(std::size_t most, std::size_t all) const { return in_full_ || all <= most + 1 ? all : most; }

  std::string at(const std::string& where) const {
    return where.empty() ? std::string() : "  " + paint_(Ink::Faint, plain(where));
  }

  void write_heading(const std::string& title) { out_ += "\n" + paint_(Ink::Strong, capital(plain(title))) + "\n"; }

  void write_rules(const std::vector<CitedRule>& rules) {
    for (const CitedRule& one : rules) {
      const std::string head = fmt::format("  {}{}  ", one.holds_before ? "was " : "", plain(one.id));
      const auto lines = wrapped(plain(one.sentence), kTextWidth - head.size());
      for (std::size_t i = 0; i < lines.size(); ++i)
        out_ += (i == 0 ? head : std::string(head.size(), ' ')) + lines[i] + "\n";
      if (!one.source.empty()) out_ += std::string(head.size(), ' ') + paint_(Ink::Faint, plain(one.source)) + "\n";
    }
  }

  std::string names_text(const WorkloadList& list) const {
    std::string text;
    const std::size_t count = shown(kShownWorkloads, list.folded.size());
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + plain(list.folded[i]);
    if (count < list.folded.size()) text += fmt::format(" and {} more", list.folded.size() - count);
    return text;
  }

  void write_workloads(const WorkloadList& list) {
    const std::string text = counted(list.names.size(), "workload") + ": " + names_text(list);
    const auto lines = wrapped(text, kTextWidth - 4);
    for (std::size_t i = 0; i < lines.size(); ++i) out_ += (i == 0 ? "  " : "    ") + lines[i] + "\n";
  }

  void write(const ChangeCause& cause) {
    write_heading(cause.title);
    write_rules(cause.rules);
    const std::size_t count = shown(kShownWays, cause.ways.size());
    for (const ChangedAlike& way : std::span(cause.ways).first(count)) {
      out_ += '\n';
      write_workloads(way.workloads);
      const std::size_t sentences = shown(kShownSentences, way.what.size());
      for (const std::string& one : std::span(way.what).first(sentences)) out_ += "    " + plain(one) + "\n";
      if (sentences < way.what.size()) out_ += fmt::format("    and {} more\n", way.what.size() - sentences);
      const std::vector<ChangedListing> lists = alike(way.listings);
      const std::size_t listings = shown(kShownListings, lists.size());
      for (const ChangedListing& one : std::span(lists).first(listings)) write(one);
      if (listings < lists.size()) {
        std::string rest;
        for (const ChangedListing& one : std::span(lists).subspan(listings))
          for (const std::string& name : one.listeners) rest += (rest.empty() ? "" : "; ") + name;
        out_ += "    and on " + plain(rest) + "\n";
      }
    }
    if (count == cause.ways.size()) return;
    std::size_t workloads = 0;
    for (const ChangedAlike& way : std::span(cause.ways).subspan(count)) workloads += way.workloads.names.size();
    out_ += fmt::format("\n  {} of the same cause not shown, on {} (--verbose shows all)\n",
                        counted(cause.ways.size() - count, "change"), counted(workloads, "workload"));
  }

  // What of a listing is not folded away: rows that change, and those next to them.
  static std::vector<ChainRow> visible(const ChangedListing& listing) {
    const auto rows = side_by_side(listing.before, listing.after, true);
    std::vector<ChainRow> found;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (!rows[i].agrees() || (i > 0 && !rows[i - 1].agrees()) || (i + 1 < rows.size() && !rows[i + 1].agrees()))
        found.push_back(rows[i]);
    return found;
  }

  // Listings that look alike once their equal stretches are folded, under one heading.
  static std::vector<ChangedListing> alike(const std::vector<ChangedListing>& listings) {
    const auto same_row = [](const ChainRow& a, const ChainRow& b) {
      return a.expected == b.expected && a.actual == b.actual && a.expected_mark == b.expected_mark && a.actual_mark == b.actual_mark;
    };
    std::vector<ChangedListing> merged;
    for (const ChangedListing& one : listings) {
      const auto rows = visible(one);
      const auto known = std::ranges::find_if(merged, [&](const ChangedListing& other) {
        return std::ranges::equal(rows, visible(other), same_row);
      });
      if (known == merged.end()) merged.push_back(one);
      else known->listeners.insert(known->listeners.end(), one.listeners.begin(), one.listeners.end());
    }
    return merged;
  }

  static std::string left_text(const ShownLink& link) {
    return link.note.empty() ? plain(link.label) : plain(link.label) + "  " + plain(link.note);
  }

  void write(const ChangedListing& listing) {
    const auto rows = side_by_side(listing.before, listing.after, true);
    std::string where;
    for (const std::string& name : listing.listeners) where += (where.empty() ? "" : "; ") + plain(name);
    std::size_t width = columns_of(changes_.before);
    for (const ChainRow& row : rows)
      if (row.expected) width = std::max(width, columns_of(left_text(*row.expected)));
    width = std::min(width, kLeftWidth);
    out_ += "    " + paint_(Ink::Strong, padded(plain(changes_.before), width)) + "    " +
            paint_(Ink::Strong, plain(changes_.after)) + "  " + where + "\n";
    for (std::size_t begin = 0; begin < rows.size();) {
      std::size_t end = begin;
      while (end < rows.size() && rows[end].agrees() == rows[begin].agrees()) ++end;
      write_run(std::span(rows).subspan(begin, end - begin), width, begin == 0);
      begin = end;
    }
  }

  // Of an equal stretch, what stands next to a change and the router are shown.
  void write_run(std::span<const ChainRow> run, std::size_t width, bool first) {
    const std::size_t head = first ? 0 : 1;
    const std::size_t tail = 1;
    if (!run.front().agrees() || run.size() <= head + tail + 2) {
      for (const ChainRow& row : run) write_row(row, width);
      return;
    }
    for (const ChainRow& row : run.first(head)) write_row(row, width);
    out_ += "    " + paint_(Ink::Faint, fmt::format("... {} alike", counted(run.size() - head - tail, "filter"))) + "\n";
    for (const ChainRow& row : run.last(tail)) write_row(row, width);
  }

  static std::string_view sign(Mark mark) {
    switch (mark) {
      case Mark::Missing: return "-";
      case Mark::Extra: return "+";
      case Mark::Moved: return "~";
      case Mark::Agrees:
      case Mark::Free:
      case Mark::Between: return " ";
    }
    return " ";
  }

  static std::string_view word(Mark mark) {
    switch (mark) {
      case Mark::Extra: return "  new";
      case Mark::Moved: return "  moved";
      case Mark::Missing: return "  gone";
      case Mark::Agrees:
      case Mark::Free:
      case Mark::Between: return "";
    }
    return "";
  }

  static Ink ink_of(const ShownLink& link, Mark mark) {
    if (mark == Mark::Moved) return Ink::Doubtful;
    if (mark == Mark::Missing) return Ink::Bad;
    if (mark == Mark::Extra) return Ink::Good;
    return link.anchor ? Ink::Faint : Ink::Plain;
  }

  void write_row(const ChainRow& row, std::size_t width) {
    std::string line = "  ";
    const bool gone = row.expected && row.expected_mark == Mark::Missing;
    if (row.expected) {
      const std::string text = shortened(left_text(*row.expected), width);
      const bool more = row.actual || gone;
      line += fmt::format("{} {}", paint_(ink_of(*row.expected, row.expected_mark), sign(row.expected_mark)),
                          paint_(ink_of(*row.expected, row.expected_mark), text));
      if (more) line.append(width - columns_of(text), ' ');
    } else {
      line.append(width + 2, ' ');
    }
    if (row.actual)
      line += fmt::format("  {} {}{}", paint_(ink_of(*row.actual, row.actual_mark), sign(row.actual_mark)),
                          paint_(ink_of(*row.actual, row.actual_mark), plain(row.actual->label)), word(row.actual_mark));
    if (gone && !row.actual) line += "    gone";
    line.erase(line.find_last_not_of(' ') + 1);
    out_ += line + "\n";
  }

  void write_edits() {
    if (changes_.edits.empty()) return;
    write_heading("to keep today's order");
    std::vector<Row> rows;
    for (const ShownOrderEdit& one : changes_.edits)
      for (const ShownEdit& edit : one.edits)
        rows.push_back({{"  " + plain(edit.plugin)},
                        {"priority: " + edit.after, Ink::Strong},
                        {edit.before.empty() ? "unset now" : "now " + edit.before},
                        {plain(edit.where), Ink::Faint}});
    append_table(out_, rows, paint_);
    for (const ShownOrderEdit& one : changes_.edits) {
      if (one.obstacle.empty()) continue;
      std::string names;
      for (const std::string& name : one.plugins) names += (names.empty() ? "" : ", ") + plain(name);
      out_ += "  no edit for " + names + ": " + plain(one.obstacle) + "\n";
    }
    if (!rows.empty()) {
      out_ += fmt::format("  With {} every chain has today's order on both versions (computed again){}\n",
                          rows.size() == 1 ? "it" : "them", "; --fix prints a patch.");
    }
  }

  void write(const ChangeNotice& notice) {
    write_heading(notice.title);
    write_rules(notice.rules);
    const std::size_t count = shown(kShownLines, notice.lines.size());
    for (const ChangeNotice::Line& line : std::span(notice.lines).first(count)) {
      out_ += "    " + plain(line.text) + at(line.where) + "\n";
      if (!line.hint.empty()) out_ += "      " + plain(line.hint) + "\n";
    }
    if (count < notice.lines.size())
      out_ += fmt::format("    and {} more (--verbose shows all)\n", notice.lines.size() - count);
    if (!notice.workloads.names.empty()) write_workloads(notice.workloads);
  }

  void write_not_modelled() {
    for (const NotModelledWorkloads& one : changes_.not_modelled) {
      out_ += "\n" + paint_(Ink::Doubtful, "Not modelled: " + plain(one.reason)) + at(one.where) + "\n";
      write_workloads(one.workloads);
    }
  }

  std::string& out_;
  const ChainChanges& changes_;
  const Paint& paint_;
  const bool in_full_;
};

}  // namespace

void append_chain_changes_text(std::string& out, const ChainChanges& changes, const Paint& paint, bool in_full) {
  Writer(out, changes, paint, in_full).write();
}

}  // namespace reports

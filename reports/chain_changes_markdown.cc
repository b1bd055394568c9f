#include "reports/chain_changes_markdown.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/plain_text.h"
#include "reports/side_by_side.h"

namespace reports {
namespace {

constexpr std::size_t kShownNames = 20;

// Text that Markdown and HTML leave as it is: names come from other people's files.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : plain(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '@': out += "&#64;"; break;
      case '|': case '*': case '_': case '`': case '[': case ']': case '\\': case '~': case '#':
        out += '\\';
        out += c;
        break;
      default: out += c;
    }
  }
  return out;
}

std::string names_text(const WorkloadList& list) {
  std::string text;
  const std::size_t count = std::min(kShownNames, list.folded.size());
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + escaped(list.folded[i]);
  if (count < list.folded.size()) text += fmt::format(" and {} more", list.folded.size() - count);
  return text;
}

std::string what_text(const ChangedAlike& way) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, way.what.size()); ++i) text += (i == 0 ? "" : "; ") + escaped(way.what[i]);
  if (way.what.size() > kShown) text += fmt::format("; {} more", way.what.size() - kShown);
  return text;
}

// Blocks that are appended whole, or not at all.
class Writer {
 public:
  Writer(std::string& out, const ChainChanges& changes, std::size_t limit) : out_(out), changes_(changes), limit_(limit) {}

  void write() {
    add(fmt::format("**{} -&gt; {}: {}**\n", escaped(changes_.before), escaped(changes_.after), summary(changes_)));
    for (const std::string& note : changes_.notes) add("\n" + escaped(note) + "\n");
    write_table();
    write_edits();
    for (const ChangeNotice& one : changes_.notices) write(one);
    for (const ChangeCause& one : changes_.causes) write(one);
    for (const ChangeNotice& one : changes_.remarks) write(one);
    write_not_modelled();
    if (left_out_ > 0)
      out_ += fmt::format("\n*{} left out: a comment holds {} bytes. `-o text --verbose` shows all.*\n",
                          left_out_ == 1 ? "1 part is" : fmt::format("{} parts are", left_out_), limit_);
  }

 private:
  static constexpr std::size_t kNotice = 120;  // bytes that the last line may take

  void add(const std::string& block) {
    if (left_out_ > 0 || out_.size() + block.size() + kNotice > limit_) ++left_out_;
    else out_ += block;
  }

  void write_table() {
    if (changes_.causes.empty()) return;
    std::string head = "\n| workloads | cause | what changes |\n|---|---|---|\n";
    for (const ChangeCause& cause : changes_.causes)
      for (const ChangedAlike& way : cause.ways) {
        add(head + fmt::format("| {}: {} | {} | {} |\n", way.workloads.names.size(), names_text(way.workloads),
                               cause_text(cause), what_text(way)));
        head.clear();
      }
  }

  static std::string cause_text(const ChangeCause& cause) {
    std::string ids;
    for (const CitedRule& one : cause.rules)
      if (!one.holds_before) ids += (ids.empty() ? "" : ", ") + one.id;
    return escaped(cause.title) + (ids.empty() ? "" : " (" + escaped(ids) + ")");
  }

  void write_edits() {
    if (changes_.edits.empty()) return;
    std::string block = "\nTo keep today's order:\n\n";
    for (const ShownOrderEdit& one : changes_.edits) {
      for (const ShownEdit& edit : one.edits)
        block += fmt::format("- {}: `priority: {}` ({}) {}\n", escaped(edit.plugin), edit.after,
                             edit.before.empty() ? "unset now" : "now " + edit.before, escaped(edit.where));
      if (one.obstacle.empty()) continue;
      std::string names;
      for (const std::string& name : one.plugins) names += (names.empty() ? "" : ", ") + escaped(name);
      block += fmt::format("- no edit for {}: {}\n", names, escaped(one.obstacle));
    }
    add(block);
  }

  static std::string rules_text(const std::vector<CitedRule>& rules) {
    std::string text;
    for (const CitedRule& one : rules)
      text += fmt::format("- {}{}: {}{}\n", one.holds_before ? "was " : "", escaped(one.id), escaped(one.sentence),
                          one.source.empty() ? "" : " (" + escaped(one.source) + ")");
    return text;
  }

  void write(const ChangeNotice& notice) {
    std::string block = fmt::format("\n<details><summary>{}</summary>\n\n", escaped(notice.title));
    block += rules_text(notice.rules);
    for (const ChangeNotice::Line& line : notice.lines) {
      block += "- " + escaped(line.text);
      if (!line.where.empty()) block += " " + escaped(line.where);
      if (!line.hint.empty()) block += ": " + escaped(line.hint);
      block += '\n';
    }
    if (!notice.workloads.names.empty())
      block += fmt::format("{}{}: {}\n", block.ends_with("\n\n") ? "" : "\n", counted(notice.workloads.names.size(), "workload"), names_text(notice.workloads));
    add(block + "\n</details>\n");
  }

  void write(const ChangeCause& cause) {
    for (const ChangedAlike& way : cause.ways) {
      std::string block = fmt::format("\n<details><summary>{}: {}</summary>\n\n", escaped(cause.title), names_text(way.workloads));
      block += rules_text(cause.rules);
      for (const ChangedListing& one : way.listings) block += (block.ends_with("\n\n") ? "" : "\n") + listing_text(one);
      add(block + "\n</details>\n");
    }
  }

  // As `diff` shows it, so that the page colours it.
  static std::string listing_text(const ChangedListing& listing) {
    std::string where;
    for (const std::string& name : listing.listeners) where += (where.empty() ? "" : "; ") + name;
    std::string text = escaped(where) + "\n\n```diff\n";
    for (const ChainRow& row : side_by_side(listing.before, listing.after, true)) {
      if (row.agrees()) {
        text += "  " + fenced(row.expected->label) + "\n";
        continue;
      }
      if (row.expected) text += "- " + fenced(row.expected->label) + "\n";
      if (row.actual) text += "+ " + fenced(row.actual->label) + "\n";
    }
    return text + "```\n";
  }

  // Within a fence nothing is escaped, and a fence of its own would end it.
  static std::string fenced(const std::string& text) {
    std::string out = plain(text);
    std::ranges::replace(out, '`', '?');
    return out;
  }

  void write_not_modelled() {
    for (const NotModelledWorkloads& one : changes_.not_modelled)
      add(fmt::format("\nNot modelled: {} {} ({}: {})\n", escaped(one.reason), escaped(one.where),
                      counted(one.workloads.names.size(), "workload"), names_text(one.workloads)));
  }

  std::string& out_;
  const ChainChanges& changes_;
  const std::size_t limit_;
  std::size_t left_out_ = 0;
};

}  // namespace

void append_chain_changes_markdown(std::string& out, const ChainChanges& changes, std::size_t limit) {
  Writer(out, changes, limit).write();
}

}  // namespace reports

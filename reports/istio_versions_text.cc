#include "reports/istio_versions_text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "reports/istio_chain_text.h"
#include "reports/plain_text.h"

namespace reports {
namespace {

using model::istio::Extension;
using model::istio::OutlineFilter;

using Filters = std::vector<OutlineFilter>;

struct MarkedFilter {
  char mark = ' ';  // '+', '-' or ' '
  OutlineFilter filter;
};

// The longest list that both have, with what is in one of them only.
std::vector<MarkedFilter> marked(const Filters& before, const Filters& after) {
  const std::size_t n = before.size();
  const std::size_t m = after.size();
  std::vector<std::vector<std::size_t>> common(n + 1, std::vector<std::size_t>(m + 1, 0));
  for (std::size_t i = n; i-- > 0;)
    for (std::size_t j = m; j-- > 0;)
      common[i][j] = before[i] == after[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::vector<MarkedFilter> all;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && before[i] == after[j]) {
      all.push_back({' ', after[j]});
      ++i, ++j;
    } else if (i < n && (j == m || common[i + 1][j] >= common[i][j + 1])) {
      all.push_back({'-', before[i++]});
    } else {
      all.push_back({'+', after[j++]});
    }
  }
  return all;
}

class Writer {
 public:
  Writer(std::string& out, const model::Cluster& cluster, const model::istio::Mesh& mesh, const Paint& paint)
      : out_(out), cluster_(cluster), mesh_(mesh), paint_(paint) {}

  void write(const WorkloadVersions& versions) {
    const VersionRow* before = nullptr;
    for (const VersionRow& row : versions.rows) {
      write_head(row);
      if (row.chains.not_modelled) write_unmodelled(*row.chains.not_modelled);
      else write_chains(row, before);
      before = &row;
    }
    write_names(versions.names);
  }

 private:
  using Lists = std::vector<std::pair<std::string, Filters>>;

  void write_head(const VersionRow& row) {
    std::string head = "istio-" + to_string(row.first);
    if (row.versions > 1) head += " to " + to_string(row.last);
    out_ += "\n" + paint_(Ink::Strong, head) + "\n";
    for (const RuleChange& change : row.changes) {
      const auto& rule = change.after ? *change.after : *change.before;
      const std::string text = fmt::format("{}{} ({}): {}", change.after ? "" : "no longer ", rule.id, to_string(change.effect),
                                           rule.sentence);
      for (const std::string& line : wrapped(text, kTextWidth - 4)) out_ += "  " + paint_(Ink::Faint, "| " + line) + "\n";
    }
  }

  void write_unmodelled(const model::istio::Unmodelled& why) {
    const std::string place = place_text(cluster_, why.place);
    out_ += "  " + paint_(Ink::Doubtful, "not modelled: " + plain(why.reason)) +
            (place.empty() ? "" : "  " + paint_(Ink::Faint, place)) + "\n";
  }

  static Lists lists_of(const WorkloadChains& chains) {
    Lists lists;
    for (const auto& chain : chains.chains)
      for (const FilterList& list : filter_lists(chain)) lists.emplace_back(list.title, Filters(list.filters.begin(), list.filters.end()));
    return lists;
  }

  void write_chains(const VersionRow& row, const VersionRow* before) {
    const Lists now = lists_of(row.chains);
    if (now.empty()) {
      out_ += "  runs no plugin: these versions of Istio know no waypoints\n";
      return;
    }
    const Lists old = before ? lists_of(before->chains) : Lists{};
    const auto find = [](const Lists& lists, const std::string& title) {
      return std::ranges::find(lists, title, [](const auto& one) { return one.first; });
    };
    std::string same;
    for (const auto& [title, filters] : now) {
      const auto then = find(old, title);
      if (then != old.end() && then->second == filters) {
        same += (same.empty() ? "" : "; ") + title;
        continue;
      }
      out_ += "  " + title + "\n";
      if (then == old.end())
        write_filters(marked(filters, filters));
      else
        write_filters(marked(then->second, filters));
    }
    for (const auto& [title, filters] : old)
      if (find(now, title) == now.end()) out_ += "  " + title + ": no longer a chain of its own\n";
    if (!same.empty())
      for (const std::string& line : wrapped("as before: " + same, kTextWidth - 2)) out_ += "  " + line + "\n";
    if (row.chains.unmodelled_listener)
      out_ += fmt::format("  {} {}: not modelled\n", direction_of(*row.chains.unmodelled_listener),
                          class_of(*row.chains.unmodelled_listener));
  }

  std::string ink(char mark, const std::string& text, Ink otherwise) const {
    return paint_(mark == '+' ? Ink::Good : mark == '-' ? Ink::Bad : otherwise, text);
  }

  void write_filters(const std::vector<MarkedFilter>& filters) {
    std::size_t width = 0;
    for (const MarkedFilter& one : filters)
      if (one.filter.extension) width = std::max(width, columns_of(plain(extension_name(mesh_.extensions[*one.filter.extension]))));
    std::size_t number = 0;
    for (std::size_t i = 0; i < filters.size();) {
      const char mark = filters[i].mark;
      if (!filters[i].filter.extension) {
        Filters run;
        for (; i < filters.size() && filters[i].mark == mark && !filters[i].filter.extension; ++i) run.push_back(filters[i].filter);
        for (const std::string& line : wrapped(joined_names(run), kTextWidth - 10))
          out_ += ink(mark, fmt::format("  {}       {}", mark, line), Ink::Faint) + "\n";
        continue;
      }
      const Extension& one = mesh_.extensions[*filters[i++].filter.extension];
      const std::string position = mark == '-' ? "" : std::to_string(++number);
      out_ += ink(mark, fmt::format("  {} {:>3}   {}  {:<17}  {}", mark, position, padded(plain(extension_name(one)), width),
                                    to_string(one.phase), priority_text(one)), Ink::Plain) + "\n";
    }
  }

  void write_names(const std::vector<NameRow>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
      text += fmt::format("{}{} {}", i == 0 ? "" : ", ", i == 0 ? "by" : "from " + to_string(names[i].first) + " on by",
                          names[i].rule->id);
    out_ += "\n";
    for (const std::string& line : wrapped("names of plugins' filters: " + text + " (plumbline profiles)", kTextWidth))
      out_ += line + "\n";
  }

  std::string& out_;
  const model::Cluster& cluster_;
  const model::istio::Mesh& mesh_;
  const Paint& paint_;
};

}  // namespace

void append_versions_text(std::string& out, const model::Cluster& cluster, const model::istio::Mesh& mesh,
                          const WorkloadVersions& versions, const Paint& paint) {
  Writer(out, cluster, mesh, paint).write(versions);
}

}  // namespace reports

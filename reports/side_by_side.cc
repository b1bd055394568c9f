#include "reports/side_by_side.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace reports {
namespace {

bool same(const ShownLink& a, const ShownLink& b) {
  return a.label == b.label && a.anchor == b.anchor;
}

// A filter that is no plugin is shown under Envoy's own name.
bool is_no_plugin(const ShownLink& link) { return !link.anchor && link.label == link.envoy; }

// lengths[i][j]: of the longest common subsequence of what stands from i and from j on.
std::vector<std::vector<std::size_t>> common_lengths(const std::vector<ShownLink>& a,
                                                     const std::vector<ShownLink>& b) {
  std::vector lengths(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      lengths[i][j] = same(a[i], b[j]) ? lengths[i + 1][j + 1] + 1
                                       : std::max(lengths[i + 1][j], lengths[i][j + 1]);
  return lengths;
}

// What stands on one side only becomes Moved where the other side has it elsewhere.
void find_moved(std::vector<ChainRow>& rows) {
  const auto key = [](const ShownLink& link) { return (link.anchor ? "@" : "") + link.label; };
  std::map<std::string, std::size_t> missing;
  std::map<std::string, std::size_t> extra;
  for (const ChainRow& row : rows) {
    if (row.agrees()) continue;
    if (row.expected) ++missing[key(*row.expected)];
    if (row.actual) ++extra[key(*row.actual)];
  }
  for (auto& [name, count] : missing) count = std::min(count, extra.contains(name) ? extra[name] : 0);
  extra = missing;
  for (ChainRow& row : rows) {
    if (row.agrees()) continue;
    if (row.expected && missing[key(*row.expected)] > 0) {
      --missing[key(*row.expected)];
      row.expected_mark = Mark::Moved;
    }
    if (row.actual && row.actual_mark == Mark::Extra && extra[key(*row.actual)] > 0) {
      --extra[key(*row.actual)];
      row.actual_mark = Mark::Moved;
    }
  }
}

}  // namespace

std::vector<ChainRow> side_by_side(const std::vector<ShownLink>& expected,
                                   const std::vector<ShownLink>& actual, bool complete) {
  const auto lengths = common_lengths(expected, actual);
  std::vector<ChainRow> rows;
  std::size_t free = 0;  // rows from here on have no actual side yet, and may take one
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < expected.size() || j < actual.size()) {
    if (i < expected.size() && j < actual.size() && same(expected[i], actual[j])) {
      rows.push_back({expected[i++], Mark::Agrees, actual[j++], Mark::Agrees});
      free = rows.size();
    } else if (i < expected.size() &&
               (j == actual.size() || lengths[i + 1][j] >= lengths[i][j + 1])) {
      rows.push_back({expected[i++], Mark::Missing, std::nullopt, Mark::Agrees});
    } else {
      const Mark mark = !complete && is_no_plugin(actual[j]) ? Mark::Free : Mark::Extra;
      // Where every filter counts, what is too many is no substitute for what is missing.
      if (free < rows.size() && !complete) {
        rows[free].actual = actual[j++];
        rows[free++].actual_mark = mark;
      } else {
        rows.push_back({std::nullopt, Mark::Agrees, actual[j++], mark});
        free = rows.size();
      }
    }
  }
  find_moved(rows);
  return rows;
}

std::vector<ChainRow> judged_rows(const Result& result) {
  std::set<std::string> at_fault;  // as they are labelled
  std::set<std::string> between;   // as Envoy calls them
  for (const Difference& difference : result.differences) {
    const model::Difference& found = difference.found;
    if (found.level == model::Level::Info) continue;
    for (const model::ObjectName& plugin : found.plugins) at_fault.insert(to_string(plugin));
    const bool side = found.kind == model::DifferenceKind::Placement;
    if (side && found.level == model::Level::Should) between.insert(found.filters.begin(), found.filters.end());
    if (result.shown->complete) at_fault.insert(found.filters.begin(), found.filters.end());
  }
  const auto settle = [&](const std::optional<ShownLink>& link, Mark& mark) {
    if (link && (mark == Mark::Missing || mark == Mark::Extra) && !link->anchor && !at_fault.contains(link->label))
      mark = Mark::Free;
  };
  auto rows = side_by_side(result.shown->expected, result.shown->actual, result.shown->complete);
  for (ChainRow& row : rows) {
    settle(row.expected, row.expected_mark);
    settle(row.actual, row.actual_mark);
    const bool quiet = row.actual_mark == Mark::Agrees || row.actual_mark == Mark::Free;
    if (row.actual && quiet && between.contains(row.actual->envoy)) row.actual_mark = Mark::Between;
  }
  return rows;
}

}  // namespace reports

#include "reports/report_junit.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/plain_text.h"

namespace reports {
namespace {

std::string_view entity_of(std::string_view one) {
  if (one == "<") return "&lt;";
  if (one == ">") return "&gt;";
  if (one == "&") return "&amp;";
  if (one == "\"") return "&quot;";
  if (one == "\n") return "&#10;";
  return {};
}

// XML 1.0 has no way to write control characters: they become '?', and so do bytes that are no UTF-8.
std::string escaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    const std::string_view one = text.substr(i, std::max<std::size_t>(length, 1));
    i += one.size();
    const auto byte = static_cast<unsigned char>(one.front());
    const bool unwritable = length == 0 || byte < 0x20 || byte == 0x7f ||
                            one == "\xef\xbf\xbe" || one == "\xef\xbf\xbf";
    if (const auto entity = entity_of(one); !entity.empty())
      result += entity;
    else
      result += unwritable ? "?" : one;
  }
  return result;
}

std::string listed(const model::Difference& found) {
  std::string text;
  for (const model::ClauseId clause : found.clauses)
    text += (text.empty() ? "" : ", ") + std::string(clause->id);
  for (const std::string_view rule : found.rules) text += (text.empty() ? "" : ", ") + std::string(rule);
  return text;
}

// One line for each difference: "MUST order shop/a shop/b [PRI-1]: reason (mesh/a.yaml:3:1)".
std::string told(const Difference& difference) {
  const model::Difference& found = difference.found;
  std::string text = fmt::format("{} {}", to_string(found.level), to_string(found.kind));
  for (const model::ObjectName& plugin : found.plugins) text += " " + to_string(plugin);
  if (found.plugins.empty() && !found.filters.empty()) text += (found.network ? " network filter " : " filter ") + found.filters.front();
  if (found.plugins.empty() && found.filters.empty() && !found.listener.empty())
    text += " listener " + found.listener;
  if (const std::string reasons = listed(found); !reasons.empty()) text += " [" + reasons + "]";
  if (!found.reason.empty()) text += ": " + found.reason;
  if (!difference.where.empty()) text += " (" + difference.where + ")";
  return text;
}

// The differences that are more than records, a line each.
std::string lines_of(const Result& result) {
  std::string lines;
  for (const Difference& difference : result.differences)
    if (difference.found.level != model::Level::Info) lines += escaped(told(difference)) + "\n";
  return lines;
}

// What the case of one result holds; "" for one that plainly conforms.
std::string outcome(const Result& result) {
  const std::string lines = lines_of(result);
  switch (result.verdict) {
    case Verdict::Conforms:
      return lines.empty() ? lines : "<system-out>" + lines + "</system-out>";
    case Verdict::NotModelled:
      return fmt::format("<skipped message=\"not modelled: {}{}\"/>", escaped(result.reason),
                         result.where.empty() ? "" : "  " + escaped(result.where));
    case Verdict::Error:
    case Verdict::BadScenario:
      return fmt::format("<error type=\"{}\" message=\"{}\"/>", to_string(result.verdict),
                         escaped(result.reason));
    case Verdict::Differs: break;
  }
  return fmt::format("<failure type=\"differs\" message=\"{}\">{}</failure>",
                     lines.substr(0, lines.find('\n')), lines);
}

struct Suite {
  std::string name;
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;

  void add(std::string_view classname, std::string_view case_name, const std::string& ending) {
    ++tests;
    failures += ending.starts_with("<failure");
    errors += ending.starts_with("<error");
    skipped += ending.starts_with("<skipped");
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escaped(classname),
                         escaped(case_name));
    cases += ending.empty() ? "/>\n" : ">" + ending + "</testcase>\n";
  }
};

}  // namespace

void append_report_junit(std::string& out, const Report& report) {
  std::vector<Suite> suites;
  const auto suite_of = [&](const std::string& implementation) -> Suite& {
    const std::string name = implementation.empty() ? "plumbline" : implementation;
    const auto known = std::ranges::find(suites, name, &Suite::name);
    return known != suites.end() ? *known : suites.emplace_back(Suite{name, {}, 0, 0, 0, 0});
  };
  for (const Result& result : report.results)
    suite_of(result.implementation.empty() ? report.implementation : result.implementation)
        .add(result.scenario.value_or("check"), result.workload.empty() ? "-" : result.workload,
             outcome(result));
  for (const std::string& workload : report.no_dump)
    suite_of(report.implementation).add("check", workload, "<skipped message=\"no dump\"/>");
  for (const std::string& scenario : report.not_run)
    suite_of(report.implementation).add("run", scenario, "<skipped message=\"not run: no dumps\"/>");
  for (const Hygiene& breach : report.hygiene)
    suite_of(report.implementation)
        .add("hygiene", breach,
             fmt::format("<failure type=\"hygiene\" message=\"{}\"/>", escaped(breach)));

  Suite all;
  for (const Suite& suite : suites) {
    all.tests += suite.tests;
    all.failures += suite.failures;
    all.errors += suite.errors;
    all.skipped += suite.skipped;
  }
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
                     all.tests, all.failures, all.errors, all.skipped);
  for (const Suite& suite : suites)
    out += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}"
        "  </testsuite>\n",
        escaped(suite.name), suite.tests, suite.failures, suite.errors, suite.skipped, suite.cases);
  out += "</testsuites>\n";
}

}  // namespace reports

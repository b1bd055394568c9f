#include "harness/cli/judging_options.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>

#include "reports/clause_matrix.h"
#include "reports/report_json.h"
#include "reports/report_junit.h"
#include "reports/report_text.h"

namespace harness::cli {

void JudgingFlags::declare(Options& options) {
  profile_.declare(options);
  options.flag("plugins-only", plugins_only_, "under an Istio profile, do not compare Istio's own filters");
  options.flag("strict", strict_, "SHOULD differences fail, too");
  options.flag("allow-not-modelled", allow_not_modelled_,
               "do not fail on workloads that are not modelled");
  options.flag("verbose,v", verbose_, "tell INFO records and every workload, too");
  options.text("output,o", output_, "FORMAT", "text (default) or json");
  options.text("junit", junit_, "FILE", "write the results as JUnit XML, too");
}

std::optional<reports::ExitCode> JudgingFlags::settle(const Command& command, Console& console) {
  if (output_ != "text" && output_ != "json")
    return usage_error(command, console, "there is no output format '" + output_ + "'; it is text or json");
  if (const auto done = profile_.settle(command, console)) return done;
  if (plugins_only_ && !profile_.is_auto() && !profile_.profile().istio)
    return usage_error(command, console, "--plugins-only is for Istio profiles: the documented one speaks of plugins only");
  return std::nullopt;
}

JudgingOptions JudgingFlags::judging() const {
  return {.strict = strict_,
          .plugins_only = plugins_only_,
          .profile = profile_.profile(),
          .automatic = profile_.is_auto()};
}

reports::ExitCode JudgingFlags::tell(reports::Report report, Console& console) const {
  report.profile = profile_.name();
  if (const std::string note = profile_.profile().note(); !note.empty()) report.notes.push_back(note);
  std::set<std::string> implementations;
  for (const reports::Result& result : report.results)
    if (!result.implementation.empty()) implementations.insert(result.implementation);

  std::string out;
  const reports::Paint paint(console.colour_out);
  if (output_ == "json")
    reports::append_report_json(out, report);
  else if (implementations.size() > 1 && !verbose_)
    reports::append_clause_matrix(out, report, paint);
  else
    reports::append_report_text(out, report, verbose_ ? reports::Detail::Verbose : reports::Detail::Brief,
                       paint);
  console.out << out;
  if (output_ != "text" || (implementations.size() > 1 && !verbose_))
    for (const reports::Hygiene& breach : report.hygiene) console.err << "hygiene: " << breach << '\n';

  auto code = exit_code(report, {.allow_not_modelled = allow_not_modelled_});
  if (junit_.empty()) return code;
  std::string xml;
  reports::append_report_junit(xml, report);
  std::ofstream file(junit_, std::ios::binary);
  file << xml;
  file.close();
  if (!file) {
    console.err << junit_ << ": error: the JUnit file could not be written: " << std::strerror(errno)
                << '\n';
    code = worse(code, reports::ExitCode::Io);
  }
  return code;
}

}  // namespace harness::cli

// plumbline check: dumps of proxies against the manifests.
#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/cli/judging_options.h"
#include "harness/cli/mesh_options.h"
#include "harness/dump_files.h"

namespace harness::cli {
namespace {

// "" where versions differ or none is known.
std::string common_version(const std::vector<Actual>& actual) {
  std::set<std::string> versions;
  for (const Actual& one : actual)
    if (const auto* proxy = std::get_if<model::ObservedProxy>(&one.proxy))
      versions.insert(proxy->node.version);
  return versions.size() == 1 ? *versions.begin() : std::string();
}

reports::ExitCode check(const Words& words, Console& console) {
  MeshOptions mesh;
  JudgingFlags judging;
  std::vector<std::string> against;
  std::string workload_name;
  bool complete = false;
  Options options(kCheck);
  mesh.declare(options);
  mesh.declare_filters(options);
  options.list("against", against, "DUMP",
               "a dump, a directory of dumps, or NS/NAME=FILE (repeatable)");
  options.text("workload,w", workload_name, "NS/NAME", "the workload of a dump that names none");
  options.flag("complete", complete, "fail on workloads without a dump");
  judging.declare(options);
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh.settle(kCheck, console)) return *done;
  if (const auto done = judging.settle(kCheck, console)) return *done;
  if (against.empty())
    return usage_error(kCheck, console, "no dump is given: name one with --against");

  Manifests manifests = mesh.read(console);
  judging.profile().set_flags(manifests.mesh);
  model::Cluster& cluster = manifests.cluster;
  const bool documented = !judging.judging().automatic && !judging.judging().profile.istio;
  // Under an Istio profile it is that version's own business what it takes.
  if (documented) tell_refusals(manifests, console);
  auto code = documented ? exit_code_of(manifests) : exit_code_of(manifests.diagnostics);

  Diagnostics diagnostics;
  DumpFiles dumps = read_dump_files(against, cluster, diagnostics);
  tell(diagnostics, console);
  if (has(diagnostics, Severity::Io)) code = worse(code, reports::ExitCode::Io);
  if (has(diagnostics, Severity::Error)) code = worse(code, reports::ExitCode::BadInput);
  const bool any_broken = std::ranges::any_of(dumps.actual, [](const Actual& actual) {
    const auto* failure = std::get_if<DumpFailure>(&actual.proxy);
    return failure && failure->problem == DumpProblem::Broken;
  });
  if (any_broken) code = worse(code, reports::ExitCode::BadInput);
  if (dumps.passed_over > 0)
    console.err << dumps.passed_over << (dumps.passed_over == 1 ? " file is" : " files are")
                << " no dump and passed over\n";
  if (!workload_name.empty()) {
    std::string problem;
    std::optional<model::ObjectName> named;
    if (const auto slash = workload_name.find('/'); slash != std::string::npos)
      named = model::ObjectName{workload_name.substr(0, slash), workload_name.substr(slash + 1)};
    else if (const auto found = find_workload(cluster, workload_name, problem))
      named = model::ObjectName{std::string(cluster.namespaces[cluster.workloads[*found].ns]),
                                cluster.workloads[*found].name};
    if (!named) return worse(code, usage_error(kCheck, console, problem));
    for (Actual& actual : dumps.actual) {
      const auto* proxy = std::get_if<model::ObservedProxy>(&actual.proxy);
      const bool names_none = !actual.workload && (!proxy || proxy->node.name.empty());
      if (names_none || dumps.actual.size() == 1) actual.workload = named;
    }
  }

  reports::Report report;
  report.version = common_version(dumps.actual);
  report.implementation = report.version.empty() ? "" : "istio-" + report.version;
  if (documented ? cluster.plugins.empty() && cluster.refused.empty() : manifests.mesh.extensions.empty())
    report.hygiene.push_back("no WasmPlugin was read: nothing is expected of any dump");
  if (dumps.actual.empty()) report.hygiene.push_back("no dump was read");
  Judge judge(manifests, judging.judging());
  model::TieLedger ledger;
  std::set<std::size_t> judged;
  for (const Actual& actual : dumps.actual) {
    reports::Result result = judge.judge(actual, ledger, actual.source);
    result.implementation = report.implementation;
    if (const auto slash = result.workload.find('/'); slash != std::string::npos) {
      const auto known = judge.find({result.workload.substr(0, slash), result.workload.substr(slash + 1)});
      if (known) judged.insert(*known);
      if (known && !mesh.lets_through(cluster, cluster.workloads[*known])) continue;
      if (!known && !mesh.lets_through_namespace(result.workload.substr(0, slash))) continue;
    }
    report.results.push_back(std::move(result));
  }
  const bool any_judged = std::ranges::any_of(report.results, [](const reports::Result& result) {
    return result.verdict == reports::Verdict::Conforms || result.verdict == reports::Verdict::Differs;
  });
  if (!any_judged) report.hygiene.push_back("nothing was judged");
  for (std::size_t i = 0; i < cluster.workloads.size(); ++i) {
    const model::Workload& workload = cluster.workloads[i];
    if (workload.proxy == model::Proxy::None || judged.contains(i) ||
        !mesh.lets_through(cluster, workload))
      continue;
    report.no_dump.push_back(name_of(cluster, workload));
  }
  std::ranges::sort(report.no_dump);
  if (complete && !report.no_dump.empty())
    report.hygiene.push_back(std::to_string(report.no_dump.size()) +
                             (report.no_dump.size() == 1 ? " workload has" : " workloads have") +
                             " no dump, and --complete asks for all");
  for (std::string& note : version_notes(report)) report.notes.push_back(std::move(note));
  if (!documented && any_judged && !manifests.mesh.settings_given) report.notes.emplace_back(kDefaultsAssumed);
  if (documented && any_judged && ledger.pairs() > 0 && ledger.pairs_seen_again() == 0)
    report.notes.push_back("PRI-3 is not shown: no tied pair was seen twice");
  return worse(code, judging.tell(report, console));
}

}  // namespace

const Command kCheck{
    "check", "judge proxy dumps against the manifests",
    "plumbline check PATH... --against DUMP... [flags]",
    "  plumbline check mesh/ --against dump.json\n"
    "  plumbline check mesh/ --against dumps/ --complete --junit report.xml\n"
    "  plumbline check mesh/ --against shop/web-1=listeners.json -o json\n",
    check};

}  // namespace harness::cli

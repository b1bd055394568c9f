#include "harness/suite.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/istio_suite.h"
#include "harness/manifest_files.h"
#include "harness/recorded_dumps.h"

namespace harness {
namespace {

namespace fs = std::filesystem;
using model::operator""_clause;

fs::path golden_folder(const Scenario& scenario, const SuiteOptions& options) {
  if (!options.golden.empty()) return options.golden;
  return (fs::path(scenario.suite) / ".." / "golden").lexically_normal();
}

bool wanted(const Scenario& scenario, const SuiteOptions& options) {
  const bool by_name =
      options.filters.empty() || std::ranges::any_of(options.filters, [&](const auto& filter) {
        return fits(filter, scenario.name) || fits(filter, scenario.stem);
      });
  const bool by_clause =
      options.clauses.empty() || std::ranges::any_of(scenario.clauses, [&](model::ClauseId clause) {
        return std::ranges::find(options.clauses, clause->id) != options.clauses.end();
      });
  return by_name && by_clause;
}

// Whether a plugin reaches a workload, or might once a later field is modelled.
bool reaches_any(const model::Cluster& cluster) {
  const model::Expectation expectation(cluster);
  return std::ranges::any_of(cluster.workloads, [&](const model::Workload& workload) {
    if (workload.proxy == model::Proxy::None) return false;
    const auto chain = expectation.chain(workload);
    return !chain.plugins.empty() || !chain.not_modelled.empty();
  });
}

void guard_reach(const Scenario& scenario, std::vector<reports::Hygiene>& hygiene) {
  // Recorded clusters without plugins are evidence that none stands there.
  if (has(scenario.manifests.diagnostics, Severity::Error)) return;
  const bool reaches = reaches_any(scenario.manifests.cluster);
  if (!reaches && !scenario.reaches_nothing)
    hygiene.push_back(scenario.path +
                      ": no plugin reaches a workload: mend it, or write `reaches: nothing`");
  if (reaches && scenario.reaches_nothing)
    hygiene.push_back(scenario.path + ": it says `reaches: nothing`, but a plugin reaches a workload");
}

void guard_no_dump(const Scenario& scenario, std::vector<reports::Hygiene>& hygiene) {
  const model::Cluster& cluster = scenario.manifests.cluster;
  for (const std::string& name : scenario.no_dump)
    if (std::ranges::none_of(cluster.workloads, [&](const model::Workload& workload) {
          return name_of(cluster, workload) == name;
        }))
      hygiene.push_back(scenario.path + ": noDump lists " + name + ", which is no workload of it");
}

std::optional<reports::Result> bad_scenario(const Scenario& scenario) {
  if (!has(scenario.manifests.diagnostics, Severity::Error) &&
      !has(scenario.manifests.diagnostics, Severity::Io))
    return std::nullopt;
  reports::Result result;
  result.scenario = scenario.name.empty() ? scenario.stem : scenario.name;
  result.source = scenario.path;
  result.verdict = reports::Verdict::BadScenario;
  result.reason = first_error(scenario.manifests.diagnostics);
  return result;
}

std::optional<model::Anchor> anchor_named(std::string_view name) {
  for (std::size_t i = 0; i < model::kAnchors; ++i)
    if (to_string(static_cast<model::Anchor>(i)) == name) return static_cast<model::Anchor>(i);
  return std::nullopt;
}

// A golden chain as if a proxy had been seen to run it.
model::ObservedChain as_observed(const GoldenWorkload& golden) {
  model::ObservedChain chain;
  chain.listener = golden.direction;
  for (const std::string& name : golden.chain) {
    model::ObservedFilter filter;
    filter.name = name;
    if (const auto anchor = anchor_named(name)) {
      filter.kind = model::FilterKind::Anchor;
      filter.anchor = *anchor;
    } else if (const auto slash = name.find('/'); slash != std::string::npos) {
      filter.kind = model::FilterKind::Plugin;
      filter.plugin = model::ObjectName{name.substr(0, slash), name.substr(slash + 1)};
    }
    chain.filters.push_back(std::move(filter));
  }
  return chain;
}

class GoldenJudge {
 public:
  GoldenJudge(Scenario& scenario, const Golden& golden, std::string path)
      : cluster_(scenario.manifests.cluster),
        scenario_(scenario),
        golden_(golden),
        path_(std::move(path)),
        promised_(promise(scenario)),
        expectation_(cluster_),
        directory_(cluster_) {}

  std::vector<reports::Result> judge(std::vector<reports::Hygiene>& hygiene) {
    for (const model::Workload& workload : cluster_.workloads) {
      const std::string name = name_of(cluster_, workload);
      if (!promised_.workloads.contains(name)) continue;
      if (!golden_.workloads.contains(name)) {
        hygiene.push_back(path_ + ": it does not judge " + name + " of " + scenario_.path);
        continue;
      }
      results_.push_back(judge_workload(workload, name));
    }
    for (const auto& [name, workload] : golden_.workloads)
      if (!promised_.workloads.contains(name))
        hygiene.push_back(path_ + ": " + scenario_.path + " has no workload " + name);
    judge_plugins();
    return std::move(results_);
  }

 private:
  reports::Result judge_workload(const model::Workload& workload, const std::string& name) {
    const GoldenWorkload& promised = promised_.workloads.at(name);
    const GoldenWorkload& golden = golden_.workloads.at(name);
    reports::Result result;
    result.scenario = scenario_.name;
    result.workload = name;
    result.source = path_;
    result.chains = golden.direction.empty() ? 0 : 1;
    const std::string pointer = "/workloads/" + pointer_part(name);
    const auto setting = [&](const std::string& key, std::string expected, std::string actual) {
      if (expected != actual) add_setting(result, pointer + key, std::move(expected), std::move(actual));
    };
    setting("/not modelled", json_of(promised.not_modelled), json_of(golden.not_modelled));
    if (promised.chain != golden.chain) {
      judge_chain(workload, golden, result);
      if (result.differences.empty())
        setting("/" + promised.direction, json_of(promised.chain), json_of(golden.chain));
    }
    if (promised.direction != golden.direction)
      setting("", json_of(promised.direction), json_of(golden.direction));
    setting("/ties", json_of(promised.ties), json_of(golden.ties));
    setting("/open", json_of(promised.open), json_of(golden.open));
    setting("/excluded", json_of(promised.excluded), json_of(golden.excluded));
    return result;
  }

  void judge_chain(const model::Workload& workload, const GoldenWorkload& golden,
                   reports::Result& result) {
    const auto expected = expectation_.chain(workload);
    const auto observed = as_observed(golden);
    for (auto& difference :
         model::judge_chain(expectation_, directory_, workload, expected, observed).differences) {
      if (difference.level == model::Level::Info) continue;
      result.verdict = reports::Verdict::Differs;
      result.differences.push_back({difference, where(cluster_, difference.place)});
    }
    reports::ShownChains both{golden.direction, {}, {}};
    const auto show = [](const std::string& label) {
      return reports::ShownLink{
          .label = label, .note = "", .envoy = "", .anchor = anchor_named(label).has_value()};
    };
    for (const auto& link : promised_.workloads.at(result.workload).chain)
      both.expected.push_back(show(link));
    for (const auto& link : golden.chain) both.actual.push_back(show(link));
    result.shown = std::move(both);
  }

  // What the golden file says of plugins stands with its first workload.
  void judge_plugins() {
    if (promised_.modules == golden_.modules && promised_.refused == golden_.refused) return;
    if (results_.empty()) {
      auto& result = results_.emplace_back();
      result.scenario = scenario_.name;
      result.source = path_;
    }
    const auto compare = [&](const auto& promised, const auto& golden, const std::string& section,
                             const auto& text) {
      std::set<std::string> names;
      for (const auto& [name, value] : promised) names.insert(name);
      for (const auto& [name, value] : golden) names.insert(name);
      for (const std::string& name : names) {
        const auto left = promised.find(name);
        const auto right = golden.find(name);
        const std::string expected = left == promised.end() ? "null" : text(left->second);
        const std::string actual = right == golden.end() ? "null" : text(right->second);
        if (expected != actual)
          add_setting(results_.front(), section + pointer_part(name), expected, actual);
      }
    };
    compare(promised_.modules, golden_.modules, "/modules/",
            [](const Pairs& pairs) { return json_of(pairs); });
    compare(promised_.refused, golden_.refused, "/refused/",
            [](const std::string& clause) { return json_of(clause); });
  }

  void add_setting(reports::Result& result, std::string pointer, std::string expected,
                   std::string actual) {
    model::Difference difference;
    difference.kind = model::DifferenceKind::Setting;
    difference.clauses = scenario_.clauses;
    difference.pointer = std::move(pointer);
    difference.expected = std::move(expected);
    difference.actual = std::move(actual);
    difference.reason = "the golden file says otherwise";
    result.verdict = reports::Verdict::Differs;
    result.differences.push_back({std::move(difference), ""});
  }

  const model::Cluster& cluster_;
  const Scenario& scenario_;
  const Golden& golden_;
  std::string path_;
  Golden promised_;
  model::Expectation expectation_;
  model::PluginDirectory directory_;
  std::vector<reports::Result> results_;
};

void guard_golden_files(const Suite& suite, const SuiteOptions& options,
                        std::vector<reports::Hygiene>& hygiene) {
  if (!suite.whole) return;
  std::set<std::string> known;
  std::set<std::string> own;  // folders of golden files that run_version_goldens guards
  std::set<std::string> folders;
  for (const Scenario& scenario : suite.scenarios) {
    known.insert(golden_path(scenario, options));
    known.insert(recorded_path(scenario, options));
    if (scenario.contradicts) own.insert(version_folder(scenario, options));
    folders.insert(golden_folder(scenario, options).generic_string());
  }
  for (const std::string& folder : folders) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) continue;
    Diagnostics told_when_read;
    for (const std::string& file : find_manifest_files({folder}, told_when_read))
      if (const fs::path path = fs::path(file).lexically_normal();
          !known.contains(path.generic_string()) && !own.contains(path.parent_path().generic_string()))
        hygiene.push_back(file + ": no scenario belongs to this golden file");
  }
}

// Which workload a dump is of: as the subject says, else as its node says.
model::ObjectName workload_of(const Actual& actual) {
  if (actual.workload) return *actual.workload;
  const auto* proxy = std::get_if<model::ObservedProxy>(&actual.proxy);
  return proxy ? model::ObjectName{proxy->node.ns, proxy->node.name} : model::ObjectName{};
}

// The version that all proxies of a report have, or "".
std::string common_version(const std::set<std::string>& versions) {
  return versions.size() == 1 ? *versions.begin() : std::string();
}

}  // namespace

bool fits(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, from = 0;
  while (n < name.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n]) && pattern[p] != '*') {
      ++p, ++n;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string golden_path(const Scenario& scenario, const SuiteOptions& options) {
  return (golden_folder(scenario, options) / (scenario.stem + ".yaml"))
      .lexically_normal()
      .generic_string();
}

std::string recorded_path(const Scenario& scenario, const SuiteOptions& options) {
  return (golden_folder(scenario, options) / (scenario.stem + ".json"))
      .lexically_normal()
      .generic_string();
}

Suite read_suite(const std::vector<std::string>& paths, const SuiteOptions& options) {
  Suite suite;
  std::map<std::string, std::string> names;
  std::size_t found = 0;
  for (const ScenarioFile& file : find_scenarios(paths, suite.diagnostics)) {
    auto scenario = read_scenario(file.path, file.suite);
    if (!scenario) {
      suite.hygiene.push_back(file.path + ": its first document is no Scenario");
      continue;
    }
    ++found;
    if (const auto [known, fresh] = names.emplace(scenario->name, file.path);
        !fresh && !scenario->name.empty())
      suite.hygiene.push_back(file.path + ": the name '" + scenario->name + "' is taken by " +
                              known->second);
    suite.hygiene.insert(suite.hygiene.end(), scenario->unknown_clauses.begin(),
                         scenario->unknown_clauses.end());
    if (!wanted(*scenario, options)) continue;
    guard_reach(*scenario, suite.hygiene);
    guard_no_dump(*scenario, suite.hygiene);
    if (std::ranges::find(suite.folders, file.suite) == suite.folders.end())
      suite.folders.push_back(file.suite);
    suite.scenarios.push_back(std::move(*scenario));
  }
  if (found == 0) suite.hygiene.push_back("no scenario was found");
  for (const std::string& filter : options.filters)
    if (std::ranges::none_of(suite.scenarios, [&](const Scenario& scenario) {
          return fits(filter, scenario.name) || fits(filter, scenario.stem);
        }))
      suite.hygiene.push_back("the filter '" + filter + "' fits no scenario");
  for (const std::string& clause : options.clauses)
    if (std::ranges::none_of(suite.scenarios, [&](const Scenario& scenario) {
          return std::ranges::any_of(scenario.clauses,
                                     [&](model::ClauseId id) { return id->id == clause; });
        }))
      suite.hygiene.push_back("no scenario names the clause '" + clause + "'");
  suite.whole = options.filters.empty() && options.clauses.empty() &&
                std::ranges::all_of(paths, [&](const std::string& path) {
                  return std::ranges::any_of(suite.folders, [&](const std::string& folder) {
                    std::error_code error;
                    return fs::equivalent(path, folder, error);
                  });
                });
  return suite;
}

namespace {

// Judges the documented golden files, and says how many scenarios have recorded dumps instead.
std::size_t run_documented(Suite& suite, const SuiteOptions& options, reports::Report& report) {
  std::size_t recorded = 0;
  for (Scenario& scenario : suite.scenarios) {
    if (bad_scenario(scenario)) continue;
    const std::string path = golden_path(scenario, options);
    std::error_code error;
    const bool written = fs::exists(fs::symlink_status(path, error));
    if (!written && fs::exists(recorded_path(scenario, options), error)) {
      ++recorded;
      continue;
    }
    if (!written) {
      report.hygiene.push_back(scenario.path + ": it has no golden file " + path +
                               "; write it with: plumbline bless");
      continue;
    }
    Diagnostics diagnostics;
    const auto file = read_manifest_file(path, diagnostics);
    const auto golden = file ? read_golden(*file, diagnostics) : std::nullopt;
    if (!golden) {
      // Exit codes tell a file that cannot be read from one that is wrong.
      std::ranges::copy_if(diagnostics, std::back_inserter(suite.diagnostics),
                           [](const Diagnostic& one) { return one.severity == Severity::Io; });
      reports::Result result;
      result.scenario = scenario.name;
      result.source = path;
      result.verdict = reports::Verdict::BadScenario;
      result.reason = first_error(diagnostics);
      report.results.push_back(std::move(result));
      continue;
    }
    auto results = GoldenJudge(scenario, *golden, path).judge(report.hygiene);
    std::ranges::move(results, std::back_inserter(report.results));
  }
  return recorded;
}

void guard_istio_folder(const Suite& suite, std::vector<reports::Hygiene>& hygiene) {
  for (const Scenario& scenario : suite.scenarios)
    if (scenario.stem.starts_with("istio/") && !scenario.contradicts)
      hygiene.push_back(scenario.path + ": it does not say which clauses it contradicts: write `contradicts`, [] where the text is silent");
}

}  // namespace

reports::Report run_golden(Suite& suite, const SuiteOptions& options, const std::vector<Profile>& profiles) {
  reports::Report report;
  report.hygiene = suite.hygiene;
  report.scenarios = suite.scenarios.size();
  guard_istio_folder(suite, report.hygiene);
  for (const Scenario& scenario : suite.scenarios)
    if (auto bad = bad_scenario(scenario)) report.results.push_back(std::move(*bad));
  std::vector<Profile> of_istio;
  std::ranges::copy_if(profiles, std::back_inserter(of_istio), [](const Profile& one) { return one.istio.has_value(); });
  if (of_istio.size() < profiles.size()) {
    const std::size_t recorded = run_documented(suite, options, report);
    if (recorded > 0)
      report.notes.push_back(std::to_string(recorded) +
                             " scenarios have recorded dumps in place of golden files; judge them with "
                             "--against and the folder of the dumps");
  }
  if (!of_istio.empty()) run_version_goldens(suite, options, of_istio, report);
  guard_golden_files(suite, options, report.hygiene);
  return report;
}

reports::Report run_subjects(Suite& suite, const std::vector<std::unique_ptr<Subject>>& subjects,
                             const JudgingOptions& options) {
  reports::Report report;
  report.hygiene = suite.hygiene;
  report.scenarios = suite.scenarios.size();
  if (subjects.size() == 1) report.implementation = subjects.front()->name();
  std::set<std::string> versions;
  const bool documented = !options.automatic && !options.profile.istio;
  for (Scenario& scenario : suite.scenarios)
    if (auto bad = bad_scenario(scenario)) report.results.push_back(std::move(*bad));
  for (const auto& subject : subjects) {
    model::TieLedger ledger;
    std::size_t run = 0;
    for (Scenario& scenario : suite.scenarios) {
      if (bad_scenario(scenario)) continue;
      const auto actual = subject->run(scenario.name);
      if (!actual) {
        report.not_run.push_back(subject->name() + "=" + scenario.name);
        continue;
      }
      ++run;
      Judge judge(scenario.manifests, options);
      std::set<std::size_t> judged;
      for (const Actual& one : *actual) {
        if (const auto* proxy = std::get_if<model::ObservedProxy>(&one.proxy);
            proxy && !proxy->node.version.empty())
          versions.insert(proxy->node.version);
        if (const auto known = judge.find(workload_of(one))) judged.insert(*known);
        auto result = judge.judge(one, ledger, scenario.name, subject->name());
        result.scenario = scenario.name;
        result.implementation = subject->name();
        report.results.push_back(std::move(result));
      }
      const model::Cluster& cluster = scenario.manifests.cluster;
      for (std::size_t i = 0; i < cluster.workloads.size(); ++i) {
        if (cluster.workloads[i].proxy == model::Proxy::None) continue;
        const std::string name = name_of(cluster, cluster.workloads[i]);
        const bool excused = std::ranges::find(scenario.no_dump, name) != scenario.no_dump.end();
        if (!judged.contains(i) && !excused)
          report.hygiene.push_back(scenario.name + ": no dump of " + subject->name() + " judges " + name);
        if (judged.contains(i) && excused)
          report.hygiene.push_back(scenario.name + ": noDump lists " + name + ", but " +
                                   subject->name() + " has its dump");
      }
    }
    if (run == 0)
      report.hygiene.push_back(subject->name() + " has dumps of no scenario of this suite");
    else if (documented && ledger.pairs_seen_again() == 0)
      report.notes.push_back(subject->name() + ": PRI-3 is not shown, no tied pair was seen twice");
  }
  report.version = common_version(versions);
  for (std::string& note : version_notes(report)) report.notes.push_back(std::move(note));
  return report;
}

std::vector<std::vector<std::string>> coverage(const Suite& suite) {
  std::vector<std::vector<std::string>> covered(model::kClauses.size());
  for (const Scenario& scenario : suite.scenarios)
    for (const model::ClauseId clause : scenario.clauses)
      covered[clause.index].push_back(scenario.name);
  return covered;
}

}  // namespace harness

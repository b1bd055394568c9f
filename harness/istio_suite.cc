#include "harness/istio_suite.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "harness/manifest_files.h"
#include "model/expectation.h"
#include "model/judgement.h"
#include "model/tie_ledger.h"

namespace harness {
namespace {

namespace fs = std::filesystem;
using model::ClauseId;
using model::istio::Version;
using model::operator""_clause;

// The row that a file is named after.
std::optional<Version> row_of(const fs::path& file) {
  for (const model::istio::Regime& regime : model::istio::regimes())
    if (to_string(regime.since) == file.stem().string() && file.extension() == ".yaml") return regime.since;
  return std::nullopt;
}

// The files of one scenario as they are found: `broken` where one could not be read.
struct Found {
  std::vector<VersionGolden> files;  // ascending
  std::vector<reports::Result> broken;
  std::vector<reports::Hygiene> hygiene;
};

Found read_files(const Scenario& scenario, const SuiteOptions& options) {
  Found found;
  const std::string folder = version_folder(scenario, options);
  std::error_code error;
  std::vector<std::string> paths;
  if (fs::is_directory(folder, error)) {
    Diagnostics told_when_read;
    paths = find_manifest_files({folder}, told_when_read);
  }
  for (const std::string& path : paths) {
    const auto since = row_of(path);
    if (!since) {
      found.hygiene.push_back(path + ": no version begins here: a file bears the name of one of `plumbline profiles`");
      continue;
    }
    Diagnostics diagnostics;
    const auto file = read_manifest_file(path, diagnostics);
    auto golden = file ? read_istio_golden(*file, diagnostics) : std::nullopt;
    if (golden) {
      found.files.push_back({*since, path, std::move(*golden)});
      continue;
    }
    reports::Result result;
    result.scenario = scenario.name;
    result.source = path;
    result.verdict = reports::Verdict::BadScenario;
    result.reason = first_error(diagnostics);
    found.broken.push_back(std::move(result));
  }
  std::ranges::sort(found.files, {}, &VersionGolden::since);
  return found;
}

// The file that holds for a row, or nullptr.
const VersionGolden* holding(const std::vector<VersionGolden>& files, const Version& row) {
  const VersionGolden* holds = nullptr;
  for (const VersionGolden& file : files)
    if (file.since <= row) holds = &file;
  return holds;
}

// Judges one file by one profile.
class VersionJudge {
 public:
  VersionJudge(const Scenario& scenario, const VersionGolden& file, const Profile& profile)
      : scenario_(scenario), file_(file), promised_(promise(scenario, *profile.istio)) {}

  std::vector<reports::Result> judge() && {
    judge_workloads();
    if (results_.empty()) new_result("");
    compare("/filterNames", promised_.filter_names, file_.golden.filter_names);
    compare("/configNames", promised_.config_names, file_.golden.config_names);
    compare("/typeUrls", promised_.type_urls, file_.golden.type_urls);
    compare("/payloads", promised_.payloads, file_.golden.payloads);
    compare("/refused", promised_.refused, file_.golden.refused);
    compare("/discarded", promised_.discarded, file_.golden.discarded);
    return std::move(results_);
  }

 private:
  reports::Result& new_result(const std::string& workload) {
    auto& result = results_.emplace_back();
    result.scenario = scenario_.name;
    result.workload = workload;
    result.source = file_.path;
    return result;
  }

  void judge_workloads() {
    if (promised_.workloads && file_.golden.workloads) {
      for (const auto& [name, promised] : *promised_.workloads)
        if (const auto found = file_.golden.workloads->find(name); found != file_.golden.workloads->end())
          judge_workload(name, promised, found->second);
      return;
    }
    if (promised_.workloads.has_value() != file_.golden.workloads.has_value())
      add(new_result(""), "/workloads", promised_.workloads ? "{}" : "null", promised_.workloads ? "null" : "{}");
  }

  void judge_workload(const std::string& name, const IstioWorkload& promised, const IstioWorkload& golden) {
    auto& result = new_result(name);
    result.chains = golden.chains.size();
    const std::string pointer = "/workloads/" + pointer_part(name);
    if (promised.not_modelled != golden.not_modelled)
      add(result, pointer + "/not modelled", json_of(promised.not_modelled), json_of(golden.not_modelled));
    if (promised.unserved != golden.unserved)
      add(result, pointer + "/unserved", json_of(promised.unserved), json_of(golden.unserved));
    std::set<std::string> listeners;
    for (const auto& [listener, chain] : promised.chains) listeners.insert(listener);
    for (const auto& [listener, chain] : golden.chains) listeners.insert(listener);
    for (const std::string& listener : listeners) {
      const auto left = promised.chains.find(listener);
      const auto right = golden.chains.find(listener);
      const bool both = left != promised.chains.end() && right != golden.chains.end();
      if (both && left->second == right->second) continue;
      add(result, pointer + "/" + pointer_part(listener), left == promised.chains.end() ? "null" : json_of(left->second),
          right == golden.chains.end() ? "null" : json_of(right->second));
      if (both && !result.shown) show(result, listener, left->second, right->second);
    }
  }

  void show(reports::Result& result, const std::string& listener, const std::vector<std::string>& promised,
            const std::vector<std::string>& golden) {
    const auto shown = [](const std::vector<std::string>& names) {
      std::vector<reports::ShownLink> links;
      for (const std::string& name : names)
        links.push_back({.label = name, .note = "", .envoy = "", .anchor = name.find('/') == std::string::npos});
      return links;
    };
    result.shown = reports::ShownChains{listener, shown(promised), shown(golden), true};
  }

  template <typename Section>
  void compare(const std::string& pointer, const Section& promised, const Section& golden) {
    if (promised == golden) return;
    if (promised.has_value() != golden.has_value())
      return add(results_.front(), pointer, promised ? "{}" : "null", golden ? "{}" : "null");
    std::set<std::string> names;
    for (const auto& [name, value] : *promised) names.insert(name);
    for (const auto& [name, value] : *golden) names.insert(name);
    for (const std::string& name : names) {
      const auto left = promised->find(name);
      const auto right = golden->find(name);
      const std::string expected = left == promised->end() ? "null" : json_of(left->second);
      const std::string actual = right == golden->end() ? "null" : json_of(right->second);
      if (expected != actual) add(results_.front(), pointer + "/" + pointer_part(name), expected, actual);
    }
  }

  void add(reports::Result& result, std::string pointer, std::string expected, std::string actual) {
    model::Difference difference;
    difference.kind = model::DifferenceKind::Setting;
    difference.pointer = std::move(pointer);
    difference.expected = std::move(expected);
    difference.actual = std::move(actual);
    difference.reason = "the golden file says otherwise";
    result.verdict = reports::Verdict::Differs;
    result.differences.push_back({std::move(difference), ""});
  }

  const Scenario& scenario_;
  const VersionGolden& file_;
  IstioGolden promised_;
  std::vector<reports::Result> results_;
};

// A result that is the same under all profiles from one to another.
struct Judged {
  reports::Result result;
  std::string first;
  std::string last;
};

bool same_told(const reports::Result& a, const reports::Result& b) {
  return a.source == b.source && a.workload == b.workload && a.verdict == b.verdict &&
         std::ranges::equal(a.differences, b.differences, [](const auto& x, const auto& y) {
           return x.found.pointer == y.found.pointer && x.found.expected == y.found.expected && x.found.actual == y.found.actual;
         });
}

// Judges the files of one scenario by every profile. What several profiles in a row have to say is said once.
std::vector<reports::Result> judge_files(const Scenario& scenario, const std::vector<VersionGolden>& files,
                                         std::span<const Profile> profiles) {
  std::vector<Judged> judged;
  std::size_t before = 0;  // where the results of the last profile begin
  for (const Profile& profile : profiles) {
    const VersionGolden* file = holding(files, profile.istio->regime->since);
    if (!file) continue;
    auto results = VersionJudge(scenario, *file, profile).judge();
    const bool again = judged.size() - before == results.size() &&
                       std::equal(results.begin(), results.end(), judged.begin() + static_cast<std::ptrdiff_t>(before),
                                  [](const reports::Result& now, const Judged& then) { return same_told(now, then.result); });
    if (again) {
      for (std::size_t i = before; i < judged.size(); ++i) judged[i].last = profile.name;
      continue;
    }
    before = judged.size();
    for (reports::Result& result : results) judged.push_back({std::move(result), profile.name, profile.name});
  }
  std::vector<reports::Result> told;
  for (Judged& one : judged) {
    one.result.source += " (" + one.first + (one.first == one.last ? "" : " to " + one.last) + ")";
    told.push_back(std::move(one.result));
  }
  return told;
}

// Which clauses the files of one scenario contradict, as the documented profile judges them.
class Contradictions {
 public:
  Contradictions(const Scenario& scenario, const std::vector<VersionGolden>& files)
      : scenario_(scenario), cluster_(scenario.manifests.cluster), files_(files), expectation_(cluster_), directory_(cluster_) {}

  std::set<ClauseId> find() {
    for (const VersionGolden& file : files_) {
      for (const model::Workload& workload : cluster_.workloads) look_at(file.golden, workload);
      if (file.golden.refused) look_at_acceptance(file.golden);
      if (file.golden.payloads) look_at_modules(*file.golden.payloads);
    }
    return std::move(found_);
  }

  // Whether the acceptance of some plugin is another than the text's, whichever clause says so.
  bool accepts_otherwise() const { return accepts_otherwise_; }
  bool resolves_otherwise() const { return resolves_otherwise_; }

 private:
  void look_at(const IstioGolden& golden, const model::Workload& workload) {
    const auto observed = as_observed(golden, scenario_, workload);
    for (const auto& difference :
         judge_proxy(expectation_, directory_, workload, expectation_.chain(workload), observed).differences)
      if (difference.level != model::Level::Info) found_.insert(difference.clauses.begin(), difference.clauses.end());
  }

  // The clause by which the text refuses it ("" for what is no WasmPlugin at all); nothing where it does not.
  std::optional<std::optional<ClauseId>> refusal(const model::ObjectName& id) const {
    if (const auto* refused = directory_.refusal(id)) return refused->clause;
    const auto index = directory_.find(id);
    if (index && expectation_.modules()[*index].refusal) return expectation_.modules()[*index].refusal->clause;
    return std::nullopt;
  }

  // Whether the text leaves open what becomes of it.
  bool left_open(model::PluginIndex index) const {
    return expectation_.modules()[index].left_open || !cluster_.plugins[index].open_spellings.empty();
  }

  void look_at_acceptance(const IstioGolden& golden) {
    const auto look = [&](const model::ObjectName& id) {
      const bool accepted = !golden.refused->contains(to_string(id)) && !(golden.discarded && golden.discarded->contains(to_string(id)));
      const auto documented = refusal(id);
      if (accepted && documented && *documented) found_.insert(**documented);
      if (accepted == documented.has_value()) accepts_otherwise_ = true;
    };
    for (model::PluginIndex i = 0; i < cluster_.plugins.size(); ++i)
      if (!left_open(i)) look(cluster_.plugins[i].id);
    for (const model::Refusal& refused : cluster_.refused) look(refused.plugin);
  }

  void look_at_modules(const IstioGolden::ByName<Pairs>& payloads) {
    for (model::PluginIndex i = 0; i < cluster_.plugins.size(); ++i) {
      const auto payload = payloads.find(to_string(cluster_.plugins[i].id));
      const auto& module = expectation_.modules()[i].module;
      if (payload == payloads.end() || !module || left_open(i)) continue;
      for (const auto& [key, value] : payload->second) {
        const std::string oci = "oci://" + module->reference;
        if (key == "url" && value != (module->source == model::ModuleSource::Oci ? oci : module->reference)) resolves_otherwise_ = true;
        if (key == "file" && value != module->reference) resolves_otherwise_ = true;
      }
    }
  }

  const Scenario& scenario_;
  const model::Cluster& cluster_;
  const std::vector<VersionGolden>& files_;
  model::Expectation expectation_;
  model::PluginDirectory directory_;
  std::set<ClauseId> found_;
  bool accepts_otherwise_ = false;
  bool resolves_otherwise_ = false;
};

// One scenario and its files.
struct Read {
  const Scenario* scenario;
  std::vector<VersionGolden> files;
};

// The scenarios that show ties which other scenarios show the other way round, under one version.
std::set<std::string> breaking_ties(const std::vector<Read>& all) {
  std::set<std::string> breaking;
  for (const model::istio::Regime& regime : model::istio::regimes()) {
    model::TieLedger ledger;
    for (const auto& [scenario, files] : all) {
      const VersionGolden* file = holding(files, regime.since);
      if (!file) continue;
      const model::Expectation expectation(scenario->manifests.cluster);
      const model::PluginDirectory directory(scenario->manifests.cluster);
      for (const model::Workload& workload : scenario->manifests.cluster.workloads) {
        const auto observed = as_observed(file->golden, *scenario, workload);
        for (const model::SeenTie& tie :
             judge_proxy(expectation, directory, workload, expectation.chain(workload), observed).ties)
          for (const model::TieBreach& breach : ledger.note(tie, scenario->name)) {
            breaking.insert(breach.where);
            breaking.insert(breach.before.begin(), breach.before.end());
          }
      }
    }
  }
  return breaking;
}

void guard_files(const Scenario& scenario, const std::vector<VersionGolden>& files, std::vector<reports::Hygiene>& hygiene) {
  for (std::size_t i = 1; i < files.size(); ++i)
    if (files[i].golden == files[i - 1].golden)
      hygiene.push_back(files[i].path + ": it changes nothing against " + fs::path(files[i - 1].path).filename().string());
  std::set<std::string> workloads;
  const model::Cluster& cluster = scenario.manifests.cluster;
  for (const model::Workload& workload : cluster.workloads)
    if (workload.proxy != model::Proxy::None) workloads.insert(model::name_of(cluster, workload));
  std::set<std::string, std::less<>> listeners;
  for (const VersionGolden& file : files) {
    if (!file.golden.workloads) continue;
    for (const std::string& name : workloads)
      if (!file.golden.workloads->contains(name))
        hygiene.push_back(file.path + ": it does not judge " + name + " of " + scenario.path);
    for (const auto& [name, workload] : *file.golden.workloads) {
      if (!workloads.contains(name)) hygiene.push_back(file.path + ": " + scenario.path + " has no workload " + name);
      for (const auto& [listener, chain] : workload.chains) listeners.insert(listener);
    }
  }
  for (const auto& [name, labels] : scenario.node_labels)
    if (!workloads.contains(name)) hygiene.push_back(scenario.path + ": nodeLabels lists " + name + ", which is no workload of it");
  for (const std::string& named : scenario.named_listeners)
    if (std::ranges::none_of(listeners, [&](const std::string& one) { return one.starts_with(named); }))
      hygiene.push_back(scenario.path + ": it names the listener '" + named + "', of which no golden file has a chain");
}

void guard_contradictions(const Read& one, const std::set<std::string>& breaking, bool whole,
                          std::vector<reports::Hygiene>& hygiene) {
  Contradictions contradictions(*one.scenario, one.files);
  const std::set<ClauseId> found = contradictions.find();
  for (const ClauseId clause : *one.scenario->contradicts) {
    if (found.contains(clause) || clause->evidence == model::Evidence::Pull) continue;
    if (clause->evidence == model::Evidence::Plugin && (contradictions.accepts_otherwise() || contradictions.resolves_otherwise())) continue;
    if (clause == "PRI-3"_clause && (!whole || breaking.contains(one.scenario->name))) continue;
    hygiene.push_back(one.scenario->path + ": it contradicts " + std::string(clause->id) +
                      ", it says, but under no version its golden files do");
  }
}

}  // namespace

std::string version_folder(const Scenario& scenario, const SuiteOptions& options) {
  return fs::path(golden_path(scenario, options)).replace_extension().generic_string();
}

std::map<std::string, std::string> version_files(const Scenario& scenario, const SuiteOptions& options) {
  std::map<std::string, std::string> files;
  std::string before;
  for (const Profile& profile : istio_profiles()) {
    std::string text = to_yaml(promise(scenario, *profile.istio));
    if (text == before) continue;
    files[version_folder(scenario, options) + "/" + to_string(profile.istio->version) + ".yaml"] = text;
    before = std::move(text);
  }
  return files;
}

void run_version_goldens(const Suite& suite, const SuiteOptions& options, std::span<const Profile> profiles,
                         reports::Report& report) {
  std::vector<Read> all;
  for (const Scenario& scenario : suite.scenarios) {
    if (!scenario.contradicts || has(scenario.manifests.diagnostics, Severity::Error)) continue;
    Found found = read_files(scenario, options);
    const bool sound = found.broken.empty();
    std::ranges::move(found.hygiene, std::back_inserter(report.hygiene));
    std::ranges::move(found.broken, std::back_inserter(report.results));
    if (sound && !holding(found.files, model::istio::regimes().front().since))
      report.hygiene.push_back(scenario.path + ": it has no golden file " + version_folder(scenario, options) + "/" +
                               to_string(model::istio::regimes().front().since) +
                               ".yaml; write it with: plumbline bless --profile all");
    if (!found.files.empty()) guard_files(scenario, found.files, report.hygiene);
    all.push_back({&scenario, std::move(found.files)});
  }
  if (all.empty()) report.hygiene.push_back("no scenario shows what Istio does: `contradicts` says which clauses one breaks");
  const auto breaking = breaking_ties(all);
  for (const Read& one : all) {
    std::ranges::move(judge_files(*one.scenario, one.files, profiles), std::back_inserter(report.results));
    if (!one.files.empty()) guard_contradictions(one, breaking, suite.whole, report.hygiene);
  }
}

}  // namespace harness

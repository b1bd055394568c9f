// A scenario: one file that shows one thing, with the manifests of a small cluster (docs/scenarios.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/diagnostics.h"
#include "harness/manifests.h"
#include "model/clauses.h"
#include "model/istio/regimes.h"
#include "model/placement.h"

namespace harness {

// What the golden files of Istio's versions show of a scenario.
enum class Shown : std::uint8_t {
  Chains,    // the filters of its listeners
  Plugins,   // of those filters the plugins alone
  Names,     // how the filters of its plugins and their configurations are called
  Types,     // the type URLs of those configurations
  Code,      // of them: the module's url or file, and its sha256
  Config,    // the configuration proper, and the root id
  Env,       // the environment
  Fail,      // what to do on failure
  Accepted,  // what an API server refuses, and what istiod passes over
};

struct Scenario {
  std::string path;      // as found
  std::string suite;     // the folder of the suite
  std::string stem;      // below the suite's folder, without the extension: "priority/unset-priority-is-zero"
  std::string name;
  std::string sentence;
  std::vector<model::ClauseId> clauses;
  std::vector<std::string> unknown_clauses;  // "file:line:column: there is no clause 'X'"
  model::AnchorSet anchors = model::AnchorSet::all();  // less those that are `absent`
  bool reaches_nothing = false;
  std::vector<std::string> no_dump;  // workloads of which recordings hold no dump: machines that ran no proxy
  // Of scenarios that show what Istio does: the clauses that some version breaks. Nothing in it: the text is silent.
  std::optional<std::vector<model::ClauseId>> contradicts;
  std::set<Shown> shows{Shown::Chains};
  std::vector<std::string> named_listeners;  // "inbound http"
  std::vector<std::string> listeners;  // those; else those of HTTP, and of TCP where there are NETWORK plugins
  std::map<std::string, model::istio::LabelPairs> node_labels;  // by workload: what its proxy sent, where not its manifest's labels
  std::optional<model::istio::Version> proxy_version;  // nothing: that of the profile
  Manifests manifests;   // its diagnostics hold the scenario's own mistakes too
};

// Reads the scenario in `path`, below the suite's folder `suite`. Mistakes become diagnostics; one with an Error is a
// bad scenario. A file whose first document is no Scenario (another manifest beside the suite) is nothing.
std::optional<Scenario> read_scenario(const std::string& path, const std::string& suite);

// The scenario files behind the paths, in byte order: files themselves, and *.yaml, *.yml below directories.
struct ScenarioFile {
  std::string path;
  // The folder that the golden files mirror: the nearest one above that has a folder `golden` beside it, else the one named.
  std::string suite;
};
std::vector<ScenarioFile> find_scenarios(const std::vector<std::string>& paths,
                                         Diagnostics& diagnostics);

}  // namespace harness

// The result of judging: values that the runner fills in and the writers tell. Places are already text here, since the
// results of one report come from many clusters.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/judgement.h"
#include "reports/outcome.h"

namespace reports {

struct Difference {
  model::Difference found;
  std::string where;  // "mesh/jwt.yaml:12:3" of the manifest that decides; "" where none does
};

// One line of a chain as a person sees it.
struct ShownLink {
  std::string label;  // "shop/jwt", "authn", or Envoy's name of any other filter
  std::string note;   // "AUTHN, priority 5"; "" for filters that are no plugins
  std::string envoy;  // the name in Envoy's configuration; "" in an expected chain
  bool anchor = false;
  bool operator==(const ShownLink&) const = default;
};

// Expected and actual, to be set side by side: of the first chain that differs.
struct ShownChains {
  std::string listener;
  std::vector<ShownLink> expected;
  std::vector<ShownLink> actual;
  bool complete = false;  // something is expected of every filter, not of plugins and anchors alone
};

// One workload, judged once.
struct Result {
  std::optional<std::string> scenario;
  std::string workload;        // "shop/web-1"
  std::string implementation;  // "istio-1.29.1"; "" where nobody named one
  std::string source;          // the dump or golden file
  Verdict verdict = Verdict::Conforms;
  std::string reason;          // for every verdict but Conforms and Differs
  std::string where;           // "mesh/lua.yaml:1:1" of the manifest that the reason is about; "" where it is about none
  std::size_t chains = 0;
  std::size_t own_chains = 0;
  std::size_t outbound_chains = 0;
  std::vector<Difference> differences;  // of every level
  std::optional<ShownChains> shown;     // where there is a MUST or SHOULD difference in a chain
  std::vector<std::string> notes;
  std::string profile = {};   // what it was judged by, where that is one of Istio's: "istio-1.29.1"
  // Under --profile auto: the version that the proxy reports, and those that name filters as the dump does.
  std::string version = {};
  std::string spelling = {};  // "1.26 to 1.29"; "" where no plugin tells
};

// A breach of a guard against vacuous passes: "the filter 'x' matches no scenario".
using Hygiene = std::string;

struct Report {
  std::string profile = "documented";
  std::string implementation;  // "" where several or none
  std::string version;         // of the proxies, where all dumps agree; else ""
  std::vector<Result> results;
  std::vector<Hygiene> hygiene;
  std::vector<std::string> no_dump;       // workloads that nothing was given for
  std::vector<std::string> not_run;       // scenarios that an implementation has no dumps for: "istio=NAME"
  std::vector<std::string> notes;         // of the run as a whole
  std::size_t scenarios = 0;              // 0 outside of `run`
};

struct Summary {
  std::size_t conforms = 0;
  std::size_t differs = 0;
  std::size_t not_modelled = 0;
  std::size_t error = 0;
  std::size_t bad_scenario = 0;

  std::size_t all() const { return conforms + differs + not_modelled + error + bad_scenario; }
};

Summary summarise(const Report& report);

// How a run with this report ends. SHOULD differences fail under `strict`; the verdict of a result already says so.
struct ExitRules {
  bool allow_not_modelled = false;
};
ExitCode exit_code(const Report& report, const ExitRules& rules);

}  // namespace reports

// Judges what a proxy was seen to run against the manifests, and makes of it a result that a writer can tell.
#pragma once

#include <optional>
#include <string>

#include "harness/manifests.h"
#include "harness/profile.h"
#include "harness/subject.h"
#include "model/expectation.h"
#include "model/tie_ledger.h"
#include "reports/report.h"

namespace harness {

struct JudgingOptions {
  bool strict = false;        // SHOULD differences fail
  bool plugins_only = false;  // under Istio's profiles: Istio's own filters are not compared
  Profile profile = {};       // what is judged by
  bool automatic = false;     // each dump is judged by the Istio version that its proxy reports
};

// One cluster, and what judging its proxies needs. The cluster may gain labels: a proxy without a manifest is judged by
// its node's own.
class Judge {
 public:
  Judge(Manifests& manifests, const JudgingOptions& options);
  // By the documented profile only, which needs no more than the cluster.
  Judge(model::Cluster& cluster, const JudgingOptions& options);

  // The index of the workload of that name, or of the one that stands for the Pod of that name; nothing where there is
  // none.
  std::optional<std::size_t> find(const model::ObjectName& name) const;

  // Judges one proxy as the workload `named`, else as the one that its node names. `ledger` keeps the ties of the
  // implementation; `chain_name` begins the places that it tells ("istio-1.29.1 tie-many"). A fork of Istio, which the
  // dump or the name of the implementation shows, is judged as Istio only by a profile that was asked for, and told.
  reports::Result judge(const Actual& actual, model::TieLedger& ledger, const std::string& chain_name,
                        const std::string& implementation = {});

  const model::Expectation& expectation() const { return expectation_; }

 private:
  // A workload, and whether the manifests describe it.
  struct Known {
    model::Workload workload;
    bool by_manifest = false;
  };
  Known known_workload(const model::ObjectName& name, const model::ObservedProxy& observed, reports::Result& result);

  void judge_as_documented(const model::ObjectName& name, const model::Workload& workload,
                           const model::ObservedProxy& observed, reports::Result& result, model::TieLedger& ledger,
                           const std::string& chain_name);
  void judge_as_istio(const Profile& profile, const Known& known, const model::ObservedProxy& observed,
                      reports::Result& result);

  model::Cluster& cluster_;
  const model::istio::Mesh* mesh_ = nullptr;
  JudgingOptions options_;
  model::Expectation expectation_;
  model::PluginDirectory directory_;
  std::unordered_map<std::string, std::size_t> workloads_;  // by namespace/name, Pods included
};

// What versions the dumps of a report are of, for its notes, under --profile auto: what their proxies report, how their filters
// are spelt, and by which rules they were judged.
std::vector<std::string> version_notes(const reports::Report& report);

// What is assumed of istiod where its settings were not given.
inline constexpr std::string_view kDefaultsAssumed =
    "istiod's settings are assumed to be its defaults: no Deployment of istiod is among the manifests, and --istiod-env gives none";

// "file:line:column" of a place, "" where it is unknown.
std::string where(const model::Cluster& cluster, const model::Place& place);

}  // namespace harness

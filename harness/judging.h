// Judges what a proxy was seen to run against the manifests, and makes of it a result that a writer can tell.
#pragma once

#include <optional>
#include <string>

#include "harness/subject.h"
#include "model/expectation.h"
#include "model/tie_ledger.h"
#include "reports/report.h"

namespace harness {

struct JudgingOptions {
  bool strict = false;  // SHOULD differences fail
};

// One cluster, and what judging its proxies needs. The cluster may gain labels: a proxy without a manifest is judged by
// its node's own.
class Judge {
 public:
  Judge(model::Cluster& cluster, const JudgingOptions& options);

  // The index of the workload of that name, or of the one that stands for the Pod of that name; nothing where there is
  // none.
  std::optional<std::size_t> find(const model::ObjectName& name) const;

  // Judges one proxy as the workload `named`, else as the one that its node names. `ledger` keeps the ties of the
  // implementation; `chain_name` begins the places that it tells ("istio-1.29.1 tie-many").
  reports::Result judge(const Actual& actual, model::TieLedger& ledger,
                        const std::string& chain_name);

  const model::Expectation& expectation() const { return expectation_; }

 private:
  reports::Result judge_proxy(const model::ObjectName& name, const model::ObservedProxy& observed,
                              reports::Result result, model::TieLedger& ledger,
                              const std::string& chain_name);

  model::Cluster& cluster_;
  JudgingOptions options_;
  model::Expectation expectation_;
  model::PluginDirectory directory_;
  std::unordered_map<std::string, std::size_t> workloads_;  // by namespace/name, Pods included
};

// "file:line:column" of a place, "" where it is unknown.
std::string where(const model::Cluster& cluster, const model::Place& place);

}  // namespace harness

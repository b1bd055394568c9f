// Golden files of Istio's profiles: what one version computes for the workloads of a scenario, in the short form that a person
// reads against the facts (docs/scenarios.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/diagnostics.h"
#include "harness/golden_document.h"
#include "harness/profile.h"
#include "harness/scenario.h"
#include "harness/source_file.h"
#include "model/observed_chain.h"

namespace harness {

struct IstioWorkload {
  // By listener: "inbound http", "inbound http 8080", "inbound http network", "waypoint http shop/api". Plugins as namespace/name,
  // a TrafficExtension with " (TrafficExtension)" behind it; Istio's and Envoy's own filters by Envoy's name.
  std::map<std::string, std::vector<std::string>> chains;
  std::vector<std::string> unserved;  // plugins of the chains that the proxy asks for in vain
  std::string not_modelled;

  bool operator==(const IstioWorkload&) const = default;
};

// Each section is there where the scenario shows it.
struct IstioGolden {
  template <typename Value>
  using ByName = std::map<std::string, Value, ByNamespaceThenName>;

  std::optional<ByName<IstioWorkload>> workloads;
  std::optional<ByName<std::string>> filter_names;             // by plugin
  std::optional<ByName<std::string>> config_names;             // by plugin
  std::optional<ByName<std::vector<std::string>>> type_urls;   // by plugin
  std::optional<ByName<Pairs>> payloads;                       // by plugin: the parts that are shown
  std::optional<ByName<std::string>> refused;                  // by plugin: the rule and the reason
  std::optional<ByName<std::string>> discarded;                // the same

  bool operator==(const IstioGolden&) const = default;
};

// What a version of Istio does with a scenario.
IstioGolden promise(const Scenario& scenario, const Profile::Istio& profile);

// The one layout of such a file.
std::string to_yaml(const IstioGolden& golden);

// The golden in a file; nothing, and an Error with its place, where it is none.
std::optional<IstioGolden> read_istio_golden(const SourceFile& file, Diagnostics& diagnostics);

// The chains of a workload as if its proxy had been seen to run them: those of HTTP that the documented profile judges, and the
// configurations that the file shows.
model::ObservedProxy as_observed(const IstioGolden& golden, const Scenario& scenario, const model::Workload& workload);

}  // namespace harness

// Why a workload runs what it runs under an Istio profile: for each plugin in or out, in which listeners, and the rule that decided; for
// each pair of neighbours why they stand in this order. A value, which the writers only tell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/istio/rules.h"
#include "reports/istio_expectation.h"

namespace reports {

enum class IstioStanding : std::uint8_t {
  In,         // of one listener at least
  Attached,   // but it stands in none of the listeners, or these are not modelled
  Out,        // not attached
  Discarded,  // istiod makes nothing of it
};
std::string_view to_string(IstioStanding standing);  // "in", "attached", "out", "discarded"

// A listener in which an attached plugin does not stand although others of its kind could.
struct IstioAbsence {
  std::string listener;  // "outbound http, port 8080"
  std::string_view rule;
  std::string reason;
};

struct IstioExplainedPlugin {
  model::istio::ExtensionIndex extension = 0;
  IstioStanding standing = IstioStanding::Out;
  std::string_view rule;  // that decided
  std::string reason;
  std::string change;     // the smallest that would select it, where that is simple; else ""
  model::Place place;     // of what decided
  std::vector<std::string> listeners;  // in which it stands
  std::vector<IstioAbsence> absences;
};

// What stands next to what in a list of filters, and why.
struct IstioPair {
  std::string before;  // "shop/jwt", "envoy.filters.http.cors"
  std::string after;
  std::string_view rule;
  std::string reason;
  bool unsure = false;  // only age decides, and the manifests do not tell it
};

// The filters of one listener, or those before its HTTP connection manager, if a plugin is among them.
struct IstioExplainedChain {
  std::string listener;  // "inbound http", "inbound http, network filters"
  std::vector<model::istio::OutlineFilter> filters;
  std::vector<IstioPair> pairs;  // of neighbours of which one at least is a plugin
};

struct IstioExplanation {
  WorkloadChains chains;
  std::vector<IstioExplainedPlugin> plugins;  // in, attached, out, discarded; the first in the order of chains, others by name
  std::vector<IstioExplainedChain> explained;
  std::vector<const model::istio::Rule*> rules;  // every one that is cited, once, in the order of the table
};

// `workload` is an index in Cluster::workloads; one without a proxy has nothing to explain.
IstioExplanation explain(IstioExpectation& expectation, std::size_t workload);

}  // namespace reports

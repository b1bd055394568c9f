// `plumbline expect --profile istio-X.Y`, for a person: as expectation_text.h, with every class of listener.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/expectation_view.h"
#include "reports/istio_chain_text.h"
#include "reports/istio_expectation.h"
#include "reports/paint.h"

namespace reports {

// Which workloads of an Istio expectation are shown.
struct IstioView {
  IstioExpectation& expectation;
  std::vector<std::uint32_t> workloads;  // indexes in Cluster::workloads, in any order: what the filters let through
  Proxyless proxyless = Proxyless::Counted;
};

// Appends the text. With `drain`, hands over what is written from time to time.
void append_istio_expectation_text(std::string& out, const IstioView& view, const Paint& paint, const Drain& drain = {});

// What stands below the names of workloads with these chains.
void append_workload_chains(std::string& out, const IstioExpectation& expectation, const WorkloadChains& chains,
                            ChainText& text, const Paint& paint);

// The head: which profile, what is assumed, and how much is shown ("" is left out).
void append_istio_head(std::string& out, const IstioExpectation& expectation, const std::string& shown, const Paint& paint);

// "1 plugin is not used by istio-1.29:" and a line each; the same for those that admission refuses. Nothing where there is none.
void append_unused(std::string& out, const IstioExpectation& expectation, const Paint& paint);
// The second list alone.
void append_refused(std::string& out, const IstioExpectation& expectation, const Paint& paint);

inline constexpr std::string_view kAgeLegend =
    "~  of one priority and namespace: the older stands first (AGE), and the manifests do not tell which that is\n";

}  // namespace reports

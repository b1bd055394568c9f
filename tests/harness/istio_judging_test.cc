// Judging under Istio's profiles: every recorded dump, each by the version that it reports.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/harness/recorded_suite.h"

namespace {

using reports::Verdict;

const reports::Report& judged() {
  static const reports::Report report = [] {
    auto& recorded = tests::recorded_suite();
    return harness::run_subjects(recorded.suite, recorded.subjects, {.automatic = true});
  }();
  return report;
}

using Counts = std::map<std::string, std::size_t>;

}  // namespace

TEST_CASE("every recorded dump of Istio conforms to its version's profile, but for those that are listed", "[istio]") {
  Counts not_modelled;
  std::set<std::string> differing;
  std::size_t conforming = 0;
  for (const reports::Result& result : judged().results) {
    INFO(*result.scenario << " " << result.implementation << " " << result.workload << " " << result.reason);
    switch (result.verdict) {
      case Verdict::Conforms: ++conforming; break;
      case Verdict::NotModelled:
        ++not_modelled[(result.reason.starts_with("EnvoyFilter") ? *result.scenario + ": " : "") + result.reason];
        break;
      case Verdict::Differs:
        for (const reports::Difference& difference : result.differences)
          if (difference.found.level == model::Level::Must)
            differing.insert(*result.scenario + ": " + std::string(to_string(difference.found.kind)) + " " +
                             difference.found.reason);
        break;
      case Verdict::Error:
      case Verdict::BadScenario: FAIL_CHECK("an error"); break;
    }
  }
  CHECK(conforming == 1859);
  CHECK(not_modelled == Counts{
            {"envoyfilter-anchor-spelling: EnvoyFilter shop/anchors can change its chains", 24},
            {"envoyfilter-network-anchor: EnvoyFilter shop/anchors can change its chains", 13},
            {"envoyfilter-order: EnvoyFilter istio-system/root-5 can change its chains", 24},
            {"envoyfilter-remove-replace-merge: EnvoyFilter shop/edit can change its chains", 24},
            {"envoyfilter-sees-plugins: EnvoyFilter shop/around can change its chains", 24},
            {"waypoint-envoyfilter: EnvoyFilter shop/ref-inbound can change its chains", 4},
            {"it is of Higress, a fork of Istio", 73},
            {"it is of OpenShift Service Mesh, a fork of Istio", 72},
        });
  // What the faults left, told as what it is.
  CHECK(differing == std::set<std::string>{
                         "live-faults-refused-by-envoy: not-in-force no-resource",
                         "live-faults-unanswered-at-start: not-in-force no-resource",
                         "live-faults-unanswered-at-start: not-in-force warming",
                         "live-faults-unanswered-later-update1: not-in-force no-resource",
                         "live-faults-unanswered-later-update1: not-in-force warming",
                         "live-faults-updates-update3: missing it is attached to the workload",
                         "live-faults-updates-update3: not-in-force rejected: Invalid path: /opt/plugins/absent.wasm",
                     });
  CHECK(judged().hygiene.empty());
}

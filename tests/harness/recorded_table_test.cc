// The finding itself: what each recorded implementation does otherwise than the documentation says, scenario by scenario.
// Whatever is told beyond this table, or no longer told, fails the test. The comments say why each entry is true.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/harness/recorded_suite.h"

using model::DifferenceKind;
using model::Level;

namespace {

const std::set<std::string> kImplementations{
    "higress-2.0.1", "istio-1.12.0", "istio-1.12.9", "istio-1.13.0", "istio-1.14.0", "istio-1.14.6",
    "istio-1.15.0",  "istio-1.15.4", "istio-1.16.5", "istio-1.17.0", "istio-1.18.0", "istio-1.19.0",
    "istio-1.20.0",  "istio-1.21.0", "istio-1.22.0", "istio-1.22.1", "istio-1.23.0", "istio-1.24.0",
    "istio-1.25.0",  "istio-1.26.0", "istio-1.27.0", "istio-1.28.3", "istio-1.29.1", "istio-1.30.3",
    "istio-1.31-20260827", "maistra-2.4-inbound-only"};

// Of the versions that a real istiod and a real Envoy were run with.
const std::set<std::string> kLive{"istio-1.24.0", "istio-1.26.0", "istio-1.29.1"};
const std::set<std::string> kLiveNow{"istio-1.29.1"};
const std::set<std::string> kNameScan{"istio-1.12.0", "istio-1.12.9", "istio-1.13.0"};

std::set<std::string> without(std::set<std::string> all, const std::set<std::string>& some) {
  for (const std::string& one : some) all.erase(one);
  return all;
}

const reports::Report& judged() {
  static const reports::Report report = [] {
    auto& recorded = tests::recorded_suite();
    return harness::run_subjects(recorded.suite, recorded.subjects, {});
  }();
  return report;
}

// What was told -> scenario -> by which implementations.
using Table = std::map<std::string, std::map<std::string, std::set<std::string>>>;

// "MUST order PRI-2"; of what is not in force, which has no clause, the reason.
std::string line_of(const model::Difference& difference) {
  std::string line = std::string(to_string(difference.level)) + " " + std::string(to_string(difference.kind));
  for (const model::ClauseId clause : difference.clauses) line += " " + std::string(clause->id);
  if (difference.kind == DifferenceKind::NotInForce) line += " " + difference.reason;
  return line;
}

Table table(Level level) {
  Table table;
  for (const reports::Result& result : judged().results)
    for (const reports::Difference& difference : result.differences)
      if (difference.found.level == level)
        table[line_of(difference.found)][*result.scenario].insert(result.implementation);
  return table;
}

std::string text(const Table& table) {
  std::string text;
  for (const auto& [line, scenarios] : table)
    for (const auto& [scenario, implementations] : scenarios) {
      text += line + " | " + scenario + " |";
      for (const std::string& name : implementations) text += " " + name;
      text += "\n";
    }
  return text;
}

// The first difference of that level of a workload.
const model::Difference& difference_of(const std::string& implementation, const std::string& scenario,
                                       const std::string& workload, Level level) {
  for (const reports::Result& result : judged().results)
    if (result.implementation == implementation && result.scenario == scenario && result.workload == workload)
      for (const reports::Difference& difference : result.differences)
        if (difference.found.level == level) return difference.found;
  FAIL(implementation << " " << scenario << " " << workload << " shows nothing of this level");
  throw std::logic_error("unreachable");
}

}  // namespace

TEST_CASE("the recordings are of 24 builds of Istio and two forks") {
  std::set<std::string> names;
  for (const auto& subject : tests::recorded_suite().subjects) names.insert(subject->name());
  CHECK(names == kImplementations);
  CHECK(judged().hygiene.empty());
  CHECK(judged().scenarios >= 72);
}

TEST_CASE("the recordings break these clauses, and no other") {
  const Table expected{
      // An unset priority sorts as the least number, behind every negative one; the text says 0. Every version; live-
      // phases-and-policies shows it of a running istiod.
      {"MUST order PRI-2",
       {{"priority-unset", kImplementations},
        {"priority-extremes", kImplementations},
        {"live-phases-and-policies", kLive}}},
      // Of equal priorities the older plugin stands first, so a and b of tie-many change places where b is older. (The
      // place of a breach is the later of the two scenarios.)
      {"MUST order PRI-3", {{"tie-priority-timestamp-mix", kImplementations}}},
      // 1.12 and 1.13 put AUTHZ plugins before the first filter that is called rbac, which is the shadow one of external
      // authorization: before jwt_authn.
      {"MUST placement PHA-2", {{"phase-custom-authz", kNameScan}}},
      // The url 10.0.0.1:5000/filter has no scheme; Go's url parser finds none either, but an error, and the plugin is
      // dropped.
      {"MUST missing URL-1", {{"url-discarded", kImplementations}}},
      // Live faults. The listeners of step 3 were refused because of the module of step 2, so the plugin that came with them
      // is missing from what is in force.
      {"MUST missing SEL-2", {{"live-faults-updates-update3", kLiveNow}}},
      {"MUST not-in-force rejected: Invalid path: /opt/plugins/absent.wasm",
       {{"live-faults-updates-update3", kLiveNow}}},
      // A remote module that no agent converted is refused before it is kept.
      {"MUST not-in-force no-resource",
       {{"live-faults-refused-by-envoy", kLiveNow},
        // A name that istiod does not know: the listeners that ask for it warm.
        {"live-faults-unanswered-at-start", kLiveNow},
        {"live-faults-unanswered-later-update1", kLiveNow}}},
      {"MUST not-in-force warming",
       {{"live-faults-unanswered-at-start", kLiveNow}, {"live-faults-unanswered-later-update1", kLiveNow}}},
  };
  CHECK(text(table(Level::Must)) == text(expected));
}

TEST_CASE("the recordings leave PHA-6 unmet everywhere, and no other clause that hedges") {
  // From 1.14 on what has no phase stands right behind the STATS plugins, before fault, cors and others; in 1.12 and 1.13
  // at the end of the authorization filters, before metadata_exchange, cors and fault.
  const Table unmet = table(Level::Should);
  REQUIRE(unmet.size() == 1);
  REQUIRE(unmet.begin()->first == "SHOULD placement PHA-6");
  std::set<std::string> implementations;
  for (const auto& [scenario, names] : unmet.begin()->second) implementations.insert(names.begin(), names.end());
  CHECK(implementations == kImplementations);
  // Wherever a plugin without a phase stands in a judged chain, it stands too early: no version gets it right once.
  std::size_t chains = 0;
  for (const reports::Result& result : judged().results) {
    if (!result.shown) continue;
    bool unspecified = false;
    for (const reports::ShownLink& link : result.shown->actual)
      unspecified |= link.note.starts_with("UNSPECIFIED_PHASE");
    if (!unspecified) continue;
    ++chains;
    const bool told = std::ranges::any_of(result.differences, [](const auto& difference) {
      return difference.found.level == Level::Should;
    });
    CAPTURE(result.implementation, *result.scenario, result.workload);
    CHECK(told);
  }
  CHECK(chains > 1000);
}

TEST_CASE("what the text leaves open is recorded") {
  const auto from_1_13 = without(kImplementations, {"istio-1.12.0", "istio-1.12.9"});
  const Table expected{
      {"INFO extra SEL-7", {{"selector-empty", kImplementations}}},  // `{}` matches all, in every version
      {"INFO extra SEL-8", {{"selector-empty-value", {"istio-1.12.0", "istio-1.12.9"}}}},
      {"INFO missing SEL-8", {{"selector-empty-value", from_1_13}}},
      {"INFO missing SEL-9", {{"root-unset", kImplementations}}},  // "" is no namespace's name
      {"INFO missing URL-7", {{"url-discarded", kImplementations}}},
      {"INFO placement PHA-9", {{"phase-custom-authz", kImplementations}, {"live-phases-and-policies", kLive}}},
  };
  CHECK(text(table(Level::Info)) == text(expected));
}

TEST_CASE("where AUTHN and AUTHZ plugins stand relative to external authorization changed with 1.14") {
  for (const std::string& name : kImplementations) {
    CAPTURE(name);
    const std::string before = kNameScan.contains(name) ? "before" : "after";
    std::vector<std::string> told;
    for (const reports::Result& result : judged().results)
      if (result.implementation == name && result.scenario == "phase-custom-authz")
        for (const reports::Difference& difference : result.differences)
          if (difference.found.level == Level::Info) told.push_back(difference.found.reason);
    CHECK(told == std::vector<std::string>{"AUTHN stands " + before + " external authorization",
                                           "AUTHZ stands " + before + " external authorization",
                                           "STATS stands after external authorization"});
  }
}

TEST_CASE("the breaches are told of the plugins that show them") {
  for (const std::string& name : kImplementations) {
    CAPTURE(name);
    CHECK(difference_of(name, "priority-unset", "shop/web-1", Level::Must).reason ==
          "shop/a-unset must stand before shop/c-minus");
    CHECK(difference_of(name, "url-discarded", "shop/web-1", Level::Must).reason ==
          "its url 10.0.0.1:5000/filter has no scheme, so it names an image");
  }
  for (const std::string& name : kNameScan)
    CHECK(difference_of(name, "phase-custom-authz", "shop/web-1", Level::Must).reason ==
          "envoy.filters.http.jwt_authn must stand before shop/p-authz");
}

TEST_CASE("plugins of one priority stand by age in tie-priority-timestamp-mix, against tie-many", "[PRI-3]") {
  for (const std::string& name : kImplementations) {
    CAPTURE(name);
    std::set<std::string> told;
    for (const reports::Result& result : judged().results)
      if (result.implementation == name && result.scenario == "tie-priority-timestamp-mix")
        for (const reports::Difference& difference : result.differences)
          if (difference.found.level == Level::Must) {
            CHECK(told.insert(difference.found.reason).second);  // each once, whatever the number of chains
            CHECK(difference.found.clauses == std::vector{*model::find_clause("PRI-3")});
          }
    CHECK(told == std::set<std::string>{
                      "shop/b stands before shop/a here, and shop/a before shop/b in tie-many shop/web-1",
                      "shop/f stands before shop/d here, and shop/d before shop/f in tie-many shop/web-1"});
  }
}

TEST_CASE("with one scenario alone PRI-3 is not shown") {
  harness::SuiteOptions options;
  options.filters = {"root-unset"};  // no tie in it
  auto suite = harness::read_suite({PLUMBLINE_SOURCE_DIR "/scenarios/recorded"}, options);
  const auto report = harness::run_subjects(suite, tests::recorded_suite().subjects, {});
  REQUIRE(report.notes.size() == kImplementations.size());
  CHECK(report.notes.front() == "higress-2.0.1: PRI-3 is not shown, no tied pair was seen twice");
  CHECK(judged().notes.empty());  // of the whole suite it is shown
}

TEST_CASE("no recording is an error, and each that is not modelled says why") {
  std::map<std::string, std::set<std::string>> reasons;
  for (const reports::Result& result : judged().results) {
    CAPTURE(result.implementation, *result.scenario, result.workload, result.reason);
    CHECK(result.verdict != reports::Verdict::Error);
    CHECK(result.verdict != reports::Verdict::BadScenario);
    if (result.verdict == reports::Verdict::NotModelled)
      reasons[*result.scenario + " " + result.workload].insert(result.reason);
    else if (result.chains == 0)  // then nothing was judged, save that what is listed is not in force
      CHECK((result.verdict == reports::Verdict::Differs &&
             std::ranges::all_of(result.differences, [](const auto& difference) {
               return difference.found.kind == DifferenceKind::NotInForce;
             })));
  }
  const auto later = [](const std::string& plugin, const std::string& fields) {
    return std::set<std::string>{plugin + " has " + fields + ", which the documented API does not know"};
  };
  const auto patch = [](const std::string& name) {
    return std::set<std::string>{"EnvoyFilter " + name + " changes filter chains"};
  };
  const std::set<std::string> waypoint{"a waypoint (SEL-11)"};
  // Each cluster is about a later field, an EnvoyFilter or a waypoint; envoyfilter-extension-config is judged, because its patch
  // changes no chain.
  const std::map<std::string, std::set<std::string>> expected{
      {"envoyfilter-anchor-spelling shop/web-1", patch("shop/anchors")},
      {"envoyfilter-network-anchor shop/web-1", patch("shop/anchors")},
      {"envoyfilter-order shop/web-1", patch("istio-system/root-5")},
      {"envoyfilter-remove-replace-merge shop/web-1", patch("shop/edit")},
      {"envoyfilter-sees-plugins shop/web-1", patch("shop/around")},
      {"flag-hbone-sidecar shop/web-1", later("shop/b-8080", "match")},
      {"flag-quic-gateway shop/gate-1", later("shop/h-8443", "match")},
      {"gateway-auto-passthrough shop/gate-1", later("shop/a-plain", "type")},
      {"gateway-istio-mutual shop/gate-1", later("shop/n-net", "type")},
      {"http-proxy-port shop/web-1", later("shop/b-15007", "match")},
      {"live-config-and-env shop/web-1", later("shop/l4", "type")},
      {"live-gateway edge/ingress-1", later("edge/l4", "type")},
      {"live-match-ports shop/web-1", later("shop/both-modes", "match")},
      {"live-network shop/web-1", later("shop/l4-authn", "type")},
      {"live-waypoint shop/waypoint-1", waypoint},
      {"match-gateway-port shop/gate-1", later("shop/a-80", "match")},
      {"match-mode shop/gate-1", later("shop/a-client", "match")},
      {"match-mode shop/web-1", later("shop/a-client", "match")},
      {"match-or shop/web-1", later("shop/either", "match")},
      {"match-passthrough shop/web-1", later("shop/on-6666", "match")},
      {"match-target-port shop/web-1", later("shop/a-80", "match")},
      {"network-gateway-https shop/gate-1", later("shop/n", "type")},
      {"network-phases shop/web-1", later("shop/n-authn", "type")},
      {"network-tcp-port shop/web-1", later("shop/a-9000", "type, match")},
      {"sidecar-resource-egress shop/web-1", later("shop/b-9999", "match")},
      {"sidecar-resource-ingress shop/web-1", later("shop/b-9080", "match")},
      {"sidecar-resource-no-capture shop/web-1", later("shop/b-server", "match")},
      {"sniffed-port shop/web-1", later("shop/n", "type")},
      {"targetref-from-root shop/back-1", later("istio-system/mesh-front", "targetRef")},
      {"targetref-from-root shop/front-1", later("istio-system/mesh-front", "targetRef")},
      {"targetref-from-root shop/web-1", later("istio-system/mesh-front", "targetRef")},
      {"targetref-gateway shop/back-1", later("shop/a-front", "targetRef")},
      {"targetref-gateway shop/front-1", later("shop/a-front", "targetRef")},
      {"targetref-gateway shop/web-1", later("shop/a-front", "targetRef")},
      {"targetrefs-service shop/back-1", later("shop/to-service", "targetRefs")},
      {"targetrefs-service shop/front-1", later("shop/to-service", "targetRefs")},
      {"targetrefs-service shop/web-1", later("shop/to-service", "targetRefs")},
      {"targetrefs-several shop/back-1", later("shop/a-both", "targetRefs")},
      {"targetrefs-several shop/front-1", later("shop/a-both", "targetRefs")},
      {"targetrefs-several shop/web-1", later("shop/a-both", "targetRefs")},
      {"waypoint-cross-namespace shop/waypoint-1", waypoint},
      {"waypoint-envoyfilter shop/waypoint-1", waypoint},
      {"waypoint-match shop/waypoint-1", waypoint},
      {"waypoint-phases shop/waypoint-1", waypoint},
      {"waypoint-targets shop/waypoint-1", waypoint},
  };
  CHECK(reasons == expected);
}

TEST_CASE("a recording in which no plugin reaches anyone shows that none stands there") {
  const harness::Scenario* none = nullptr;
  for (const auto& scenario : tests::recorded_suite().suite.scenarios)
    if (scenario.name == "no-plugins") none = &scenario;
  REQUIRE(none);
  CHECK(none->reaches_nothing);
  std::size_t results = 0;
  for (const reports::Result& result : judged().results)
    if (result.scenario == "no-plugins") {
      ++results;
      CHECK(result.verdict == reports::Verdict::Conforms);
      CHECK(result.chains > 0);
    }
  CHECK(results >= kImplementations.size());
}

// The guards of a run against vacuous passes, each with the smallest suite that it bites.
#include "harness/suite.h"

#include <catch2/catch.hpp>

#include "tests/harness/suite_folder.h"
#include "tests/model/observed.h"

namespace fs = std::filesystem;
using harness::Suite;
using harness::SuiteOptions;
using reports::Verdict;
using tests::Folder;
using Lines = std::vector<std::string>;

namespace {

std::string head(const std::string& name, const std::string& fields = "clauses: [SEL-2]") {
  return "apiVersion: plumbline.dev/v1\nkind: Scenario\nname: " + name + "\nsentence: A plugin stands there.\n" +
         fields + "\n";
}

std::string pod(const std::string& name) {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name +
         ", namespace: shop, labels: {app: web}, annotations: {sidecar.istio.io/inject: 'true'}}\n"
         "spec: {containers: [{name: app}, {name: istio-proxy}]}\n";
}

std::string plugin(const std::string& name, const std::string& fields = "") {
  return "---\napiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: " + name +
         ", namespace: shop}\nspec: {url: 'oci://registry.example.com/a:v1'" + fields + "}\n";
}

// A scenario of one Pod and one plugin.
std::string one(const std::string& name, const std::string& fields = "clauses: [SEL-2]") {
  return head(name, fields) + pod("web-1") + plugin("a");
}

std::string golden(const std::string& workload = "shop/web-1") {
  return "workloads:\n  " + workload + ":\n    inbound:\n      - authn\n      - authz\n      - stats\n      - shop/a\n"
         "      - router\n";
}

// An implementation that was seen to run what the test says.
struct Said final : harness::Subject {
  std::string implementation = "said-1.0";
  std::map<std::string, std::vector<harness::Actual>> runs;

  const std::string& name() const override { return implementation; }
  std::optional<std::vector<harness::Actual>> run(const std::string& scenario) override {
    const auto found = runs.find(scenario);
    return found == runs.end() ? std::nullopt : std::optional(found->second);
  }
};

harness::Actual ran(const std::string& workload, const std::string& filters) {
  return {"said", tests::object_name(workload), tests::proxy({tests::chain(filters)})};
}

reports::Report run(const Folder& folder, std::map<std::string, std::vector<harness::Actual>> runs,
                    const harness::JudgingOptions& options = {}) {
  auto subject = std::make_unique<Said>();
  subject->runs = std::move(runs);
  std::vector<std::unique_ptr<harness::Subject>> subjects;
  subjects.push_back(std::move(subject));
  Suite suite = folder.read();
  return harness::run_subjects(suite, subjects, options);
}

const std::string kRight = "authn authz stats shop/a router";

}  // namespace

TEST_CASE("a sound suite passes no guard in vain") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one"));
  folder.write("golden/one.yaml", golden());
  Suite suite = folder.read();
  CHECK(suite.whole);
  const auto report = harness::run_golden(suite, {});
  CHECK(folder.hygiene(report.hygiene).empty());
  REQUIRE(report.results.size() == 1);
  CHECK(report.results[0].verdict == Verdict::Conforms);
  CHECK(report.results[0].workload == "shop/web-1");
  CHECK(reports::exit_code(report, {}) == reports::ExitCode::Ok);
}

TEST_CASE("a suite without a scenario is told") {
  const Folder folder;
  CHECK(folder.hygiene(folder.read().hygiene) == Lines{"no scenario was found"});
  folder.write("scenarios/pod.yaml", pod("web-1").substr(4));
  CHECK(folder.hygiene(folder.read().hygiene) ==
        Lines{"scenarios/pod.yaml: its first document is no Scenario", "no scenario was found"});
  Suite suite = folder.read();
  CHECK(reports::exit_code(harness::run_golden(suite, {}), {}) == reports::ExitCode::Hygiene);
}

TEST_CASE("a filter that fits nothing is told, one that fits takes what it fits") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one"));
  folder.write("scenarios/two.yaml", one("two", "clauses: [PRI-1]"));
  SuiteOptions options;
  options.filters = {"o*", "three"};
  CHECK(folder.hygiene(folder.read(options).hygiene) == Lines{"the filter 'three' fits no scenario"});
  CHECK(folder.read(options).scenarios.size() == 1);
  CHECK_FALSE(folder.read(options).whole);
  options = {};
  options.clauses = {"PRI-1", "PRI-2"};
  CHECK(folder.hygiene(folder.read(options).hygiene) == Lines{"no scenario names the clause 'PRI-2'"});
  CHECK(folder.read(options).scenarios.size() == 1);
}

TEST_CASE("a name given twice is told") {
  const Folder folder;
  folder.write("scenarios/a/one.yaml", one("one"));
  folder.write("scenarios/b/one.yaml", one("one"));
  CHECK(folder.hygiene(folder.read().hygiene) ==
        Lines{"scenarios/b/one.yaml: the name 'one' is taken by scenarios/a/one.yaml"});
}

TEST_CASE("scenarios without a name are bad, not of one name") {
  const Folder folder;
  for (const std::string file : {"scenarios/one.yaml", "scenarios/two.yaml"})
    folder.write(file, "apiVersion: plumbline.dev/v1\nkind: Scenario\nsentence: It stands.\n" + pod("web-1") + plugin("a"));
  Suite suite = folder.read();
  CHECK(folder.hygiene(suite.hygiene).empty());
  const auto report = harness::run_golden(suite, {});
  REQUIRE(report.results.size() == 2);
  CHECK(report.results[0].verdict == Verdict::BadScenario);
  CHECK(folder.hygiene({report.results[0].reason}) ==
        Lines{"scenarios/one.yaml:1:1: the Scenario has no 'name'"});
}

TEST_CASE("an unknown clause is told with its place") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one", "clauses: [SEL-2, SEL-99]"));
  CHECK(folder.hygiene(folder.read().hygiene) == Lines{"scenarios/one.yaml:5:18: there is no clause 'SEL-99'"});
}

TEST_CASE("plugins that reach nobody are told, unless the scenario says so, and the reverse") {
  const Folder folder;
  const std::string nobody = pod("web-1") + plugin("a", ", selector: {matchLabels: {app: api}}");
  folder.write("scenarios/one.yaml", head("one") + nobody);
  CHECK(folder.hygiene(folder.read().hygiene) ==
        Lines{"scenarios/one.yaml: no plugin reaches a workload: mend it, or write `reaches: nothing`"});
  folder.write("scenarios/one.yaml", head("one", "reaches: nothing") + nobody);
  CHECK(folder.hygiene(folder.read().hygiene).empty());
  folder.write("scenarios/one.yaml", one("one", "reaches: nothing"));
  CHECK(folder.hygiene(folder.read().hygiene) ==
        Lines{"scenarios/one.yaml: it says `reaches: nothing`, but a plugin reaches a workload"});
}

TEST_CASE("a scenario without a golden file is told, and a golden file without a scenario") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one"));
  folder.write("golden/two.yaml", golden());
  Suite suite = folder.read();
  CHECK(folder.hygiene(harness::run_golden(suite, {}).hygiene) ==
        Lines{"scenarios/one.yaml: it has no golden file golden/one.yaml; write it with: plumbline bless",
              "golden/two.yaml: no scenario belongs to this golden file"});
}

TEST_CASE("of a part of a suite the golden files of the rest are not told") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one"));
  folder.write("scenarios/two.yaml", one("two"));
  folder.write("golden/one.yaml", golden());
  folder.write("golden/two.yaml", golden());
  Suite suite = harness::read_suite({folder.path("scenarios/one.yaml")}, {});
  CHECK(folder.hygiene(harness::run_golden(suite, {}).hygiene).empty());
}

TEST_CASE("a workload that the golden file does not judge is told, and one that the scenario lacks") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one") + pod("web-2"));
  folder.write("golden/one.yaml", golden() + golden("shop/web-3").substr(11));
  Suite suite = folder.read();
  CHECK(folder.hygiene(harness::run_golden(suite, {}).hygiene) ==
        Lines{"golden/one.yaml: it does not judge shop/web-2 of scenarios/one.yaml",
              "golden/one.yaml: scenarios/one.yaml has no workload shop/web-3"});
}

TEST_CASE("a wrong order in a golden file is told as that, with its clauses") {
  const Folder folder;
  folder.write("scenarios/one.yaml", head("one") + pod("web-1") + plugin("a", ", priority: 1") + plugin("b", ", priority: 2"));
  folder.write("golden/one.yaml",
               "workloads:\n  shop/web-1:\n    inbound: [authn, authz, shop/a, shop/b, stats, router]\n");
  Suite suite = folder.read();
  const auto report = harness::run_golden(suite, {});
  REQUIRE(report.results.size() == 1);
  CHECK(report.results[0].verdict == Verdict::Differs);
  Lines told;
  for (const auto& difference : report.results[0].differences) {
    told.push_back(tests::told(difference.found));
    told.back().replace(told.back().find("line "), 7, "");
  }
  CHECK(told == Lines{"MUST order shop/b shop/a |  | PRI-1 |  | shop/b must stand before shop/a",
                      "SHOULD placement shop/a shop/b | stats | PHA-6 |  | stats stands between it and the router"});
  CHECK(folder.hygiene({report.results[0].differences[0].where}) == Lines{"scenarios/one.yaml:20:58"});
  REQUIRE(report.results[0].shown);
  CHECK(report.results[0].shown->expected.size() == 6);
  CHECK(report.results[0].shown->actual[2].label == "shop/a");
  CHECK(reports::exit_code(report, {}) == reports::ExitCode::Differs);
}

TEST_CASE("a golden file that swaps tied plugins differs in its listing") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one") + plugin("b"));
  folder.write("golden/one.yaml",
               "workloads:\n  shop/web-1:\n    inbound: [authn, authz, stats, shop/b, shop/a, router]\n"
               "    ties:\n      - [shop/a, shop/b]\n");
  Suite suite = folder.read();
  const auto report = harness::run_golden(suite, {});
  REQUIRE(report.results.size() == 1);
  REQUIRE(report.results[0].differences.size() == 1);
  const auto& difference = report.results[0].differences[0].found;
  CHECK(difference.kind == model::DifferenceKind::Setting);
  CHECK(difference.pointer == "/workloads/shop~1web-1/inbound");
  CHECK(difference.expected == R"(["authn","authz","stats","shop/a","shop/b","router"])");
  CHECK(difference.actual == R"(["authn","authz","stats","shop/b","shop/a","router"])");
}

TEST_CASE("a subject that runs what it must conforms, one that does not differs") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one"));
  const auto right = run(folder, {{"one", {ran("shop/web-1", kRight)}}});
  CHECK(folder.hygiene(right.hygiene).empty());
  REQUIRE(right.results.size() == 1);
  CHECK(right.results[0].verdict == Verdict::Conforms);
  CHECK(right.results[0].implementation == "said-1.0");
  CHECK(right.results[0].scenario == "one");
  CHECK(right.notes == Lines{"said-1.0: PRI-3 is not shown, no tied pair was seen twice"});
  const auto wrong = run(folder, {{"one", {ran("shop/web-1", "router")}}});
  CHECK(wrong.results[0].verdict == Verdict::Differs);
  const auto early = run(folder, {{"one", {ran("shop/web-1", "shop/a authn router")}}});
  CHECK(early.results[0].verdict == Verdict::Conforms);
  const auto strict = run(folder, {{"one", {ran("shop/web-1", "shop/a authn router")}}}, {.strict = true});
  CHECK(strict.results[0].verdict == Verdict::Differs);
}

TEST_CASE("a subject without dumps of the suite is told, one without those of a scenario counted") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one"));
  folder.write("scenarios/two.yaml", one("two"));
  const auto none = run(folder, {{"three", {ran("shop/web-1", kRight)}}});
  CHECK(folder.hygiene(none.hygiene) == Lines{"said-1.0 has dumps of no scenario of this suite"});
  CHECK(none.not_run == Lines{"said-1.0=one", "said-1.0=two"});
  CHECK(reports::exit_code(none, {}) == reports::ExitCode::Hygiene);
  const auto some = run(folder, {{"two", {ran("shop/web-1", kRight)}}});
  CHECK(folder.hygiene(some.hygiene).empty());
  CHECK(some.not_run == Lines{"said-1.0=one"});
}

TEST_CASE("a workload that no dump judges is told, unless noDump excuses it, and the reverse") {
  const Folder folder;
  const std::string both = pod("web-1") + pod("web-2") + plugin("a");
  folder.write("scenarios/one.yaml", head("one") + both);
  CHECK(folder.hygiene(run(folder, {{"one", {ran("shop/web-1", kRight)}}}).hygiene) ==
        Lines{"one: no dump of said-1.0 judges shop/web-2"});
  folder.write("scenarios/one.yaml", head("one", "noDump: [shop/web-2]") + both);
  CHECK(folder.hygiene(run(folder, {{"one", {ran("shop/web-1", kRight)}}}).hygiene).empty());
  CHECK(folder.hygiene(
            run(folder, {{"one", {ran("shop/web-1", kRight), ran("shop/web-2", kRight)}}}).hygiene) ==
        Lines{"one: noDump lists shop/web-2, but said-1.0 has its dump"});
}

TEST_CASE("noDump names a workload of the scenario") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one", "noDump: [shop/web-9]"));
  CHECK(folder.hygiene(folder.read().hygiene) ==
        Lines{"scenarios/one.yaml: noDump lists shop/web-9, which is no workload of it"});
}

TEST_CASE("a dump that its node names judges the workload of that name") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one"));
  auto actual = ran("shop/web-1", kRight);
  actual.workload.reset();
  std::get<model::ObservedProxy>(actual.proxy).node.ns = "shop";
  std::get<model::ObservedProxy>(actual.proxy).node.name = "web-1";
  const auto report = run(folder, {{"one", {actual}}});
  CHECK(folder.hygiene(report.hygiene).empty());
  CHECK(report.results.at(0).verdict == Verdict::Conforms);
}

TEST_CASE("a bad scenario is told, and its subjects are not asked") {
  const Folder folder;
  folder.write("scenarios/one.yaml", one("one") + "---\nkind: [\n");
  const auto report = run(folder, {{"one", {ran("shop/web-1", kRight)}}});
  REQUIRE(report.results.size() == 1);
  CHECK(report.results[0].verdict == Verdict::BadScenario);
  CHECK(reports::exit_code(report, {}) == reports::ExitCode::BadInput);
}

TEST_CASE("a name fits a pattern with * and ?") {
  CHECK(harness::fits("unset-*", "unset-priority"));
  CHECK(harness::fits("*", ""));
  CHECK(harness::fits("*-b*c", "a-b-b-c"));
  CHECK(harness::fits("a?c", "abc"));
  CHECK_FALSE(harness::fits("a?c", "ac"));
  CHECK_FALSE(harness::fits("a*", "ba"));
  CHECK_FALSE(harness::fits("", "a"));
  CHECK_FALSE(harness::fits("*a", "ab"));
}

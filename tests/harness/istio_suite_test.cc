// The guards of golden files of Istio's versions, each with the smallest suite that it bites.
#include "harness/istio_suite.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/harness/suite_folder.h"

using harness::Profile;
using harness::Suite;
using reports::Verdict;
using tests::Folder;
using Lines = std::vector<std::string>;

namespace {

std::string head(const std::string& fields) {
  return "apiVersion: plumbline.dev/v1\nkind: Scenario\nname: one\nsentence: A plugin stands there.\nclauses: [SEL-2]\n" + fields + "\n";
}

std::string pod(const std::string& name = "web-1") {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + name +
         ", namespace: shop, labels: {app: web}, annotations: {sidecar.istio.io/inject: 'true'}}\n";
}

std::string plugin(const std::string& name, const std::string& fields = "",
                   const std::string& created = "2024-01-01T00:00:00Z") {
  return "---\napiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: " + name +
         ", namespace: shop, creationTimestamp: '" + created + "'}\nspec: {url: 'oci://registry.example.com/a:v1'" + fields + "}\n";
}

const std::string kPlugins = "shows: [plugins]\nlisteners: [inbound http]\n";

// One plugin without a priority, and one below zero.
std::string unset_and_low(const std::string& fields = "contradicts: [PRI-2]\n" + kPlugins) {
  return head(fields) + pod() + plugin("a-unset") + plugin("b-low", ", priority: -1");
}

const std::string kDocumented =
    "workloads:\n  shop/web-1:\n    inbound:\n      - authn\n      - authz\n      - stats\n      - shop/a-unset\n      - shop/b-low\n"
    "      - router\n";

std::string golden(const std::string& plugins = "[shop/b-low, shop/a-unset]", const std::string& workload = "shop/web-1") {
  return "workloads:\n  " + workload + ":\n    inbound http: " + plugins + "\n";
}

// A sound suite of one scenario.
void lay_out(const Folder& folder) {
  folder.write("scenarios/istio/one.yaml", unset_and_low());
  folder.write("golden/istio/one.yaml", kDocumented);
  folder.write("golden/istio/one/1.12.0.yaml", golden());
}

std::vector<Profile> all_profiles() {
  std::vector<Profile> all = harness::istio_profiles();
  all.insert(all.begin(), Profile{});
  return all;
}

reports::Report run(const Folder& folder, const std::vector<Profile>& profiles = all_profiles()) {
  Suite suite = folder.read();
  return harness::run_golden(suite, {}, profiles);
}

Lines hygiene(const Folder& folder) { return folder.hygiene(run(folder).hygiene); }

}  // namespace

TEST_CASE("a file of a version holds for every profile until the next file") {
  const Folder folder;
  lay_out(folder);
  const auto report = run(folder);
  CHECK(folder.hygiene(report.hygiene).empty());
  REQUIRE(report.results.size() == 2);
  CHECK(report.results[0].verdict == Verdict::Conforms);
  CHECK(report.results[1].verdict == Verdict::Conforms);
  CHECK(report.results[1].workload == "shop/web-1");
  CHECK(folder.hygiene({report.results[1].source}) ==
        Lines{"golden/istio/one/1.12.0.yaml (istio-1.12.0 to istio-1.31.0)"});
}

TEST_CASE("one profile judges the file that holds for it, and the documented one alone no such file") {
  const Folder folder;
  lay_out(folder);
  std::string problem;
  const auto report = run(folder, {*harness::parse_profile("istio-1.20", problem)});
  CHECK(folder.hygiene(report.hygiene).empty());
  REQUIRE(report.results.size() == 1);
  CHECK(folder.hygiene({report.results[0].source}) == Lines{"golden/istio/one/1.12.0.yaml (istio-1.20)"});
  const auto documented = run(folder, {Profile{}});
  CHECK(folder.hygiene(documented.hygiene).empty());
  REQUIRE(documented.results.size() == 1);
  CHECK(folder.hygiene({documented.results[0].source}) == Lines{"golden/istio/one.yaml"});
}

TEST_CASE("a file of a version that says otherwise differs, with both chains") {
  const Folder folder;
  lay_out(folder);
  folder.write("golden/istio/one/1.19.0.yaml", golden("[shop/a-unset, shop/b-low]"));
  const auto report = run(folder);
  REQUIRE(report.results.size() == 3);
  CHECK(report.results[1].verdict == Verdict::Conforms);
  const auto& differs = report.results[2];
  CHECK(folder.hygiene({differs.source}) == Lines{"golden/istio/one/1.19.0.yaml (istio-1.19.0 to istio-1.31.0)"});
  CHECK(differs.verdict == Verdict::Differs);
  REQUIRE(differs.differences.size() == 1);
  CHECK(differs.differences[0].found.pointer == "/workloads/shop~1web-1/inbound http");
  CHECK(differs.differences[0].found.expected == R"(["shop/b-low","shop/a-unset"])");
  CHECK(differs.differences[0].found.actual == R"(["shop/a-unset","shop/b-low"])");
  REQUIRE(differs.shown);
  CHECK(differs.shown->listener == "inbound http");
}

TEST_CASE("a section that the scenario does not show differs, and one that is not there") {
  const Folder folder;
  lay_out(folder);
  folder.write("golden/istio/one/1.12.0.yaml", golden() + "refused: {}\n");
  auto report = run(folder);
  REQUIRE(report.results.size() == 2);
  REQUIRE(report.results[1].differences.size() == 1);
  CHECK(report.results[1].differences[0].found.pointer == "/refused");
  folder.write("golden/istio/one/1.12.0.yaml", "refused: {}\n");
  report = run(folder);
  REQUIRE(report.results.size() == 2);
  CHECK(report.results[1].differences.size() == 2);
}

TEST_CASE("a scenario of Istio's versions without a file is told") {
  const Folder folder;
  lay_out(folder);
  folder.remove("golden/istio/one");
  CHECK(hygiene(folder) ==
        Lines{"scenarios/istio/one.yaml: it has no golden file golden/istio/one/1.12.0.yaml; write it with: plumbline bless "
              "--profile all"});
}

TEST_CASE("a scenario under istio that does not say what it contradicts is told") {
  const Folder folder;
  lay_out(folder);
  folder.write("scenarios/istio/one.yaml", unset_and_low(""));
  folder.remove("golden/istio/one");
  CHECK(hygiene(folder) ==
        Lines{"scenarios/istio/one.yaml: it does not say which clauses it contradicts: write `contradicts`, [] where the text "
              "is silent",
              "no scenario shows what Istio does: `contradicts` says which clauses one breaks"});
}

TEST_CASE("an unknown clause in contradicts is told with its place") {
  const Folder folder;
  lay_out(folder);
  folder.write("scenarios/istio/one.yaml", unset_and_low("contradicts: [PRI-2, PRI-22]\n" + kPlugins));
  CHECK(hygiene(folder) == Lines{"scenarios/istio/one.yaml:6:22: there is no clause 'PRI-22'"});
}

TEST_CASE("a clause that no file contradicts is told") {
  const Folder folder;
  lay_out(folder);
  folder.write("scenarios/istio/one.yaml", unset_and_low("contradicts: [PRI-2, SEL-2]\n" + kPlugins));
  CHECK(hygiene(folder) ==
        Lines{"scenarios/istio/one.yaml: it contradicts SEL-2, it says, but under no version its golden files do"});
}

TEST_CASE("a clause about acceptance is contradicted where a version accepts what the text refuses") {
  const Folder folder;
  const auto write = [&](const std::string& url, const std::string& more, const std::string& documented) {
    folder.write("scenarios/istio/one.yaml",
                 head("contradicts: [SHA-2]\nshows: [accepted]") + pod() + plugin("b") +
                     "---\napiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: a, namespace: shop}\nspec: {url: '" +
                     url + "'" + more + "}\n");
    folder.write("golden/istio/one.yaml", "workloads:\n  shop/web-1:\n    inbound: [authn, authz, stats, " + documented);
    folder.write("golden/istio/one/1.12.0.yaml", "refused: {}\ndiscarded: {}\n");
  };
  const std::string digest(64, 'a');
  write("oci://registry.example.com/a@sha256:" + digest, ", sha256: '" + std::string(64, 'b') + "'",
        "shop/b, router]\nrefused: {shop/a: SHA-2}\n");
  CHECK(hygiene(folder).empty());
  write("oci://registry.example.com/a@sha256:" + digest, ", sha256: '" + digest + "'",
        "shop/a, shop/b, router]\n    ties: [[shop/a, shop/b]]\n");
  CHECK(hygiene(folder) ==
        Lines{"scenarios/istio/one.yaml: it contradicts SHA-2, it says, but under no version its golden files do"});
}

TEST_CASE("a clause about modules is contradicted where a version reads a url otherwise") {
  const Folder folder;
  const auto write = [&](const std::string& url, const std::string& read) {
    folder.write("scenarios/istio/one.yaml",
                 head("contradicts: [URL-1]\nshows: [code]") + pod() +
                     "---\napiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: a, namespace: shop}\nspec: {url: '" +
                     url + "'}\n");
    folder.write("golden/istio/one.yaml", "workloads:\n  shop/web-1:\n    inbound: [authn, authz, stats, shop/a, router]\n");
    folder.write("golden/istio/one/1.12.0.yaml", "payloads:\n  shop/a: {url: '" + read + "'}\n");
  };
  write("filter:v1", "filter:v1");
  CHECK(hygiene(folder).empty());
  write("registry.example.com/a:v1", "oci://registry.example.com/a:v1");
  CHECK(hygiene(folder) ==
        Lines{"scenarios/istio/one.yaml: it contradicts URL-1, it says, but under no version its golden files do"});
}

TEST_CASE("a file of a version that changes nothing is told") {
  const Folder folder;
  lay_out(folder);
  folder.write("golden/istio/one/1.20.0.yaml", golden());
  CHECK(hygiene(folder) == Lines{"golden/istio/one/1.20.0.yaml: it changes nothing against 1.12.0.yaml"});
}

TEST_CASE("a file of a version that has no row is told") {
  const Folder folder;
  lay_out(folder);
  folder.write("golden/istio/one/1.20.5.yaml", golden());
  CHECK(hygiene(folder) == Lines{"golden/istio/one/1.20.5.yaml: no version begins here: a file bears the name of one of "
                                 "`plumbline profiles`"});
}

TEST_CASE("files of versions beside a scenario that shows none belong to nobody") {
  const Folder folder;
  lay_out(folder);
  folder.write("scenarios/two.yaml", "apiVersion: plumbline.dev/v1\nkind: Scenario\nname: two\nsentence: It stands.\nclauses: [SEL-2]\n" +
                                         pod() + plugin("a-unset") + plugin("b-low", ", priority: -1"));
  folder.write("golden/two.yaml", kDocumented);
  folder.write("golden/two/1.12.0.yaml", golden());
  CHECK(hygiene(folder) == Lines{"golden/two/1.12.0.yaml: no scenario belongs to this golden file"});
}

TEST_CASE("a workload that a file of a version misses is told, and one that the scenario lacks") {
  const Folder folder;
  lay_out(folder);
  folder.write("golden/istio/one/1.12.0.yaml", golden("[shop/b-low, shop/a-unset]", "shop/web-2"));
  CHECK(hygiene(folder) == Lines{"golden/istio/one/1.12.0.yaml: it does not judge shop/web-1 of scenarios/istio/one.yaml",
                                 "golden/istio/one/1.12.0.yaml: scenarios/istio/one.yaml has no workload shop/web-2",
                                 "scenarios/istio/one.yaml: it contradicts PRI-2, it says, but under no version its golden files do"});
}

TEST_CASE("a listener that no file has is told") {
  const Folder folder;
  lay_out(folder);
  folder.write("scenarios/istio/one.yaml",
               unset_and_low("contradicts: [PRI-2]\nshows: [plugins]\nlisteners: [inbound http, gateway http]\n"));
  CHECK(hygiene(folder) ==
        Lines{"scenarios/istio/one.yaml: it names the listener 'gateway http', of which no golden file has a chain"});
}

TEST_CASE("a workload of nodeLabels that the scenario lacks is told, and one that it has is believed") {
  const Folder folder;
  const std::string selecting = pod() + plugin("a", ", selector: {matchLabels: {app: old}}") + plugin("b");
  lay_out(folder);
  folder.write("scenarios/istio/one.yaml", head("contradicts: []\n" + kPlugins + "nodeLabels: {shop/web-1: {app: old}}") + selecting);
  folder.write("golden/istio/one.yaml",
               "workloads:\n  shop/web-1:\n    inbound: [authn, authz, stats, shop/b, router]\n    excluded: {shop/a: SEL-1}\n");
  folder.write("golden/istio/one/1.12.0.yaml", golden("[shop/a, shop/b]"));
  folder.write("golden/istio/one/1.16.0.yaml", golden("[shop/b]"));
  const auto report = run(folder);
  CHECK(folder.hygiene(report.hygiene).empty());
  CHECK(summarise(report).conforms == 3);
  folder.write("scenarios/istio/one.yaml", head("contradicts: []\n" + kPlugins + "nodeLabels: {shop/web-2: {app: old}}") + selecting);
  CHECK(hygiene(folder) == Lines{"scenarios/istio/one.yaml: nodeLabels lists shop/web-2, which is no workload of it"});
}

TEST_CASE("PRI-3 is contradicted by two scenarios that show the same plugins the other way round") {
  const Folder folder;
  const auto write = [&](const std::string& name, const std::string& later, const std::string& order) {
    folder.write("scenarios/istio/" + name + ".yaml",
                 "apiVersion: plumbline.dev/v1\nkind: Scenario\nname: " + name +
                     "\nsentence: It stands.\nclauses: [PRI-3]\ncontradicts: [PRI-3]\n" + kPlugins + pod() +
                     plugin("a", "", "2024-01-02T00:00:00Z") + plugin("b", "", later));
    folder.write("golden/istio/" + name + ".yaml",
                 "workloads:\n  shop/web-1:\n    inbound: [authn, authz, stats, shop/a, shop/b, router]\n    ties: [[shop/a, shop/b]]\n");
    folder.write("golden/istio/" + name + "/1.12.0.yaml", golden(order));
  };
  write("one", "2024-01-01T00:00:00Z", "[shop/b, shop/a]");
  CHECK(hygiene(folder) ==
        Lines{"scenarios/istio/one.yaml: it contradicts PRI-3, it says, but under no version its golden files do"});
  write("two", "2024-01-03T00:00:00Z", "[shop/a, shop/b]");
  CHECK(hygiene(folder).empty());
}

TEST_CASE("a bad file of a version is told with its place") {
  const Folder folder;
  lay_out(folder);
  folder.write("golden/istio/one/1.12.0.yaml", golden() + "plugins: {}\n");
  const auto report = run(folder);
  CHECK(summarise(report).bad_scenario == 1);
  CHECK(report.hygiene.empty());
  REQUIRE(report.results.size() == 2);
  CHECK(folder.hygiene({report.results[1].reason}) ==
        Lines{"golden/istio/one/1.12.0.yaml:4:1: a golden file of an Istio version has no section 'plugins'"});
}

TEST_CASE("what is written for a golden file of a version is read again as the same") {
  const Folder folder;
  folder.write("scenarios/istio/one.yaml", head("contradicts: []\nshows: [chains, names, types, code, config, env, fail, accepted]") + pod() +
                                               plugin("a", ", pluginConfig: {text: \"it's {\"}, sha256: 'no'"));
  const Suite suite = folder.read();
  REQUIRE(suite.scenarios.size() == 1);
  for (const Profile& profile : harness::istio_profiles()) {
    const auto golden = promise(suite.scenarios[0], *profile.istio);
    harness::Diagnostics diagnostics;
    const auto again = read_istio_golden({"one.yaml", to_yaml(golden)}, diagnostics);
    REQUIRE(again);
    CHECK(*again == golden);
  }
}

TEST_CASE("version files are those that change something, and the first") {
  const Folder folder;
  folder.write("scenarios/istio/one.yaml", unset_and_low("contradicts: []\nshows: [names]"));
  const Suite suite = folder.read();
  REQUIRE(suite.scenarios.size() == 1);
  Lines paths;
  for (const auto& [path, text] : version_files(suite.scenarios[0], {})) paths.push_back(path);
  CHECK(folder.hygiene(paths) == Lines{"golden/istio/one/1.12.0.yaml", "golden/istio/one/1.21.0.yaml",
                                       "golden/istio/one/1.26.0.yaml", "golden/istio/one/1.30.0.yaml"});
}

TEST_CASE("the list of deviations names every scenario of Istio's versions") {
  std::ifstream file(PLUMBLINE_SOURCE_DIR "/docs/deviations.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::size_t scenarios = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PLUMBLINE_SOURCE_DIR "/scenarios/istio")) {
    const std::string name = entry.path().stem().string();
    CAPTURE(name);
    CHECK(text.find("`" + name + "`") != std::string::npos);
    ++scenarios;
  }
  CHECK(scenarios >= 45);
}

TEST_CASE("the recordings that scenarios of Istio's versions name as their proof are there") {
  std::size_t named = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PLUMBLINE_SOURCE_DIR "/scenarios/istio")) {
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string folder = "recorded/";
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder, at + 1)) {
      const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", at + folder.size());
      const std::string name = text.substr(at, end - at);
      CAPTURE(entry.path().string(), name);
      CHECK(std::filesystem::exists(PLUMBLINE_SOURCE_DIR "/scenarios/" + name + ".yaml"));
      ++named;
    }
  }
  CHECK(named >= 40);
}

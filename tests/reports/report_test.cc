#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/report_json.h"
#include "reports/report_junit.h"
#include "reports/report_text.h"
#include "reports/side_by_side.h"
#include "tests/reports/verdicts.h"

using model::operator""_clause;
using reports::Detail;
using reports::Report;

namespace {

std::string text_of(const Report& report, Detail detail = Detail::Brief) {
  std::string out;
  reports::append_report_text(out, report, detail, reports::Paint(false));
  return out;
}

std::string json_of(const Report& report) {
  std::string out;
  reports::append_report_json(out, report);
  return out;
}

std::string junit_of(const Report& report) {
  std::string out;
  reports::append_report_junit(out, report);
  return out;
}

// "expected actual" of each row, with the marks; "." where a side has nothing.
std::vector<std::string> rows(const std::vector<std::string>& expected,
                              const std::vector<std::string>& actual, bool complete = false) {
  std::vector<reports::ShownLink> left;
  std::vector<reports::ShownLink> right;
  for (const auto& name : expected) left.push_back(tests::plugin_link(name));
  for (const auto& name : actual)
    right.push_back(name.starts_with("envoy.") ? tests::foreign(name) : tests::seen_plugin(name));
  const auto side = [](const std::optional<reports::ShownLink>& link, reports::Mark mark) {
    constexpr std::string_view kMarks = "=-+~ !";
    return link ? kMarks[static_cast<std::size_t>(mark)] + link->label : std::string(".");
  };
  std::vector<std::string> told;
  for (const reports::ChainRow& row : reports::side_by_side(left, right, complete))
    told.push_back(side(row.expected, row.expected_mark) + " " + side(row.actual, row.actual_mark));
  return told;
}

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("where something is expected of every filter, none is free and none stands in another's row") {
  CHECK(rows({"a", "b"}, {"envoy.cors", "b"}) == Rows{"-a  envoy.cors", "=b =b"});
  CHECK(rows({"a", "b"}, {"envoy.cors", "b"}, true) == Rows{"-a .", ". +envoy.cors", "=b =b"});
}

TEST_CASE("chains side by side agree on as much as they can") {
  CHECK(rows({}, {}).empty());
  CHECK(rows({"a", "b"}, {"a", "b"}) == Rows{"=a =a", "=b =b"});
  CHECK(rows({"a", "b"}, {"b"}) == Rows{"-a .", "=b =b"});
  CHECK(rows({"b"}, {"a", "b"}) == Rows{". +a", "=b =b"});
  CHECK(rows({"a", "b", "c"}, {"b", "c", "a"}) == Rows{"~a .", "=b =b", "=c =c", ". ~a"});
  CHECK(rows({"a"}, {"a", "a"}) == Rows{"=a =a", ". +a"});
  CHECK(rows({"a", "c"}, {"b", "c"}) == Rows{"-a +b", "=c =c"});
  CHECK(rows({"a"}, {"envoy.cors", "a"}) == Rows{".  envoy.cors", "=a =a"});
}

TEST_CASE("only what a difference names is at fault: what is open is free, what stands between is marked") {
  auto result = tests::conforming("shop/web");
  result.differences = {
      tests::difference(model::DifferenceKind::Placement, model::Level::Should, {{"shop", "a"}},
                        {"PHA-6"_clause}, "istio.stats and cors stand between it and the router"),
      tests::difference(model::DifferenceKind::Missing, model::Level::Info, {{"shop", "b"}},
                        {"PRI-7"_clause}, "open")};
  result.differences[0].found.filters = {"istio.stats", "cors"};
  result.differences[0].where = "mesh/a.yaml:1:1";
  result.shown = reports::ShownChains{
      "virtualInbound",
      {tests::plugin_link("shop/a"), tests::plugin_link("shop/b"), tests::anchor_link("stats"),
       tests::anchor_link("router")},
      {tests::seen_plugin("shop/a"), tests::seen_plugin("shop/open"),
       tests::seen_anchor("stats", "istio.stats"), tests::foreign("cors"), tests::foreign("grpc"),
       tests::seen_anchor("router", "envoy.filters.http.router")}};
  Report report;
  report.results = {result};
  CHECK(text_of(report) == R"(1 workload: it conforms
1 that conforms has a SHOULD difference (--strict fails on it); 1 INFO record (--verbose shows them)

conforms  shop/web

    expected    actual, virtualInbound
    shop/a      shop/a
    shop/b      shop/open
    stats     ! stats  in between
              ! cors  in between
                grpc
    router      router

  SHOULD  shop/a: istio.stats and cors stand between it and the router
          PHA-6  "This will generally be at the end of the filter chain, right before the Router."
          manifest  mesh/a.yaml:1:1
)");
}

TEST_CASE("a report in which all conform is one line") {
  Report report;
  report.results = {tests::conforming("shop/a")};
  CHECK(text_of(report) == "1 workload: it conforms\n");
  report.results.push_back(tests::conforming("shop/b"));
  report.implementation = "istio";
  report.version = "1.29.1";
  CHECK(text_of(report) == "2 workloads: all conform (istio 1.29.1)\n");
  report.scenarios = 2;
  CHECK(text_of(report) == "2 scenarios, 2 workloads: all conform (istio 1.29.1)\n");
  report.implementation = "istio-1.29.1";
  CHECK(text_of(report) == "2 scenarios, 2 workloads: all conform (istio-1.29.1)\n");
}

TEST_CASE("an empty report says that nothing was judged") {
  CHECK(text_of({}) == "nothing was judged\n");
  CHECK(junit_of({}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
        "</testsuites>\n");
  CHECK(nlohmann::json::parse(json_of({}))["results"].empty());
}

TEST_CASE("a report tells the sum first, then what differs and why, then what was not judged") {
  CHECK(text_of(tests::rich_report()) ==
        R"(5 workloads: 1 differs, 1 with an error, 1 not modelled, 2 conform (istio 1.29.1)
1 that conforms has a SHOULD difference (--strict fails on it); 1 INFO record (--verbose shows them)

differs  shop/web-1  dumps/shop.web-1.json

    expected                                actual, virtualInbound
  - istio-system/jwt  AUTHN, priority 10    missing
    authn                                   authn
  ~ shop/b  AUTHZ, priority 5
    shop/a  AUTHZ, no priority (0)          shop/a
                                          ~ shop/b  moved
    authz                                   authz
                                            istio.alpn
                                            envoy.filters.http.cors
                                            envoy.filters.http.fault
    stats                                   stats
                                          + shop/old  extra
    router                                  router

  MUST    shop/b must stand before shop/a
          PRI-1  "When multiple WasmPlugins are applied to the same workload in the same phase, they
                 will be applied by priority, in descending order."
          manifest  mesh/b.yaml:9:3
          listener  virtualInbound, 2 of 2 chains
  MUST    istio-system/jwt is missing: it has no selector: it applies to every workload of every
          namespace
          SEL-3  "If the WasmPlugin is present in the config root namespace, it will be applied to
                 all applicable workloads in any namespace."
          manifest  mesh/jwt.yaml:1:1
          listener  virtualInbound, 1 of 2 chains
  MUST    shop/old must not be there: the manifests have no WasmPlugin of this name
          listener  virtualInbound, 1 of 2 chains
  MUST    shop/a: another pluginConfig reaches the plugin
          expected  {"limit":10}
          actual    {"limit":100}
          CFG-1  "The configuration that will be passed on to the plugin."
          manifest  mesh/a.yaml:1:1
          in dump   /configs/3/ecds_filters/0/configuration
  MUST    listener 0.0.0.0_8080 is not in force: it is still warming, and traffic does not meet it
          yet
  Envoy's name of shop/a: extensions.istio.io/wasmplugin/shop/a
  Envoy's name of shop/b: extensions.istio.io/wasmplugin/shop/b
  Envoy's name of shop/old: extensions.istio.io/wasmplugin/shop/old

error  shop/empty
  the dump has no listener

not modelled  shop/way
  a waypoint (SEL-11)

conforms  shop/plain
  note: the labels of the dump differ from the manifest's

conforms  shop/api
  SHOULD  shop/a: istio.stats stands between it and the router
          PHA-6  "This will generally be at the end of the filter chain, right before the Router."
          manifest  mesh/a.yaml:1:1

hygiene:
  the filter 'x' matches no scenario

no dump for 2 workloads:
  shop/late-1, shop/late-2

not run: 1 scenario:
  istio=ties
)");
}

TEST_CASE("a report in full tells records, notes and the chains that were not judged") {
  const std::string text = text_of(tests::rich_report(), Detail::Verbose);
  CHECK_THAT(text, Catch::Contains("; 1 INFO record\n") &&
                       Catch::Contains("  INFO    shop/a: AUTHZ stands before external authorization\n"
                                       "          PHA-9  \"Insert plugin") &&
                       Catch::Contains("\nconforms  shop/plain\n"
                                       "  note: the labels of the dump differ from the manifest's\n") &&
                       Catch::Contains("  2 chains judged, 2 of the proxy itself, 7 outbound\n"));
}

TEST_CASE("long runs at which nothing is at fault are cut to their ends") {
  Report report;
  auto result = tests::differing();
  result.differences = {tests::difference(model::DifferenceKind::Missing, model::Level::Must,
                                          {{"shop", "p7"}}, {}, "it has no selector")};
  result.shown->expected.clear();
  result.shown->actual.clear();
  for (int i = 0; i < 9; ++i) {
    const std::string name = "shop/p" + std::to_string(i);
    result.shown->expected.push_back(tests::plugin_link(name));
    if (i != 7) result.shown->actual.push_back(tests::seen_plugin(name));
  }
  report.results = {result};
  CHECK_THAT(text_of(report), Catch::Contains("\n    expected    actual, virtualInbound\n"
                                              "    ... 5 filters, none at fault\n"
                                              "    shop/p5     shop/p5\n"
                                              "    shop/p6     shop/p6\n"
                                              "  - shop/p7     missing\n"
                                              "    shop/p8     shop/p8\n\n"));
}

TEST_CASE("what several implementations show alike is told once, with their names") {
  Report report;
  for (const std::string version : {"istio-1.12", "istio-1.13", "istio-1.14"}) {
    auto result = tests::differing();
    result.scenario = "priority-orders";
    result.implementation = version;
    if (version == "istio-1.13") result.differences.pop_back();
    report.results.push_back(result);
  }
  const std::string text = text_of(report);
  CHECK_THAT(text, Catch::Contains("differs  shop/web-1, scenario priority-orders, 2 implementations"
                                   "  dumps/shop.web-1.json\n  istio-1.12, istio-1.14\n") &&
                       Catch::Contains("differs  shop/web-1, scenario priority-orders, istio-1.13"
                                       "  dumps/shop.web-1.json\n"));
}

TEST_CASE("what is not in force is told in words that say what happened") {
  Report report;
  auto result = tests::conforming("shop/web");
  result.verdict = reports::Verdict::Differs;
  for (const std::string reason : {"no-resource", "fallback", "rejected: bad \x1b[0m wasm"})
    result.differences.push_back(tests::difference(model::DifferenceKind::NotInForce,
                                                   model::Level::Must, {{"shop", "a"}}, {}, reason));
  result.differences.push_back(
      tests::difference(model::DifferenceKind::NotInForce, model::Level::Must, {}, {}, "no-resource"));
  result.differences.back().found.filters = {"other-extension"};
  report.results = {result};
  CHECK(text_of(report) ==
        R"(1 workload: 1 differs

differs  shop/web
  MUST    shop/a is not in force: the chain names it, but the dump holds no configuration for it
  MUST    shop/a is not in force: another filter stands in its place, and the plugin does not run
  MUST    shop/a is not in force: Envoy rejected it: bad ?[0m wasm
  MUST    filter other-extension is not in force: the chain names it, but the dump holds no
          configuration for it
)");
}

TEST_CASE("a long setting is shown around the first byte that differs") {
  Report report;
  auto result = tests::conforming("shop/web");
  result.verdict = reports::Verdict::Differs;
  auto setting = tests::difference(model::DifferenceKind::Setting, model::Level::Must,
                                   {{"shop", "a"}}, {}, "another pluginConfig reaches the plugin");
  const std::string head(200, 'h');
  const std::string tail(200, 't');
  setting.found.expected = "\"" + head + "A" + tail + "\"";
  setting.found.actual = "\"" + head + "B" + tail + "\"";
  result.differences = {setting};
  report.results = {result};
  const std::string h(39, 'h');
  const std::string t(38, 't');
  CHECK_THAT(text_of(report), Catch::Contains("expected  .." + h + "A" + t + "..\n") &&
                                  Catch::Contains("actual    .." + h + "B" + t + "..\n"));
}

TEST_CASE("a list of many names is cut unless all is asked for") {
  Report report;
  report.results = {tests::conforming("shop/a")};
  for (int i = 0; i < 22; ++i) report.no_dump.push_back("shop/w" + std::to_string(i));
  CHECK_THAT(text_of(report), Catch::Contains("\nno dump for 22 workloads:\n  shop/w0, shop/w1, ") &&
                                  Catch::Contains("and 2 more (--verbose names them)\n"));
  CHECK_THAT(text_of(report, Detail::Verbose), Catch::Contains("shop/w21\n"));
}

TEST_CASE("a colour never says what the text does not") {
  std::string painted;
  reports::append_report_text(painted, tests::rich_report(), Detail::Brief, reports::Paint(true));
  std::string bare;
  for (std::size_t i = 0; i < painted.size(); ++i) {
    if (painted[i] != '\x1b') {
      bare += painted[i];
      continue;
    }
    i = painted.find('m', i);
  }
  CHECK(painted != bare);
  CHECK(bare == text_of(tests::rich_report()));
}

TEST_CASE("no line of a report ends in blanks") {
  for (const Detail detail : {Detail::Brief, Detail::Verbose})
    CHECK_THAT(text_of(tests::rich_report(), detail), !Catch::Contains(" \n"));
}

TEST_CASE("the JSON of a report is the contract's, result by result") {
  const auto document = nlohmann::json::parse(json_of(tests::rich_report()));
  CHECK(document["kind"] == "Report");
  CHECK(document["implementation"] == "istio");
  CHECK(document["version"] == "1.29.1");
  CHECK(document["summary"] == nlohmann::json::parse(R"({"conforms": 2, "differs": 1,
    "notModelled": 1, "error": 1, "badScenario": 0})"));
  const auto& differs = document["results"][2];
  CHECK(differs["scenario"].is_null());
  CHECK(differs["chains"] == 2);
  CHECK(differs["differences"][0] == nlohmann::json::parse(R"({
    "kind": "order", "level": "MUST", "plugins": ["shop/b", "shop/a"], "filters": [],
    "clauses": ["PRI-1"], "listener": "virtualInbound", "pointer": "", "expected": null,
    "actual": null, "reason": "shop/b must stand before shop/a", "where": "mesh/b.yaml:9:3",
    "chains": 2})"));
  CHECK(differs["differences"][3]["expected"] == nlohmann::json{{"limit", 10}});
}

TEST_CASE("a setting that is no JSON is told as text, so that the report stays JSON") {
  Report report;
  auto result = tests::differing();
  result.workload = "shop/\xff\"<script>";
  result.differences[3].found.actual = "\"un\"escaped\"";
  report.results = {result};
  const auto document = nlohmann::json::parse(json_of(report));
  CHECK(document["results"][0]["workload"] == "shop/\xef\xbf\xbd\"<script>");
  CHECK(document["results"][0]["differences"][3]["actual"] == "\"un\"escaped\"");
}

TEST_CASE("JUnit counts differences as failures, and what was not judged as errors or skipped") {
  Report report = tests::rich_report();
  report.results[2].differences.resize(1);
  report.results[2].scenario = "<script>&\"\x01";
  report.results[3].implementation = "istio-1.12";
  CHECK(junit_of(report) ==
        R"XML(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="9" failures="2" errors="1" skipped="4">
  <testsuite name="istio" tests="8" failures="2" errors="1" skipped="3">
    <testcase classname="check" name="shop/plain"/>
    <testcase classname="check" name="shop/api"><system-out>SHOULD placement shop/a [PHA-6]: istio.stats stands between it and the router (mesh/a.yaml:1:1)
</system-out></testcase>
    <testcase classname="&lt;script&gt;&amp;&quot;?" name="shop/web-1"><failure type="differs" message="MUST order shop/b shop/a [PRI-1]: shop/b must stand before shop/a (mesh/b.yaml:9:3)">MUST order shop/b shop/a [PRI-1]: shop/b must stand before shop/a (mesh/b.yaml:9:3)
</failure></testcase>
    <testcase classname="check" name="shop/empty"><error type="error" message="the dump has no listener"/></testcase>
    <testcase classname="check" name="shop/late-1"><skipped message="no dump"/></testcase>
    <testcase classname="check" name="shop/late-2"><skipped message="no dump"/></testcase>
    <testcase classname="run" name="istio=ties"><skipped message="not run: no dumps"/></testcase>
    <testcase classname="hygiene" name="the filter 'x' matches no scenario"><failure type="hygiene" message="the filter 'x' matches no scenario"/></testcase>
  </testsuite>
  <testsuite name="istio-1.12" tests="1" failures="0" errors="0" skipped="1">
    <testcase classname="check" name="shop/way"><skipped message="not modelled: a waypoint (SEL-11)"/></testcase>
  </testsuite>
</testsuites>
)XML");
}

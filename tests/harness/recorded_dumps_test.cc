#include "harness/recorded_dumps.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "harness/config_dump.h"

using harness::RecordedCase;
using harness::SourceFile;
using model::ObservedProxy;

namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

ObservedProxy dump(const std::string& name) {
  auto read = harness::read_config_dump(
      {name, bytes_of(fs::path(PLUMBLINE_SOURCE_DIR "/tests/harness/dumps") / name)});
  REQUIRE(std::holds_alternative<ObservedProxy>(read));
  return harness::without_pointers(std::get<ObservedProxy>(std::move(read)));
}

RecordedCase read_back(const std::string& text) {
  harness::Diagnostics diagnostics;
  auto recorded = harness::read_recorded_case({"case.json", text}, diagnostics);
  if (!recorded) FAIL(diagnostics.front().problem);
  return std::move(*recorded);
}

std::string refusal_of(const std::string& text) {
  harness::Diagnostics diagnostics;
  CHECK_FALSE(harness::read_recorded_case({"case.json", text}, diagnostics).has_value());
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics.front().where.file == "case.json");
  return diagnostics.front().problem;
}

// A dump with a name of its own, so that it has a place in the order of a case.
ObservedProxy of(ObservedProxy proxy, const std::string& ns, const std::string& name) {
  proxy.node.ns = ns;
  proxy.node.name = name;
  return proxy;
}

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) ++found;
  return found;
}

// The folder of recordings in PLUMBLINE_SHARED; the test fails where it is not at hand.
fs::path recordings() {
  const char* shared = std::getenv("PLUMBLINE_SHARED");
  if (!shared) FAIL("PLUMBLINE_SHARED names no folder");
  const fs::path folder = fs::path(shared) / "recordings";
  if (!fs::is_directory(folder)) FAIL(folder.string() << " is no folder");
  return folder;
}

}  // namespace

TEST_CASE("every shape of a dump reads back equal from its compact form") {
  const std::string name = GENERATE("envoy.json", "istiod.json", "istiod-types.json", "istioctl-listener.json",
                                    "istioctl-ecds.json", "istiod-ecdsz-old.json", "states.json", "ecds-states.json");
  CAPTURE(name);
  const RecordedCase recorded{"one", {{"istio-1.29.1", "", dump(name)}}};
  CHECK(read_back(harness::to_json(recorded)) == recorded);
}

TEST_CASE("a case of several implementations, variants and proxies reads back equal, in order") {
  const auto web = of(dump("envoy.json"), "shop", "web-1");
  const auto api = of(dump("istiod.json"), "shop", "api-1");
  auto newer = web;
  newer.node.version = "1.30.3";
  auto other = api;
  other.node.version = "1.28.3";
  const RecordedCase recorded{"several",
                              {{"istio-1.29.1", "", api},
                               {"istio-1.29.1", "", web},
                               {"istio-1.29.1", "delta", web},
                               {"istio-1.30.3", "", other},
                               {"istio-1.30.3", "", newer}}};
  CHECK(read_back(harness::to_json(recorded)) == recorded);
}

TEST_CASE("what implementations agree on stands once") {
  RecordedCase recorded{"agreeing", {}};
  for (const char* version : {"1.27.0", "1.28.3", "1.29.1"}) {
    auto proxy = dump("envoy.json");
    proxy.node.version = version;
    recorded.dumps.push_back({std::string("istio-") + version, "", std::move(proxy)});
  }
  const std::string text = harness::to_json(recorded);
  CHECK(count(text, "\"0.0.0.0_8080\"") == 1);
  CHECK(count(text, "\"of\"") == 1);
  CHECK(text.find(R"("of":{"istio-1.27.0":"1.27.0","istio-1.28.3":"1.28.3","istio-1.29.1":"1.29.1"})") !=
        std::string::npos);
}

TEST_CASE("a file that is no compact form is refused, with what is wrong") {
  CHECK(refusal_of("").starts_with("no recorded dumps in compact form: [json.exception.parse_error.101]"));
  CHECK(refusal_of(R"({"apiVersion": "plumbline.dev/v1", "kind": "Scenario"})") ==
        "no recorded dumps in compact form: this is no RecordedDumps of plumbline.dev/v1");
  std::string text = harness::to_json({"one", {{"istio-1.29.1", "", dump("envoy.json")}}});
  const std::string direction = "\"inbound\"";
  text.replace(text.find(direction), direction.size(), "\"sideways\"");
  CHECK(refusal_of(text) == "no recorded dumps in compact form: 'sideways' is no known word");
  CHECK(refusal_of(R"({"apiVersion": "plumbline.dev/v1", "kind": "RecordedDumps", "case": "x", "filters": [],
    "nodes": [], "extensions": [], "proxies": [], "runs": [],
    "chains": [{"listener": "", "direction": "inbound", "protocol": "tcp", "filters": [7]}]})")
            .starts_with("no recorded dumps in compact form: vector::_M_range_check"));
}

TEST_CASE("every recording that the repository keeps reads, and is written in the one form") {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(PLUMBLINE_SOURCE_DIR "/golden/recorded")) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    CAPTURE(entry.path());
    const std::string text = bytes_of(entry.path());
    const RecordedCase recorded = read_back(text);
    CHECK(recorded.name == entry.path().stem());
    CHECK(harness::to_json(recorded) == text);
    CHECK_FALSE(recorded.dumps.empty());
  }
  CHECK(files >= 72);
}

TEST_CASE("every recorded dump reads, and all that asks ECDS in it is a plugin", "[.shared]") {
  std::size_t dumps = 0;
  std::size_t chains = 0;
  std::size_t plugins = 0;
  for (const auto& entry : fs::recursive_directory_iterator(recordings())) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || entry.path().extension() != ".json") continue;
    CAPTURE(entry.path());
    const std::string text = bytes_of(entry.path());
    const auto read = harness::read_config_dump({name, text});
    const bool dump = text.find("\"configs\"") < 4 || name.ends_with(".ecdsz.json");
    CHECK(std::holds_alternative<ObservedProxy>(read) == dump);
    if (!dump) {
      CHECK(std::get<harness::DumpFailure>(read).problem == harness::DumpProblem::NoDump);
      continue;
    }
    if (!std::holds_alternative<ObservedProxy>(read)) continue;
    const auto& proxy = std::get<ObservedProxy>(read);
    ++dumps;
    chains += proxy.chains.size();
    std::size_t here = 0;
    for (const auto& chain : proxy.chains) {
      const auto is_plugin = [](const auto& filter) { return filter.kind == model::FilterKind::Plugin; };
      here += static_cast<std::size_t>(std::ranges::count_if(chain.filters, is_plugin) +
                                       std::ranges::count_if(chain.network_filters, is_plugin));
    }
    plugins += here;
    // Counted in the text, by other means; a failed listener stands there once more, and is told once.
    const std::size_t asked = count(text, "\"config_discovery\"") + count(text, "\"configDiscovery\"");
    if (proxy.failures.empty()) CHECK(here == asked);
    else CHECK(here < asked);
  }
  WARN(dumps << " dumps, " << chains << " chains, " << plugins << " plugins in them");
  CHECK(dumps > 2100);
  CHECK(chains > 18000);
  CHECK(plugins > 15000);
}

TEST_CASE("every line of text among the recordings is told for what it is", "[.shared]") {
  std::size_t texts = 0;
  for (const auto& entry : fs::recursive_directory_iterator(recordings())) {
    if (!entry.path().string().ends_with(".http-500.txt")) continue;
    const auto read = harness::read_config_dump({entry.path().string(), bytes_of(entry.path())});
    REQUIRE(std::holds_alternative<harness::DumpFailure>(read));
    CHECK(std::get<harness::DumpFailure>(read).problem == harness::DumpProblem::PlainText);
    ++texts;
  }
  CHECK(texts == 2);
}

TEST_CASE("every recorded dump equals its compact form", "[.shared]") {
  std::map<std::string, std::vector<harness::RecordedDump>> kept;
  for (const auto& entry : fs::directory_iterator(PLUMBLINE_SOURCE_DIR "/golden/recorded"))
    if (entry.path().extension() == ".json") {
      RecordedCase recorded = read_back(bytes_of(entry.path()));
      kept.emplace(recorded.name, std::move(recorded.dumps));
    }
  std::map<std::string, std::vector<harness::RecordedDump>> recorded;
  for (const auto& file : harness::find_recordings(recordings())) {
    CAPTURE(file.path);
    auto read = harness::read_recording(file);
    REQUIRE(std::holds_alternative<ObservedProxy>(read));
    recorded[file.case_name].push_back(
        {file.implementation, file.variant, std::get<ObservedProxy>(std::move(read))});
  }
  CHECK(recorded.size() == kept.size());
  for (const auto& [name, dumps] : recorded) {
    CAPTURE(name);
    CHECK((kept[name] == dumps));
  }
}

#include "reports/lint_text.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/lint_json.h"

namespace {

const reports::Findings kFindings{
    {"mesh/a.yaml", 7, 3, "shop/a", "spec.selector.labels is no field",
     "write matchLabels: a parser drops the rest in silence, and the plugin reaches every workload "
     "of its scope", "SEL-7"},
    {"mesh/\x1b.yaml", 0, 0, "", "two \"documents\" are one", "", ""}};

std::string text_of(const reports::Findings& findings, std::size_t plugins) {
  std::string out;
  reports::append_lint_text(out, findings, plugins, reports::Paint(false));
  return out;
}

}  // namespace

TEST_CASE("lint tells each finding by its place, with what to do") {
  CHECK(text_of(kFindings, 3) == R"(mesh/a.yaml:7:3: shop/a: spec.selector.labels is no field (SEL-7)
  write matchLabels: a parser drops the rest in silence, and the plugin reaches every workload of
  its scope
mesh/?.yaml: two "documents" are one

2 findings in 3 WasmPlugins
)");
  CHECK(text_of({}, 1) == "1 WasmPlugin: nothing found\n");
}

TEST_CASE("the JSON of lint holds every finding, and null for what it does not know") {
  std::string out;
  reports::append_lint_json(out, kFindings, 3);
  const auto document = nlohmann::json::parse(out);
  CHECK(document["plugins"] == 3);
  CHECK(document["findings"][0]["clause"] == "SEL-7");
  CHECK(document["findings"][1] == nlohmann::json::parse(R"({"file": "mesh/\u001b.yaml", "line": 0,
    "column": 0, "plugin": null, "problem": "two \"documents\" are one", "hint": null,
    "clause": null})"));
}

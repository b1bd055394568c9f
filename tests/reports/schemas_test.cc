#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>
#include <sstream>

#include "reports/expectation_json.h"
#include "reports/plugins_json.h"
#include "reports/report_json.h"
#include "tests/reports/mesh.h"
#include "tests/reports/verdicts.h"

namespace {

// What tests/schemas.py, which holds each document against the schema of its kind, has to say; "" if all is well.
std::string breaches(const std::vector<std::string>& documents) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("plumbline-schemas-" + std::to_string(std::random_device{}()));
  std::filesystem::create_directory(folder);
  std::string command = PLUMBLINE_PYTHON " " PLUMBLINE_SOURCE_DIR "/tests/schemas.py "
                        PLUMBLINE_SOURCE_DIR " --outputs";
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const auto path = folder / (std::to_string(i) + ".json");
    std::ofstream(path, std::ios::binary) << documents[i];
    command += " " + path.string();
  }
  const auto said = folder / "said";
  const int code = std::system((command + " 2> " + said.string()).c_str());
  std::ostringstream text;
  text << std::ifstream(said, std::ios::binary).rdbuf();
  std::filesystem::remove_all(folder);
  return code != 0 && text.str().empty() ? "schemas.py cannot be run" : text.str();
}

}  // namespace

TEST_CASE("what the writers say holds to the published schemas") {
  const auto cluster = tests::rich_mesh();
  const model::Expectation expectation(cluster);
  const model::ExpectedChains chains(expectation);
  std::vector<model::PluginIndex> all(cluster.plugins.size());
  std::iota(all.begin(), all.end(), 0u);

  std::vector<std::string> documents(5);
  auto view = tests::view_of(expectation, chains);
  reports::append_expectation_json(documents[0], view);
  view.proxyless = reports::Proxyless::Shown;
  reports::append_expectation_json(documents[1], view);
  reports::append_plugins_json(documents[2], expectation, all, chains.reach());
  reports::append_report_json(documents[3], tests::rich_report());
  reports::append_report_json(documents[4], {});
  CHECK(breaches(documents) == "");
  CHECK_THAT(breaches({"{\"kind\":\"Expectation\"}"}),  // the check bites
             Catch::Contains("/: 'workloads' is a required property\n"));
}

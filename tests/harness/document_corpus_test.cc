// The fuzzer's corpus, so that every build, and the one with sanitizers, goes through it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/documents_property.h"

TEST_CASE("every document of the fuzzer's corpus, whole and cut anywhere, keeps the readers' promises") {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(PLUMBLINE_SOURCE_DIR "/tests/fuzz/corpus/documents")) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  CHECK(paths.size() >= 10);
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    INFO(path);
    REQUIRE(text.size() > 0);
    const std::size_t step = std::max<std::size_t>(1, text.size() / 200);
    for (std::size_t size = 0; size < text.size(); size += step) {
      INFO("cut to " << size);
      CHECK(tests::broken_property(text.substr(0, size)) == "");
    }
    CHECK(tests::broken_property(text) == "");
  }
}

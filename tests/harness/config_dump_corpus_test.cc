// The fuzzer's corpus, so that every build, and the one with sanitizers, goes through it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/config_dump_property.h"

TEST_CASE("every dump of the fuzzer's corpus, whole and cut anywhere, keeps the reader's promises") {
  const std::string folder = GENERATE("/tests/fuzz/corpus/config_dump", "/tests/harness/dumps");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PLUMBLINE_SOURCE_DIR + folder)) {
    CAPTURE(entry.path());
    std::ifstream file(entry.path(), std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    ++files;
    for (std::size_t step = std::max<std::size_t>(1, text.size() / 500); !text.empty();
         text.resize(text.size() - std::min(step, text.size())))
      if (const auto broken = tests::broken_dump_property(text); !broken.empty())
        FAIL(broken << " in the first " << text.size() << " bytes");
  }
  CHECK(files >= 8);
}

// The clusters of the recordings as they were taken.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "harness/source_file.h"

namespace tests {

// Four of the recorded clusters name a plugin `n`, which is a boolean to a YAML 1.1 parser. The recorder quoted it in effect; here it is
// quoted in the text, at the same place of the line.
inline harness::SourceFile read_recorded_cluster(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  constexpr std::string_view kUnquoted = "\n  name: n\n";
  for (auto at = text.find(kUnquoted); at != std::string::npos; at = text.find(kUnquoted, at))
    text.replace(at, kUnquoted.size(), "\n  name: \"n\"\n");
  return {path.string(), std::move(text)};
}

}  // namespace tests

// A suite of scenarios and golden files in a folder of its own, for tests.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "harness/suite.h"

namespace tests {

// A folder with scenarios and golden files, gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    std::filesystem::create_directories(std::filesystem::path(path_) / "scenarios");
    std::filesystem::create_directories(std::filesystem::path(path_) / "golden");
  }
  Folder(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  void write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  void remove(const std::string& name) const { std::filesystem::remove_all(std::filesystem::path(path_) / name); }
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  harness::Suite read(const harness::SuiteOptions& options = {}) const {
    return harness::read_suite({path("scenarios")}, options);
  }
  // Messages with the folder's own path left out, and paths relative to it.
  std::vector<std::string> hygiene(const std::vector<std::string>& hygiene) const {
    std::vector<std::string> lines;
    for (std::string line : hygiene) {
      for (const std::string& prefix :
           {path_ + "/", std::filesystem::path(path_).lexically_proximate(std::filesystem::current_path()).generic_string() + "/"})
        for (auto at = line.find(prefix); at != std::string::npos; at = line.find(prefix)) line.erase(at, prefix.size());
      lines.push_back(line);
    }
    return lines;
  }

 private:
  std::string path_;
};

}  // namespace tests

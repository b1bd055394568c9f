// Makes golden/recorded/ from a folder of recorded dumps: one file a case, over all implementations.
//
//   compact_recordings RECORDINGS OUT
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "harness/recorded_dumps.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: compact_recordings RECORDINGS OUT\n";
    return 64;
  }
  std::map<std::string, harness::RecordedCase> cases;
  for (const harness::RecordingFile& file : harness::find_recordings(argv[1])) {
    const auto read = harness::read_recording(file);
    if (const auto* failure = std::get_if<harness::DumpFailure>(&read)) {
      std::cerr << file.path.string() << ": " << failure->reason << '\n';
      return 65;
    }
    harness::RecordedCase& recorded = cases[file.case_name];
    recorded.name = file.case_name;
    recorded.dumps.push_back({file.implementation, file.variant, std::get<model::ObservedProxy>(read)});
  }
  std::filesystem::create_directories(argv[2]);
  for (const auto& [name, recorded] : cases) {
    std::ofstream out(std::filesystem::path(argv[2]) / (name + ".json"), std::ios::binary);
    if (!(out << harness::to_json(recorded)).flush()) {
      std::cerr << argv[2] << ": cannot write " << name << ".json\n";
      return 74;
    }
  }
  std::cerr << cases.size() << " cases\n";
  return 0;
}

#include "harness/subject.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "harness/manifest_files.h"
#include "harness/recorded_dumps.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

// "shop.web-1.json" names web-1 of shop: a namespace has no dot.
std::optional<model::ObjectName> workload_of(const fs::path& file) {
  const std::string stem = file.stem().string();
  const auto dot = stem.find('.');
  if (dot == std::string::npos) return std::nullopt;
  return model::ObjectName{stem.substr(0, dot), stem.substr(dot + 1)};
}

class DumpFolder final : public Subject {
 public:
  DumpFolder(std::string name, std::string directory, Diagnostics& diagnostics)
      : name_(std::move(name)), directory_(std::move(directory)), diagnostics_(diagnostics) {}

  const std::string& name() const override { return name_; }

  std::optional<std::vector<Actual>> run(const std::string& scenario) override {
    const fs::path folder = fs::path(directory_) / scenario;
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
      if (entry->path().extension() == ".json") files.push_back(entry->path());
    if (files.empty()) return std::nullopt;
    std::ranges::sort(files);
    std::vector<Actual> actual;
    for (const fs::path& path : files) {
      const auto file = read_manifest_file(path.string(), diagnostics_);
      if (!file) continue;
      actual.push_back({path.string(), workload_of(path), read_config_dump(*file)});
    }
    return actual;
  }

 private:
  std::string name_;
  std::string directory_;
  Diagnostics& diagnostics_;
};

class RecordedSubject final : public Subject {
 public:
  explicit RecordedSubject(std::string name) : name_(std::move(name)) {}

  const std::string& name() const override { return name_; }

  std::optional<std::vector<Actual>> run(const std::string& scenario) override {
    const auto found = cases_.find(scenario);
    return found == cases_.end() ? std::nullopt : std::optional(found->second);
  }

  void add(const std::string& scenario, Actual actual) {
    cases_[scenario].push_back(std::move(actual));
  }

 private:
  std::string name_;
  std::map<std::string, std::vector<Actual>> cases_;
};

// 1.9 before 1.12: runs of digits compare as numbers.
bool version_less(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (std::isdigit(static_cast<unsigned char>(a[i])) && std::isdigit(static_cast<unsigned char>(b[j]))) {
      std::size_t x = 0, y = 0;
      for (; i < a.size() && std::isdigit(static_cast<unsigned char>(a[i])); ++i)
        x = x * 10 + static_cast<std::size_t>(a[i] - '0');
      for (; j < b.size() && std::isdigit(static_cast<unsigned char>(b[j])); ++j)
        y = y * 10 + static_cast<std::size_t>(b[j] - '0');
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

}  // namespace

std::unique_ptr<Subject> dump_folder(std::string name, std::string directory,
                                     Diagnostics& diagnostics) {
  return std::make_unique<DumpFolder>(std::move(name), std::move(directory), diagnostics);
}

std::vector<std::unique_ptr<Subject>> recorded_subjects(const std::string& directory,
                                                        Diagnostics& diagnostics) {
  std::map<std::string, std::unique_ptr<RecordedSubject>> by_name;
  for (const std::string& path : find_manifest_files({directory}, diagnostics)) {
    const auto file = read_manifest_file(path, diagnostics);
    if (!file) continue;
    auto recorded = read_recorded_case(*file, diagnostics);
    if (!recorded) continue;
    for (RecordedDump& dump : recorded->dumps) {
      auto& subject = by_name[dump.implementation];
      if (!subject) subject = std::make_unique<RecordedSubject>(dump.implementation);
      const model::ObjectName workload{dump.proxy.node.ns, dump.proxy.node.name};
      subject->add(recorded->name,
                   {path + (dump.variant.empty() ? "" : " (" + dump.variant + ")"), workload,
                    std::move(dump.proxy)});
    }
  }
  std::vector<std::unique_ptr<Subject>> subjects;
  for (auto& [name, subject] : by_name) subjects.push_back(std::move(subject));
  std::ranges::sort(subjects, [](const auto& a, const auto& b) {
    return version_less(a->name(), b->name());
  });
  return subjects;
}

bool holds_recorded_cases(const std::string& directory) {
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() != ".json") continue;
    Diagnostics ignored;
    const auto file = read_manifest_file(entry->path().string(), ignored);
    return file && file->bytes().substr(0, 4096).find("\"RecordedDumps\"") != std::string_view::npos;
  }
  return false;
}

}  // namespace harness

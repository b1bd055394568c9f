#include "harness/dump_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "harness/manifest_files.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

// The workload that the parts of a file name fit, if it is one alone.
std::optional<model::ObjectName> by_file_name(const std::string& path,
                                              const model::Cluster& cluster) {
  const std::string stem = fs::path(path).stem().string();
  std::optional<model::ObjectName> found;
  for (const model::Workload& workload : cluster.workloads) {
    const std::string ns(cluster.namespaces[workload.ns]);
    const auto fits = [&](const std::string& name) {
      return stem == ns + "." + name || stem == name + "." + ns;
    };
    std::optional<model::ObjectName> here;
    if (fits(workload.name)) here = model::ObjectName{ns, workload.name};
    for (const std::string& pod : workload.pods)
      if (fits(pod)) here = model::ObjectName{ns, pod};
    if (!here) continue;
    if (found) return std::nullopt;
    found = std::move(here);
  }
  return found;
}

class DumpReader {
 public:
  DumpReader(const model::Cluster& cluster, Diagnostics& diagnostics)
      : cluster_(cluster), diagnostics_(diagnostics) {}

  void read_word(const std::string& word) {
    const auto equal = word.find('=');
    const auto slash = word.find('/');
    std::error_code error;
    if (equal != std::string::npos && slash < equal && !fs::exists(word, error)) {
      const model::ObjectName workload{word.substr(0, slash), word.substr(slash + 1, equal - slash - 1)};
      return read_file(word.substr(equal + 1), workload, Named::Yes);
    }
    if (fs::is_directory(word, error)) return read_directory(word);
    read_file(word, std::nullopt, Named::Yes);
  }

  DumpFiles take() && { return std::move(files_); }

 private:
  enum class Named { Yes, No };

  void read_directory(const std::string& directory) {
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
      std::error_code fault;
      const std::string path = entry->path().generic_string();
      const fs::file_status status = entry->status(fault);
      if (fs::is_regular_file(status))
        paths.push_back(path);
      else if (fault || !fs::exists(status))
        unreadable(path, "cannot be read: " +
                             (fault ? fault.message() : std::string("the link points nowhere")));
      else if (!fs::is_directory(status))
        ++files_.passed_over;
    }
    if (error) unreadable(directory, "the directory cannot be read: " + error.message());
    std::ranges::sort(paths);
    for (const std::string& path : paths) read_file(path, std::nullopt, Named::No);
  }

  void unreadable(const std::string& path, std::string problem) {
    diagnostics_.push_back({.severity = Severity::Io,
                            .where = {path},
                            .problem = std::move(problem),
                            .hint = "check the path and its permissions, or leave it out",
                            .excerpt = {}});
  }

  void read_file(const std::string& path, std::optional<model::ObjectName> workload, Named named) {
    Diagnostics own;
    const auto file = read_manifest_file(path, own);
    if (!file) {
      if (named == Named::No && !has(own, Severity::Io)) {
        ++files_.passed_over;
        return;
      }
      for (Diagnostic& one : own) {
        if (one.severity == Severity::Error) one.hint = "take the dump again, or leave the file out";
        diagnostics_.push_back(std::move(one));
      }
      return;
    }
    Actual actual{path, std::move(workload), read_config_dump(*file)};
    const auto* failure = std::get_if<DumpFailure>(&actual.proxy);
    if (failure && failure->problem == DumpProblem::NoDump) {
      if (named == Named::No) {
        ++files_.passed_over;
        return;
      }
      diagnostics_.push_back({.severity = Severity::Error,
                              .where = {path, failure->place.line, failure->place.column},
                              .problem = failure->reason,
                              .hint = "",
                              .excerpt = {}});
      return;
    }
    const auto* proxy = std::get_if<model::ObservedProxy>(&actual.proxy);
    if (!actual.workload && (!proxy || proxy->node.name.empty()))
      actual.workload = by_file_name(path, cluster_);
    files_.actual.push_back(std::move(actual));
  }

  const model::Cluster& cluster_;
  Diagnostics& diagnostics_;
  DumpFiles files_;
};

}  // namespace

DumpFiles read_dump_files(const std::vector<std::string>& words, const model::Cluster& cluster,
                          Diagnostics& diagnostics) {
  DumpReader reader(cluster, diagnostics);
  for (const std::string& word : words) reader.read_word(word);
  return std::move(reader).take();
}

}  // namespace harness

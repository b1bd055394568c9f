// What every command that reads a mesh has in common: which manifests, read how, and which workloads of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/cli/label_filter.h"
#include "harness/cli/options.h"
#include "harness/manifests.h"

namespace harness::cli {

enum class Output { Text, Json, Markdown };

class MeshOptions {
 public:
  void declare(Options& options);
  // -n, -A and -l, for the commands that look at workloads.
  void declare_filters(Options& options);
  // -o text|json.
  void declare_output(Options& options);
  // -o text|json|markdown.
  void declare_output_with_markdown(Options& options);

  // Checks the words that were parsed; an exit code if they are mistaken. Requires that a path is given.
  std::optional<reports::ExitCode> settle(const Command& command, Console& console);

  // Reads the manifests and tells their diagnostics on standard error.
  Manifests read(Console& console) const;
  // The same for some of the paths.
  Manifests read(const std::vector<std::string>& paths, Console& console) const;
  const std::vector<std::string>& paths() const { return paths_; }
  // Reads them, and leaves the telling to the caller.
  Manifests read_untold() const { return read_manifests(paths_, manifest_options_); }

  // Whether -n and -l let a workload through.
  bool lets_through(const model::Cluster& cluster, const model::Workload& workload) const;
  bool lets_through_namespace(std::string_view ns) const;

  Output output() const { return output_; }
  const ManifestOptions& manifest_options() const { return manifest_options_; }

 private:
  std::vector<std::string> paths_;
  std::vector<std::string> files_;
  std::vector<std::string> namespaces_;
  bool all_namespaces_ = false;
  std::string labels_;
  LabelFilter label_filter_;
  std::string validate_ = "warn";
  std::string output_name_ = "text";
  bool has_markdown_ = false;
  Output output_ = Output::Text;
  ManifestOptions manifest_options_;
};

// The exit code that an input asks for: 74 for what could not be read, 65 for bad manifests and refused plugins, else 0.
reports::ExitCode exit_code_of(const Manifests& manifests);
// The same without refusals, which are the documented profile's.
reports::ExitCode exit_code_of(const Diagnostics& diagnostics);

// Tells diagnostics on standard error, coloured where it is a terminal.
void tell(const Diagnostics& diagnostics, Console& console);

// Tells the refused plugins on standard error, each with its place, reason and clause, unless an error of the reader has
// told the same place.
void tell_refusals(const Manifests& manifests, Console& console);

// "shop/web-1", or "web-1" where only one workload has that name. Nothing, and a problem with a suggestion, if there is no
// such workload; a Pod finds the workload that stands for it.
std::optional<std::size_t> find_workload(const model::Cluster& cluster, const std::string& name,
                                         std::string& problem);

}  // namespace harness::cli

#include "harness/cli/mesh_options.h"

#include <algorithm>

#include "harness/suggestion.h"

namespace harness::cli {

void MeshOptions::declare(Options& options) {
  options.positional(paths_);
  options.list("filename,f", files_, "PATH", "manifests: a file, a directory, or - for standard input");
  options.text("root-namespace", manifest_options_.root_namespace, "NAME",
               "the root namespace; \"\" means none (default: the mesh config's, else istio-system)");
  options.text("istio-namespace,i", manifest_options_.istio_namespace, "NAME",
               "where the mesh ConfigMap stands (default istio-system)");
  options.text("revision", manifest_options_.revision, "REV", "read the mesh ConfigMap istio-REV");
  options.text("default-namespace", manifest_options_.default_namespace, "NAME",
               "of documents that name none (default \"default\")");
  options.text("validate", validate_, "MODE",
               "what to do with unknown fields: warn (default), strict or ignore");
}

void MeshOptions::declare_filters(Options& options) {
  options.list("namespace,n", namespaces_, "NAME", "only workloads of this namespace (repeatable)");
  options.flag("all-namespaces,A", all_namespaces_, "workloads of every namespace (the default)");
  options.text("selector,l", labels_, "LABELS", "only workloads with these labels: app=web,tier!=db");
}

void MeshOptions::declare_output(Options& options) {
  options.text("output,o", output_name_, "FORMAT", "text (default) or json");
}

void MeshOptions::declare_output_with_markdown(Options& options) {
  has_markdown_ = true;
  options.text("output,o", output_name_, "FORMAT", "text (default), json, or markdown for a comment on a pull request");
}

std::optional<reports::ExitCode> MeshOptions::settle(const Command& command, Console& console) {
  paths_.insert(paths_.end(), files_.begin(), files_.end());
  if (paths_.empty())
    return usage_error(command, console,
                       "no manifests are given: name files, directories, or - for standard input");
  if (output_name_ == "json")
    output_ = Output::Json;
  else if (has_markdown_ && output_name_ == "markdown")
    output_ = Output::Markdown;
  else if (output_name_ != "text")
    return usage_error(command, console,
                       "there is no output format '" + output_name_ + "'; it is " +
                           (has_markdown_ ? "text, json or markdown" : "text or json"));
  if (validate_ == "strict" || validate_ == "true")
    manifest_options_.validate = Validate::Strict;
  else if (validate_ == "ignore" || validate_ == "false")
    manifest_options_.validate = Validate::Ignore;
  else if (validate_ != "warn")
    return usage_error(command, console,
                       "--validate is '" + validate_ + "'; it is warn, strict or ignore");
  std::string problem;
  const auto filter = LabelFilter::parse(labels_, problem);
  if (!filter) return usage_error(command, console, problem);
  label_filter_ = *filter;
  if (all_namespaces_) namespaces_.clear();
  return std::nullopt;
}

Manifests MeshOptions::read(Console& console) const { return read(paths_, console); }

Manifests MeshOptions::read(const std::vector<std::string>& paths, Console& console) const {
  Manifests manifests = read_manifests(paths, manifest_options_);
  tell(manifests.diagnostics, console);
  return manifests;
}

bool MeshOptions::lets_through(const model::Cluster& cluster,
                               const model::Workload& workload) const {
  return lets_through_namespace(cluster.namespaces[workload.ns]) &&
         label_filter_.lets_through(cluster.labels, workload.labels);
}

bool MeshOptions::lets_through_namespace(std::string_view ns) const {
  return namespaces_.empty() || std::ranges::find(namespaces_, ns) != namespaces_.end();
}

reports::ExitCode exit_code_of(const Diagnostics& diagnostics) {
  auto code = reports::ExitCode::Ok;
  if (has(diagnostics, Severity::Io)) code = worse(code, reports::ExitCode::Io);
  if (has(diagnostics, Severity::Error)) code = worse(code, reports::ExitCode::BadInput);
  return code;
}

reports::ExitCode exit_code_of(const Manifests& manifests) {
  const auto code = exit_code_of(manifests.diagnostics);
  return manifests.cluster.refused.empty() ? code : worse(code, reports::ExitCode::BadInput);
}

void tell(const Diagnostics& diagnostics, Console& console) {
  for (const Diagnostic& one : diagnostics) console.err << to_text(one);
}

void tell_refusals(const Manifests& manifests, Console& console) {
  for (const model::Refusal& refusal : manifests.cluster.refused) {
    Diagnostic diagnostic;
    if (refusal.place)
      diagnostic.where = {manifests.cluster.files[refusal.place.file], refusal.place.line,
                          refusal.place.column};
    const bool told = std::ranges::any_of(manifests.diagnostics, [&](const Diagnostic& other) {
      return other.severity == Severity::Error && other.where.line != 0 &&
             other.where.file == diagnostic.where.file && other.where.line == diagnostic.where.line &&
             other.where.column == diagnostic.where.column;
    });
    if (told) continue;
    diagnostic.problem = "WasmPlugin " + to_string(refusal.plugin) + " is refused";
    if (refusal.clause) diagnostic.problem += " (" + std::string((*refusal.clause)->id) + ")";
    diagnostic.problem += ": " + refusal.reason;
    diagnostic.hint = refusal.hint;
    console.err << to_text(diagnostic);
  }
}

std::optional<std::size_t> find_workload(const model::Cluster& cluster, const std::string& name,
                                         std::string& problem) {
  const bool qualified = name.find('/') != std::string::npos;
  std::vector<std::size_t> found;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < cluster.workloads.size(); ++i) {
    const model::Workload& workload = cluster.workloads[i];
    const std::string ns = std::string(cluster.namespaces[workload.ns]) + "/";
    const auto is_it = [&](const std::string& one) { return name == (qualified ? ns + one : one); };
    if (is_it(workload.name) || std::ranges::any_of(workload.pods, is_it)) found.push_back(i);
    names.push_back(ns + workload.name);
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    problem = "several workloads are named " + name + ": write one of";
    for (const std::size_t i : found) problem += " " + names[i];
    return std::nullopt;
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto nearest = nearest_word(name, views);
  problem = "there is no workload " + name;
  problem += nearest ? "; did you mean " + std::string(*nearest) + "?"
                     : qualified ? std::string() : "; name it as NAMESPACE/NAME";
  return std::nullopt;
}

}  // namespace harness::cli

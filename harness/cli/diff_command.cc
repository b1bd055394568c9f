// plumbline diff: which workloads a change to manifests reaches, and what changes there.
#include "harness/cli/mesh_options.h"
#include "harness/cli/profile_options.h"
#include "model/manifest_diff.h"
#include "reports/chain_changes_json.h"
#include "reports/chain_changes_markdown.h"
#include "reports/chain_changes_text.h"
#include "reports/diff_view.h"

namespace harness::cli {
namespace {

std::vector<bool> looked_at(const MeshOptions& options, const model::Cluster& cluster) {
  std::vector<bool> all;
  for (const model::Workload& one : cluster.workloads) all.push_back(options.lets_through(cluster, one));
  return all;
}

reports::ExitCode run_diff(const Words& words, Console& console) {
  MeshOptions mesh_options;
  ProfileOptions profile_options;
  bool verbose = false;
  bool allow_not_modelled = false;
  Options options(kDiff);
  mesh_options.declare(options);
  mesh_options.declare_filters(options);
  profile_options.declare(options);
  mesh_options.declare_output_with_markdown(options);
  options.flag("verbose,v", verbose, "show every workload and every change");
  options.flag("allow-not-modelled", allow_not_modelled, "do not fail on workloads whose chains are not modelled");
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh_options.settle(kDiff, console)) return *done;
  if (const auto done = profile_options.settle(kDiff, console)) return *done;
  if (mesh_options.paths().size() != 2)
    return usage_error(kDiff, console,
                       "two states are compared: name the manifests before and after, a file or directory each");
  const std::string& before_path = mesh_options.paths()[0];
  const std::string& after_path = mesh_options.paths()[1];
  if (before_path == "-" && after_path == "-") return usage_error(kDiff, console, "only one of the two can be standard input");

  Manifests before = mesh_options.read({before_path}, console);
  Manifests after = mesh_options.read({after_path}, console);
  profile_options.set_flags(before.mesh);
  profile_options.set_flags(after.mesh);
  const model::MeshState old{before.cluster, before.mesh};
  const model::MeshState fresh{after.cluster, after.mesh};
  const auto looked_before = looked_at(mesh_options, before.cluster);
  const auto looked_after = looked_at(mesh_options, after.cluster);
  const Profile& profile = profile_options.profile();
  const model::ManifestDiff diff =
      profile.istio ? istio_diff(*profile.istio->regime, profile.istio->version, old, fresh, looked_before, looked_after)
                    : documented_diff(old, fresh, looked_before, looked_after);
  reports::ChainChanges changes = reports::diff_changes(diff, old, fresh, profile.name, before_path, after_path);
  if (!profile.note().empty()) changes.notes.push_back(profile.note());

  std::string out;
  switch (mesh_options.output()) {
    case Output::Json: append_chain_changes_json(out, changes); break;
    case Output::Markdown: append_chain_changes_markdown(out, changes); break;
    case Output::Text: append_chain_changes_text(out, changes, reports::Paint(console.colour_out), verbose); break;
  }
  console.out << out;

  auto code = reports::ExitCode::Ok;
  if (diff.changes()) code = reports::ExitCode::Differs;
  else if (!diff.not_modelled.empty() && !allow_not_modelled) code = reports::ExitCode::Inconclusive;
  return worse(worse(code, exit_code_of(before.diagnostics)), exit_code_of(after.diagnostics));
}

}  // namespace

const Command kDiff{
    "diff", "tell which workloads a change to manifests reaches", "plumbline diff BASE HEAD [flags]",
    "  plumbline diff base/ head/\n"
    "  plumbline diff base/ head/ --profile istio-1.29 -o markdown\n"
    "  git show main:mesh.yaml | plumbline diff - mesh.yaml\n",
    run_diff};

}  // namespace harness::cli

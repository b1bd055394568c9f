// plumbline upgrade: what changes for a mesh from one version of Istio to another.
#include "harness/cli/mesh_options.h"
#include "harness/cli/profile_options.h"
#include "harness/priority_patch.h"
#include "model/istio/upgrade.h"
#include "reports/chain_changes_json.h"
#include "reports/chain_changes_markdown.h"
#include "reports/chain_changes_text.h"
#include "reports/plain_text.h"
#include "reports/upgrade_view.h"

namespace harness::cli {
namespace {

// The version that a flag names; an exit code if it names none.
std::optional<reports::ExitCode> version_of(const char* flag, const std::string& name, Profile& profile, Console& console) {
  if (name.empty())
    return usage_error(kUpgrade, console, std::string("no version is given: name one with ") + flag + " istio-1.29");
  std::string problem;
  const auto found = parse_profile(name, problem);
  if (!found) return usage_error(kUpgrade, console, std::string(flag) + ": " + problem);
  if (!found->istio)
    return usage_error(kUpgrade, console, std::string(flag) + " is '" + name + "'; an upgrade is from one version of Istio to another");
  profile = *found;
  return std::nullopt;
}

// The patch on standard output, alone, so that it can be piped; all else on standard error.
void print_fix(const Manifests& manifests, const model::istio::Upgrade& upgrade, const ManifestOptions& options, Console& console) {
  std::vector<PriorityChange> changes;
  for (const model::istio::OrderEdit& edit : upgrade.edits)
    for (const model::istio::PriorityEdit& one : edit.edits) changes.push_back({one.extension, one.priority});
  if (upgrade.edits.empty()) console.err << "no order of plugins changes: there is nothing to edit\n";
  const auto name = [&](model::istio::ExtensionIndex i) { return shown_name(manifests.mesh.extensions[i]); };
  for (const model::istio::OrderEdit& edit : upgrade.edits) {
    if (edit.obstacle.empty()) continue;
    console.err << "no edit for";
    for (const model::istio::ExtensionIndex i : edit.plugins) console.err << " " << name(i);
    console.err << ": " << edit.obstacle << "\n";
  }
  const PriorityPatch patch = priority_patch(manifests, changes, options);
  console.out << patch.diff;
  for (const Unpatched& one : patch.unpatched)
    console.err << "set by hand: spec.priority: " << one.change.priority << " of " << name(one.change.extension) << " ("
                << reports::place_text(manifests.cluster, manifests.mesh.extensions[one.change.extension].meta.place)
                << "): " << one.reason << "\n";
}

reports::ExitCode run_upgrade(const Words& words, Console& console) {
  MeshOptions mesh_options;
  ProfileOptions settings;
  std::string from_name;
  std::string to_name;
  bool verbose = false;
  bool fix = false;
  bool allow_not_modelled = false;
  Options options(kUpgrade);
  mesh_options.declare(options);
  mesh_options.declare_filters(options);
  options.text("from", from_name, "VERSION", "the version of today: istio-1.29, istio-1.29.1");
  options.text("to", to_name, "VERSION", "the version to come");
  settings.declare_settings(options);
  mesh_options.declare_output_with_markdown(options);
  options.flag("fix", fix, "print the priorities that keep today's order as a patch, for patch -p0");
  options.flag("verbose,v", verbose, "show every workload and every change");
  options.flag("allow-not-modelled", allow_not_modelled, "do not fail on workloads whose chains are not modelled");
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh_options.settle(kUpgrade, console)) return *done;
  if (const auto done = settings.settle(kUpgrade, console)) return *done;
  Profile from;
  Profile to;
  if (const auto done = version_of("--from", from_name, from, console)) return *done;
  if (const auto done = version_of("--to", to_name, to, console)) return *done;

  Manifests manifests = mesh_options.read(console);
  settings.set_flags(manifests.mesh);
  const model::Cluster& cluster = manifests.cluster;
  std::vector<std::uint32_t> workloads;
  for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i)
    if (mesh_options.lets_through(cluster, cluster.workloads[i])) workloads.push_back(i);
  const auto upgrade = model::istio::upgrade(cluster, manifests.mesh, {from.istio->version, from.istio->regime},
                                             {to.istio->version, to.istio->regime}, workloads);
  reports::ChainChanges changes = reports::upgrade_changes(upgrade, cluster, manifests.mesh, from.name, to.name);
  for (const Profile* one : {&from, &to})
    if (!one->note().empty()) changes.notes.push_back(one->note());

  std::string out;
  if (fix) print_fix(manifests, upgrade, mesh_options.manifest_options(), console);
  else if (mesh_options.output() == Output::Markdown) append_chain_changes_markdown(out, changes);
  else if (mesh_options.output() == Output::Json) append_chain_changes_json(out, changes);
  else append_chain_changes_text(out, changes, reports::Paint(console.colour_out), verbose);
  console.out << out;

  auto code = reports::ExitCode::Ok;
  if (upgrade.changes()) code = reports::ExitCode::Differs;
  else if (!upgrade.not_modelled.empty() && !allow_not_modelled) code = reports::ExitCode::Inconclusive;
  return worse(code, exit_code_of(manifests.diagnostics));
}

}  // namespace

const Command kUpgrade{
    "upgrade", "tell what changes from one version of Istio to another",
    "plumbline upgrade PATH... --from VERSION --to VERSION [flags]",
    "  plumbline upgrade mesh/ --from istio-1.29 --to istio-1.30\n"
    "  plumbline upgrade mesh/ --from istio-1.29 --to istio-1.30 --fix | patch -p0\n"
    "  plumbline upgrade mesh/ --from 1.22 --to 1.23 -o markdown\n",
    run_upgrade};

}  // namespace harness::cli

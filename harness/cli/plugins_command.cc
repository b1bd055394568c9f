// plumbline plugins: the plugins as read.
#include "harness/cli/mesh_options.h"
#include "harness/cli/profile_options.h"
#include "model/expected_chains.h"
#include "reports/istio_plugins.h"
#include "reports/plugins_json.h"
#include "reports/plugins_text.h"

namespace harness::cli {
namespace {

reports::ExitCode plugins_documented(const Manifests& manifests, const MeshOptions& mesh, Console& console) {
  const model::Cluster& cluster = manifests.cluster;
  const model::Expectation expectation(cluster);
  const auto reach = model::ExpectedChains(expectation).reach();
  std::vector<model::PluginIndex> shown;
  for (model::PluginIndex i = 0; i < cluster.plugins.size(); ++i)
    if (mesh.lets_through_namespace(cluster.plugins[i].id.ns)) shown.push_back(i);
  std::string out;
  if (mesh.output() == Output::Json)
    reports::append_plugins_json(out, expectation, shown, reach);
  else
    reports::append_plugins_text(out, expectation, shown, reach, reports::Paint(console.colour_out));
  console.out << out;
  tell_refusals(manifests, console);
  return exit_code_of(manifests);
}

reports::ExitCode plugins_of_istio(const Manifests& manifests, const Profile& profile, const MeshOptions& mesh, Console& console) {
  reports::IstioExpectation expectation(manifests.cluster, manifests.mesh, told(profile));
  const auto& extensions = manifests.mesh.extensions;
  std::vector<model::istio::ExtensionIndex> shown;
  for (model::istio::ExtensionIndex i = 0; i < extensions.size(); ++i)
    if (mesh.lets_through_namespace(extensions[i].meta.id.ns)) shown.push_back(i);
  std::string out;
  if (mesh.output() == Output::Json)
    reports::append_istio_plugins_json(out, expectation, shown);
  else
    reports::append_istio_plugins_text(out, expectation, shown, reports::Paint(console.colour_out));
  console.out << out;
  return exit_code_of(manifests.diagnostics);
}

reports::ExitCode plugins(const Words& words, Console& console) {
  MeshOptions mesh;
  ProfileOptions profile;
  Options options(kPlugins);
  mesh.declare(options);
  mesh.declare_filters(options);
  mesh.declare_output(options);
  profile.declare(options);
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh.settle(kPlugins, console)) return *done;
  if (const auto done = profile.settle(kPlugins, console)) return *done;

  Manifests manifests = mesh.read(console);
  profile.set_flags(manifests.mesh);
  if (profile.profile().istio) return plugins_of_istio(manifests, profile.profile(), mesh, console);
  return plugins_documented(manifests, mesh, console);
}

}  // namespace

const Command kPlugins{
    "plugins", "list the plugins as read, and how many workloads each reaches",
    "plumbline plugins PATH... [flags]",
    "  plumbline plugins mesh/\n"
    "  plumbline plugins mesh/ -n shop -o json\n"
    "  plumbline plugins mesh/ --profile istio-1.29\n",
    plugins};

}  // namespace harness::cli

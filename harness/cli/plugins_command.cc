// plumbline plugins: the plugins as read.
#include "harness/cli/mesh_options.h"
#include "model/expected_chains.h"
#include "reports/plugins_json.h"
#include "reports/plugins_text.h"

namespace harness::cli {
namespace {

reports::ExitCode plugins(const Words& words, Console& console) {
  MeshOptions mesh;
  Options options(kPlugins);
  mesh.declare(options);
  mesh.declare_filters(options);
  mesh.declare_output(options);
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh.settle(kPlugins, console)) return *done;

  const Manifests manifests = mesh.read(console);
  const model::Cluster& cluster = manifests.cluster;
  const model::Expectation expectation(cluster);
  const auto reach = model::ExpectedChains(expectation).reach();
  std::vector<model::PluginIndex> shown;
  for (model::PluginIndex i = 0; i < cluster.plugins.size(); ++i)
    if (mesh.lets_through_namespace(cluster.plugins[i].id.ns)) shown.push_back(i);
  std::string out;
  if (mesh.output() == Output::Json) {
    reports::append_plugins_json(out, expectation, shown, reach);
    tell_refusals(manifests, console);
  } else {
    reports::append_plugins_text(out, expectation, shown, reach, reports::Paint(console.colour_out));
  }
  console.out << out;
  return exit_code_of(manifests);
}

}  // namespace

const Command kPlugins{
    "plugins", "list the plugins as read, and how many workloads each reaches",
    "plumbline plugins PATH... [flags]",
    "  plumbline plugins mesh/\n"
    "  plumbline plugins mesh/ -n shop -o json\n",
    plugins};

}  // namespace harness::cli

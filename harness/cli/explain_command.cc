// plumbline explain: why one workload runs what it runs.
#include "harness/cli/mesh_options.h"
#include "model/expectation.h"
#include "reports/explanation_json.h"
#include "reports/explanation_text.h"

namespace harness::cli {
namespace {

reports::ExitCode explain(const Words& words, Console& console) {
  MeshOptions mesh;
  std::string name;
  Options options(kExplain);
  mesh.declare(options);
  mesh.declare_output(options);
  options.text("workload,w", name, "NS/NAME", "the workload to explain");
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh.settle(kExplain, console)) return *done;

  const Manifests manifests = mesh.read(console);
  const model::Cluster& cluster = manifests.cluster;
  tell_refusals(manifests, console);
  std::string problem = "name the workload with -w NAMESPACE/NAME";
  const auto workload = name.empty() && cluster.workloads.size() == 1
                            ? std::optional<std::size_t>(0)
                            : name.empty() ? std::nullopt : find_workload(cluster, name, problem);
  if (!workload) {
    const auto code = usage_error(kExplain, console, problem);
    return worse(code, exit_code_of(manifests));
  }
  const model::Expectation expectation(cluster);
  std::string out;
  if (mesh.output() == Output::Json)
    reports::append_explanation_json(out, expectation, *workload);
  else
    reports::append_explanation_text(out, expectation, *workload, reports::Paint(console.colour_out));
  console.out << out;
  return exit_code_of(manifests);
}

}  // namespace

const Command kExplain{
    "explain", "say why a workload runs these plugins, in this order",
    "plumbline explain PATH... -w NS/NAME [flags]",
    "  plumbline explain mesh/ -w shop/web-1\n"
    "  kubectl get wasmplugins,pods -A -o yaml | plumbline explain - -w shop/web-1\n",
    explain};

}  // namespace harness::cli

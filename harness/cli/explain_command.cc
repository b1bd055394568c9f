// plumbline explain: why one workload runs what it runs.
#include "harness/cli/mesh_options.h"
#include "harness/cli/profile_options.h"
#include "model/expectation.h"
#include "reports/explanation_json.h"
#include "reports/explanation_text.h"
#include "reports/istio_explanation_json.h"
#include "reports/istio_explanation_text.h"

namespace harness::cli {
namespace {

reports::ExitCode explain(const Words& words, Console& console) {
  MeshOptions mesh;
  ProfileOptions profile;
  std::string name;
  Options options(kExplain);
  mesh.declare(options);
  mesh.declare_output(options);
  profile.declare(options);
  options.text("workload,w", name, "NS/NAME", "the workload to explain");
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh.settle(kExplain, console)) return *done;
  if (const auto done = profile.settle(kExplain, console)) return *done;

  Manifests manifests = mesh.read(console);
  profile.set_flags(manifests.mesh);
  const bool documented = !profile.profile().istio;
  const model::Cluster& cluster = manifests.cluster;
  // Under an Istio profile it is that version's own business what it takes.
  if (documented) tell_refusals(manifests, console);
  const auto code_of_input = documented ? exit_code_of(manifests) : exit_code_of(manifests.diagnostics);
  std::string problem = "name the workload with -w NAMESPACE/NAME";
  const auto workload = name.empty() && cluster.workloads.size() == 1
                            ? std::optional<std::size_t>(0)
                            : name.empty() ? std::nullopt : find_workload(cluster, name, problem);
  if (!workload) {
    const auto code = usage_error(kExplain, console, problem);
    return worse(code, code_of_input);
  }
  const reports::Paint paint(console.colour_out);
  const bool json = mesh.output() == Output::Json;
  std::string out;
  if (documented) {
    const model::Expectation expectation(cluster);
    if (json)
      reports::append_explanation_json(out, expectation, *workload);
    else
      reports::append_explanation_text(out, expectation, *workload, paint);
  } else {
    reports::IstioExpectation expectation(cluster, manifests.mesh, told(profile.profile()));
    if (json)
      reports::append_istio_explanation_json(out, expectation, *workload);
    else
      reports::append_istio_explanation_text(out, expectation, *workload, paint);
  }
  console.out << out;
  return code_of_input;
}

}  // namespace

const Command kExplain{
    "explain", "say why a workload runs these plugins, in this order",
    "plumbline explain PATH... -w NS/NAME [flags]",
    "  plumbline explain mesh/ -w shop/web-1\n"
    "  plumbline explain mesh/ -w shop/web-1 --profile istio-1.29\n"
    "  kubectl get wasmplugins,pods -A -o yaml | plumbline explain - -w shop/web-1\n",
    explain};

}  // namespace harness::cli

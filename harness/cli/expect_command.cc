// plumbline expect: every workload's chain, as documented.
#include <numeric>

#include "harness/cli/mesh_options.h"
#include "model/expected_chains.h"
#include "reports/expectation_json.h"
#include "reports/expectation_text.h"

namespace harness::cli {
namespace {

reports::ExitCode expect(const Words& words, Console& console) {
  MeshOptions mesh;
  bool all_pods = false;
  Options options(kExpect);
  mesh.declare(options);
  mesh.declare_filters(options);
  mesh.declare_output(options);
  options.flag("all-pods", all_pods, "show workloads without a proxy, too");
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh.settle(kExpect, console)) return *done;

  const Manifests manifests = mesh.read(console);
  const model::Cluster& cluster = manifests.cluster;
  const model::Expectation expectation(cluster);
  const model::ExpectedChains chains(expectation);
  reports::ExpectationView view{
      .expectation = expectation,
      .chains = chains,
      .workloads = {},
      .proxyless = all_pods ? reports::Proxyless::Shown : reports::Proxyless::Counted};
  for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i)
    if (mesh.lets_through(cluster, cluster.workloads[i])) view.workloads.push_back(i);

  if (view.workloads.empty() && !cluster.workloads.empty())
    console.err << "note: -n and -l let none of the " << cluster.workloads.size()
                << " workloads through\n";

  std::string out;
  const auto drain = [&](std::string& written) {
    console.out << written;
    written.clear();
  };
  if (mesh.output() == Output::Json) {
    reports::append_expectation_json(out, view, drain);
    tell_refusals(manifests, console);
  } else {
    reports::append_expectation_text(out, view, reports::Paint(console.colour_out), drain);
  }
  console.out << out;
  return exit_code_of(manifests);
}

}  // namespace

const Command kExpect{
    "expect", "print every workload's filter chain, as documented", "plumbline expect PATH... [flags]",
    "  plumbline expect mesh/\n"
    "  plumbline expect mesh/ -n shop -l app=web\n"
    "  kubectl get wasmplugins,pods -A -o yaml | plumbline expect - -o json\n",
    expect};

}  // namespace harness::cli

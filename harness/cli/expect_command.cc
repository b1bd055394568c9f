// plumbline expect: every workload's chains, as documented or as a version of Istio makes them.
#include <numeric>

#include "harness/cli/mesh_options.h"
#include "harness/cli/profile_options.h"
#include "model/expected_chains.h"
#include "reports/expectation_json.h"
#include "reports/expectation_text.h"
#include "reports/istio_expectation_json.h"
#include "reports/istio_expectation_text.h"
#include "reports/istio_versions_json.h"
#include "reports/istio_versions_text.h"

namespace harness::cli {
namespace {

// Which workloads are asked for.
struct Asked {
  std::vector<std::uint32_t> workloads;
  reports::Proxyless proxyless = reports::Proxyless::Counted;
};

reports::ExitCode expect_documented(const Manifests& manifests, const Asked& asked, Output output, Console& console) {
  const model::Expectation expectation(manifests.cluster);
  const model::ExpectedChains chains(expectation);
  const reports::ExpectationView view{expectation, chains, asked.workloads, asked.proxyless};
  std::string out;
  const auto drain = [&](std::string& written) {
    console.out << written;
    written.clear();
  };
  if (output == Output::Json)
    reports::append_expectation_json(out, view, drain);
  else
    reports::append_expectation_text(out, view, reports::Paint(console.colour_out), drain);
  console.out << out;
  tell_refusals(manifests, console);
  return exit_code_of(manifests);
}

reports::ExitCode expect_of_istio(const Manifests& manifests, const Profile& profile, const Asked& asked, Output output,
                                  Console& console) {
  reports::IstioExpectation expectation(manifests.cluster, manifests.mesh, told(profile));
  const reports::IstioView view{expectation, asked.workloads, asked.proxyless};
  std::string out;
  const auto drain = [&](std::string& written) {
    console.out << written;
    written.clear();
  };
  if (output == Output::Json)
    reports::append_istio_expectation_json(out, view, drain);
  else
    reports::append_istio_expectation_text(out, view, reports::Paint(console.colour_out), drain);
  console.out << out;
  return exit_code_of(manifests.diagnostics);
}

// One workload under the documented profile and every version.
reports::ExitCode expect_of_all(const Manifests& manifests, std::uint32_t workload, Output output, Console& console) {
  std::vector<reports::IstioProfile> profiles;
  for (const Profile& profile : istio_profiles()) profiles.push_back(told(profile));
  const model::Cluster& cluster = manifests.cluster;
  const auto versions = reports::versions_of(cluster, manifests.mesh, workload, profiles);
  const model::Expectation expectation(cluster);
  const model::ExpectedChains chains(expectation);
  const reports::ExpectationView view{expectation, chains, {workload}, reports::Proxyless::Shown};
  const reports::Paint paint(console.colour_out);
  std::string out;
  if (output == Output::Json) {
    std::string documented;
    reports::append_documented_workload_json(documented, view, workload);
    reports::append_versions_json(out, cluster, manifests.mesh, name_of(cluster, cluster.workloads[workload]), documented, versions);
  } else {
    out += paint(reports::Ink::Strong, "documented") + ": ";
    reports::append_expectation_text(out, view, paint);
    reports::append_versions_text(out, cluster, manifests.mesh, versions, paint);
  }
  console.out << out;
  return exit_code_of(manifests.diagnostics);
}

reports::ExitCode expect(const Words& words, Console& console) {
  MeshOptions mesh;
  ProfileOptions profile(ProfileOptions::All);
  std::string name;
  bool all_pods = false;
  Options options(kExpect);
  mesh.declare(options);
  mesh.declare_filters(options);
  mesh.declare_output(options);
  profile.declare(options);
  options.text("workload,w", name, "NS/NAME", "only this workload");
  options.flag("all-pods", all_pods, "show workloads without a proxy, too");
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh.settle(kExpect, console)) return *done;
  if (const auto done = profile.settle(kExpect, console)) return *done;

  if (profile.is_all() && name.empty())
    return usage_error(kExpect, console, "--profile all is for one workload: name it with -w NAMESPACE/NAME");

  Manifests manifests = mesh.read(console);
  profile.set_flags(manifests.mesh);
  const model::Cluster& cluster = manifests.cluster;
  Asked asked{{}, all_pods || !name.empty() ? reports::Proxyless::Shown : reports::Proxyless::Counted};
  if (!name.empty()) {
    std::string problem;
    const auto workload = find_workload(cluster, name, problem);
    if (!workload) return worse(usage_error(kExpect, console, problem), exit_code_of(manifests.diagnostics));
    asked.workloads = {static_cast<std::uint32_t>(*workload)};
  } else {
    for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i)
      if (mesh.lets_through(cluster, cluster.workloads[i])) asked.workloads.push_back(i);
    if (asked.workloads.empty() && !cluster.workloads.empty())
      console.err << "note: -n and -l let none of the " << cluster.workloads.size() << " workloads through\n";
  }
  if (profile.is_all()) {
    const std::uint32_t workload = asked.workloads.front();
    if (cluster.workloads[workload].proxy != model::Proxy::None)
      return expect_of_all(manifests, workload, mesh.output(), console);
    console.out << name_of(cluster, cluster.workloads[workload]) << " runs no plugin under any profile: no proxy stands beside it\n";
    return exit_code_of(manifests.diagnostics);
  }
  if (!profile.profile().istio) return expect_documented(manifests, asked, mesh.output(), console);
  return expect_of_istio(manifests, profile.profile(), asked, mesh.output(), console);
}

}  // namespace

const Command kExpect{
    "expect", "print every workload's filter chains, as documented or as a version of Istio has them", "plumbline expect PATH... [flags]",
    "  plumbline expect mesh/\n"
    "  plumbline expect mesh/ -n shop -l app=web\n"
    "  plumbline expect mesh/ --profile istio-1.29\n"
    "  plumbline expect mesh/ --profile all -w shop/web-1\n"
    "  kubectl get wasmplugins,pods -A -o yaml | plumbline expect - -o json\n",
    expect};

}  // namespace harness::cli

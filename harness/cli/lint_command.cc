// plumbline lint: mistakes that a control plane accepts in silence.
#include <algorithm>
#include <tuple>

#include "harness/cli/mesh_options.h"
#include "harness/lint.h"
#include "reports/lint_json.h"
#include "reports/lint_text.h"

namespace harness::cli {
namespace {

reports::Finding told(const model::Cluster& cluster, const Finding& found) {
  return {.file = found.place ? cluster.files[found.place.file] : std::string(),
          .line = found.place.line,
          .column = found.place.column,
          .plugin = to_string(found.plugin),
          .problem = found.problem,
          .hint = found.hint,
          .clause = found.clause ? std::string((*found.clause)->id) : std::string()};
}

// What the readers warned of: fields that a parser drops in silence.
reports::Finding told(const Diagnostic& warning) {
  return {.file = warning.where.file,
          .line = warning.where.line,
          .column = warning.where.column,
          .plugin = "",
          .problem = warning.problem,
          .hint = warning.hint,
          .clause = ""};
}

reports::ExitCode lint_mesh(const Words& words, Console& console) {
  MeshOptions mesh;
  Options options(kLint);
  mesh.declare(options);
  mesh.declare_output(options);
  if (const auto done = options.parse(words, console)) return *done;
  if (const auto done = mesh.settle(kLint, console)) return *done;

  Manifests manifests = mesh.read_untold();
  const auto warnings = std::ranges::stable_partition(
      manifests.diagnostics, [](const Diagnostic& one) { return one.severity != Severity::Warning; });
  reports::Findings findings;
  for (const Diagnostic& warning : warnings) findings.push_back(told(warning));
  manifests.diagnostics.erase(warnings.begin(), warnings.end());
  tell(manifests.diagnostics, console);
  tell_refusals(manifests, console);
  for (const Finding& found : lint(manifests.cluster)) findings.push_back(told(manifests.cluster, found));
  std::ranges::stable_sort(findings, [](const reports::Finding& a, const reports::Finding& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });

  std::string out;
  const std::size_t plugins = manifests.cluster.plugins.size();
  if (mesh.output() == Output::Json)
    reports::append_lint_json(out, findings, plugins);
  else
    reports::append_lint_text(out, findings, plugins, reports::Paint(console.colour_out));
  console.out << out;
  const auto code = findings.empty() ? reports::ExitCode::Ok : reports::ExitCode::Differs;
  return worse(code, exit_code_of(manifests));
}

}  // namespace

const Command kLint{
    "lint", "find mistakes that a control plane accepts in silence", "plumbline lint PATH... [flags]",
    "  plumbline lint mesh/\n"
    "  helm template chart/ | plumbline lint -\n",
    lint_mesh};

}  // namespace harness::cli

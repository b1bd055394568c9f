#include "reports/lint_text.h"

#include <fmt/format.h>

#include "reports/plain_text.h"

namespace reports {

void append_lint_text(std::string& out, const Findings& findings, std::size_t plugins,
                      const Paint& paint) {
  if (findings.empty()) {
    out += fmt::format("{}: nothing found\n", counted(plugins, "WasmPlugin"));
    return;
  }
  for (const Finding& finding : findings) {
    std::string place = plain(finding.file);
    if (finding.line > 0) place += fmt::format(":{}:{}", finding.line, finding.column);
    out += paint(Ink::Strong, place) + ": ";
    if (!finding.plugin.empty()) out += plain(finding.plugin) + ": ";
    out += plain(finding.problem);
    if (!finding.clause.empty()) out += " (" + plain(finding.clause) + ")";
    out += '\n';
    if (finding.hint.empty()) continue;
    for (const std::string& line : wrapped(plain(finding.hint), kTextWidth - 2))
      out += "  " + line + "\n";
  }
  out += fmt::format("\n{} in {}\n", paint(Ink::Bad, counted(findings.size(), "finding")),
                     counted(plugins, "WasmPlugin"));
}

}  // namespace reports

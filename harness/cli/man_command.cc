// plumbline man: the manual page, made from the command table.
#include <string>

#include "harness/cli/options.h"

namespace harness::cli {
namespace {

// A text for a line of roff: no request at its beginning, backslashes and hyphens as themselves.
std::string roff(std::string_view text) {
  std::string result = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (const char c : text) {
    if (c == '\\') result += "\\e";
    else if (c == '-') result += "\\-";
    else result += c;
  }
  return result;
}

void print_command(std::ostream& out, const Command& command) {
  out << ".SS " << command.name << "\n" << roff(command.summary) << ".\n.PP\n.B " << roff(command.usage) << "\n";
  for (const ToldFlag& flag : flags_of(command)) {
    out << ".TP\n.B ";
    if (!flag.letter.empty()) out << roff("-" + flag.letter + ", ");
    out << roff("--" + flag.name);
    if (!flag.argument.empty()) out << " \\fI" << roff(flag.argument) << "\\fR";
    out << "\n" << roff(flag.help) << "\n";
  }
  out << ".PP\nExamples:\n.PP\n.nf\n";
  std::string_view lines = command.examples;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    out << roff(lines.substr(0, end)) << "\n";
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  out << ".fi\n";
}

reports::ExitCode man(const Words& words, Console& console) {
  Options options(kMan);
  if (const auto done = options.parse(words, console)) return *done;
  std::ostream& out = console.out;
  out << ".TH PLUMBLINE 1 \"\" \"plumbline " PLUMBLINE_VERSION "\"\n"
         ".SH NAME\n"
         "plumbline \\- which WasmPlugins each workload runs, in which order, and why\n"
         ".SH SYNOPSIS\n"
         ".B plumbline\n"
         "\\fICOMMAND\\fR [\\fIflags\\fR]\n"
         ".SH DESCRIPTION\n"
         "Plumbline computes every workload's filter chain from plain Kubernetes manifests, explains it, and judges golden files and "
         "proxy dumps against it. It needs no cluster.\n"
         ".SH COMMANDS\n";
  for (const Command& command : commands()) print_command(out, command);
  out << ".SH EXIT STATUS\n"
         ".TP\n0\nAll that was judged conforms.\n"
         ".TP\n1\nSomething differs.\n"
         ".TP\n2\nA workload got an error, or is not modelled and \\-\\-allow\\-not\\-modelled was not given.\n"
         ".TP\n3\nNothing was judged, or a guard against vacuous passes bit.\n"
         ".TP\n64\nThe command line is mistaken.\n"
         ".TP\n65\nThe input is bad; the rest was evaluated and printed.\n"
         ".TP\n74\nSomething could not be read or written.\n"
         ".TP\n130\nInterrupted.\n"
         ".SH ENVIRONMENT\n"
         ".TP\nNO_COLOR\nNo colours, as with \\-\\-no\\-color.\n";
  return reports::ExitCode::Ok;
}

}  // namespace

const Command kMan{
    "man", "print the manual page",
    "plumbline man",
    "  plumbline man | man -l -\n"
    "  plumbline man > /usr/local/share/man/man1/plumbline.1\n",
    man};

}  // namespace harness::cli

// The entry point: finds the command in the table, and is the one place where exceptions end.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>

#include "harness/cli/command.h"
#include "harness/suggestion.h"

namespace {

using harness::cli::Command;
using harness::cli::commands;
using harness::cli::Console;
using harness::cli::Words;
using reports::ExitCode;

bool wants_colour(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(descriptor) && !(no_color && *no_color) && !(term && std::string_view(term) == "dumb");
}

void print_help(std::ostream& out) {
  out << "plumbline says which WasmPlugins each workload runs, in which order, and why; and judges\n"
         "golden files and proxy dumps against it.\n\nUsage:\n  plumbline COMMAND [flags]\n\nCommands:\n";
  std::size_t width = 0;
  for (const Command& command : commands()) width = std::max(width, command.name.size());
  for (const Command& command : commands())
    out << "  " << command.name << std::string(width + 2 - command.name.size(), ' ') << command.summary << '\n';
  out << "\nExamples:\n"
         "  plumbline expect mesh/\n"
         "  plumbline check mesh/ --against dump.json\n"
         "  kubectl get wasmplugins,pods -A -o yaml | plumbline expect -\n\n"
         "Exit codes:\n"
         "  0 all that was judged conforms    1 something differs     2 error, or not modelled\n"
         "  3 nothing judged, or hygiene     64 usage   65 bad input   74 I/O   130 interrupted\n\n"
         "plumbline COMMAND --help tells more of a command; --version tells the version.\n";
}

ExitCode unknown_command(const std::string& word) {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.push_back(command.name);
  std::cerr << "plumbline: there is no command '" << word << "'";
  if (const auto nearest = harness::nearest_word(word, names))
    std::cerr << "; did you mean " << *nearest << "?";
  std::cerr << "\nsee: plumbline --help\n";
  return ExitCode::Usage;
}

ExitCode dispatch(Words words) {
  if (words.empty()) {
    print_help(std::cerr);
    return ExitCode::Usage;
  }
  std::string name = words.front();
  words.erase(words.begin());
  if (name == "--version" || name == "version") {
    std::cout << "plumbline " PLUMBLINE_VERSION "\n";
    return ExitCode::Ok;
  }
  if (name == "help" && !words.empty()) {
    name = words.front();
    words = {"--help"};
  }
  if (name == "help" || name == "--help" || name == "-h") {
    print_help(std::cout);
    return ExitCode::Ok;
  }
  Console console{std::cout, std::cerr, wants_colour(STDOUT_FILENO), wants_colour(STDERR_FILENO)};
  for (const Command& command : commands())
    if (command.name == name) return command.run(words, console);
  return unknown_command(name);
}

void interrupted(int) { _exit(static_cast<int>(ExitCode::Interrupted)); }

}  // namespace

int main(int count, char** words) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGINT, interrupted);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is told like any other failed write
  auto code = ExitCode::Io;
  try {
    code = dispatch(Words(words + 1, words + count));
  } catch (const std::bad_alloc&) {
    std::cerr << "plumbline: out of memory: give it less input at once\n";
  } catch (const std::exception& error) {
    std::cerr << "plumbline: internal error: " << error.what() << "\n";
  }
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "plumbline: the output could not be written\n";
    code = worse(code, ExitCode::Io);
  }
  return static_cast<int>(code);
}

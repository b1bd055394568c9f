// plumbline completion: a script that completes commands and flags in a shell, made from the command table.
#include <algorithm>
#include <string>

#include "harness/cli/options.h"

namespace harness::cli {
namespace {

// Flags whose argument is a path of the user's: the shell completes files there, and words of the command line too.
bool takes_path(const ToldFlag& flag) {
  static constexpr std::string_view kPaths[] = {"PATH", "FILE", "DIR", "DUMP", "DIRECTORY"};
  return std::ranges::any_of(kPaths, [&](std::string_view path) { return flag.argument.find(path) != std::string::npos; });
}

std::string letters_and_names(const std::vector<ToldFlag>& flags) {
  std::string words;
  for (const ToldFlag& flag : flags) words += (words.empty() ? "--" : " --") + flag.name;
  return words;
}

// A text for one pair of single quotes.
std::string quoted(std::string_view text, std::string_view quote) {
  std::string result;
  for (const char c : text) result += c == '\'' ? std::string(quote) : std::string(1, c);
  return "'" + result + "'";
}

void print_bash(std::ostream& out) {
  out << "# bash completion of plumbline: source <(plumbline completion bash)\n"
         "_plumbline() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} words\n"
         "  COMPREPLY=()\n"
         "  if [ \"$COMP_CWORD\" = 1 ]; then\n"
         "    COMPREPLY=($(compgen -W '";
  for (const Command& command : commands()) out << command.name << ' ';
  out << "help version' -- \"$word\"))\n"
         "    return\n"
         "  fi\n"
         "  case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands())
    out << "    " << command.name << ") words='" << letters_and_names(flags_of(command)) << "' ;;\n";
  out << "    help) words='";
  for (const Command& command : commands()) out << (&command == &commands().front() ? "" : " ") << command.name;
  out << "' ;;\n"
         "  esac\n"
         "  case $word in\n"
         "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
         "    *) [ \"${COMP_WORDS[1]}\" = help ] && COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
         "  esac\n"
         "}\n"
         "complete -o default -F _plumbline plumbline\n";
}

void print_zsh(std::ostream& out) {
  out << "#compdef plumbline\n"
         "# zsh completion of plumbline: plumbline completion zsh > \"${fpath[1]}/_plumbline\"\n"
         "_plumbline() {\n"
         "  local -a commands\n"
         "  commands=(\n";
  for (const Command& command : commands())
    out << "    " << quoted(std::string(command.name) + ":" + std::string(command.summary), "'\\''") << "\n";
  out << "  )\n"
         "  if (( CURRENT == 2 )); then\n"
         "    _describe command commands\n"
         "    return\n"
         "  fi\n"
         "  case $words[2] in\n";
  for (const Command& command : commands()) {
    out << "    " << command.name << ")\n      _arguments";
    for (const ToldFlag& flag : flags_of(command)) {
      std::string help = flag.help;
      std::erase_if(help, [](char c) { return c == '[' || c == ']' || c == ':'; });
      std::string spec = "[" + help + "]";
      if (!flag.argument.empty()) spec += ":" + flag.argument + ":" + (takes_path(flag) ? "_files" : "");
      out << " \\\n        " << quoted("*--" + flag.name + (flag.argument.empty() ? "" : "=") + spec, "'\\''");
    }
    out << " \\\n        '*:file:_files'\n      ;;\n";
  }
  out << "  esac\n"
         "}\n"
         "_plumbline \"$@\"\n";
}

void print_fish(std::ostream& out) {
  out << "# fish completion of plumbline: plumbline completion fish | source\n";
  for (const Command& command : commands())
    out << "complete -c plumbline -n __fish_use_subcommand -a " << command.name << " -d "
        << quoted(command.summary, "\\'") << "\n";
  for (const Command& command : commands())
    for (const ToldFlag& flag : flags_of(command)) {
      out << "complete -c plumbline -n '__fish_seen_subcommand_from " << command.name << "' -l " << flag.name;
      if (!flag.letter.empty()) out << " -s " << flag.letter;
      if (!flag.argument.empty()) out << (takes_path(flag) ? " -r" : " -x");
      out << " -d " << quoted(flag.help, "\\'") << "\n";
    }
}

reports::ExitCode completion(const Words& words, Console& console) {
  std::vector<std::string> shells;
  Options options(kCompletion);
  options.positional(shells);
  if (const auto done = options.parse(words, console)) return *done;
  if (shells.size() != 1)
    return usage_error(kCompletion, console, "name one shell: bash, zsh or fish");
  if (shells.front() == "bash") print_bash(console.out);
  else if (shells.front() == "zsh") print_zsh(console.out);
  else if (shells.front() == "fish") print_fish(console.out);
  else return usage_error(kCompletion, console, "there is no completion for '" + shells.front() + "'; it is bash, zsh or fish");
  return reports::ExitCode::Ok;
}

}  // namespace

const Command kCompletion{
    "completion", "print a script that completes commands and flags in a shell",
    "plumbline completion bash|zsh|fish",
    "  source <(plumbline completion bash)\n"
    "  plumbline completion zsh > \"${fpath[1]}/_plumbline\"\n"
    "  plumbline completion fish | source\n",
    completion};

}  // namespace harness::cli

// The flags of a command: declared with the place that they fill, parsed by Boost.Program_options. Mistakes get a
// suggestion; --help and --no-color are every command's.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/command.h"

namespace harness::cli {

// A flag as its help tells it.
struct ToldFlag {
  std::string name;      // "namespace"
  std::string letter;    // "n"; "" where it has none
  std::string argument;  // "NAME"; "" where it takes none
  std::string help;
};

// The flags that a command declares, in the order of its help; --help and --no-color first.
std::vector<ToldFlag> flags_of(const Command& command);

class Options {
 public:
  explicit Options(const Command& command);

  // `name` is "long" or "long,s".
  void flag(const char* name, bool& value, const char* help);
  void text(const char* name, std::string& value, const char* argument, const char* help);
  void text(const char* name, std::optional<std::string>& value, const char* argument,
            const char* help);
  void list(const char* name, std::vector<std::string>& values, const char* argument,
            const char* help);
  // The words that are no flags.
  void positional(std::vector<std::string>& values) { positional_ = &values; }

  // Fills the values. An exit code if the command is done with that: help was printed, or the words are mistaken.
  std::optional<reports::ExitCode> parse(const Words& words, Console& console);

 private:
  const char* tell(std::string_view name, std::string_view argument, const char* help);

  void print_help(Console& console) const;
  void print_flags(Console& console) const;

  const Command& command_;
  std::vector<ToldFlag> told_;  // in the order of declaration
  boost::program_options::options_description flags_;
  std::vector<std::string>* positional_ = nullptr;
  bool help_ = false;
  bool no_color_ = false;
};

// Tells a mistake in the words on standard error, with the command's usage: exit code 64.
reports::ExitCode usage_error(const Command& command, Console& console, const std::string& problem);

}  // namespace harness::cli

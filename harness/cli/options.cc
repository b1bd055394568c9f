#include "harness/cli/options.h"

#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>

#include "harness/suggestion.h"

namespace harness::cli {
namespace {

namespace po = boost::program_options;

// Boost refuses "--flag=" although an empty value is a value ("" is no root namespace): as two words it takes it.
Words with_empty_values(const Words& words) {
  Words result;
  for (const std::string& word : words) {
    if (word == "--") {
      result.insert(result.end(), words.begin() + static_cast<std::ptrdiff_t>(&word - words.data()), words.end());
      break;
    }
    if (word.starts_with("--") && word.ends_with("=")) {
      result.push_back(word.substr(0, word.size() - 1));
      result.emplace_back();
    } else {
      result.push_back(word);
    }
  }
  return result;
}

std::string known_flag(const po::options_description& flags, const std::string& word) {
  std::vector<std::string> names;
  for (const auto& flag : flags.options()) names.push_back("--" + flag->long_name());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto nearest = nearest_word(word, views);
  return nearest ? "; did you mean " + std::string(*nearest) + "?" : std::string();
}

}  // namespace

Options::Options(const Command& command) : command_(command), flags_("Flags", 100) {
  flag("help,h", help_, "print this help");
  flag("no-color", no_color_, "no colours, as with the environment variable NO_COLOR");
}

void Options::flag(const char* name, bool& value, const char* help) {
  flags_.add_options()(name, po::bool_switch(&value), help);
}

void Options::text(const char* name, std::string& value, const char* argument, const char* help) {
  flags_.add_options()(name, po::value(&value)->value_name(argument), help);
}

void Options::text(const char* name, std::optional<std::string>& value, const char* argument,
                   const char* help) {
  flags_.add_options()(
      name,
      po::value<std::string>()->value_name(argument)->notifier(
          [&value](const std::string& text) { value = text; }),
      help);
}

void Options::list(const char* name, std::vector<std::string>& values, const char* argument,
                   const char* help) {
  flags_.add_options()(name, po::value(&values)->value_name(argument)->composing(), help);
}

std::optional<reports::ExitCode> Options::parse(const Words& words, Console& console) {
  po::options_description all;
  all.add(flags_);
  std::vector<std::string> rest;
  all.add_options()("positional", po::value(&rest));
  po::positional_options_description positional;
  positional.add("positional", -1);
  try {
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    po::store(po::command_line_parser(with_empty_values(words))
                  .options(all)
                  .positional(positional)
                  .style(style)
                  .run(),
              values);
    po::notify(values);
  } catch (const po::unknown_option& error) {
    const std::string flag = error.get_option_name();
    return usage_error(command_, console, "unknown flag " + flag + known_flag(flags_, flag));
  } catch (const po::error& error) {
    return usage_error(command_, console, error.what());
  }
  if (no_color_) console.colour_out = console.colour_err = false;
  if (help_) {
    print_help(console);
    return reports::ExitCode::Ok;
  }
  if (!rest.empty() && !positional_)
    return usage_error(command_, console, "'" + rest.front() + "' is one word too many");
  if (positional_) *positional_ = std::move(rest);
  return std::nullopt;
}

void Options::print_help(Console& console) const {
  console.out << command_.summary << "\n\nUsage:\n  " << command_.usage << "\n\nExamples:\n"
              << command_.examples << '\n' << flags_;
}

reports::ExitCode usage_error(const Command& command, Console& console, const std::string& problem) {
  console.err << "plumbline " << command.name << ": " << problem << "\nusage: " << command.usage
              << "\nsee: plumbline " << command.name << " --help\n";
  return reports::ExitCode::Usage;
}

}  // namespace harness::cli

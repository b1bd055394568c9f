#include "harness/cli/options.h"

#include <algorithm>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>
#include <optional>
#include <sstream>

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
  // The beginning of one name alone is that name, as where a tool takes abbreviations.
  std::vector<std::string_view> begun;
  for (const std::string_view name : views)
    if (name.starts_with(word)) begun.push_back(name);
  const auto nearest = begun.size() == 1 ? std::optional(begun.front()) : nearest_word(word, views);
  return nearest ? "; did you mean " + std::string(*nearest) + "?" : std::string();
}

// The one word that asks a command for its flags instead of running it: what declares them is the command's own code.
constexpr std::string_view kTellFlags = "--tell-flags";

constexpr std::size_t kHelpWidth = 100;

// `text` broken at blanks into lines of at most `width` characters.
std::vector<std::string_view> broken(std::string_view text, std::size_t width) {
  std::vector<std::string_view> lines;
  while (text.size() > width) {
    const auto end = std::min(text.rfind(' ', width), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  lines.push_back(text);
  return lines;
}

}  // namespace

Options::Options(const Command& command) : command_(command) {
  flag("help,h", help_, "print this help");
  flag("no-color", no_color_, "no colours, as with the environment variable NO_COLOR");
}

const char* Options::tell(std::string_view name, std::string_view argument, const char* help) {
  const auto comma = name.find(',');
  told_.push_back({.name = std::string(name.substr(0, comma)),
                   .letter = comma == std::string_view::npos ? "" : std::string(name.substr(comma + 1)),
                   .argument = std::string(argument),
                   .help = help});
  return help;
}

void Options::flag(const char* name, bool& value, const char* help) {
  flags_.add_options()(name, po::bool_switch(&value), tell(name, {}, help));
}

void Options::text(const char* name, std::string& value, const char* argument, const char* help) {
  flags_.add_options()(name, po::value(&value), tell(name, argument, help));
}

void Options::text(const char* name, std::optional<std::string>& value, const char* argument,
                   const char* help) {
  flags_.add_options()(
      name,
      po::value<std::string>()->notifier([&value](const std::string& text) { value = text; }),
      tell(name, argument, help));
}

void Options::list(const char* name, std::vector<std::string>& values, const char* argument,
                   const char* help) {
  flags_.add_options()(name, po::value(&values)->composing(), tell(name, argument, help));
}

std::optional<reports::ExitCode> Options::parse(const Words& words, Console& console) {
  if (words.size() == 1 && words.front() == kTellFlags) {
    print_flags(console);
    return reports::ExitCode::Ok;
  }
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
              << command_.examples << "\nFlags:\n";
  const auto spelling = [](const ToldFlag& flag) {
    std::string text = flag.letter.empty() ? "    --" : "-" + flag.letter + ", --";
    text += flag.name;
    return flag.argument.empty() ? text : text + " " + flag.argument;
  };
  std::size_t width = 0;
  for (const ToldFlag& flag : told_) width = std::max(width, spelling(flag).size());
  for (const ToldFlag& flag : told_) {
    std::string margin = "  " + spelling(flag) + std::string(width - spelling(flag).size() + 2, ' ');
    for (const std::string_view line : broken(flag.help, kHelpWidth - margin.size())) {
      console.out << margin << line << '\n';
      margin.assign(margin.size(), ' ');
    }
  }
}

// One a line, its four parts between tabs.
void Options::print_flags(Console& console) const {
  for (const ToldFlag& flag : told_)
    console.out << flag.name << '\t' << flag.letter << '\t' << flag.argument << '\t' << flag.help << '\n';
}

std::vector<ToldFlag> flags_of(const Command& command) {
  std::ostringstream out;
  Console console{out, out};
  command.run({std::string(kTellFlags)}, console);
  std::istringstream lines(out.str());
  std::vector<ToldFlag> flags;
  for (ToldFlag flag; std::getline(lines, flag.name, '\t') && std::getline(lines, flag.letter, '\t') &&
                      std::getline(lines, flag.argument, '\t') && std::getline(lines, flag.help);)
    flags.push_back(flag);
  return flags;
}

reports::ExitCode usage_error(const Command& command, Console& console, const std::string& problem) {
  console.err << "plumbline " << command.name << ": " << problem << "\nusage: " << command.usage
              << "\nsee: plumbline " << command.name << " --help\n";
  return reports::ExitCode::Usage;
}

}  // namespace harness::cli

#include <catch2/catch.hpp>
#include <sstream>
#include <string>

#include "harness/cli/command.h"
#include "harness/cli/options.h"

using namespace harness::cli;

namespace {

std::string printed(const Command& command, const Words& words) {
  std::ostringstream out;
  Console console{out, out};
  CHECK(command.run(words, console) == reports::ExitCode::Ok);
  return out.str();
}

}  // namespace

TEST_CASE("the flags of a command are those of its help") {
  for (const Command& command : commands()) {
    CAPTURE(command.name);
    const auto flags = flags_of(command);
    REQUIRE(flags.size() >= 2);
    CHECK(flags.front().name == "help");
    CHECK(flags.front().letter == "h");
    const std::string help = printed(command, {"--help"});
    std::istringstream lines(help.substr(help.find("\nFlags:\n") + 8));
    std::size_t told = 0;  // the other lines go on with what the flag before does
    for (std::string line; std::getline(lines, line);) told += line.starts_with("  -") || line.starts_with("      --");
    CHECK(told == flags.size());
    for (const ToldFlag& flag : flags) CHECK(help.find("--" + flag.name) != std::string::npos);
  }
}

TEST_CASE("each shell's completion has every command with every flag, and so has the manual page") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    CAPTURE(shell);
    const std::string script = printed(kCompletion, {shell});
    for (const Command& command : commands()) {
      CAPTURE(command.name);
      CHECK(script.find(command.name) != std::string::npos);
      for (const ToldFlag& flag : flags_of(command))
        CHECK(script.find((shell == "fish" ? "-l " : "--") + flag.name) != std::string::npos);
    }
  }
  const std::string page = printed(kMan, {});
  for (const Command& command : commands()) {
    CHECK(page.find("\n.SS " + std::string(command.name) + "\n") != std::string::npos);
    for (const ToldFlag& flag : flags_of(command)) {
      std::string escaped = "--" + flag.name;
      for (auto at = escaped.find('-'); at != std::string::npos; at = escaped.find('-', at + 2)) escaped.insert(at, "\\");
      CHECK(page.find(escaped) != std::string::npos);
    }
  }
}

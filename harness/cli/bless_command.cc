// plumbline bless: writes golden files anew, and shows what changes.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "harness/cli/suite_options.h"
#include "harness/istio_suite.h"
#include "harness/line_diff.h"
#include "harness/manifest_files.h"

namespace harness::cli {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::string& path) {
  Diagnostics diagnostics;
  std::error_code error;
  const auto file = fs::exists(path, error) ? read_manifest_file(path, diagnostics) : std::nullopt;
  return file ? std::string(file->bytes()) : std::string();
}

// Whole or not at all: a session that ends in between leaves the old file.
bool write(const std::string& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const std::string draft = path + ".new";
  std::ofstream file(draft, std::ios::binary);
  file << text;
  file.close();
  if (!file) return false;
  fs::rename(draft, path, error);
  return !error;
}

void show(const std::string& path, const std::string& before, const std::string& after,
          Console& console) {
  const reports::Paint paint(console.colour_out);
  const char* note = before.empty() ? " (new)" : after.empty() ? " (removed)" : "";
  console.out << paint(reports::Ink::Strong, path + note) << '\n';
  for (const DiffLine& line : line_diff(before, after)) {
    const auto ink = line.mark == '+'   ? reports::Ink::Good
                     : line.mark == '-' ? reports::Ink::Bad
                                        : reports::Ink::Faint;
    console.out << "  " << paint(ink, std::string(1, line.mark) + " " + std::string(line.text)) << '\n';
  }
}

// What the golden files of a scenario must hold, by path; "" where there must be none.
std::map<std::string, std::string> wanted_files(const Scenario& scenario, const SuiteOptions& options, bool all_profiles) {
  std::map<std::string, std::string> wanted;
  if (all_profiles && scenario.contradicts) {
    wanted = version_files(scenario, options);
    const std::string folder = version_folder(scenario, options);
    Diagnostics told_when_run;
    std::error_code error;
    if (fs::is_directory(folder, error))
      for (const std::string& path : find_manifest_files({folder}, told_when_run)) wanted.emplace(path, "");
  }
  std::error_code error;
  const std::string path = golden_path(scenario, options);
  if (fs::exists(path, error) || !fs::exists(recorded_path(scenario, options), error))
    wanted[path] = to_yaml(promise(scenario));
  return wanted;
}

struct Blessed {
  std::size_t written = 0;
  std::size_t removed = 0;
  std::size_t unchanged = 0;
};

// Brings one file to what it must hold; false where that fails.
bool settle(const std::string& path, const std::string& after, Blessed& blessed, Console& console) {
  const std::string before = text_of(path);
  std::error_code error;
  if (after.empty() ? !fs::exists(path, error) : before == after) {
    ++blessed.unchanged;
    return true;
  }
  show(path, before, after, console);
  if (after.empty() ? fs::remove(path, error) : write(path, after)) {
    ++(after.empty() ? blessed.removed : blessed.written);
    return true;
  }
  console.err << path << ": error: the golden file could not be written: " << std::strerror(errno) << '\n';
  return false;
}

reports::ExitCode bless(const Words& words, Console& console) {
  SuiteFlags flags;
  std::string profile = "documented";
  Options options(kBless);
  flags.declare(options);
  options.text("profile,p", profile, "NAME", "documented (default), or all: those of Istio's versions, too");
  if (const auto done = options.parse(words, console)) return *done;
  if (profile != "documented" && profile != "all")
    return usage_error(kBless, console,
                       "--profile is '" + profile + "'; write documented or all: the golden files of Istio's versions are "
                       "written together, since each says what changes");
  const bool all = profile == "all";
  flags.settle();
  if (const char* ci = std::getenv("CI"); ci && *ci)
    return usage_error(kBless, console,
                       "golden files are not blessed in CI (the environment variable CI is set): run it at "
                       "home and commit what you have read");

  const Suite suite = flags.read(console);
  for (const reports::Hygiene& breach : suite.hygiene) console.err << "hygiene: " << breach << '\n';
  auto code = exit_code_of(suite);
  if (!suite.hygiene.empty()) return worse(code, reports::ExitCode::Hygiene);
  Blessed blessed;
  for (const Scenario& scenario : suite.scenarios) {
    if (has(scenario.manifests.diagnostics, Severity::Error)) {
      code = worse(code, reports::ExitCode::BadInput);
      continue;
    }
    const auto wanted = wanted_files(scenario, flags.options(), all);
    const std::size_t unchanged = blessed.unchanged;
    for (const auto& [path, text] : wanted)
      if (!settle(path, text, blessed, console)) code = worse(code, reports::ExitCode::Io);
    if (blessed.unchanged - unchanged == wanted.size()) continue;
    const auto again = read_scenario(scenario.path, scenario.suite);
    const auto rewritten = again ? wanted_files(*again, flags.options(), all) : decltype(wanted)();
    for (const auto& [path, text] : rewritten)
      if (code != reports::ExitCode::Io && text != text_of(path)) {
        console.err << path << ": error: a second run would write it again\n";
        code = worse(code, reports::ExitCode::Differs);
      }
  }
  console.out << blessed.written << " written, ";
  if (blessed.removed > 0) console.out << blessed.removed << " removed, ";
  console.out << blessed.unchanged << " unchanged\n";
  return code;
}

}  // namespace

const Command kBless{
    "bless", "write golden files anew, showing the difference", "plumbline bless [SUITE...] [flags]",
    "  plumbline bless scenarios/\n"
    "  plumbline bless scenarios/priority --filter 'unset-*'\n"
    "  plumbline bless scenarios/istio --profile all\n",
    bless};

}  // namespace harness::cli

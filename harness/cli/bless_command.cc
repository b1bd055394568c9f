// plumbline bless: writes golden files anew, and shows what changes.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "harness/cli/suite_options.h"
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
  console.out << paint(reports::Ink::Strong, path + (before.empty() ? " (new)" : "")) << '\n';
  for (const DiffLine& line : line_diff(before, after)) {
    const auto ink = line.mark == '+'   ? reports::Ink::Good
                     : line.mark == '-' ? reports::Ink::Bad
                                        : reports::Ink::Faint;
    console.out << "  " << paint(ink, std::string(1, line.mark) + " " + std::string(line.text)) << '\n';
  }
}

reports::ExitCode bless(const Words& words, Console& console) {
  SuiteFlags flags;
  Options options(kBless);
  flags.declare(options);
  if (const auto done = options.parse(words, console)) return *done;
  flags.settle();
  if (const char* ci = std::getenv("CI"); ci && *ci)
    return usage_error(kBless, console,
                       "golden files are not blessed in CI (the environment variable CI is set): run it at "
                       "home and commit what you have read");

  const Suite suite = flags.read(console);
  for (const reports::Hygiene& breach : suite.hygiene) console.err << "hygiene: " << breach << '\n';
  auto code = exit_code_of(suite);
  if (!suite.hygiene.empty()) return worse(code, reports::ExitCode::Hygiene);
  std::size_t written = 0, unchanged = 0;
  for (const Scenario& scenario : suite.scenarios) {
    if (has(scenario.manifests.diagnostics, Severity::Error)) {
      code = worse(code, reports::ExitCode::BadInput);
      continue;
    }
    const std::string path = golden_path(scenario, flags.options());
    std::error_code error;
    if (!fs::exists(path, error) && fs::exists(recorded_path(scenario, flags.options()), error)) continue;
    const std::string before = text_of(path);
    const std::string after = to_yaml(promise(scenario));
    if (before == after) {
      ++unchanged;
      continue;
    }
    show(path, before, after, console);
    if (!write(path, after)) {
      console.err << path << ": error: the golden file could not be written: " << std::strerror(errno)
                  << '\n';
      code = worse(code, reports::ExitCode::Io);
      continue;
    }
    ++written;
    const auto again = read_scenario(scenario.path, scenario.suite);
    if (!again || to_yaml(promise(*again)) != text_of(path)) {
      console.err << path << ": error: a second run would write it again\n";
      code = worse(code, reports::ExitCode::Differs);
    }
  }
  console.out << written << " written, " << unchanged << " unchanged\n";
  return code;
}

}  // namespace

const Command kBless{
    "bless", "write golden files anew, showing the difference", "plumbline bless [SUITE...] [flags]",
    "  plumbline bless scenarios/\n"
    "  plumbline bless scenarios/priority --filter 'unset-*'\n",
    bless};

}  // namespace harness::cli

#include "harness/manifest_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace harness {
namespace {

constexpr std::array<std::string_view, 3> kEndings{".yaml", ".yml", ".json"};
constexpr std::string_view kStandardInput = "-";

bool is_manifest_name(std::string_view name) {
  return std::ranges::any_of(kEndings, [&](std::string_view end) { return name.ends_with(end); });
}

Diagnostic told(Severity severity, const std::string& path, std::string problem, std::string hint) {
  Diagnostic told;
  told.severity = severity;
  told.where.file = path;
  told.problem = std::move(problem);
  told.hint = std::move(hint);
  return told;
}

Diagnostic unreadable(const std::string& path, int error) {
  std::string hint;
  switch (error) {
    case ENOENT: hint = "check the spelling; a link that points nowhere looks the same"; break;
    case EACCES: hint = "check the permissions of the file and of the directories above it"; break;
    case ELOOP: hint = "links lead in a circle: remove or correct the link"; break;
    default: hint = "check the path, or leave it out"; break;
  }
  return told(Severity::Io, path.empty() ? "''" : path, "cannot be read: " + std::generic_category().message(error),
              std::move(hint));
}

// Tells files apart that are reached by several paths.
using FileIdentity = std::pair<dev_t, ino_t>;

class FileSearch {
 public:
  explicit FileSearch(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void add_named(const std::string& path) {
    if (path == kStandardInput) {
      if (std::ranges::find(files_, kStandardInput) == files_.end()) files_.push_back(path);
      return;
    }
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return diagnostics_.push_back(unreadable(path, errno));
    if (!S_ISDIR(status.st_mode)) return add_file(path, status);
    add_tree(path, status);
  }

  std::vector<std::string> take() { return std::move(files_); }

 private:
  bool is_new(const struct stat& status) {
    return seen_.insert({status.st_dev, status.st_ino}).second;
  }

  void add_file(const std::string& path, const struct stat& status) {
    if (is_new(status)) files_.push_back(path);
  }

  // Walks with a list of its own, so that no depth of directories can exhaust the stack.
  void add_tree(const std::string& top, const struct stat& status) {
    if (!is_new(status)) return;
    const std::size_t faults = diagnostics_.size();
    std::vector<std::pair<std::string, struct stat>> found;
    bool any = false;
    std::vector<std::string> pending{top};
    while (!pending.empty()) {
      const std::string directory = std::move(pending.back());
      pending.pop_back();
      for (const std::string& name : entries(directory)) {
        std::string path = directory;
        if (!path.ends_with('/')) path += '/';
        path += name;
        struct stat entry{};
        const bool wanted = is_manifest_name(name);
        if (::stat(path.c_str(), &entry) != 0) {
          if (wanted) diagnostics_.push_back(unreadable(path, errno));
        } else if (S_ISDIR(entry.st_mode)) {
          if (!name.starts_with('.') && is_new(entry)) pending.push_back(std::move(path));
        } else if (wanted && !S_ISREG(entry.st_mode)) {
          diagnostics_.push_back(told(Severity::Io, path, "cannot be read: it is no regular file",
                                      "remove it, or name it on the command line to read it"));
        } else if (wanted) {
          any = true;
          found.emplace_back(std::move(path), entry);
        }
      }
    }
    std::ranges::sort(found, {}, [](const auto& file) -> const std::string& { return file.first; });
    for (const auto& [path, entry] : found) add_file(path, entry);
    if (!any && diagnostics_.size() == faults)
      diagnostics_.push_back(told(Severity::Error, top, "the directory holds no manifest",
                                  "manifests are files named *.yaml, *.yml or *.json"));
  }

  std::vector<std::string> entries(const std::string& directory) {
    const std::unique_ptr<DIR, int (*)(DIR*)> handle(::opendir(directory.c_str()), &::closedir);
    if (!handle) {
      diagnostics_.push_back(unreadable(directory, errno));
      return {};
    }
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(handle.get())) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) diagnostics_.push_back(unreadable(directory, errno));
    std::ranges::sort(names);
    return names;
  }

  Diagnostics& diagnostics_;
  std::vector<std::string> files_;
  std::set<FileIdentity> seen_;
};

// How long a named pipe may stand without anybody who writes into it.
constexpr int kPipePatience = 3000;  // ms

// Opens a file without waiting for ever where it is a named pipe that nobody writes into: that one is empty then.
// Returns a descriptor that does not block, or -1.
int open_patiently(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status{};
  if (file < 0 || ::fstat(file, &status) != 0 || !S_ISFIFO(status.st_mode)) return file;
  pollfd waiting{.fd = file, .events = POLLIN, .revents = 0};
  ::poll(&waiting, 1, kPipePatience);
  return file;
}

// Returns 0 or the error number.
int read_all(int file, std::string& bytes) {
  struct stat status{};
  const bool sized = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  // One byte more than the size, so that a file that did not grow is read by one call and its end seen by another;
  // and room for the padding of SourceFile, which would else copy the bytes.
  const std::size_t expected = sized ? static_cast<std::size_t>(status.st_size) + 1 : 1 << 16;
  bytes.reserve(expected + 64);
  bytes.resize(expected);
  std::size_t filled = 0;
  while (true) {
    if (filled == bytes.size()) bytes.resize(bytes.size() * 2);
    const ssize_t got = ::read(file, bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    // Somebody writes, and takes his time.
    if (got < 0 && errno == EAGAIN && ::fcntl(file, F_SETFL, 0) == 0) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return 0;
}

// What keeps these bytes from being a manifest, or nothing.
std::optional<Diagnostic> no_text(const SourceFile& file) {
  // A text shows what it is in its first bytes; NUL bytes further on are for the reader of documents.
  constexpr std::size_t kLookedAt = 8192;
  const std::string_view head = file.bytes().substr(0, kLookedAt);
  const auto error = [&](std::string problem, std::string hint) {
    return told(Severity::Error, file.name(), std::move(problem), std::move(hint));
  };
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF"))
    return error("is UTF-16 text, not UTF-8",
                "save it as UTF-8 (PowerShell: `| Out-File -Encoding utf8`)");
  if (head.find('\0') != std::string_view::npos)
    return error("is a binary file, not text", "give YAML or JSON text, or leave the file out");
  if (file.bytes().find_first_not_of(" \t\r\n") == std::string_view::npos)
    return error(file.name() == kStandardInput ? "standard input is empty" : "the file is empty",
                file.name() == kStandardInput ? "the command before the pipe gave no output"
                                              : "put a manifest into it, or leave the file out");
  return std::nullopt;
}

}  // namespace

std::vector<std::string> find_manifest_files(const std::vector<std::string>& paths,
                                             Diagnostics& diagnostics) {
  FileSearch search(diagnostics);
  for (const std::string& path : paths) search.add_named(path);
  return search.take();
}

std::optional<SourceFile> read_manifest_file(const std::string& path, Diagnostics& diagnostics) {
  const bool standard_input = path == kStandardInput;
  const int file = standard_input ? STDIN_FILENO : open_patiently(path);
  if (file < 0) {
    diagnostics.push_back(unreadable(path, errno));
    return std::nullopt;
  }
  std::string bytes;
  const int error = read_all(file, bytes);
  if (!standard_input) ::close(file);
  if (error != 0) {
    diagnostics.push_back(unreadable(path, error));
    return std::nullopt;
  }
  SourceFile source(path, std::move(bytes));
  if (auto problem = no_text(source)) {
    diagnostics.push_back(std::move(*problem));
    return std::nullopt;
  }
  return source;
}

}  // namespace harness

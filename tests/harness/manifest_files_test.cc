#include "harness/manifest_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

// A directory of its own, gone at the end of the test; paths in messages are shown relative to it.
class Directory {
 public:
  Directory() {
    std::string pattern = (fs::temp_directory_path() / "plumbline-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Directory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  std::string file(const std::string& name, const std::string& text = "a: b\n") const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return at(name);
  }
  void link(const std::string& name, const std::string& target) const {
    fs::create_symlink(target, path_ / name);
  }
  std::string at(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

  // What stands behind the paths, relative to this directory: files, then messages.
  std::vector<std::string> find(const std::vector<std::string>& paths) const {
    harness::Diagnostics diagnostics;
    std::vector<std::string> all = harness::find_manifest_files(paths, diagnostics);
    for (const auto& one : diagnostics) all.push_back(text_of(one));
    for (std::string& text : all)
      if (text.starts_with(path() + "/")) text.erase(0, path().size() + 1);
    return all;
  }

  static std::string text_of(const harness::Diagnostic& one) {
    const std::string severity = one.severity == harness::Severity::Io ? "io" : "error";
    return one.where.file + ": " + severity + ": " + one.problem + " | " + one.hint;
  }

 private:
  fs::path path_;
};

using Texts = std::vector<std::string>;

// What reading one file says, less its path.
std::string told_by_reading(const std::string& path) {
  harness::Diagnostics diagnostics;
  const auto file = harness::read_manifest_file(path, diagnostics);
  REQUIRE(file.has_value() == diagnostics.empty());
  return diagnostics.empty() ? "" : Directory::text_of(diagnostics[0]).substr(path.size());
}

}  // namespace

TEST_CASE("a directory gives its manifests at any depth, in byte order of their paths") {
  const Directory directory;
  for (const char* name : {"b.yaml", "a/z.yml", "a/b/c.json", "a.yaml", "B.yaml", "notes.txt",
                           "yaml", "a/x.yaml.bak"})
    directory.file(name);
  CHECK(directory.find({directory.path()}) ==
        Texts{"B.yaml", "a.yaml", "a/b/c.json", "a/z.yml", "b.yaml"});
  CHECK(directory.find({directory.path() + "/"}) ==
        Texts{"B.yaml", "a.yaml", "a/b/c.json", "a/z.yml", "b.yaml"});
}

TEST_CASE("a file that is named is taken whatever its name, in the order given") {
  const Directory directory;
  const std::string notes = directory.file("notes.txt");
  const std::string a = directory.file("a.yaml");
  CHECK(directory.find({notes, a}) == Texts{"notes.txt", "a.yaml"});
  CHECK(directory.find({"-", notes, "-"}) == Texts{"-", "notes.txt"});
}

TEST_CASE("a file is taken once, however often and by whatever link it is reached") {
  const Directory directory;
  const std::string a = directory.file("a.yaml");
  directory.link("z.yaml", "a.yaml");
  CHECK(directory.find({a, directory.path(), a}) == Texts{"a.yaml"});
}

TEST_CASE("links that lead in a circle end") {
  const Directory directory;
  directory.file("sub/a.yaml");
  directory.link("sub/up", "..");
  directory.link("sub/self", ".");
  CHECK(directory.find({directory.path()}) == Texts{"sub/a.yaml"});
  directory.link("loop.yaml", "loop.yaml");
  CHECK(directory.find({directory.path()}) ==
        Texts{"sub/a.yaml",
              "loop.yaml: io: cannot be read: Too many levels of symbolic links | links lead in a "
              "circle: remove or correct the link"});
}

TEST_CASE("a linked directory is read, and one that begins with a dot is not") {
  const Directory directory;
  const Directory other;
  other.file("far.yaml");
  directory.file("near.yaml");
  directory.file(".git/config.yaml");
  directory.link("linked", other.path());
  CHECK(directory.find({directory.path()}) == Texts{"linked/far.yaml", "near.yaml"});
  CHECK(directory.find({directory.at(".git")}) == Texts{".git/config.yaml"});
}

TEST_CASE("a path that is not there, and a link to nowhere, are told") {
  const Directory directory;
  directory.link("gone.yaml", "nowhere");
  const std::string hint = " | check the spelling; a link that points nowhere looks the same";
  CHECK(directory.find({directory.at("mesh"), directory.path()}) ==
        Texts{"mesh: io: cannot be read: No such file or directory" + hint,
              "gone.yaml: io: cannot be read: No such file or directory" + hint});
}

TEST_CASE("a directory without manifests is an error") {
  const Directory directory;
  directory.file("sub/notes.txt");
  CHECK(directory.find({directory.at("sub")}) ==
        Texts{"sub: error: the directory holds no manifest | manifests are files named *.yaml, "
              "*.yml or *.json"});
}

TEST_CASE("what is no regular file is not opened in a directory") {
  const Directory directory;
  directory.file("a.yaml");
  REQUIRE(::mkfifo(directory.at("pipe.yaml").c_str(), 0600) == 0);
  CHECK(directory.find({directory.path()}) ==
        Texts{"a.yaml", "pipe.yaml: io: cannot be read: it is no regular file | remove it, or name "
                        "it on the command line to read it"});
}

TEST_CASE("a file is read whole, byte for byte") {
  const Directory directory;
  const std::string text = "a: b\r\n# " + std::string(200000, 'x') + "\n";
  harness::Diagnostics diagnostics;
  const auto file = harness::read_manifest_file(directory.file("a.yaml", text), diagnostics);
  REQUIRE(file);
  CHECK(file->bytes() == text);
  CHECK(file->name() == directory.at("a.yaml"));
}

TEST_CASE("a file that is empty, binary or UTF-16 is told for what it is") {
  const Directory directory;
  const auto told = [&](const std::string& bytes) {
    return told_by_reading(directory.file("x.yaml", bytes));
  };
  const std::string empty =
      ": error: the file is empty | put a manifest into it, or leave the file out";
  CHECK(told("") == empty);
  CHECK(told(" \n\t\r\n") == empty);
  CHECK(told(std::string("\0asm\1\0\0\0", 8)) ==
        ": error: is a binary file, not text | give YAML or JSON text, or leave the file "
        "out");
  CHECK(told(std::string("\xFF\xFE"
                         "a\0",
                         4)) == ": error: is UTF-16 text, not UTF-8 | save it as UTF-8 "
                                "(PowerShell: `| Out-File -Encoding utf8`)");
  CHECK(told("# nothing\n") == "");
}

TEST_CASE("a file that cannot be opened, or is a directory, is told") {
  const Directory directory;
  CHECK(told_by_reading(directory.at("none.yaml")) ==
        ": io: cannot be read: No such file or directory | check the spelling; a link that points "
        "nowhere looks the same");
  CHECK(told_by_reading(directory.path()) ==
        ": io: cannot be read: Is a directory | check the path, or leave it out");
}

TEST_CASE("a directory that may not be entered is told, and the rest is read") {
  const Directory directory;
  directory.file("closed/a.yaml");
  directory.file("open.yaml");
  fs::permissions(directory.path(), fs::perms(0755));
  fs::permissions(directory.at("closed"), fs::perms::none);
  // Permissions do not bind root, who runs tests in containers: be another user meanwhile.
  const uid_t user = ::geteuid();
  constexpr uid_t kNobody = 65534;
  if (user == 0) {
    REQUIRE(::seteuid(kNobody) == 0);
  }
  const Texts found = directory.find({directory.path()});
  if (user == 0) {
    REQUIRE(::seteuid(user) == 0);
  }
  fs::permissions(directory.at("closed"), fs::perms::owner_all);
  CHECK(found == Texts{"open.yaml",
                       "closed: io: cannot be read: Permission denied | check the permissions of "
                       "the file and of the directories above it"});
}

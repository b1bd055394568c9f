#include "harness/priority_patch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/manifest_files.h"

namespace harness {
namespace {

using model::istio::Extension;

constexpr std::size_t kContext = 3;  // lines of a hunk around a change

// Lines with their ends; the last may have none.
std::vector<std::string_view> lines_of(std::string_view bytes) {
  std::vector<std::string_view> lines;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    lines.push_back(bytes.substr(0, end == std::string_view::npos ? end : end + 1));
    bytes.remove_prefix(lines.back().size());
  }
  return lines;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Whether nothing but blanks and a comment stands on the line.
bool says_nothing(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos || line[first] == '#';
}

// What becomes of a line: changed within, and lines that follow it.
struct LineEdit {
  std::string text;                // with its end
  std::vector<std::string> added;  // with their ends
};

class FileEdit {
 public:
  explicit FileEdit(std::string_view bytes) : lines_(lines_of(bytes)) {}

  // "" if it could be done; else why not.
  std::string set(const Extension& extension, std::int64_t priority) {
    const auto& places = extension.written.places;
    if (const auto at = places.find("spec.priority"); at != places.end() && at->second) return replace(at->second, priority);
    const auto at = places.find("spec");
    if (at == places.end() || !at->second || at->second.line > lines_.size()) return "it has no spec";
    const std::string_view line = lines_[at->second.line - 1];
    const std::size_t column = at->second.column - 1;
    if (column >= line.size()) return "its spec cannot be found in the text";
    if (line[column] == '{') return insert_in_braces(at->second, priority);
    return insert_line(at->second, priority);
  }

  std::string text() const {
    std::string all;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const auto edit = edits_.find(i);
      all += edit == edits_.end() ? std::string(lines_[i]) : edit->second.text;
      if (edit != edits_.end())
        for (const std::string& line : edit->second.added) all += line;
    }
    return all;
  }

  std::string diff(const std::string& name) const {
    std::string out;
    std::ptrdiff_t shift = 0;  // of line numbers, by the lines added so far
    for (auto first = edits_.begin(); first != edits_.end();) {
      auto last = first;
      while (std::next(last) != edits_.end() && std::next(last)->first <= last->first + 2 * kContext + 1) ++last;
      write_hunk(out, first->first, last->first, shift);
      first = std::next(last);
    }
    if (out.empty()) return out;
    const std::string shown = name.find(' ') == std::string::npos ? name : name + "\t";
    return "--- " + shown + "\n+++ " + shown + "\n" + out;
  }

 private:
  LineEdit& edit(std::size_t line) { return edits_.try_emplace(line, LineEdit{std::string(lines_[line]), {}}).first->second; }

  // Columns of a line shift with what was done to its left.
  std::size_t shifted(std::size_t line, std::size_t column) const {
    std::size_t sum = column;
    for (const auto& [at, length] : shifts_)
      if (at.first == line && at.second <= column) sum += static_cast<std::size_t>(length);
    return sum;
  }

  void note_shift(std::size_t line, std::size_t column, std::ptrdiff_t length) { shifts_.push_back({{line, column}, length}); }

  std::string replace(model::Place place, std::int64_t priority) {
    const std::size_t line = place.line - 1;
    if (line >= lines_.size()) return "its priority cannot be found in the text";
    LineEdit& one = edit(line);
    const std::size_t begin = shifted(line, place.column - 1);
    std::size_t end = begin;
    while (end < one.text.size() && std::string_view(" \t\r\n,}]#").find(one.text[end]) == std::string_view::npos) ++end;
    if (end == begin) return "its priority cannot be found in the text";
    const std::string number = std::to_string(priority);
    one.text.replace(begin, end - begin, number);
    note_shift(line, place.column, static_cast<std::ptrdiff_t>(number.size()) - static_cast<std::ptrdiff_t>(end - begin));
    return {};
  }

  std::string insert_in_braces(model::Place place, std::int64_t priority) {
    const std::size_t line = place.line - 1;
    const std::string entry = fmt::format("priority: {}, ", priority);
    edit(line).text.insert(shifted(line, place.column), entry);
    note_shift(line, place.column, static_cast<std::ptrdiff_t>(entry.size()));
    return {};
  }

  // Behind the line "spec:", in front of comments that belong to the first field.
  std::string insert_line(model::Place place, std::int64_t priority) {
    std::size_t line = place.line - 1;
    const std::string_view first = lines_[line];
    const std::string_view indent = first.substr(0, place.column - 1);
    if (!std::ranges::all_of(indent, is_blank)) return "its spec begins within a line";
    do {
      if (line == 0) return "its spec cannot be found in the text";
      --line;
    } while (says_nothing(lines_[line]));
    const bool returns = lines_[line].ends_with("\r\n");
    edit(line).added.push_back(fmt::format("{}priority: {}{}", indent, priority, returns ? "\r\n" : "\n"));
    return {};
  }

  static void write_line(std::string& out, char mark, std::string_view line) {
    out += mark;
    out += line;
    if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  }

  void write_hunk(std::string& out, std::size_t first, std::size_t last, std::ptrdiff_t& shift) const {
    // Where lines are only added behind the first, it is context itself.
    const std::size_t changed = edits_.at(first).text == lines_[first] ? first + 1 : first;
    const std::size_t begin = changed < kContext ? 0 : changed - kContext;
    const std::size_t end = std::min(lines_.size(), last + kContext + 1);
    std::string body;
    std::size_t added = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const auto found = edits_.find(i);
      if (found == edits_.end() || found->second.text == lines_[i]) {
        write_line(body, ' ', lines_[i]);
      } else {
        write_line(body, '-', lines_[i]);
        write_line(body, '+', found->second.text);
      }
      if (found == edits_.end()) continue;
      for (const std::string& line : found->second.added) write_line(body, '+', line);
      added += found->second.added.size();
    }
    out += fmt::format("@@ -{},{} +{},{} @@\n", begin + 1, end - begin, static_cast<std::ptrdiff_t>(begin) + 1 + shift,
                       end - begin + added);
    out += body;
    shift += static_cast<std::ptrdiff_t>(added);
  }

  std::vector<std::string_view> lines_;
  std::map<std::size_t, LineEdit> edits_;
  std::vector<std::pair<std::pair<std::size_t, std::size_t>, std::ptrdiff_t>> shifts_;
};

bool same_but_priority(const Extension& a, const Extension& b) {
  const auto attached_alike = [](const model::istio::Attachment& x, const model::istio::Attachment& y) {
    return x.selector == y.selector && x.target_ref == y.target_ref && x.target_refs == y.target_refs;
  };
  return a.meta.id == b.meta.id && a.kind == b.kind && a.phase == b.phase && a.type == b.type && a.url == b.url &&
         a.sha256 == b.sha256 && a.config == b.config && a.plugin_name == b.plugin_name && a.fail == b.fail &&
         a.match.size() == b.match.size() && a.env.size() == b.env.size() && attached_alike(a.attachment, b.attachment);
}

// Whether the new text says the same as the old one, but for the priorities.
bool says_only(const SourceFile& before, const SourceFile& after, const std::map<std::string, std::int64_t>& priorities,
               const ManifestOptions& options) {
  const Manifests old = read_manifests(before, options);
  const Manifests fresh = read_manifests(after, options);
  if (old.diagnostics.size() != fresh.diagnostics.size()) return false;
  return std::ranges::equal(old.mesh.extensions, fresh.mesh.extensions, [&](const Extension& a, const Extension& b) {
    const auto wanted = priorities.find(to_string(a.meta.id));
    return same_but_priority(a, b) && b.priority == (wanted == priorities.end() ? a.priority : std::optional(wanted->second));
  });
}

bool is_json(std::string_view bytes) {
  const auto first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (bytes[first] == '{' || bytes[first] == '[');
}

}  // namespace

PriorityPatch priority_patch(const SourceFile& file, const Manifests& manifests, const std::vector<PriorityChange>& changes,
                             const ManifestOptions& options) {
  PriorityPatch patch;
  const auto refuse = [&](const std::string& reason) {
    patch = {};
    for (const PriorityChange& one : changes) patch.unpatched.push_back({one, reason});
    return patch;
  };
  if (file.name() == "-") return refuse("it was read from standard input");
  if (is_json(file.bytes())) return refuse("it is JSON");
  FileEdit edit(file.bytes());
  std::map<std::string, std::int64_t> priorities;
  for (const PriorityChange& one : changes) {
    const Extension& extension = manifests.mesh.extensions[one.extension];
    const std::string problem = edit.set(extension, one.priority);
    if (problem.empty()) priorities[to_string(extension.meta.id)] = one.priority;
    else patch.unpatched.push_back({one, problem});
  }
  if (priorities.empty()) return patch;
  if (!says_only(file, SourceFile(file.name(), edit.text()), priorities, options))
    return refuse("its text cannot be edited without changing something else");
  patch.diff = edit.diff(file.name());
  return patch;
}

PriorityPatch priority_patch(const Manifests& manifests, const std::vector<PriorityChange>& changes,
                             const ManifestOptions& options) {
  std::map<std::uint32_t, std::vector<PriorityChange>> by_file;
  for (const PriorityChange& one : changes) by_file[manifests.mesh.extensions[one.extension].meta.place.file].push_back(one);
  PriorityPatch all;
  for (const auto& [index, of_file] : by_file) {
    const std::string& name = manifests.cluster.files.at(index);
    PriorityPatch one;
    Diagnostics diagnostics;
    if (name == "-") {
      one = priority_patch(SourceFile("-", ""), manifests, of_file, options);
    } else if (const auto file = read_manifest_file(name, diagnostics)) {
      one = priority_patch(*file, manifests, of_file, options);
    } else {
      for (const PriorityChange& change : of_file) one.unpatched.push_back({change, "its file cannot be read again"});
    }
    all.diff += one.diff;
    all.unpatched.insert(all.unpatched.end(), one.unpatched.begin(), one.unpatched.end());
  }
  return all;
}

}  // namespace harness

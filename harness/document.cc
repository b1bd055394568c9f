#include "harness/document.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "harness/json_document.h"
#include "harness/yaml_document.h"
#include "harness/yaml_stream.h"

namespace harness {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

bool is_json(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  return first != std::string_view::npos && text[first] == '{';
}

bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

const Node* items_of_list(const Node& node) {
  const Node* const kind = node.find("kind");
  const Node* const items = node.find("items");
  const bool is_list = kind && kind->kind == NodeKind::String && names_a_list(kind->text) &&
                       items && items->kind == NodeKind::Array;
  return is_list ? items : nullptr;
}

// One reading of a file.
class FileReading {
 public:
  FileReading(const SourceFile& file, const DocumentOptions& options,
              const std::function<void(const Document&)>& take, Diagnostics& diagnostics)
      : file_(file), options_(options), take_(take), diagnostics_(diagnostics) {}

  void read() {
    const std::string_view text = file_.bytes();
    if (is_utf16(text)) {
      tell(Severity::Error, {0, "the text is UTF-16", "save the file as UTF-8"});
      return;
    }
    YamlPiece piece = next_piece(text, 0);
    const std::size_t json_values = is_json(text) ? read_json(piece) : read_yaml(piece, 0);
    if (json_values > 1 && !piece.is_last) {
      tell(Severity::Error, {piece.end, "a '---' line stands in a stream of JSON values",
                             "kubectl stops here: leave the line out, or put one between all values"});
    }
    while (!piece.is_last) {
      piece = next_piece(text, piece.end);
      read_yaml(piece, 0);
    }
  }

 private:
  // Reads a piece as JSON, as far as it is JSON, and as YAML from there on; the number of JSON values.
  std::size_t read_json(const YamlPiece& piece) {
    const std::string_view text = bytes(piece);
    JsonReader reader;
    std::vector<TextProblem> problems;
    const JsonResult result = reader.read(
        {text, piece.begin}, options_.duplicate_keys, [&](const Node& node) { deliver(node); },
        problems);
    const auto severity =
        options_.duplicate_keys == DuplicateKeys::Refused ? Severity::Error : Severity::Warning;
    for (const TextProblem& problem : problems) tell(severity, problem);
    if (result.outcome == JsonOutcome::End) {
      if (piece.bad_separator) tell_bad_separator(*piece.bad_separator);
      return result.values;
    }
    // Behind two values kubectl takes the stream for JSON for good.
    if (result.outcome == JsonOutcome::Refused || result.values > 1) {
      tell(Severity::Error, result.problem);
      return result.values;
    }
    YamlPiece rest = piece;
    rest.begin = piece.begin + begin_of_yaml(text, result.resume);
    if (rest.bad_separator) {
      tell_bad_separator(*rest.bad_separator);
    } else {
      read_yaml_instead(rest, result);
    }
    return result.values;
  }

  // Where the YAML behind a JSON value begins: on the value's line, or behind the line's end.
  static std::size_t begin_of_yaml(std::string_view text, std::size_t value) {
    std::size_t begin = value;
    while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
    return begin > 0 && text[begin - 1] != '\n' ? value : begin;
  }

  static bool begins_with_quoted_key(std::string_view text) {
    const auto bracket = text.find_first_not_of(kBlanks);
    if (bracket == std::string_view::npos || text[bracket] != '{') return false;
    const auto key = text.find_first_not_of(kBlanks, bracket + 1);
    return key != std::string_view::npos && text[key] == '"';
  }

  // What is no JSON may still be YAML in brackets.
  void read_yaml_instead(const YamlPiece& piece, const JsonResult& json) {
    const YamlResult result =
        yaml_.read({bytes(piece), piece.begin, true}, options_.duplicate_keys);
    const bool is_yaml = result.root && (result.root->kind == NodeKind::Object ||
                                         result.root->kind == NodeKind::Array);
    if (is_yaml && result.is_all) {
      deliver_yaml(result, json.handed_out);
      return;
    }
    if (is_yaml) deliver(*result.root, json.handed_out);
    // At least part of the text is lost.
    const bool yaml_was_meant = !result.problems.empty() && !begins_with_quoted_key(bytes(piece));
    tell(Severity::Error, yaml_was_meant ? result.problems.front() : json.problem);
  }

  std::size_t read_yaml(const YamlPiece& piece, std::size_t passed_over) {
    if (piece.bad_separator) {
      tell_bad_separator(*piece.bad_separator);
      return 0;
    }
    const std::string_view text = bytes(piece);
    if (text.empty()) return 0;
    deliver_yaml(yaml_.read({text, piece.begin, !text.ends_with('\n')}, options_.duplicate_keys),
                 passed_over);
    return 0;
  }

  void deliver_yaml(const YamlResult& result, std::size_t passed_over) {
    for (const TextProblem& problem : result.problems) tell(Severity::Error, problem);
    for (const TextProblem& warning : result.warnings) tell(Severity::Warning, warning);
    if (result.root) deliver(*result.root, passed_over);
  }

  // A List's items stand for it, and theirs for an item that is a List; the first `passed_over` items are left out.
  void deliver(const Node& root, std::size_t passed_over = 0) {
    const Node* const items = items_of_list(root);
    if (!items) {
      hand_out(root);
      return;
    }
    std::vector<const Node*> open{items->first};
    while (!open.empty()) {
      const Node* const node = open.back();
      if (!node) {
        open.pop_back();
        continue;
      }
      open.back() = node->next;
      if (open.size() == 1 && passed_over > 0) {
        --passed_over;
        continue;
      }
      if (const Node* const inner = items_of_list(*node)) {
        open.push_back(inner->first);
      } else {
        hand_out(*node);
      }
    }
  }

  void hand_out(const Node& root) {
    if (root.kind == NodeKind::Null) return;  // an empty document
    Node alone = root;
    alone.next = nullptr;
    take_({&file_, &alone});
  }

  std::string_view bytes(const YamlPiece& piece) const {
    return file_.bytes().substr(piece.begin, piece.end - piece.begin);
  }

  void tell_bad_separator(std::size_t offset) {
    tell(Severity::Error, {offset, "text stands behind '---' on its line",
                           "begin the document on the next line; what stands between this and the "
                           "'---' lines around it is not read"});
  }

  void tell(Severity severity, const TextProblem& problem) {
    const LineColumn place = file_.at(problem.offset);
    Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.where = {file_.name(), place.line, place.column};
    diagnostic.problem = problem.problem;
    diagnostic.hint = problem.hint;
    diagnostic.excerpt = excerpt(diagnostic.where);
    diagnostics_.push_back(std::move(diagnostic));
  }

  // The line at fault; nothing of a line that is too long to be kept for each mistake in it.
  std::string excerpt(const SourcePosition& where) const {
    constexpr std::size_t kLongest = 4096;
    const std::string_view line = file_.line(where.line);
    return line.size() > kLongest ? std::string() : std::string(line);
  }

  const SourceFile& file_;
  const DocumentOptions& options_;
  const std::function<void(const Document&)>& take_;
  Diagnostics& diagnostics_;
  YamlReader yaml_;
};

}  // namespace

std::string_view to_string(NodeKind kind) {
  switch (kind) {
    case NodeKind::Null: return "null";
    case NodeKind::Bool: return "a boolean";
    case NodeKind::Number: return "a number";
    case NodeKind::String: return "a string";
    case NodeKind::Array: return "a list";
    case NodeKind::Object: break;
  }
  return "an object";
}

const Node* Node::find(std::string_view wanted) const {
  if (kind != NodeKind::Object) return nullptr;
  for (const Node* member = first; member; member = member->next) {
    if (member->key == wanted) return member;
  }
  return nullptr;
}

LineColumn Document::place(const Node& node) const { return file->at(node.mark); }

LineColumn Document::key_place(const Node& node) const {
  return file->at(node.key.data() == nullptr && node.key_mark == 0 ? node.mark : node.key_mark);
}

void read_documents(const SourceFile& file, const DocumentOptions& options,
                    const std::function<void(const Document&)>& take, Diagnostics& diagnostics) {
  FileReading(file, options, take, diagnostics).read();
}

}  // namespace harness

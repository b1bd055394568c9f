#include "harness/golden_document.h"

#include <algorithm>
#include <array>

namespace harness {

bool ByNamespaceThenName::operator()(std::string_view a, std::string_view b) const {
  const auto cut = [](std::string_view name) {
    const auto slash = std::min(name.find('/'), name.size());
    return std::pair(name.substr(0, slash), name.substr(slash));
  };
  return cut(a) < cut(b);
}

namespace {

// What YAML takes for a boolean or null, in any case.
bool is_word_of_yaml(std::string_view text) {
  constexpr std::array<std::string_view, 10> kWords{"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"};
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::find(kWords, lower) != kWords.end();
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  const bool plain =
      !text.empty() && text.find_first_of("\n'\"{}[]#\t") == std::string_view::npos &&
      text.find(": ") == std::string_view::npos && text.back() != ':' &&
      std::string_view("&*!|>%@` -?").find(text.front()) == std::string_view::npos && text.back() != ' ';
  const bool number_like = text.find_first_not_of("0123456789.eE+-_xob") == std::string_view::npos;
  if (plain && !number_like && !is_word_of_yaml(text)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::string json_of(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    out += c;
  }
  return out + '"';
}

std::string json_of(const std::vector<std::string>& list) {
  std::string out = "[";
  for (const std::string& item : list) out += (out.size() > 1 ? "," : "") + json_of(item);
  return out + "]";
}

std::string json_of(const Pairs& pairs) {
  std::string out = "{";
  for (const auto& [key, value] : pairs)
    out += (out.size() > 1 ? "," : "") + json_of(key) + ":" + json_of(value);
  return out + "}";
}

std::string json_of(const std::vector<std::vector<std::string>>& lists) {
  std::string out = "[";
  for (const auto& list : lists) out += (out.size() > 1 ? "," : "") + json_of(list);
  return out + "]";
}

std::string pointer_part(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == '/' ? std::string("~1") : c == '~' ? "~0" : std::string(1, c);
  return out;
}

bool GoldenNodes::is(const Node& node, NodeKind kind, std::string_view what) {
  if (node.kind == kind) return true;
  refuse(node, std::string(what) + " is " + std::string(to_string(node.kind)) + ", not " + std::string(to_string(kind)),
         "see docs/scenarios.md");
  return false;
}

std::string GoldenNodes::text(const Node& node) {
  is(node, NodeKind::String, node.key.empty() ? "a name" : node.key);
  return std::string(node.text);
}

std::vector<std::string> GoldenNodes::names(const Node& list) {
  std::vector<std::string> names;
  if (!is(list, NodeKind::Array, list.key.empty() ? "a tie" : list.key)) return names;
  for (const Node& item : members(&list)) names.push_back(text(item));
  return names;
}

Pairs GoldenNodes::pairs(const Node& object) {
  Pairs pairs;
  if (!is(object, NodeKind::Object, object.key)) return pairs;
  for (const Node& field : members(&object)) pairs.emplace_back(field.key, text(field));
  return pairs;
}

void GoldenNodes::refuse(const Node& node, std::string problem, std::string hint) {
  const LineColumn at = document_.key_place(node);
  sound_ = false;
  diagnostics_.push_back({.severity = Severity::Error,
                          .where = {document_.file->name(), at.line, at.column},
                          .problem = std::move(problem),
                          .hint = std::move(hint),
                          .excerpt = std::string(document_.file->line(at.line))});
}

bool read_golden_document(const SourceFile& file, const std::function<void(const Document&)>& take,
                          Diagnostics& diagnostics) {
  std::size_t documents = 0;
  const std::size_t before = diagnostics.size();
  read_documents(
      file, {.duplicate_keys = DuplicateKeys::Refused},
      [&](const Document& document) {
        if (++documents == 1) take(document);
      },
      diagnostics);
  if (documents != 1 && diagnostics.size() == before)
    diagnostics.push_back({.severity = Severity::Error,
                           .where = {file.name()},
                           .problem = documents == 0 ? "the golden file is empty"
                                                     : "the golden file holds several documents",
                           .hint = "write it again with: plumbline bless",
                           .excerpt = {}});
  return diagnostics.size() == before;
}

std::string first_error(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics) {
    if (one.severity != Severity::Error && one.severity != Severity::Io) continue;
    std::string text = one.where.file;
    if (one.where.line != 0)
      text += ":" + std::to_string(one.where.line) + ":" + std::to_string(one.where.column);
    return text + ": " + one.problem;
  }
  return {};
}

}  // namespace harness

#include "harness/manifest_fields.h"

#include <utility>

namespace harness {

Diagnostic fault(const Document& document, const Node& node, Severity severity, std::string problem,
                 std::string hint) {
  // A line of a whole file is not kept for each mistake in it.
  constexpr std::size_t kLongestExcerpt = 4096;
  const LineColumn at = document.place(node);
  const std::string_view line = document.file->line(at.line);
  return {.severity = severity,
          .where = {document.file->name(), at.line, at.column},
          .problem = std::move(problem),
          .hint = std::move(hint),
          .excerpt = std::string(line.size() > kLongestExcerpt ? std::string_view{} : line)};
}

void ManifestFields::refuse(const Node& node, std::string problem, std::string hint) {
  refused_ = true;
  diagnostics_.push_back(
      fault(document_, node, Severity::Error, std::move(problem), std::move(hint)));
}

bool ManifestFields::check(const Node& node, std::string_view path, NodeKind wanted) {
  if (node.kind == wanted) return true;
  std::string problem(path);
  problem.append(" is ").append(to_string(node.kind)).append(", not ").append(to_string(wanted));
  const bool quotes_help = wanted == NodeKind::String &&
                           (node.kind == NodeKind::Bool || node.kind == NodeKind::Number);
  refuse(node, std::move(problem), quotes_help ? "write it in quotes" : "");
  return false;
}

const Node* ManifestFields::field(const Node* parent, std::string_view key, std::string_view path,
                                  NodeKind wanted) {
  const Node* node = parent ? parent->find(key) : nullptr;
  if (!node || node->kind == NodeKind::Null) return nullptr;
  return check(*node, path, wanted) ? node : nullptr;
}

std::string_view ManifestFields::text(const Node* parent, std::string_view key,
                                      std::string_view path) {
  const Node* node = field(parent, key, path, NodeKind::String);
  return node ? node->text : std::string_view{};
}

bool ManifestFields::flag(const Node* parent, std::string_view key, std::string_view path) {
  const Node* node = field(parent, key, path, NodeKind::Bool);
  return node && node->boolean;
}

}  // namespace harness

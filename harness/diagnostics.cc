#include "harness/diagnostics.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "harness/utf8.h"

namespace harness {
namespace {

constexpr std::size_t kExcerptColumns = 120;

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::Note: return "note";
    case Severity::Warning: return "warning";
    case Severity::Error:
    case Severity::Io: break;
  }
  return "error";
}

// The characters of a line as they may go to a terminal, one column each.
std::vector<std::string> shown(std::string_view text) {
  std::vector<std::string> characters;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    const auto first = static_cast<unsigned char>(character[0]);
    const bool is_c1 = length == 2 && first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
    if (first == '\t') {
      characters.emplace_back(" ");
    } else if (length == 0 || first < 0x20 || first == 0x7F || is_c1) {
      characters.emplace_back("?");
    } else {
      characters.emplace_back(character);
    }
    text.remove_prefix(character.size());
  }
  return characters;
}

std::string harmless(std::string_view text) {
  std::string line;
  for (const std::string& character : shown(text)) line += character;
  return line;
}

std::string position(const SourcePosition& where) {
  std::string text = harmless(where.file);
  if (where.line != 0) text += ":" + std::to_string(where.line);
  if (where.line != 0 && where.column != 0) text += ":" + std::to_string(where.column);
  return text.empty() ? text : text + ": ";
}

// The line at fault, and a line with a caret under the byte `column` (from 1; 0: no caret).
std::string excerpt_with_caret(std::string_view line, std::uint32_t column) {
  // Far beyond what is shown, so that a file of one endless line costs nothing.
  constexpr std::size_t kReach = kExcerptColumns * 4;
  std::size_t caret_byte = column == 0 ? 0 : std::min<std::size_t>(column - 1, line.size());
  if (caret_byte > kReach) {
    std::size_t cut = caret_byte - kReach;
    while (cut > 0 && is_utf8_tail(line[cut])) --cut;
    line.remove_prefix(cut);
    caret_byte -= cut;
  }
  const std::vector<std::string> before = shown(line.substr(0, caret_byte));
  const std::vector<std::string> behind = shown(line.substr(caret_byte, kReach));
  std::vector<std::string> characters = before;
  characters.insert(characters.end(), behind.begin(), behind.end());
  std::size_t begin = 0;
  if (characters.size() > kExcerptColumns && before.size() > kExcerptColumns / 2) {
    begin = std::min(before.size() - kExcerptColumns / 2, characters.size() - kExcerptColumns);
  }
  const std::size_t end = std::min(characters.size(), begin + kExcerptColumns);
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += characters[i];
  text += '\n';
  if (column != 0) text += std::string(before.size() - begin, ' ') + "^\n";
  return text;
}

}  // namespace

std::string to_text(const Diagnostic& diagnostic) {
  std::string text = position(diagnostic.where);
  text += to_string(diagnostic.severity);
  text += ": " + harmless(diagnostic.problem) + "\n";
  if (!diagnostic.excerpt.empty()) {
    text += excerpt_with_caret(diagnostic.excerpt, diagnostic.where.column);
  }
  if (!diagnostic.hint.empty()) text += "  hint: " + harmless(diagnostic.hint) + "\n";
  return text;
}

bool has(const Diagnostics& diagnostics, Severity severity) {
  return std::ranges::any_of(diagnostics,
                             [&](const Diagnostic& one) { return one.severity == severity; });
}

}  // namespace harness

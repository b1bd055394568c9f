#include "reports/plain_text.h"

#include <fmt/format.h>

namespace reports {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// C1 controls are two bytes in UTF-8: c2 80 to c2 9f.
bool is_c1(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]) == 0xc2 && at + 1 < text.size() &&
         static_cast<unsigned char>(text[at + 1]) >= 0x80 &&
         static_cast<unsigned char>(text[at + 1]) < 0xa0;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = is_c1(text, i);
    shown += byte < 0x20 || byte == 0x7f || c1 ? '?' : text[i];
    if (c1) ++i;
  }
  return shown;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char byte : text) columns += !continues(byte);
  return columns;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  const std::size_t columns = columns_of(text);
  if (columns < width) result.append(width - columns, ' ');
  return result;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (columns_of(text) <= width || width < 3) return std::string(text);
  std::size_t end = 0;
  for (std::size_t columns = 0; end < text.size(); ++end)
    if (!continues(text[end]) && columns++ == width - 2) break;
  return std::string(text.substr(0, end)) + "..";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (word.empty()) continue;
    if (!line.empty() && columns_of(line) + 1 + columns_of(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string place_text(const model::Cluster& cluster, model::Place place) {
  if (!place || place.file >= cluster.files.size()) return {};
  return fmt::format("{}:{}:{}", plain(cluster.files[place.file]), place.line, place.column);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace reports

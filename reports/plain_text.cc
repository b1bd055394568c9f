#include "reports/plain_text.h"

#include <fmt/format.h>

namespace reports {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
  const unsigned head = at(0);
  if (head < 0x80) return text.empty() ? 0 : 1;
  if (head >= 0xc2 && head <= 0xdf) return follows(1) ? 2 : 0;
  if (head >= 0xe0 && head <= 0xef) {
    if (head == 0xe0 && at(1) < 0xa0) return 0;
    if (head == 0xed && at(1) > 0x9f) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (head >= 0xf0 && head <= 0xf4) {
    if (head == 0xf0 && at(1) < 0x90) return 0;
    if (head == 0xf4 && at(1) > 0x8f) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::string plain(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto byte = static_cast<unsigned char>(text.front());
    const bool control = length == 0 || byte < 0x20 || byte == 0x7f ||
                         (byte == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0);
    if (control)
      shown += '?';
    else
      shown += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
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

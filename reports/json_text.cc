#include "reports/json_text.h"

#include <array>

#include "reports/plain_text.h"

namespace reports {
namespace {

// The bytes that stand for themselves in a JSON string, whatever stands around them.
constexpr auto kPlainBytes = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
  plain[0x7f] = false;
  return plain;
}();

// Appends what the byte or sequence at the head of `text` becomes, and tells how many bytes that was.
std::size_t append_escaped(std::string& out, std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  switch (byte) {
    case '"': out += "\\\""; return 1;
    case '\\': out += "\\\\"; return 1;
    case '\n': out += "\\n"; return 1;
    case '\r': out += "\\r"; return 1;
    case '\t': out += "\\t"; return 1;
    default: break;
  }
  if (byte < 0x20 || byte == 0x7f) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    return 1;
  }
  const std::size_t length = utf8_length(text);
  if (length == 0) {
    out += "\\ufffd";
    return 1;
  }
  out += text.substr(0, length);
  return length;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && kPlainBytes[static_cast<unsigned char>(text[end])]) ++end;
    out += text.substr(begin, end - begin);
    begin = end;
    if (begin < text.size()) begin += append_escaped(out, text.substr(begin));
  }
  out += '"';
}

}  // namespace reports

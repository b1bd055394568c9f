#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "harness/document.h"
#include "harness/go_number.h"
#include "harness/utf8.h"

namespace harness {
namespace {

// As encoding/json writes a string with its HTML escapes.
void append_string(std::string& json, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  json += '"';
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const std::size_t length = utf8_length(text);
    switch (byte) {
      case '"': json += "\\\""; break;
      case '\\': json += "\\\\"; break;
      case '\b': json += "\\b"; break;
      case '\f': json += "\\f"; break;
      case '\n': json += "\\n"; break;
      case '\r': json += "\\r"; break;
      case '\t': json += "\\t"; break;
      default:
        if (byte < 0x20 || byte == '<' || byte == '>' || byte == '&') {
          json += "\\u00";
          json += kHex[byte >> 4];
          json += kHex[byte & 0xFU];
        } else if (length == 0) {
          json += "\\ufffd";
        } else if (text.starts_with("\xE2\x80\xA8")) {
          json += "\\u2028";
        } else if (text.starts_with("\xE2\x80\xA9")) {
          json += "\\u2029";
        } else {
          json += text.substr(0, length);
        }
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  json += '"';
}

enum class NumberForm : std::uint8_t { AsWritten, AsDouble };

// Without recursion: a document may be nested ten thousand times.
class JsonWriter {
 public:
  explicit JsonWriter(NumberForm numbers) : numbers_(numbers) {}

  // The number that is no finite double, or nullptr.
  const Node* write(const Node& root) {
    if (!begin(root)) return &root;
    while (!open_.empty()) {
      Open& open = open_.back();
      if (open.next == open.members.size()) {
        json_ += open.is_object ? '}' : ']';
        open_.pop_back();
        continue;
      }
      if (open.next > 0) json_ += ',';
      const Node& member = *open.members[open.next++];
      if (open.is_object) {
        append_string(json_, member.key);
        json_ += ':';
      }
      if (!begin(member)) return &member;
    }
    return nullptr;
  }

  std::string take_json() { return std::move(json_); }

 private:
  struct Open {
    std::vector<const Node*> members;
    std::size_t next = 0;
    bool is_object = false;
  };

  bool begin(const Node& node) {
    switch (node.kind) {
      case NodeKind::Null: json_ += "null"; break;
      case NodeKind::Bool: json_ += node.boolean ? "true" : "false"; break;
      case NodeKind::String: append_string(json_, node.text); break;
      case NodeKind::Number: return number(node);
      case NodeKind::Array:
      case NodeKind::Object: open(node); break;
    }
    return true;
  }

  bool number(const Node& node) {
    if (numbers_ == NumberForm::AsWritten) {
      json_ += node.text;
      return true;
    }
    const auto value = go_double(node.text);
    if (value) json_ += go_json_number(*value);
    return value.has_value();
  }

  void open(const Node& node) {
    Open opened;
    opened.is_object = node.kind == NodeKind::Object;
    for (const Node& member : members(&node)) opened.members.push_back(&member);
    if (opened.is_object) std::ranges::stable_sort(opened.members, {}, &Node::key);
    json_ += opened.is_object ? '{' : '[';
    open_.push_back(std::move(opened));
  }

  NumberForm numbers_;
  std::string json_;
  std::vector<Open> open_;
};

}  // namespace

std::optional<std::string> canonical_json(const Node& node, const Node** at_fault) {
  JsonWriter writer(NumberForm::AsDouble);
  const Node* const wrong = writer.write(node);
  if (at_fault) *at_fault = wrong;
  if (wrong) return std::nullopt;
  return writer.take_json();
}

std::string json_text(const Node& node) {
  JsonWriter writer(NumberForm::AsWritten);
  writer.write(node);
  return writer.take_json();
}

}  // namespace harness

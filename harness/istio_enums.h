// Enums as protobuf's JSON form writes them: by name or by number.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "harness/document.h"

namespace harness {

template <class Value>
struct EnumName {
  std::string_view name;
  std::string_view number;
  Value value;
};

// The value of the node's text; `absent` where there is no node, nothing where it is none of them.
template <class Value, std::size_t n>
std::optional<Value> enum_value(const std::array<EnumName<Value>, n>& names, const Node* node, Value absent) {
  if (!node) return absent;
  for (const EnumName<Value>& one : names)
    if (node->text == (node->kind == NodeKind::Number ? one.number : one.name)) return one.value;
  return std::nullopt;
}

}  // namespace harness

#include "harness/dump_value.h"

#include <limits>

#include <fmt/format.h>

namespace harness {
namespace {

namespace ondemand = simdjson::ondemand;

const char* place_of(DumpValue& value) { return value.raw_json_token().data(); }

std::string_view kind_of(DumpValue& value) {
  ondemand::json_type type;
  if (value.type().get(type)) return "no JSON";
  switch (type) {
    case ondemand::json_type::array: return "a list";
    case ondemand::json_type::object: return "an object";
    case ondemand::json_type::number: return "a number";
    case ondemand::json_type::string: return "a string";
    case ondemand::json_type::boolean: return "a boolean";
    case ondemand::json_type::null: return "null";
  }
  return "no JSON";
}

[[noreturn]] void refuse(DumpValue& value, std::string_view what, std::string_view wanted) {
  throw DumpFault{fmt::format("{} is {}, not {}", what, kind_of(value), wanted), place_of(value)};
}

bool has_type(DumpValue& value, ondemand::json_type wanted) {
  ondemand::json_type type;
  return !value.type().get(type) && type == wanted;
}

}  // namespace

std::string DumpPath::pointer() const {
  std::string text = up ? up->pointer() : std::string();
  if (!up && key.empty()) return text;
  text += '/';
  if (key.empty()) return text += std::to_string(index);
  for (const char c : key) {
    if (c == '~') text += "~0";
    else if (c == '/') text += "~1";
    else text += c;
  }
  return text;
}

bool spells(std::string_view key, std::string_view field) {
  if (key == field) return true;
  std::size_t at = 0;
  for (std::size_t i = 0; i < field.size(); ++i, ++at) {
    const bool capital = field[i] == '_';
    if (capital) ++i;
    if (at >= key.size() || i >= field.size()) return false;
    if (key[at] != (capital ? static_cast<char>(field[i] - 'a' + 'A') : field[i])) return false;
  }
  return at == key.size();
}

bool is_null(DumpValue& value) {
  if (!has_type(value, ondemand::json_type::null)) return false;
  if (!std::string_view(value.raw_json_token()).starts_with("null"))
    throw DumpFault{"this is no JSON value", place_of(value)};
  return true;
}

ondemand::object object_of(DumpValue& value, std::string_view what) {
  if (!has_type(value, ondemand::json_type::object)) refuse(value, what, "an object");
  return value.get_object();
}

ondemand::array array_of(DumpValue& value, std::string_view what) {
  if (!has_type(value, ondemand::json_type::array)) refuse(value, what, "a list");
  return value.get_array();
}

std::string string_of(DumpValue& value, std::string_view what) {
  if (!has_type(value, ondemand::json_type::string)) refuse(value, what, "a string");
  const char* const at = place_of(value);
  std::string_view text;
  if (value.get_string().get(text))
    throw DumpFault{fmt::format("{} holds an escape that is no character", what), at};
  return std::string(text);
}

bool bool_of(DumpValue& value, std::string_view what) {
  if (!has_type(value, ondemand::json_type::boolean)) refuse(value, what, "true or false");
  return value.get_bool();
}

std::uint32_t port_of(DumpValue& value, std::string_view what) {
  if (!has_type(value, ondemand::json_type::number)) refuse(value, what, "a port number");
  const char* const at = place_of(value);
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) || number > std::numeric_limits<std::uint16_t>::max())
    throw DumpFault{fmt::format("{} is no port number", what), at};
  return static_cast<std::uint32_t>(number);
}

std::string_view key_of(ondemand::field& field) {
  const char* const begin = field.key().raw();
  const char* end = begin;
  while (*end != '"') ++end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace harness

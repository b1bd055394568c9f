// How the readers of a dump look at JSON: simdjson On-Demand values with a path to each (for JSON pointers), keys
// in snake_case or camelCase alike, and a fault that knows its place. Private to config_dump.cc and
// the readers of its sections.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>

namespace harness {

using DumpValue = simdjson::ondemand::value;

// Why a dump cannot be read, thrown by the readers and caught once, in read_config_dump.
struct DumpFault {
  std::string reason;
  const char* at = nullptr;  // within the text; nullptr: where the parser stands
};

// Where a value stands, as a list that lives on the stack: the text is only made for what is kept.
struct DumpPath {
  const DumpPath* up = nullptr;
  std::string_view key = {};  // empty: an element of an array
  std::size_t index = 0;

  // RFC 6901: "/configs/1/dynamic_listeners/0".
  std::string pointer() const;
};

// Whether a key spells a protobuf field, given in snake_case, in either of the forms that protobuf's JSON has.
bool spells(std::string_view key, std::string_view field);

// The value is null, which protobuf's JSON takes for absent.
bool is_null(DumpValue& value);

// The typed values; a value of another type is a DumpFault naming `what`.
simdjson::ondemand::object object_of(DumpValue& value, std::string_view what);
simdjson::ondemand::array array_of(DumpValue& value, std::string_view what);
std::string string_of(DumpValue& value, std::string_view what);
bool bool_of(DumpValue& value, std::string_view what);
std::uint32_t port_of(DumpValue& value, std::string_view what);

// A key as it stands in the text. An escaped one comes out cut and spells nothing: protobuf escapes none.
std::string_view key_of(simdjson::ondemand::field& field);

// Calls `take(key, value)` for each member of an object that is not null. What `take` leaves unread is skipped.
template <std::invocable<std::string_view, DumpValue&> Take>
void each_member(simdjson::ondemand::object object, Take take) {
  for (auto found : object) {
    simdjson::ondemand::field field = std::move(found).take_value();
    DumpValue member = field.value();
    if (!is_null(member)) take(key_of(field), member);
  }
}

template <std::invocable<std::string_view, DumpValue&> Take>
void each_member(DumpValue& value, std::string_view what, Take take) {
  each_member(object_of(value, what), take);
}

// Calls `take(index, element)` for each element of an array.
template <std::invocable<std::size_t, DumpValue&> Take>
void each_element(simdjson::ondemand::array array, Take take) {
  std::size_t index = 0;
  for (auto found : array) {
    DumpValue element = std::move(found).take_value();
    take(index++, element);
  }
}

template <std::invocable<std::size_t, DumpValue&> Take>
void each_element(DumpValue& value, std::string_view what, Take take) {
  each_element(array_of(value, what), take);
}

}  // namespace harness

// JSON written straight into a string. The large outputs (a mesh of 100,000 workloads) are written without ever standing
// in memory as a tree; the small ones use the same few functions, so that all of them look alike.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace reports {

// The text as a JSON string, quotes included. Bytes that are no UTF-8 become U+FFFD, so that the output is always JSON,
// whatever a file is called.
void append_json_string(std::string& out, std::string_view text);

// Writes JSON value by value. Commas set themselves: whether one is due shows in the last byte of `out`, so there is no
// state, and prepared fragments may be appended in between.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  // Only of names that need no escaping: those of the contract.
  JsonWriter& key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return *this;
  }
  // Of any name.
  JsonWriter& any_key(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_ += ':';
    return *this;
  }
  JsonWriter& string(std::string_view text) {
    separate();
    append_json_string(out_, text);
    return *this;
  }
  // null for "".
  JsonWriter& string_or_null(std::string_view text) { return text.empty() ? null() : string(text); }
  JsonWriter& number(std::integral auto value) {
    separate();
    fmt::format_to(std::back_inserter(out_), "{}", value);
    return *this;
  }
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  // A value that is JSON already.
  JsonWriter& raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
  }
  // Sets the next value of an array on a line of its own, so that outputs can be compared line by line.
  JsonWriter& line() {
    if (out_.back() != '[') out_ += ',';
    out_ += '\n';
    return *this;
  }

 private:
  // A value never ends in one of these bytes.
  void separate() {
    const char last = out_.empty() ? '\n' : out_.back();
    if (last != '{' && last != '[' && last != ':' && last != ',' && last != '\n') out_ += ',';
  }
  JsonWriter& open(char bracket) {
    separate();
    out_ += bracket;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_ += bracket;
    return *this;
  }

  std::string& out_;
};

}  // namespace reports

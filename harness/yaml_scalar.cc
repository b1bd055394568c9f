#include "harness/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "harness/go_number.h"

namespace harness {
namespace {

constexpr std::string_view kLongPrefix = "tag:yaml.org,2002:";
constexpr std::string_view kBool = "tag:yaml.org,2002:bool";
constexpr std::string_view kInt = "tag:yaml.org,2002:int";
constexpr std::string_view kFloat = "tag:yaml.org,2002:float";
constexpr std::string_view kNull = "tag:yaml.org,2002:null";
constexpr std::string_view kString = "tag:yaml.org,2002:str";
constexpr std::string_view kTimestamp = "tag:yaml.org,2002:timestamp";
constexpr std::string_view kBinary = "tag:yaml.org,2002:binary";

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, text) != words.end();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

ScalarValue string_value() {
  ScalarValue value;
  value.type = ScalarType::String;
  return value;
}

ScalarValue bool_value(bool boolean) {
  ScalarValue value;
  value.type = ScalarType::Bool;
  value.boolean = boolean;
  return value;
}

ScalarValue float_value(double number) {
  ScalarValue value;
  value.type = ScalarType::Float;
  value.number = number;
  return value;
}

ScalarValue invalid(std::string problem) {
  ScalarValue value;
  value.type = ScalarType::Invalid;
  value.problem = std::move(problem);
  return value;
}

// Whether Go's resolver looks at a text that begins so at all; every other text is a string.
bool may_be_more_than_string(char first) {
  constexpr std::string_view kFirst = "+-0123456789yYnNtTfFoO~.";
  return kFirst.find(first) != std::string_view::npos;
}

std::optional<ScalarValue> word(std::string_view text) {
  using Words = std::array<std::string_view, 11>;
  static constexpr Words kTrue = {"y",    "Y",    "yes",  "Yes", "YES", "true",
                                  "True", "TRUE", "on",   "On",  "ON"};
  static constexpr Words kFalse = {"n",     "N",     "no",  "No",  "NO", "false",
                                   "False", "FALSE", "off", "Off", "OFF"};
  static constexpr std::array<std::string_view, 5> kNulls = {"", "~", "null", "Null", "NULL"};
  static constexpr std::array<std::string_view, 3> kNan = {".nan", ".NaN", ".NAN"};
  static constexpr std::array<std::string_view, 3> kInf = {".inf", ".Inf", ".INF"};
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (is_one_of(text, kNulls)) return ScalarValue{};
  if (is_one_of(text, kTrue)) return bool_value(true);
  if (is_one_of(text, kFalse)) return bool_value(false);
  if (is_one_of(text, kNan)) return float_value(std::numeric_limits<double>::quiet_NaN());
  if (is_one_of(text, kInf)) return float_value(kInfinity);
  if (text.starts_with('+') && is_one_of(text.substr(1), kInf)) return float_value(kInfinity);
  if (text.starts_with('-') && is_one_of(text.substr(1), kInf)) return float_value(-kInfinity);
  return std::nullopt;
}

// ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$
bool has_float_form(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const auto begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - begin;
  };
  const auto skip = [&](std::string_view any) {
    if (at >= text.size() || any.find(text[at]) == std::string_view::npos) return false;
    ++at;
    return true;
  };
  skip("+-");
  const auto whole = digits();
  if (skip(".")) {
    if (digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (skip("eE")) {
    skip("+-");
    if (digits() == 0) return false;
  }
  return at == text.size();
}

// strconv.ParseFloat allows an underscore between two digits.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
      continue;
    }
    if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
      return std::nullopt;
    }
  }
  return plain;
}

std::optional<ScalarValue> integer(std::string_view text, int base) {
  ScalarValue value;
  if (const auto number = go_int(text, base)) {
    value.type = ScalarType::Int;
    value.integer = *number;
    return value;
  }
  if (const auto number = go_uint(text, base)) {
    value.type = ScalarType::Uint;
    value.large = *number;
    return value;
  }
  return std::nullopt;
}

std::optional<ScalarValue> number(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '_');
  if (auto value = integer(plain, 0)) return value;
  if (has_float_form(plain)) {
    if (const auto value = go_double(plain)) return float_value(*value);
  }
  // What these two add to the prefixes of integer(): "0b-1", which Go takes for -1.
  if (plain.starts_with("0b")) return integer(std::string_view(plain).substr(2), 2);
  if (plain.starts_with("-0b")) {
    const auto value = go_int("-" + plain.substr(3), 2);
    if (value) return integer(std::to_string(*value), 10);
  }
  return std::nullopt;
}

// time.Parse with the four layouts of go-yaml: 2006-1-2, with T or t or a blank and 15:4:5.999999999, the first
// two with Z or an offset.
bool is_timestamp(std::string_view text) {
  std::size_t at = 0;
  // One or two digits, in a range; -1 where there are none.
  const auto field = [&](int least, int most) {
    int value = -1;
    for (int i = 0; i < 2 && at < text.size() && is_digit(text[at]); ++i, ++at) {
      value = std::max(value, 0) * 10 + (text[at] - '0');
    }
    return value >= least && value <= most ? value : -1;
  };
  const auto sign = [&](char c) { return at < text.size() && text[at] == c && ++at != 0; };
  if (text.size() < 4 || !std::all_of(text.begin(), text.begin() + 4, is_digit)) return false;
  const int year = std::stoi(std::string(text.substr(0, 4)));
  at = 4;
  if (!sign('-')) return false;
  const int month = field(1, 12);
  if (month < 0 || !sign('-')) return false;
  const int day = field(1, 31);
  if (day < 0) return false;
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0)) return false;
  if (at == text.size()) return true;
  const char between = text[at++];
  if (between != 'T' && between != 't' && between != ' ') return false;
  if (between == ' ') {  // a blank of the layout stands for any number of them
    while (sign(' ')) continue;
  }
  if (field(0, 23) < 0 || !sign(':') || field(0, 59) < 0 || !sign(':') || field(0, 59) < 0) {
    return false;
  }
  if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && is_digit(text[at + 1])) {
    ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
  }
  if (between == ' ') return at == text.size();
  if (sign('Z')) return at == text.size();
  const std::string_view offset = text.substr(at);
  if (offset.size() != 6 || (offset[0] != '+' && offset[0] != '-') || offset[3] != ':') return false;
  for (const std::size_t i : {1U, 2U, 4U, 5U}) {
    if (!is_digit(offset[i])) return false;
  }
  const int hours = (offset[1] - '0') * 10 + (offset[2] - '0');
  const int minutes = (offset[4] - '0') * 10 + (offset[5] - '0');
  return hours <= 24 && minutes <= 60;
}

ScalarValue by_form(std::string_view tag, std::string_view text) {
  if (tag == kString || (!text.empty() && !may_be_more_than_string(text[0]))) return string_value();
  if (auto value = word(text)) return *value;
  if (text[0] == '.') {
    const auto plain = without_underscores(text);
    if (plain && has_float_form(*plain)) {
      if (const auto value = go_double(*plain)) return float_value(*value);
    }
    return string_value();
  }
  if (is_digit(text[0]) || text[0] == '+' || text[0] == '-') {
    if (auto value = number(text)) return *value;
  }
  return string_value();
}

std::string_view tag_of(ScalarType type) {
  switch (type) {
    case ScalarType::Null: return kNull;
    case ScalarType::Bool: return kBool;
    case ScalarType::Int:
    case ScalarType::Uint: return kInt;
    case ScalarType::Float: return kFloat;
    case ScalarType::String:
    case ScalarType::Invalid: break;
  }
  return kString;
}

// As encoding/base64's StdEncoding: line ends are passed over, padding is needed.
std::optional<std::string> base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string decoded;
  std::uint32_t bits = 0;
  int count = 0;  // characters of the group at hand
  int padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    if (padding > 0 && (c != '=' || count == 0)) return std::nullopt;
    if (c == '=') {
      if (count < 2) return std::nullopt;
      ++padding;
      bits <<= 6;
    } else {
      const auto value = kAlphabet.find(c);
      if (value == std::string_view::npos) return std::nullopt;
      bits = bits << 6 | static_cast<std::uint32_t>(value);
    }
    if (++count < 4) continue;
    for (int byte = 0; byte < 3 - padding; ++byte) {
      decoded += static_cast<char>(bits >> (16 - 8 * byte) & 0xFF);
    }
    bits = 0;
    count = 0;
  }
  if (count != 0) return std::nullopt;
  return decoded;
}

}  // namespace

std::string short_tag(std::string_view tag) {
  if (!tag.starts_with(kLongPrefix)) return std::string(tag);
  return "!!" + std::string(tag.substr(kLongPrefix.size()));
}

ScalarValue read_scalar(std::string_view tag, std::string_view text, bool implicit) {
  if (tag.empty()) return implicit ? by_form(tag, text) : string_value();
  if (tag == kBinary) {
    auto decoded = base64(text);
    if (!decoded) return invalid("!!binary value contains invalid base64 data");
    ScalarValue value = string_value();
    value.decoded = *std::move(decoded);
    value.is_decoded = true;
    return value;
  }
  const bool resolvable = tag == kString || tag == kBool || tag == kInt || tag == kFloat ||
                          tag == kNull || tag == kTimestamp;
  if (!resolvable || tag == kString) return string_value();
  ScalarValue value = by_form(tag, text);
  if (tag == kTimestamp && value.type == ScalarType::String && is_timestamp(text)) return value;
  if (tag == kFloat && value.type == ScalarType::Int) {
    return float_value(static_cast<double>(value.integer));
  }
  if (tag_of(value.type) == tag) return value;
  return invalid("cannot decode " + short_tag(tag_of(value.type)) + " `" + std::string(text) +
                 "` as a " + short_tag(tag));
}

}  // namespace harness

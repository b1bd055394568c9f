#include "harness/go_number.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace harness {
namespace {

// A number in decimal: 0.DIGITS times ten to the power of `point`.
struct Decimal {
  std::string sign;
  std::string digits;
  int point = 0;
};

template <typename Float>
Decimal shortest(Float number) {
  char text[64];
  const auto end =
      std::to_chars(text, text + sizeof text, number, std::chars_format::scientific).ptr;
  std::string_view rest(text, static_cast<std::size_t>(end - text));
  Decimal decimal;
  if (rest.starts_with('-')) {
    decimal.sign = "-";
    rest.remove_prefix(1);
  }
  const auto exponent = rest.find('e');
  for (const char c : rest.substr(0, exponent)) {
    if (c != '.') decimal.digits += c;
  }
  int power = 0;
  const char* first = rest.data() + exponent + 1;
  if (*first == '+') ++first;
  std::from_chars(first, rest.data() + rest.size(), power);
  decimal.point = power + 1;
  if (decimal.digits == "0") decimal.point = 1;
  return decimal;
}

std::string without_exponent(const Decimal& decimal) {
  const int count = static_cast<int>(decimal.digits.size());
  if (decimal.point <= 0) {
    return decimal.sign + "0." + std::string(static_cast<std::size_t>(-decimal.point), '0') +
           decimal.digits;
  }
  if (decimal.point >= count) {
    return decimal.sign + decimal.digits +
           std::string(static_cast<std::size_t>(decimal.point - count), '0');
  }
  const auto whole = static_cast<std::size_t>(decimal.point);
  return decimal.sign + decimal.digits.substr(0, whole) + "." + decimal.digits.substr(whole);
}

std::string with_exponent(const Decimal& decimal, std::size_t least_digits) {
  std::string text = decimal.sign + decimal.digits.substr(0, 1);
  if (decimal.digits.size() > 1) text += "." + decimal.digits.substr(1);
  const int power = decimal.point - 1;
  std::string digits = std::to_string(std::abs(power));
  if (digits.size() < least_digits) digits.insert(0, least_digits - digits.size(), '0');
  return text + (power < 0 ? "e-" : "e+") + digits;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'z') return lower - 'a' + 10;
  return 99;
}

}  // namespace

std::string go_json_number(double number) {
  const Decimal decimal = shortest(number);
  const double size = std::fabs(number);
  if (size != 0 && (size < 1e-6 || size >= 1e21)) return with_exponent(decimal, 1);
  return without_exponent(decimal);
}

std::string go_key_number(double number) {
  const float single = static_cast<float>(number);
  if (std::isnan(single)) return ".nan";
  if (std::isinf(single)) return single > 0 ? ".inf" : "-.inf";
  const Decimal decimal = shortest(single);
  const int power = decimal.point - 1;
  // As %g does where the shortest digits are asked for (strconv/ftoa.go).
  if (power < -4 || power >= 6) return with_exponent(decimal, 2);
  return without_exponent(decimal);
}

std::optional<double> go_double(std::string_view decimal) {
  double number = 0;
  const char* first = decimal.data();
  if (decimal.starts_with('+')) ++first;
  const auto [end, error] = std::from_chars(first, decimal.data() + decimal.size(), number);
  if (error == std::errc()) return number;
  // from_chars does not tell too small from too large.
  number = std::strtod(std::string(decimal).c_str(), nullptr);
  if (std::isinf(number)) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> go_uint(std::string_view text, int base) {
  if (text.empty()) return std::nullopt;
  if (base == 0) {
    base = 10;
    if (text[0] == '0') {
      const char prefix = text.size() >= 3 ? static_cast<char>(text[1] | 0x20) : '\0';
      base = prefix == 'b' ? 2 : prefix == 'o' ? 8 : prefix == 'x' ? 16 : 8;
      text.remove_prefix(prefix == 'b' || prefix == 'o' || prefix == 'x' ? 2 : 1);
      if (text.empty()) return 0;
    }
  }
  std::uint64_t number = 0;
  for (const char c : text) {
    const int digit = digit_value(c);
    if (digit >= base) return std::nullopt;
    if (__builtin_mul_overflow(number, static_cast<std::uint64_t>(base), &number) ||
        __builtin_add_overflow(number, static_cast<std::uint64_t>(digit), &number)) {
      return std::nullopt;
    }
  }
  return number;
}

std::optional<std::int64_t> go_int(std::string_view text, int base) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto size = go_uint(text, base);
  if (!size) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (*size > kMost + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - *size : *size);
}

}  // namespace harness

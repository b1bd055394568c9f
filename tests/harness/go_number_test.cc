#include "harness/go_number.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>

using harness::go_double;
using harness::go_int;
using harness::go_json_number;
using harness::go_key_number;
using harness::go_uint;

TEST_CASE("a double is printed in the shortest digits, with an exponent only beyond 1e-6 and 1e21") {
  CHECK(go_json_number(0) == "0");
  CHECK(go_json_number(-0.0) == "-0");
  CHECK(go_json_number(0.1) == "0.1");
  CHECK(go_json_number(-123456789.125) == "-123456789.125");
  CHECK(go_json_number(1e-6) == "0.000001");
  CHECK(go_json_number(1.5e-7) == "1.5e-7");
  CHECK(go_json_number(1e20) == "100000000000000000000");
  CHECK(go_json_number(1e21) == "1e+21");
  CHECK(go_json_number(1.7976931348623157e308) == "1.7976931348623157e+308");
  CHECK(go_json_number(5e-324) == "5e-324");
}

TEST_CASE("a number as a key is printed as a float32 with %g") {
  CHECK(go_key_number(1.5) == "1.5");
  CHECK(go_key_number(100000) == "100000");
  CHECK(go_key_number(1000000) == "1e+06");
  CHECK(go_key_number(1234567) == "1.234567e+06");
  CHECK(go_key_number(0.0001) == "0.0001");
  CHECK(go_key_number(0.00001) == "1e-05");
  CHECK(go_key_number(1e300) == ".inf");
  CHECK(go_key_number(-1e300) == "-.inf");
  CHECK(go_key_number(1e-300) == "0");
  CHECK(go_key_number(std::numeric_limits<double>::quiet_NaN()) == ".nan");
}

TEST_CASE("a double that is too large is none, one that is too small is zero") {
  CHECK(go_double("1e308") == 1e308);
  CHECK(go_double("+1.5") == 1.5);
  CHECK(go_double("1e309") == std::nullopt);
  CHECK(go_double("-1e309") == std::nullopt);
  CHECK(go_double("1e-400") == 0);
}

TEST_CASE("an integer has its base in front, as in Go") {
  CHECK(go_int("0x1F", 0) == 31);
  CHECK(go_int("-0b101", 0) == -5);
  CHECK(go_int("0o17", 0) == 15);
  CHECK(go_int("017", 0) == 15);
  CHECK(go_int("018", 0) == std::nullopt);
  CHECK(go_int("0", 0) == 0);
  CHECK(go_int("0x", 0) == std::nullopt);
  CHECK(go_int("", 0) == std::nullopt);
  CHECK(go_int("-", 0) == std::nullopt);
  CHECK(go_int("-9223372036854775808", 0) == std::numeric_limits<std::int64_t>::min());
  CHECK(go_int("9223372036854775808", 0) == std::nullopt);
  CHECK(go_uint("18446744073709551615", 0) == std::numeric_limits<std::uint64_t>::max());
  CHECK(go_uint("18446744073709551616", 0) == std::nullopt);
  CHECK(go_uint("-1", 0) == std::nullopt);
}

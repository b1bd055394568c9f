#include "reports/json_text.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace {

std::string json_of(std::string_view text) {
  std::string out;
  reports::append_json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("a JSON string escapes what JSON demands, and no more") {
  CHECK(json_of("") == R"("")");
  CHECK(json_of("shop/web-1") == R"("shop/web-1")");
  CHECK(json_of("a\"b\\c\n\r\t") == R"("a\"b\\c\n\r\t")");
  CHECK(json_of(std::string_view("\0\x1b[31m\x7f", 7)) == R"("\u0000\u001b[31m\u007f")");
  CHECK(json_of("<script>&'") == R"("<script>&'")");
  CHECK(json_of("gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\x99") == "\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\x99\"");
}

TEST_CASE("bytes that are no UTF-8 become the replacement character") {
  CHECK(json_of("a\xff\x62") == R"("a\ufffdb")");
  CHECK(json_of("\xc0\xaf") == R"("\ufffd\ufffd")");
  CHECK(json_of("\xed\xa0\x80") == R"("\ufffd\ufffd\ufffd")");
  CHECK(json_of("\xe2\x82") == R"("\ufffd\ufffd")");
}

TEST_CASE("every string of two bytes becomes JSON that a parser takes") {
  std::size_t refused = 0;
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b)
      refused += !nlohmann::json::accept(
          json_of(std::string{static_cast<char>(a), static_cast<char>(b)}));
  CHECK(refused == 0);
}

TEST_CASE("commas stand between values, and nowhere else") {
  std::string out;
  reports::JsonWriter json(out);
  json.begin_object();
  json.key("empty").begin_array().end_array();
  json.key("list").begin_array().number(-1).string("[").null().boolean(false);
  json.begin_object().end_object().raw("{\"x\":1}").end_array();
  json.key("lines").begin_array().line().number(1).line().number(2).end_array();
  json.any_key("a\"b").string_or_null("").end_object();
  CHECK(out == "{\"empty\":[],\"list\":[-1,\"[\",null,false,{},{\"x\":1}],\"lines\":[\n1,\n2],"
               "\"a\\\"b\":null}");
}

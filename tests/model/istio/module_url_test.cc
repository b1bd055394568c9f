#include "model/istio/module_url.h"

#include <catch2/catch.hpp>

using model::istio::ModuleUrl;
using model::istio::parse_module_url;

namespace {

std::string remote(std::string_view url) {
  const auto parsed = parse_module_url(url);
  return parsed ? parsed->remote : "dropped";
}

}  // namespace

// The table of istio-behaviour.md 1.9.
TEST_CASE("a url without a scheme is an image", "[istio]") {
  CHECK(remote("ghcr.io/a/b:v1") == "oci://ghcr.io/a/b:v1");
  CHECK(remote("a/b@sha256:00") == "oci://a/b@sha256:00");
  CHECK(remote("/opt/x.wasm") == "oci:///opt/x.wasm");
  CHECK(remote("//ghcr.io/a") == "oci://ghcr.io/a");
  CHECK(remote("") == "oci:");
}

TEST_CASE("what stands before a colon is taken for a scheme", "[istio]") {
  CHECK(remote("localhost:5000/a:v1") == "localhost:5000/a:v1");
  CHECK(remote("reg.example.com:5000/a") == "reg.example.com:5000/a");
  CHECK(remote("img:v1") == "img:v1");
}

TEST_CASE("a url that Go cannot parse drops the plugin", "[istio]") {
  for (const char* url : {"10.0.0.1:5000/a", "my_reg:5000/a", "notavalid%%Url;", "oci://filter:v1", "oci://host:v1",
                          "://x", "[::1]:5000/a", "not%%a url"})
    CHECK_FALSE(parse_module_url(url));
}

TEST_CASE("a scheme is lower-cased, and blanks of a path are escaped", "[istio]") {
  CHECK(remote("OCI://h/a") == "oci://h/a");
  CHECK(remote("HTTP://h/a") == "http://h/a");
  CHECK(remote("http://h/a b.wasm?x=1#f") == "http://h/a%20b.wasm?x=1#f");
}

TEST_CASE("only a literal file:// is cut off a file's name", "[istio]") {
  CHECK(parse_module_url("file:///opt/x.wasm") == ModuleUrl{"", "/opt/x.wasm"});
  CHECK(parse_module_url("FILE:///x.wasm") == ModuleUrl{"", "FILE:///x.wasm"});
  CHECK(parse_module_url("file:/x") == ModuleUrl{"", "file:/x"});
}

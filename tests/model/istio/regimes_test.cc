#include "model/istio/regimes.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace model::istio;

namespace {

Version version(std::string_view text) { return parse_version(text).value(); }

}  // namespace

TEST_CASE("every minor from 1.12 to 1.31 has a row of its own", "[istio]") {
  for (std::uint32_t minor = 12; minor <= 31; ++minor) {
    bool exact = false;
    const Regime* regime = find_regime({1, minor, 99}, &exact);
    REQUIRE(regime);
    CHECK(exact);
    CHECK(find_regime({1, minor, 0})->since == Version{1, minor, 0});
  }
}

TEST_CASE("the rows stand in the order of their versions", "[istio]") {
  CHECK(std::ranges::is_sorted(regimes(), {}, &Regime::since));
  CHECK(std::ranges::adjacent_find(regimes(), {}, &Regime::since) == regimes().end());
}

TEST_CASE("a version takes the last row that is not later than it", "[istio]") {
  CHECK(find_regime(version("1.14.5"))->since == Version{1, 14, 0});
  CHECK(find_regime(version("1.14.6"))->since == Version{1, 14, 6});
  CHECK(find_regime(version("1.14.9"))->since == Version{1, 14, 6});
  CHECK(find_regime(version("1.15.0"))->since == Version{1, 15, 0});
  CHECK(find_regime(version("1.31-20260827"))->since == Version{1, 31, 0});
}

TEST_CASE("before 1.12 there is no row, and behind the last minor it is not exact", "[istio]") {
  CHECK_FALSE(find_regime({1, 11, 8}));
  bool exact = true;
  CHECK(find_regime({1, 40, 0}, &exact)->since == Version{1, 31, 0});
  CHECK_FALSE(exact);
}

TEST_CASE("a version is read with whatever stands behind it", "[istio]") {
  CHECK(version("1.29.1-alpha.0") == Version{1, 29, 1});
  CHECK(version("1.29") == Version{1, 29, 0});
  CHECK_FALSE(parse_version("29"));
  CHECK_FALSE(parse_version("latest"));
  CHECK_FALSE(parse_version(""));
}

TEST_CASE("a plugin's filter has one of four spellings", "[istio]") {
  using enum ExtensionKind;
  const model::ObjectName id{"shop", "auth"};
  CHECK(filter_name(*find_regime({1, 20, 0}), id, WasmPlugin) == "shop.auth");
  CHECK(filter_name(*find_regime({1, 25, 5}), id, WasmPlugin) == "extenstions.istio.io/wasmplugin/shop.auth");
  CHECK(filter_name(*find_regime({1, 26, 0}), id, WasmPlugin) == "extensions.istio.io/wasmplugin/shop.auth");
  CHECK(filter_name(*find_regime({1, 30, 0}), id, WasmPlugin) ==
        "extensions.istio.io/trafficextension/shop.auth~istio-translated-wasmplugin");
  CHECK(filter_name(*find_regime({1, 30, 0}), id, TrafficExtension) == "extensions.istio.io/trafficextension/shop.auth");
  CHECK(config_name(*find_regime({1, 29, 0}), id, WasmPlugin) == "shop.auth");
}

TEST_CASE("a flag that is not modelled is told only where it is not at its default", "[istio]") {
  Features features;
  CHECK(set_flag(features, "PILOT_ENABLE_ALPN_FILTER", "false") == FlagEffect::Set);
  CHECK_FALSE(features.alpn);
  CHECK(set_flag(features, "PILOT_ENABLE_ALPN_FILTER", "no") == FlagEffect::Set);
  CHECK(features.alpn);
  CHECK(set_flag(features, "PILOT_ENABLE_PERSISTENT_SESSION_FILTER", "false") == FlagEffect::Default);
  CHECK(set_flag(features, "PILOT_ENABLE_PERSISTENT_SESSION_FILTER", "true") == FlagEffect::NotModelled);
  CHECK(set_flag(features, "PILOT_TRACE_SAMPLING", "1") == FlagEffect::Unrelated);
}

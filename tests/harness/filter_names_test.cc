#include "harness/filter_names.h"

#include <catch2/catch.hpp>

using model::Anchor;
using model::FilterKind;
using model::ObjectName;
using model::ObservedFilter;

namespace {

const std::string kWasm = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";
const std::string kRbac = "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC";

ObservedFilter filter(std::string name, std::vector<std::string> type_urls = {}) {
  ObservedFilter made;
  made.name = std::move(name);
  made.type_urls = std::move(type_urls);
  return made;
}

ObservedFilter classified(ObservedFilter one) {
  std::vector<ObservedFilter> chain{std::move(one)};
  harness::classify(chain);
  return chain.front();
}

}  // namespace

TEST_CASE("each spelling of a plugin's name is the same plugin") {
  const std::string name = GENERATE("shop.jwt.v2", "extenstions.istio.io/wasmplugin/shop.jwt.v2",
                                    "extensions.istio.io/wasmplugin/shop.jwt.v2",
                                    "extensions.istio.io/trafficextension/shop.jwt.v2",
                                    "extensions.istio.io/trafficextension/shop.jwt.v2~istio-translated-wasmplugin",
                                    "shop.jwt.v2~istio-translated-wasmplugin");
  CAPTURE(name);
  CHECK(harness::plugin_of(name, true) == ObjectName{"shop", "jwt.v2"});
}

TEST_CASE("a name without prefix is a plugin's only where its configuration comes from ECDS") {
  CHECK(harness::plugin_of("shop.jwt", false) == std::nullopt);
  CHECK(harness::plugin_of("extensions.istio.io/wasmplugin/shop.jwt", false) == ObjectName{"shop", "jwt"});
}

TEST_CASE("a name that Kubernetes would not allow is no plugin's") {
  const std::string name = GENERATE("", ".", "jwt", ".jwt", "shop.", "istio.metadata_exchange", "before-jwt",
                                    "root-0", "Shop.jwt", "-shop.jwt", "shop-.jwt", "envoy.filters.http.rbac",
                                    "extensions.istio.io/wasmplugin/", "extensions.istio.io/wasmplugin/shop",
                                    "extensions.istio.io/wasmplugin/shop.", "extensions.istio.io/wasmplugin/.jwt",
                                    "~istio-translated-wasmplugin");
  CAPTURE(name);
  CHECK(harness::plugin_of(name, true) == std::nullopt);
}

TEST_CASE("a namespace of more than 63 bytes is none") {
  CHECK(harness::plugin_of(std::string(63, 'a') + ".jwt", true).has_value());
  CHECK_FALSE(harness::plugin_of(std::string(64, 'a') + ".jwt", true).has_value());
}

TEST_CASE("the anchors have the names that Istio gives them") {
  CHECK(harness::anchor_of("envoy.filters.http.jwt_authn") == Anchor::Authn);
  CHECK(harness::anchor_of("istio_authn") == Anchor::Authn);
  CHECK(harness::anchor_of("envoy.filters.http.rbac") == Anchor::Authz);
  CHECK(harness::anchor_of("istio.stats") == Anchor::Stats);
  CHECK(harness::anchor_of("istio.stackdriver") == Anchor::Stats);
  CHECK(harness::anchor_of("envoy.filters.http.router") == Anchor::Router);
  CHECK(harness::anchor_of("envoy.filters.http.ext_authz") == std::nullopt);
  CHECK(harness::anchor_of("envoy.filters.network.rbac") == std::nullopt);
}

TEST_CASE("a filter that asks ECDS for Wasm under a plugin's name is that plugin") {
  const auto seen = classified(filter("shop.jwt", {kWasm, kRbac}));
  CHECK(seen.kind == FilterKind::Plugin);
  CHECK(seen.plugin == ObjectName{"shop", "jwt"});
}

TEST_CASE("a plugin called stats of a namespace called istio is no anchor") {
  CHECK(classified(filter("istio.stats", {kWasm})).kind == FilterKind::Plugin);
  CHECK(classified(filter("istio.stats")).kind == FilterKind::Anchor);
}

TEST_CASE("another filter under a plugin's name is a fallback") {
  const auto inlined = classified(filter("extensions.istio.io/wasmplugin/shop.jwt"));
  CHECK(inlined.kind == FilterKind::Fallback);
  CHECK(inlined.plugin == ObjectName{"shop", "jwt"});
  CHECK(classified(filter("extensions.istio.io/wasmplugin/shop.jwt", {kRbac})).kind == FilterKind::Fallback);
}

TEST_CASE("an ECDS filter that may not be Wasm is no plugin, whatever its name looks like") {
  CHECK(classified(filter("shop.jwt", {kRbac})).kind == FilterKind::Other);
}

TEST_CASE("external authorization is the pair of ext_authz and the shadow rbac in front of it") {
  std::vector<ObservedFilter> chain{filter("envoy.filters.http.rbac"), filter("envoy.filters.http.ext_authz"),
                                    filter("envoy.filters.http.rbac")};
  harness::classify(chain);
  CHECK(chain[0].kind == FilterKind::ExternalAuthorization);
  CHECK(chain[1].kind == FilterKind::ExternalAuthorization);
  CHECK(chain[2].kind == FilterKind::Anchor);
  CHECK(chain[2].anchor == Anchor::Authz);
}

TEST_CASE("an rbac that decides stays an anchor in front of an ext_authz") {
  std::vector<ObservedFilter> chain{filter("envoy.filters.http.rbac"), filter("envoy.filters.http.ext_authz")};
  chain[0].has_rules = true;
  harness::classify(chain);
  CHECK(chain[0].kind == FilterKind::Anchor);
  CHECK(chain[1].kind == FilterKind::ExternalAuthorization);
}

TEST_CASE("an rbac that is not immediately in front of the ext_authz stays an anchor") {
  std::vector<ObservedFilter> chain{filter("envoy.filters.http.rbac"), filter("shop.jwt", {kWasm}),
                                    filter("envoy.filters.http.ext_authz")};
  harness::classify(chain);
  CHECK(chain[0].kind == FilterKind::Anchor);
}

TEST_CASE("network filters have plugins and fallbacks, and no anchors") {
  std::vector<ObservedFilter> chain{
      filter("istio_authn"),
      filter("extensions.istio.io/wasmplugin/shop.l4",
             {"type.googleapis.com/envoy.extensions.filters.network.wasm.v3.Wasm"}),
      filter("extensions.istio.io/wasmplugin/shop.l5"), filter("istio.stats")};
  harness::classify_network(chain);
  CHECK(chain[0].kind == FilterKind::Other);
  CHECK(chain[1].kind == FilterKind::Plugin);
  CHECK(chain[2].kind == FilterKind::Fallback);
  CHECK(chain[3].kind == FilterKind::Other);
}

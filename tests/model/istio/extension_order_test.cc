#include "model/istio/extension_order.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

using namespace model::istio;

namespace {

Extension plugin(std::string ns, std::string name, std::optional<std::int64_t> priority = {}, std::int64_t second = 0) {
  Extension one;
  one.meta.id = {std::move(ns), std::move(name)};
  one.meta.created = Timestamp{.seconds = second};
  one.priority = priority;
  one.url = "oci://example.com/x";
  return one;
}

Target sidecar(const Regime& regime) {
  ProxyNode proxy;
  proxy.ns = "shop";
  proxy.node_labels = {{"app", "web"}};
  return target_of(regime, proxy);
}

// The names, in order, of the plugins of one sidecar of namespace shop; the root namespace is "root".
std::vector<std::string> order(const Version& version, std::vector<Extension> extensions) {
  Mesh mesh;
  mesh.root_namespace = "root";
  mesh.extensions = std::move(extensions);
  const Regime& regime = *find_regime(version);
  std::vector<std::string> names;
  for (const ExtensionIndex i : plugins_of(regime, mesh, sidecar(regime), ExtensionType::Http, {}))
    names.push_back(mesh.extensions[i].meta.id.name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

// The table of istio-behaviour.md 1.4.
TEST_CASE("names that begin alike come out in three orders over the versions", "[istio]") {
  const auto dash = [](std::uint32_t minor) { return order({1, minor, 0}, {plugin("shop", "foo"), plugin("shop", "foo-bar")}); };
  CHECK(dash(22) == Names{"foo-bar", "foo"});
  CHECK(dash(23) == Names{"foo", "foo-bar"});
  CHECK(dash(30) == Names{"foo-bar", "foo"});
  const auto digit = [](std::uint32_t minor) { return order({1, minor, 0}, {plugin("shop", "foo"), plugin("shop", "foo2")}); };
  CHECK(digit(22) == Names{"foo", "foo2"});
  CHECK(digit(29) == Names{"foo", "foo2"});
  CHECK(digit(30) == Names{"foo2", "foo"});
  const auto dot = [](std::uint32_t minor) { return order({1, minor, 0}, {plugin("shop", "foo"), plugin("shop", "foo.a")}); };
  CHECK(dot(22) == Names{"foo.a", "foo"});  // "foo.a.shop" before "foo.shop"
  CHECK(dot(29) == Names{"foo", "foo.a"});
  CHECK(dot(30) == Names{"foo.a", "foo"});
}

TEST_CASE("an unset priority stands behind every negative one", "[istio]") {
  for (const std::uint32_t minor : {12u, 19u, 31u})
    CHECK(order({1, minor, 0}, {plugin("shop", "unset"), plugin("shop", "low", -1000)}) == Names{"low", "unset"});
}

TEST_CASE("the least priority of 32 bits ties with an unset one from 1.19 on", "[istio]") {
  const std::vector<Extension> both{plugin("shop", "b-least", -2147483648LL), plugin("shop", "a-unset")};
  CHECK(order({1, 18, 0}, both) == Names{"b-least", "a-unset"});
  CHECK(order({1, 19, 0}, both) == Names{"a-unset", "b-least"});
}

TEST_CASE("a priority beyond 32 bits drops a plugin from 1.19 on", "[istio]") {
  CHECK(order({1, 18, 0}, {plugin("shop", "high", 1LL << 40)}) == Names{"high"});
  CHECK(order({1, 19, 0}, {plugin("shop", "high", 1LL << 40)}).empty());
}

TEST_CASE("the root namespace comes first up to 1.19, and last from 1.20 on", "[istio]") {
  const std::vector<Extension> both{plugin("root", "r", 1, 0), plugin("shop", "o", 1, 5), plugin("pay", "x", 9)};
  CHECK(order({1, 19, 0}, both) == Names{"r", "o"});
  CHECK(order({1, 20, 0}, both) == Names{"o", "r"});
}

TEST_CASE("age comes before the name", "[istio]") {
  CHECK(order({1, 29, 0}, {plugin("shop", "a", {}, 2), plugin("shop", "b", {}, 1)}) == Names{"b", "a"});
}

TEST_CASE("a plugin without a time of creation is the oldest", "[istio]") {
  Extension ageless = plugin("shop", "z");
  ageless.meta.created.reset();
  CHECK(order({1, 29, 0}, {plugin("shop", "a", {}, -5), ageless}) == Names{"z", "a"});
}

TEST_CASE("match counts from 1.16 on, and port 0 fits no list", "[istio]") {
  Extension one = plugin("shop", "a");
  one.match = {{TrafficMode::Server, {80}}};
  CHECK(matches(*find_regime({1, 15, 0}), one, {TrafficMode::Client, 81}));
  CHECK_FALSE(matches(*find_regime({1, 16, 0}), one, {TrafficMode::Client, 80}));
  CHECK_FALSE(matches(*find_regime({1, 16, 0}), one, {TrafficMode::Server, 81}));
  CHECK(matches(*find_regime({1, 16, 0}), one, {TrafficMode::Server, 80}));
  one.match = {{TrafficMode::Any, {0}}};
  CHECK_FALSE(matches(*find_regime({1, 16, 0}), one, {TrafficMode::Server, 0}));
}

TEST_CASE("1.12 alone lets an empty value match a missing label", "[istio]") {
  const LabelPairs selector{{"tier", ""}};
  CHECK(matches(*find_regime({1, 12, 9}), selector, {{"app", "web"}}));
  CHECK_FALSE(matches(*find_regime({1, 12, 9}), selector, {}));  // fewer labels than pairs
  CHECK_FALSE(matches(*find_regime({1, 13, 0}), selector, {{"app", "web"}}));
}

TEST_CASE("the order of the documents never shows in the order of plugins", "[istio]") {
  // Two namespaces, names that begin alike, two ages, priorities unset, equal and different: every set of three, in every order.
  std::vector<Extension> all;
  for (const char* ns : {"root", "shop"})
    for (const char* name : {"foo", "foo-a", "foo2"})
      for (const std::optional<std::int64_t> priority : {std::optional<std::int64_t>{}, std::optional<std::int64_t>{0}})
        for (const std::int64_t second : {0, 1}) {
          all.push_back(plugin(ns, name, priority, second));
        }
  for (const std::uint32_t minor : {12u, 20u, 23u, 30u})
    for (std::size_t a = 0; a < all.size(); ++a)
      for (std::size_t b = a + 1; b < all.size(); ++b)
        for (std::size_t c = b + 1; c < all.size(); ++c) {
          if (all[a].meta.id == all[b].meta.id || all[b].meta.id == all[c].meta.id || all[a].meta.id == all[c].meta.id) continue;
          const auto name = [](const Extension& one) { return one.meta.id.name; };
          const Names forward = order({1, minor, 0}, {all[a], all[b], all[c]});
          Names members{name(all[a]), name(all[b]), name(all[c])};
          Names sorted = forward;
          std::ranges::sort(members);
          std::ranges::sort(sorted);
          if (sorted != members || order({1, minor, 0}, {all[c], all[a], all[b]}) != forward ||
              order({1, minor, 0}, {all[b], all[a], all[c]}) != forward)
            FAIL("1." << minor << ": " << name(all[a]) << ", " << name(all[b]) << ", " << name(all[c]));
        }
  SUCCEED();
}

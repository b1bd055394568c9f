// The order of plugins over all small worlds: two namespaces, three plugins, every priority that differs in kind, ages, names that
// begin alike. Three plugins suffice: the rules compare two, and three show transitivity.
#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "model/istio/extension_order.h"
#include "model/istio/filter_chain.h"

using namespace model::istio;

namespace {

constexpr std::string_view kTranslated = "~istio-translated-wasmplugin";

std::vector<Extension> all_extensions() {
  std::vector<Extension> all;
  for (const char* ns : {"root", "shop"})
    for (const char* name : {"a", "a-b", "a.b", "a2"})
      for (const std::optional<std::int64_t> priority :
           {std::optional<std::int64_t>{}, std::optional<std::int64_t>{-2147483648LL}, std::optional<std::int64_t>{0},
            std::optional<std::int64_t>{2147483647LL}})
        for (const std::optional<Timestamp> created :
             {std::optional<Timestamp>{}, std::optional<Timestamp>{Timestamp{.seconds = 0}}, std::optional<Timestamp>{Timestamp{.seconds = 1}}}) {
          Extension& one = all.emplace_back();
          one.meta.id = {ns, name};
          one.meta.created = created;
          one.priority = priority;
          one.url = "oci://h/a";
        }
  return all;
}

ProxyNode sidecar() {
  ProxyNode proxy;
  proxy.type = model::NodeType::Sidecar;
  proxy.ns = "shop";
  proxy.node_labels = {{"app", "web"}};
  return proxy;
}

// The rows that differ in what the order of plugins depends on.
std::vector<const Regime*> orders() {
  std::vector<const Regime*> found;
  for (const Regime& one : regimes())
    if (found.empty() || found.back()->namespaces != one.namespaces || found.back()->ties != one.ties ||
        found.back()->unset_priority != one.unset_priority)
      found.push_back(&one);
  return found;
}

// The order of the document (istio-behaviour.md 1.1 and 1.4), by its codes and nothing of the code under test.
std::vector<std::string> naive(const Regime& regime, std::vector<Extension> extensions) {
  const Version& since = regime.since;
  const bool root_first = since < Version{1, 20, 0};
  const bool wide = since < Version{1, 19, 0};
  const auto key = [&](const Extension& one) {
    const std::int64_t least = wide ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int32_t>::min();
    const std::int64_t priority = one.priority ? *one.priority : least;
    const std::int64_t rank = -(priority + 1);  // descending, and the least of 64 bits has no negative
    const int place = (one.meta.id.ns == "root") == root_first ? 0 : 1;
    const std::int64_t age = one.meta.created ? one.meta.created->seconds : -1;
    std::string tie = one.meta.id.name;
    if (since < Version{1, 23, 0}) tie += "." + one.meta.id.ns;
    if (since >= Version{1, 30, 0}) tie += kTranslated;
    return std::tuple(rank, place, age, tie, one.meta.id.ns);
  };
  std::ranges::sort(extensions, {}, key);
  std::vector<std::string> names;
  for (const Extension& one : extensions) names.push_back(to_string(one.meta.id));
  return names;
}

class Orders {
 public:
  explicit Orders(const Regime& regime) : regime_(regime), target_(target_of(regime, sidecar())) { mesh_.root_namespace = "root"; }

  std::vector<std::string> of(const std::vector<Extension>& extensions) {
    mesh_.extensions = extensions;
    std::vector<std::string> names;
    for (const ExtensionIndex i : plugins_of(regime_, mesh_, target_, ExtensionType::Http, {}))
      names.push_back(to_string(mesh_.extensions[i].meta.id));
    return names;
  }

  // Whether a stands before b, whichever document comes first.
  bool before(const Extension& a, const Extension& b) {
    return first_is_zero({a, b}) && !first_is_zero({b, a});
  }

 private:
  bool first_is_zero(std::vector<Extension> both) {
    mesh_.extensions = std::move(both);
    return plugins_of(regime_, mesh_, target_, ExtensionType::Http, {}).front() == 0;
  }

  const Regime& regime_;
  Mesh mesh_;
  Target target_;
};

}  // namespace

TEST_CASE("the profiles order plugins in six ways", "[istio]") {
  std::string since;
  for (const Regime* one : orders()) since += to_string(one->since) + " ";
  CHECK(since == "1.12.0 1.19.0 1.20.0 1.23.0 1.25.0 1.30.0 ");
}

TEST_CASE("every order of plugins is a strict weak order", "[istio]") {
  const std::vector<Extension> all = all_extensions();
  const std::size_t n = all.size();
  REQUIRE(n == 96);
  for (const Regime* regime : orders()) {
    CAPTURE(to_string(regime->since));
    Orders orders(*regime);
    std::vector<std::vector<char>> before(n, std::vector<char>(n));
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b) before[a][b] = orders.before(all[a], all[b]) ? 1 : 0;
    std::size_t broken = 0;
    const auto equal = [&](std::size_t a, std::size_t b) { return !before[a][b] && !before[b][a]; };
    for (std::size_t a = 0; a < n; ++a) {
      if (before[a][a]) ++broken;
      for (std::size_t b = 0; b < n; ++b) {
        if (before[a][b] && before[b][a]) ++broken;
        // Of two objects with different names one always stands first.
        if (all[a].meta.id != all[b].meta.id && equal(a, b)) ++broken;
        for (std::size_t c = 0; c < n; ++c) {
          if (before[a][b] && before[b][c] && !before[a][c]) ++broken;
          if (equal(a, b) && equal(b, c) && !equal(a, c)) ++broken;
        }
      }
    }
    CHECK(broken == 0);
  }
}

TEST_CASE("every three plugins stand as a naive sort puts them", "[istio]") {
  const std::vector<Extension> all = all_extensions();
  std::size_t worlds = 0;
  for (const Regime* regime : orders()) {
    Orders orders(*regime);
    for (std::size_t a = 0; a < all.size(); ++a)
      for (std::size_t b = a + 1; b < all.size(); ++b)
        for (std::size_t c = b + 1; c < all.size(); ++c) {
          if (all[a].meta.id == all[b].meta.id || all[b].meta.id == all[c].meta.id || all[a].meta.id == all[c].meta.id) continue;
          // Against each other's order, so that the sort has something to do.
          const std::vector<Extension> world{all[c], all[a], all[b]};
          ++worlds;
          if (orders.of(world) != naive(*regime, world))
            FAIL(to_string(regime->since) << ": " << to_string(all[a].meta.id) << ", " << to_string(all[b].meta.id) << ", "
                                          << to_string(all[c].meta.id));
        }
  }
  CHECK(worlds == 6 * 8 * 7 * 6 / 6 * 12 * 12 * 12);
}

TEST_CASE("a chain holds each attached plugin once, phase by phase, in every version", "[istio]") {
  constexpr std::array kKinds{ChainKind::InboundHttp, ChainKind::OutboundHttp};
  std::size_t chains = 0;
  for (const Regime& regime : regimes())
    for (std::size_t phases = 0; phases < 64; ++phases)
      for (std::size_t priorities = 0; priorities < 8; ++priorities) {
        Mesh mesh;
        mesh.root_namespace = "root";
        for (std::size_t i = 0; i < 3; ++i) {
          Extension& one = mesh.extensions.emplace_back();
          one.meta.id = {i == 1 ? "root" : "shop", std::string(1, static_cast<char>('c' - i))};
          one.phase = static_cast<model::Phase>(phases >> (2 * i) & 3);
          if (priorities >> i & 1) one.priority = 0;
          one.url = "oci://h/a";
        }
        AuthorizationPolicy custom;
        custom.meta.id = {"shop", "ask"};
        custom.action = AuthorizationAction::Custom;
        custom.provider = "authz";
        mesh.config.providers["authz"] = ProviderKind::ExternalAuthorizationGrpc;
        mesh.authorization_policies.push_back(custom);
        const ProxyNode proxy = sidecar();
        const auto attached = plugins_of(regime, mesh, target_of(regime, proxy), ExtensionType::Http, {});
        for (const ChainKind kind : kKinds) {
          std::vector<ExtensionIndex> found;
          for (const ChainFilter& filter : filter_chain(regime, mesh, proxy, {.kind = kind}).http)
            if (filter.extension) found.push_back(*filter.extension);
          // 1.12 and 1.13 have no plugins on outbound listeners.
          if (kind == ChainKind::OutboundHttp && regime.since < Version{1, 14, 0}) {
            CHECK(found.empty());
            continue;
          }
          ++chains;
          std::vector<ExtensionIndex> wanted;
          for (const model::Phase phase : {model::Phase::Authn, model::Phase::Authz, model::Phase::Stats, model::Phase::Unspecified})
            for (const ExtensionIndex i : attached)
              if (mesh.extensions[i].phase == phase) wanted.push_back(i);
          if (found != wanted || found.size() != 3) FAIL(to_string(regime.since) << ", phases " << phases << ", " << priorities);
        }
      }
  CHECK(chains > 20'000);
}

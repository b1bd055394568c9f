// What must hold of any mesh under every profile of Istio, over random worlds: how answers to related questions are related.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "harness/manifests.h"
#include "model/istio/extension_order.h"
#include "model/istio/rules.h"
#include "tests/model/istio/worlds.h"

using namespace model::istio;
using tests::chains_of;
using tests::IstioWorld;
using tests::IstioWorlds;

namespace {

constexpr std::size_t kWorlds = 200;         // a version
constexpr std::size_t kWorldsOfPair = 600;   // a pair of neighbours: what they differ in is rare

void for_each_world(std::uint32_t seed, const std::function<void(const Regime&, const IstioWorld&, IstioWorlds&)>& with) {
  for (const Regime& regime : regimes()) {
    IstioWorlds worlds(seed);
    for (std::size_t i = 0; i < kWorlds; ++i) {
      const IstioWorld world = worlds.next();
      CAPTURE(to_string(regime.since), i);
      with(regime, world, worlds);
    }
  }
}

// One column of the table of regimes.
struct Column {
  const char* name;
  void (*take)(Regime& regime, const Regime& from);
  // Whether the column can bear on the world. A world that it does not touch must not change with it.
  bool (*touches)(const IstioWorld& world);
  bool shows = true;  // in the order of filters
};

bool any_extension(const IstioWorld& world, bool (*is)(const Extension&)) {
  return std::ranges::any_of(world.mesh.extensions, is);
}

bool any_proxy(const IstioWorld& world, bool (*is)(const ProxyNode&)) { return std::ranges::any_of(world.proxies, is); }

bool any_pair(const IstioWorld& world, bool (*is)(const Extension&, const Extension&)) {
  const auto& all = world.mesh.extensions;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j)
      if (is(all[i], all[j])) return true;
  return false;
}

// Whether the two may stand in one phase with one rank: an unset priority and the least of 32 bits are one.
bool may_tie(const Extension& a, const Extension& b) {
  const auto rank = [](const Extension& one) { return one.priority.value_or(-2147483648LL); };
  return a.phase == b.phase && rank(a) == rank(b);
}

bool has_selector_with(const IstioWorld& world, bool (*is)(const std::string&, const std::string&)) {
  return std::ranges::any_of(world.mesh.extensions, [&](const Extension& one) {
    return one.attachment.selector && std::ranges::any_of(*one.attachment.selector, [&](const auto& pair) {
             return is(pair.first, pair.second);
           });
  });
}

template <auto member>
void take(Regime& regime, const Regime& from) { regime.*member = from.*member; }

bool has_target(const Extension& one) { return one.attachment.target_ref || !one.attachment.target_refs.empty(); }

bool has_gateway_label(const ProxyNode& proxy) {
  return proxy.node_labels.contains("gateway.networking.k8s.io/gateway-name") || proxy.node_labels.contains("istio.io/gateway-name");
}

bool always(const IstioWorld&) { return true; }

const std::vector<Column>& columns() {
  static const std::vector<Column> all{
      {"namespaces", take<&Regime::namespaces>, [](const IstioWorld& world) {
         return any_pair(world, [](const Extension& a, const Extension& b) { return a.meta.id.ns != b.meta.id.ns && may_tie(a, b); }) ||
                any_extension(world, [](const Extension& one) { return one.meta.id.ns == "pay"; });
       }},
      {"ties", take<&Regime::ties>, [](const IstioWorld& world) {
         return any_pair(world, [](const Extension& a, const Extension& b) {
           return a.meta.id.ns == b.meta.id.ns && a.meta.created == b.meta.created && may_tie(a, b);
         });
       }},
      {"unset priority", take<&Regime::unset_priority>, [](const IstioWorld& world) {
         return any_extension(world, [](const Extension& one) {
           return one.priority && (*one.priority <= -2147483648LL || *one.priority > 2147483647LL);
         });
       }},
      {"labels", take<&Regime::labels>, [](const IstioWorld& world) {
         return any_proxy(world, [](const ProxyNode& one) { return one.registry_labels != one.node_labels; });
       }},
      {"topology", take<&Regime::topology>, [](const IstioWorld& world) {
         return has_selector_with(world, [](const std::string& key, const std::string&) { return is_topology_label(key); });
       }},
      {"empty value", take<&Regime::empty_value>, [](const IstioWorld& world) {
         return has_selector_with(world, [](const std::string&, const std::string& value) { return value.empty(); });
       }},
      {"attachment", take<&Regime::attachment>, [](const IstioWorld& world) {
         return any_extension(world, has_target) || any_proxy(world, has_gateway_label);
       }},
      {"gateway label", take<&Regime::gateway_label>, [](const IstioWorld& world) { return any_proxy(world, has_gateway_label); }},
      {"HTTP chain", take<&Regime::http>, always},
      {"network chain", take<&Regime::network>, always},
      {"filter names", take<&Regime::names>, nullptr, false},
      {"type URLs", take<&Regime::type_urls>, nullptr, false},
      {"fail field", take<&Regime::fail>, nullptr, false},
      {"configurations served", take<&Regime::served>, nullptr, false},
      {"admission", take<&Regime::checks>, nullptr, false},
      {"fields", take<&Regime::fields>, [](const IstioWorld& world) {
         return any_extension(world, [](const Extension& one) {
           return !one.match.empty() || one.type == ExtensionType::Network || one.url.empty() || has_target(one) ||
                  one.kind == ExtensionKind::TrafficExtension || one.fail == FailStrategy::Reload;
         });
       }},
  };
  return all;
}

// The plugins of a proxy's chains, by name.
std::set<std::string> plugins_of_chains(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy) {
  std::set<std::string> names;
  std::string word;
  for (const char c : chains_of(regime, mesh, proxy, false)) {
    if (c != ' ' && c != '\n') {
      word += c;
      continue;
    }
    if (!word.empty() && word != "|") names.insert(word);
    word.clear();
  }
  return names;
}

// The documents of a file, last first.
std::string reversed(const std::string& text) {
  std::string all;
  std::string document;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line == "---") {
      all = "---\n" + document + all;
      document.clear();
    } else {
      document += line + "\n";
    }
  }
  return "---\n" + document + all;
}

// The text without a word.
std::string without(std::string text, const std::string& word) {
  for (auto at = text.find(word + " "); at != std::string::npos; at = text.find(word + " ", at)) text.erase(at, word.size() + 1);
  return text;
}

}  // namespace

TEST_CASE("the order of documents never shows in a chain of Istio", "[istio]") {
  for_each_world(1, [](const Regime& regime, const IstioWorld& world, IstioWorlds& worlds) {
    IstioWorld shuffled = world;
    const auto shuffle = [&](auto& objects) { std::ranges::shuffle(objects, worlds.random()); };
    shuffle(shuffled.mesh.extensions);
    shuffle(shuffled.mesh.authorization_policies);
    shuffle(shuffled.mesh.request_authentications);
    shuffle(shuffled.mesh.telemetries);
    shuffle(shuffled.mesh.services);
    REQUIRE(chains_of(regime, shuffled) == chains_of(regime, world));
  });
}

TEST_CASE("the order of documents in a file never shows in a chain of Istio", "[istio]") {
  std::size_t compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PLUMBLINE_SOURCE_DIR "/scenarios/recorded")) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const harness::Manifests forward = harness::read_manifests(harness::SourceFile("m.yaml", text), {});
    const harness::Manifests backward = harness::read_manifests(harness::SourceFile("m.yaml", reversed(text)), {});
    REQUIRE(forward.cluster.workloads.size() == backward.cluster.workloads.size());
    const WorkloadNames names(backward.cluster);
    for (const model::Workload& workload : forward.cluster.workloads) {
      const model::Workload* same = names.find(forward.cluster.namespaces[workload.ns], workload.name);
      REQUIRE(same);
      for (const Regime& regime : regimes()) {
        CAPTURE(entry.path().stem(), workload.name, to_string(regime.since));
        // One instant in two time zones is no tie up to 1.22, where nothing else breaks it: there the documents' order does show.
        if (entry.path().stem() == "live-ties" && regime.ties == TieOrder::NameDotNamespace) continue;
        const auto chains = [&](const harness::Manifests& manifests, const model::Workload& one) {
          return chains_of(regime, manifests.mesh, proxy_of(manifests.cluster, manifests.mesh, one, regime.since));
        };
        REQUIRE(chains(backward, *same) == chains(forward, workload));
        ++compared;
      }
    }
  }
  CHECK(compared > 1000);
}

TEST_CASE("what is of another namespace changes no chain of Istio", "[istio]") {
  for_each_world(2, [](const Regime& regime, const IstioWorld& world, IstioWorlds& worlds) {
    IstioWorld more = world;
    Extension plugin = worlds.extension(0);
    plugin.meta.id.ns = "elsewhere";
    plugin.attachment = {};
    more.mesh.extensions.insert(more.mesh.extensions.begin(), plugin);
    AuthorizationPolicy policy;
    policy.meta.id = {"elsewhere", "deny"};
    policy.action = AuthorizationAction::Deny;
    more.mesh.authorization_policies.push_back(policy);
    RequestAuthentication jwt;
    jwt.meta.id = {"elsewhere", "jwt"};
    jwt.has_rules = true;
    more.mesh.request_authentications.push_back(jwt);
    Telemetry telemetry;
    telemetry.meta.id = {"elsewhere", "metrics"};
    telemetry.metrics = {{"prometheus"}};
    more.mesh.telemetries.push_back(telemetry);
    Service service;
    service.meta.id = {"elsewhere", "web"};
    more.mesh.services.push_back(service);
    more.mesh.namespaces["elsewhere"] = {{"a", "b"}};
    REQUIRE(chains_of(regime, more) == chains_of(regime, world));
  });
}

TEST_CASE("one more plugin leaves the order of the others as it is", "[istio]") {
  for_each_world(3, [](const Regime& regime, const IstioWorld& world, IstioWorlds& worlds) {
    IstioWorld more = world;
    Extension plugin = worlds.extension(0);
    plugin.meta.id = {"shop", "another"};
    more.mesh.extensions.push_back(plugin);
    REQUIRE(without(chains_of(regime, more), "shop/another") == chains_of(regime, world));
  });
}

TEST_CASE("a narrower selector takes the plugin from some workloads and gives it to none", "[istio]") {
  std::size_t narrowed = 0;
  for_each_world(4, [&](const Regime& regime, const IstioWorld& world, IstioWorlds& worlds) {
    IstioWorld narrow = world;
    Extension& one = narrow.mesh.extensions[worlds.one_of(narrow.mesh.extensions.size())];
    LabelPairs pairs = one.attachment.selector.value_or(LabelPairs{});
    pairs["tier"] = worlds.pick<std::string>({"front", "back"});
    if (one.attachment.selector && one.attachment.selector->contains("tier")) return;
    one.attachment.selector = pairs;
    const std::string name = to_string(one.meta.id);
    for (const ProxyNode& proxy : world.proxies) {
      const auto before = plugins_of_chains(regime, world.mesh, proxy);
      const auto after = plugins_of_chains(regime, narrow.mesh, proxy);
      REQUIRE(std::ranges::includes(before, after));
      if (before == after) {
        REQUIRE(chains_of(regime, narrow.mesh, proxy) == chains_of(regime, world.mesh, proxy));
      } else {
        ++narrowed;
        REQUIRE(chains_of(regime, narrow.mesh, proxy) == without(chains_of(regime, world.mesh, proxy), name));
      }
    }
  });
  CHECK(narrowed > 100);
}

TEST_CASE("the columns are all that a version's row has", "[istio]") {
  const auto all = regimes();
  for (std::size_t i = 1; i < all.size(); ++i) {
    Regime switched = all[i];
    for (const Column& column : columns()) column.take(switched, all[i - 1]);
    CHECK(rules_of(switched) == rules_of(all[i - 1]));
  }
}

TEST_CASE("a column of the table changes only worlds that it touches, and neighbours agree where no column changed", "[istio]") {
  const auto all = regimes();
  std::map<std::string, std::size_t> changed;
  std::size_t agreeing = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Regime& before = all[i - 1];
    const Regime& after = all[i];
    IstioWorlds worlds(static_cast<std::uint32_t>(100 + i));
    for (std::size_t w = 0; w < kWorldsOfPair; ++w) {
      const IstioWorld world = worlds.next();
      CAPTURE(to_string(before.since), to_string(after.since), w);
      const std::string old_chains = chains_of(before, world);
      bool touched = false;
      for (const Column& column : columns()) {
        Regime switched = before;
        column.take(switched, after);
        if (rules_of(switched) == rules_of(before)) continue;
        const std::string chains = chains_of(switched, world);
        CAPTURE(column.name);
        const bool touches = column.touches && column.touches(world);
        if (!touches) REQUIRE(chains == old_chains);
        if (chains != old_chains) ++changed[column.name];
        touched = touched || touches;
      }
      if (touched) continue;
      ++agreeing;
      REQUIRE(chains_of(after, world) == old_chains);
    }
  }
  CHECK(agreeing > 100);
  // Every column that can show did so somewhere.
  for (const Column& column : columns()) {
    CAPTURE(column.name);
    CHECK((changed[column.name] > 0) == column.shows);
  }
}

// Every recorded dump that conforms to its version's profile, changed in one place: it differs, unless the change leaves it as
// it was or touches what is not compared. Dumps of which both what was seen and what is expected are equal are changed once.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>

#include "model/istio/chain_place.h"
#include "model/istio/payload.h"
#include "tests/harness/recorded_suite.h"

using model::DifferenceKind;
using model::Level;
using model::ObservedChain;
using model::ObservedExtension;
using model::ObservedFilter;
using model::ObservedProxy;
using reports::Verdict;

namespace {

namespace istio = model::istio;
using Filters = std::vector<ObservedFilter>;

// A dump that conforms, with a judge for the profile of its version.
struct Specimen {
  std::string name;  // for messages
  std::string scenario;
  harness::Judge& judge;
  const harness::Manifests& manifests;
  const harness::Actual& actual;
  const ObservedProxy& proxy;
  harness::Profile::Istio profile;
};

void for_each_specimen(const std::function<void(const Specimen&)>& with) {
  auto& recorded = tests::recorded_suite();
  for (harness::Scenario& scenario : recorded.suite.scenarios) {
    std::map<std::string, harness::Judge> judges;
    for (const auto& subject : recorded.subjects) {
      if (!subject->name().starts_with("istio-")) continue;
      const auto actuals = subject->run(scenario.name);
      if (!actuals) continue;
      for (const harness::Actual& actual : *actuals) {
        const auto& proxy = std::get<ObservedProxy>(actual.proxy);
        const auto version = istio::parse_version(proxy.node.version);
        REQUIRE(version);
        const auto profile = harness::profile_of(*version);
        REQUIRE(profile);
        auto& judge =
            judges.try_emplace(profile->name, scenario.manifests, harness::JudgingOptions{.profile = *profile}).first->second;
        model::TieLedger ledger;
        if (judge.judge(actual, ledger, "here").verdict != Verdict::Conforms) continue;
        with({subject->name() + " " + scenario.name + " " + to_string(*actual.workload), scenario.name, judge,
              scenario.manifests, actual, proxy, *profile->istio});
      }
    }
  }
}

reports::Result judge(const Specimen& specimen, ObservedProxy changed) {
  model::TieLedger ledger;
  const harness::Actual actual{specimen.actual.source, specimen.actual.workload, std::move(changed)};
  return specimen.judge.judge(actual, ledger, "here");
}

bool tells(const reports::Result& result, DifferenceKind kind) {
  return std::ranges::any_of(result.differences, [&](const auto& difference) {
    return difference.found.kind == kind && difference.found.level == Level::Must;
  });
}

bool records_an_age(const reports::Result& result) {
  return std::ranges::any_of(result.differences, [](const auto& difference) {
    return difference.found.level == Level::Info && difference.found.rules == std::vector<std::string_view>{"AGE"};
  });
}

std::string text(const ObservedFilter& filter) {
  std::string text = filter.name;
  for (const std::string& url : filter.type_urls) text += " <" + url + ">";
  return text;
}

std::string text(const Filters& filters) {
  std::string all;
  for (const ObservedFilter& filter : filters) all += "\n      " + text(filter);
  return all;
}

std::string text(const ObservedExtension& one) {
  std::string all = one.name + "|" + one.type_url + "|" + one.config_name + "|" + one.root_id + "|" +
                    one.configuration.value_or("-") + "|" + one.url + "|" + one.local_file + "|" + one.sha256 + "|" + one.fail;
  for (const auto& [key, value] : one.env) all += "|" + key + "=" + value;
  for (const std::string& key : one.host_env) all += "|" + key;
  return all;
}

// The same chain with other filters in one of its layers.
Filters& layer(ObservedChain& chain, bool network) {
  return network && chain.protocol == model::ChainProtocol::Http ? chain.network_filters : chain.filters;
}

// What of a proxy the place of a chain follows from: the chains of its listener up to it.
ObservedProxy down_to(const ObservedProxy& proxy, std::size_t chain) {
  ObservedProxy small = proxy;
  small.chains.clear();
  small.extensions.clear();
  small.has_extensions_section = false;
  for (std::size_t i = 0; i <= chain; ++i)
    if (proxy.chains[i].listener == proxy.chains[chain].listener) small.chains.push_back(proxy.chains[i]);
  return small;
}

// Counts the mutations of each class; a mutation that is not told as it must be fails the test.
class Tally {
 public:
  void add(const std::string& kind, const std::string& name, const std::string& shown, bool told) {
    ++counts_[kind];
    if (told) return;
    if (++failures_ <= 10) FAIL_CHECK(kind << ", " << name << ":" << shown);
  }
  std::size_t operator[](const std::string& kind) const {
    const auto found = counts_.find(kind);
    return found == counts_.end() ? 0 : found->second;
  }
  void tell() const {
    std::string counts;
    for (const auto& [kind, count] : counts_) counts += kind + ": " + std::to_string(count) + "\n";
    INFO(counts);
    CHECK(failures_ == 0);
  }

 private:
  std::map<std::string, std::size_t> counts_;
  std::size_t failures_ = 0;
};

// Changes one layer of one chain in every way.
class ChainMutations {
 public:
  ChainMutations(const Specimen& specimen, const ObservedProxy& small, bool network, Tally& tally, std::set<std::string>& open)
      : specimen_(specimen), small_(small), network_(network), tally_(tally), open_(open) {
    ObservedChain chain = small.chains.back();
    filters_ = layer(chain, network);
    age_counts_ = records_an_age(judge(specimen, small));
  }

  void all() {
    for (std::size_t i = 0; i < filters_.size(); ++i) {
      drop(i);
      for (std::size_t j = 0; j < filters_.size(); ++j)
        if (i != j) move(i, j);
      double_(i);
      rename(i);
      change_types(i);
    }
  }

 private:
  // Of a list that is the original nothing is to be told.
  void check(const std::string& kind, Filters changed, const std::function<bool(const reports::Result&)>& told) {
    const std::string shown = text(changed);
    const bool same = shown == text(filters_);
    ObservedProxy proxy = small_;
    layer(proxy.chains.back(), network_) = std::move(changed);
    const reports::Result result = judge(specimen_, std::move(proxy));
    if (same) return tally_.add("left as it was", specimen_.name, shown, result.verdict == Verdict::Conforms);
    if (result.verdict == Verdict::Conforms && (records_an_age(result) || age_counts_)) {
      open_.insert(specimen_.scenario);
      return tally_.add("open, the age is unknown", specimen_.name, shown, kind == "moved");
    }
    tally_.add(kind, specimen_.name, shown, result.verdict == Verdict::Differs && told(result));
  }

  void drop(std::size_t i) {
    Filters changed = filters_;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    check("dropped", std::move(changed), [](const reports::Result& result) {
      return tells(result, DifferenceKind::Missing) && !tells(result, DifferenceKind::Extra);
    });
  }

  // A move is told as that, never as a filter that is missing here and extra there.
  void move(std::size_t from, std::size_t to) {
    Filters changed = filters_;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(from));
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(to), filters_[from]);
    check("moved", std::move(changed), [](const reports::Result& result) {
      return (tells(result, DifferenceKind::Order) || tells(result, DifferenceKind::Placement)) &&
             !tells(result, DifferenceKind::Missing) && !tells(result, DifferenceKind::Extra);
    });
  }

  void double_(std::size_t i) {
    Filters changed = filters_;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), filters_[i]);
    check("doubled", std::move(changed), [](const reports::Result& result) {
      return tells(result, DifferenceKind::Duplicate) && !tells(result, DifferenceKind::Missing);
    });
  }

  void rename(std::size_t i) {
    Filters changed = filters_;
    changed[i].name += "x";
    if (changed[i].plugin) changed[i].plugin->name += "x";
    check("renamed", std::move(changed), [](const reports::Result& result) {
      return tells(result, DifferenceKind::Missing) && tells(result, DifferenceKind::Extra);
    });
    if (!filters_[i].plugin) return;
    std::set<std::string> names;
    for (const istio::Regime& regime : istio::regimes())
      names.insert(filter_name(regime, *filters_[i].plugin, istio::ExtensionKind::WasmPlugin));
    names.erase(filters_[i].name);
    for (const std::string& name : names) {
      changed = filters_;
      changed[i].name = name;
      check("spelt as by another version", std::move(changed), [](const reports::Result& result) {
        return tells(result, DifferenceKind::Setting) && !tells(result, DifferenceKind::Missing) &&
               !tells(result, DifferenceKind::Extra);
      });
    }
  }

  void change_types(std::size_t i) {
    const auto is_setting = [](const reports::Result& result) { return tells(result, DifferenceKind::Setting); };
    Filters changed = filters_;
    changed[i].type_urls.emplace_back("type.googleapis.com/envoy.extensions.filters.http.composite.v3.Composite");
    check("a type URL more", std::move(changed), is_setting);
    for (std::size_t k = 0; k < filters_[i].type_urls.size(); ++k) {
      changed = filters_;
      changed[i].type_urls.erase(changed[i].type_urls.begin() + static_cast<std::ptrdiff_t>(k));
      check("a type URL less", std::move(changed), is_setting);
      changed = filters_;
      changed[i].type_urls[k] += "x";
      check("another type URL", std::move(changed), is_setting);
    }
  }

  const Specimen& specimen_;
  const ObservedProxy& small_;
  const bool network_;
  Tally& tally_;
  std::set<std::string>& open_;
  Filters filters_;
  bool age_counts_ = false;  // the age of a plugin in it is unknown, and it does not stand as if it had none
};

// Every change of one field of a configuration, by the field's name.
std::vector<std::pair<std::string, ObservedExtension>> mutations(const ObservedExtension& one) {
  std::vector<std::pair<std::string, ObservedExtension>> all;
  const auto add = [&](const std::string& field, const std::function<void(ObservedExtension&)>& change) {
    ObservedExtension changed = one;
    change(changed);
    all.emplace_back(field, std::move(changed));
  };
  if (!one.name.empty()) add("name", [](auto& changed) { changed.name += "x"; });
  add("type", [](auto& changed) { changed.type_url += "x"; });
  add("type", [](auto& changed) { changed.type_url = "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC"; });
  add("layer", [](auto& changed) { changed.network = !changed.network; });
  add("config name", [](auto& changed) { changed.config_name += "x"; });
  add("root id", [](auto& changed) { changed.root_id += "x"; });
  add("configuration", [](auto& changed) { changed.configuration = R"({"other":1})"; });
  if (one.configuration) add("configuration", [](auto& changed) { changed.configuration.reset(); });
  add("url", [](auto& changed) { changed.url += "x"; });
  add("file", [](auto& changed) { changed.local_file += "x"; });
  if (!one.url.empty())
    add("file in place of a url", [](auto& changed) {
      changed.url.clear();
      changed.local_file = "/opt/module.wasm";
    });
  add("sha256", [](auto& changed) { changed.sha256 = changed.sha256.empty() ? std::string(64, '0') : ""; });
  add("environment", [](auto& changed) { changed.env["OTHER"] = "1"; });
  for (const auto& [key, value] : one.env) {
    add("environment", [&](auto& changed) { changed.env.erase(key); });
    const bool is_version = key == istio::kResourceVersionVariable;
    const bool is_secret = key == istio::kPullSecretVariable;
    add(is_version ? "version of the object" : is_secret ? "pull secret" : "environment",
        [&](auto& changed) { changed.env[key] += "x"; });
  }
  add("host environment", [](auto& changed) { changed.host_env.emplace_back("OTHER"); });
  for (std::size_t i = 0; i < one.host_env.size(); ++i)
    add("host environment", [&](auto& changed) { changed.host_env.erase(changed.host_env.begin() + static_cast<std::ptrdiff_t>(i)); });
  for (const char* fail : {"", "fail_open", "FAIL_OPEN", "FAIL_CLOSED", "FAIL_RELOAD"})
    if (one.fail != fail) add("failure policy", [&](auto& changed) { changed.fail = fail; });
  add("unanswered", [](auto& changed) { changed.answered = false; });
  add("refused", [](auto& changed) { changed.error = "no"; });
  return all;
}

// The first active chain that asks for a configuration, if any does.
std::optional<std::size_t> asking(const ObservedProxy& proxy, const ObservedExtension& extension) {
  for (std::size_t i = 0; i < proxy.chains.size(); ++i) {
    const ObservedChain& chain = proxy.chains[i];
    if (chain.state != model::ListenerState::Active) continue;
    for (const auto* filters : {&chain.filters, &chain.network_filters})
      for (const ObservedFilter& filter : *filters)
        if (filter.plugin && (filter.name == extension.name || (extension.name.empty() && filter.plugin == extension.plugin)))
          return i;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a recorded chain that is changed in any place differs from its version's profile", "[istio]") {
  Tally tally;
  std::set<std::string> open;  // the scenarios in which the age of a plugin is unknown
  std::set<std::string> done;
  for_each_specimen([&](const Specimen& specimen) {
    const auto workload = specimen.judge.find(*specimen.actual.workload);
    auto node = istio::proxy_of(specimen.manifests.cluster, specimen.manifests.mesh,
                                workload ? &specimen.manifests.cluster.workloads[*workload] : nullptr, specimen.proxy.node);
    for (std::size_t i = 0; i < specimen.proxy.chains.size(); ++i) {
      if (specimen.proxy.chains[i].state != model::ListenerState::Active) continue;
      const ObservedProxy small = down_to(specimen.proxy, i);
      const auto places = istio::place_chains(*specimen.profile.regime, specimen.manifests.mesh, node, small.chains);
      const auto* place = std::get_if<istio::ChainPlace>(&places.back());
      REQUIRE(place);
      const auto expected = filter_chain(*specimen.profile.regime, specimen.manifests.mesh, node, *place);
      for (const bool network : {false, true}) {
        ObservedChain chain = small.chains.back();
        const bool http = chain.protocol == model::ChainProtocol::Http;
        if (!network && !http) continue;
        std::string key = specimen.scenario + (network ? " network" : " http");
        for (const auto& one : network ? expected.network : expected.http) {
          key += "\n" + one.name + (one.extension ? std::to_string(*one.extension) : "");
          for (const std::string& url : one.type_urls) key += url;
        }
        key += text(layer(chain, network));
        if (done.insert(std::move(key)).second) ChainMutations(specimen, small, network, tally, open).all();
      }
    }
  });
  tally.tell();
  CHECK(open == std::set<std::string>{"live-ties"});
  for (const char* kind : {"dropped", "moved", "doubled", "renamed", "spelt as by another version", "a type URL more",
                           "a type URL less", "another type URL", "left as it was"}) {
    CAPTURE(kind);
    CHECK(tally[kind] > 50);
  }
}

TEST_CASE("a recorded configuration of which any field is changed differs from its version's profile", "[istio]") {
  Tally tally;
  std::set<std::string> done;
  std::map<std::string, std::size_t> beside;  // scenarios with a second configuration of a name, which nobody expects
  for_each_specimen([&](const Specimen& specimen) {
    const istio::Mesh& mesh = specimen.manifests.mesh;
    const auto workload = specimen.judge.find(*specimen.actual.workload);
    const auto node = istio::proxy_of(specimen.manifests.cluster, mesh,
                                      workload ? &specimen.manifests.cluster.workloads[*workload] : nullptr, specimen.proxy.node);
    for (std::size_t e = 0; e < specimen.proxy.extensions.size(); ++e) {
      const ObservedExtension& one = specimen.proxy.extensions[e];
      const auto at = asking(specimen.proxy, one);
      const auto extension = std::ranges::find_if(
          mesh.extensions, [&](const istio::Extension& other) { return one.plugin && other.meta.id == *one.plugin; });
      if (!at || extension == mesh.extensions.end()) continue;
      const auto wanted = istio::payload(*specimen.profile.regime, *extension, node);
      std::string key = specimen.scenario + text(one) + wanted.name + wanted.config_name + wanted.fail;
      for (const auto& [name, value] : wanted.env) key += name + value;
      if (!done.insert(std::move(key)).second) continue;
      ObservedProxy small = down_to(specimen.proxy, *at);
      small.has_extensions_section = true;
      small.extensions = specimen.proxy.extensions;
      const auto twins = std::ranges::count(small.extensions, one.name, &ObservedExtension::name);
      if (twins > 1) {
        ObservedProxy alone = small;
        alone.extensions.erase(alone.extensions.begin() + static_cast<std::ptrdiff_t>(e));
        if (judge(specimen, std::move(alone)).verdict == Verdict::Conforms) {
          ++beside[specimen.scenario];
          continue;
        }
      }
      for (auto& [field, changed] : mutations(one)) {
        const std::string shown = text(changed);
        ObservedProxy proxy = small;
        proxy.extensions[e] = std::move(changed);
        const auto result = judge(specimen, std::move(proxy));
        // What an API server and the agent made of it is not compared.
        const bool masked = field == "version of the object" || field == "pull secret";
        tally.add(field, specimen.name, shown, result.verdict == (masked ? Verdict::Conforms : Verdict::Differs));
      }
    }
  });
  tally.tell();
  CHECK(beside.size() == 1);
  CHECK(beside.contains("envoyfilter-extension-config"));
  for (const char* field : {"name", "type", "layer", "config name", "root id", "configuration", "url", "file", "file in place of a url",
                            "sha256", "environment", "version of the object", "host environment", "failure policy", "unanswered",
                            "refused"}) {
    CAPTURE(field);
    CHECK(tally[field] > 100);
  }
}

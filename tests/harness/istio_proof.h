// Compares what a recorded proxy runs with what the profile of its version computes, chain for chain and configuration for
// configuration, and counts.
#pragma once

#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "harness/manifests.h"
#include "model/istio/chain_place.h"
#include "model/istio/extension_order.h"
#include "model/istio/payload.h"
#include "model/observed_chain.h"

namespace tests {

using namespace model::istio;

struct Tally {
  std::size_t agreeing = 0;
  std::size_t total = 0;

  void count(bool agrees) {
    ++total;
    if (agrees) ++agreeing;
  }
};

inline std::ostream& operator<<(std::ostream& out, const Tally& tally) {
  return out << tally.agreeing << "/" << tally.total;
}

struct Proof {
  std::map<std::string, Tally> chains_by_version;
  std::map<std::string, Tally> chains_by_case;
  std::map<std::string, Tally> extensions_by_version;
  std::map<std::string, std::size_t> unplaced;      // by reason
  std::map<std::string, std::size_t> not_modelled;  // by case and reason
  std::vector<std::string> differences;
  std::size_t mutations = 0;
  std::size_t unnoticed = 0;  // mutations that still conform although they changed the list

  void tell(std::ostream& out) const {
    for (const auto& [version, tally] : chains_by_version) {
      const auto extensions = extensions_by_version.find(version);
      out << version << ": chains " << tally << ", extensions "
          << (extensions == extensions_by_version.end() ? Tally{} : extensions->second) << "\n";
    }
    for (const auto& [name, tally] : chains_by_case)
      if (tally.agreeing != tally.total) out << "  case " << name << ": " << tally << "\n";
    for (const auto& [reason, count] : unplaced) out << "  unplaced " << reason << ": " << count << "\n";
    for (const auto& [reason, count] : not_modelled) out << "  not modelled " << reason << ": " << count << "\n";
    out << "  " << mutations << " mutations, " << unnoticed << " unnoticed\n";
    constexpr std::size_t kShown = 8;
    for (std::size_t i = 0; i < std::min(kShown, differences.size()); ++i) out << differences[i] << "\n";
  }
};

// A filter as far as chains are compared: its name and, where it is dynamic, its type URLs.
struct Shown {
  std::string name;
  std::vector<std::string> type_urls;

  bool operator==(const Shown&) const = default;
};

using ShownChain = std::vector<Shown>;

template <class Filters>
ShownChain shown(const Filters& filters) {
  ShownChain all;
  for (const auto& one : filters) all.push_back({one.name, one.type_urls});
  return all;
}

inline std::string text(const ShownChain& filters) {
  std::string all;
  for (const Shown& one : filters) {
    all += "\n      " + one.name;
    for (const std::string& url : one.type_urls) all += " <" + url.substr(url.rfind('.', url.rfind('.') - 5) + 1) + ">";
  }
  return all;
}

// Every list that comes of dropping, doubling, renaming a filter, or swapping two neighbours.
inline std::vector<ShownChain> mutations(const ShownChain& chain) {
  std::vector<ShownChain> all;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    ShownChain dropped = chain;
    dropped.erase(dropped.begin() + at);
    all.push_back(std::move(dropped));
    ShownChain doubled = chain;
    doubled.insert(doubled.begin() + at, chain[i]);
    all.push_back(std::move(doubled));
    ShownChain renamed = chain;
    renamed[i].name += "x";
    all.push_back(std::move(renamed));
    if (i == 0) continue;
    ShownChain swapped = chain;
    std::swap(swapped[i - 1], swapped[i]);
    all.push_back(std::move(swapped));
  }
  return all;
}

template <class Extension>
std::string text_of(const Extension& one, const std::string& url, const std::string& file) {
  std::string all = one.name + " | " + one.config_name + " | " + one.type_url + " | root " + one.root_id + " | config " +
                    one.configuration.value_or("-") + " | " + url + " | " + file + " | " + one.sha256 + " | " + one.fail;
  // The resource version is not in the manifests: it is what an API server made of them.
  for (const auto& [key, value] : one.env)
    all += key == kResourceVersionVariable ? " " + key : " " + key + "=" + value;
  for (const std::string& key : one.host_env) all += " " + key;
  return all;
}

inline std::string text(const model::ObservedExtension& one) { return text_of(one, one.url, one.local_file); }
inline std::string text(const Payload& one) { return text_of(one, one.url.remote, one.url.local); }

inline void prove_chain(const std::string& where, const model::ObservedChain& chain, const FilterChain& computed,
                        Tally& by_version, Tally& by_case, Proof& proof) {
  const bool http = chain.protocol == model::ChainProtocol::Http;
  const ShownChain seen_http = http ? shown(chain.filters) : ShownChain{};
  const ShownChain seen_network = shown(http ? chain.network_filters : chain.filters);
  const ShownChain wanted_http = shown(computed.http);
  const ShownChain wanted_network = shown(computed.network);
  const bool agrees = seen_http == wanted_http && seen_network == wanted_network;
  by_version.count(agrees);
  by_case.count(agrees);
  if (!agrees)
    proof.differences.push_back(where + "\n  seen:" + text(seen_http) + "\n    --" + text(seen_network) + "\n  computed:" +
                                text(wanted_http) + "\n    --" + text(wanted_network));
  for (const auto& [seen, wanted] : {std::pair{seen_http, wanted_http}, std::pair{seen_network, wanted_network}})
    for (const ShownChain& mutated : mutations(seen)) {
      ++proof.mutations;
      if (mutated == wanted && mutated != seen) ++proof.unnoticed;
    }
}

// Every configuration that is there is the computed one, and is there for every plugin of a chain that Istio serves. Of two of one
// name one must be.
inline void prove_extensions(const std::string& where, const Regime& regime, const Mesh& mesh, const ProxyNode& node,
                             const model::ObservedProxy& seen, const std::set<ExtensionIndex>& in_chains, Tally& tally, Proof& proof) {
  std::map<std::string, std::vector<std::string>> served;
  // In istiod's own dump the configurations of HTTP plugins are bare, and known by the names within.
  for (const model::ObservedExtension& one : seen.extensions)
    served[one.name.empty() ? one.config_name : one.name].push_back(text(one));
  for (const ExtensionIndex i : in_chains) {
    Payload wanted = payload(regime, mesh.extensions[i], node);
    auto found = served.find(wanted.name);
    if (found == served.end() && (found = served.find(wanted.config_name)) != served.end()) wanted.name.clear();
    const bool expected = is_served(regime, mesh, mesh.extensions[i], node);
    const bool agrees = expected ? found != served.end() && std::ranges::count(found->second, text(wanted)) == 1
                                 : found == served.end();
    tally.count(agrees);
    if (!agrees)
      proof.differences.push_back(where + " ECDS\n  seen:     " +
                                  (found == served.end() ? "nothing" : found->second.front()) + "\n  computed: " +
                                  (expected ? text(wanted) : "nothing for " + wanted.name));
    if (found != served.end()) served.erase(found);
  }
  for (const auto& [name, texts] : served) {
    tally.count(false);
    proof.differences.push_back(where + " ECDS\n  seen:     " + texts.front() + "\n  computed: nothing");
  }
}

// `implementation` is the name of the recording's folder: "istio-1.29.1".
inline void prove(const std::string& implementation, const std::string& case_name, const model::ObservedProxy& seen,
                  const harness::Manifests& manifests, Proof& proof) {
  const Mesh& mesh = manifests.mesh;
  const auto version = parse_version(implementation.substr(std::string("istio-").size()));
  const Regime* regime = version ? find_regime(*version) : nullptr;
  if (!regime) {
    proof.differences.push_back("no profile for " + implementation);
    return;
  }
  const ProxyNode node = proxy_of(manifests.cluster, mesh, WorkloadNames(manifests.cluster).find(seen.node.ns, seen.node.name), seen.node);
  const std::string where = implementation + " " + case_name + " " + node.ns + "/" + node.name;
  Tally& by_version = proof.chains_by_version[implementation];
  Tally& by_case = proof.chains_by_case[case_name];
  const auto places = place_chains(*regime, mesh, node, seen.chains);
  std::set<ExtensionIndex> in_chains;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const model::ObservedChain& chain = seen.chains[i];
    if (chain.state == model::ListenerState::Static) continue;  // the proxy's own
    // A listener whose update Envoy refused shows what was before it.
    if (std::ranges::find(seen.failures, chain.listener, &model::ListenerFailure::listener) != seen.failures.end()) {
      ++proof.not_modelled[case_name + ": a chain of a listener that Envoy refused"];
      continue;
    }
    const auto* place = std::get_if<ChainPlace>(&places[i]);
    if (!place) {
      ++proof.unplaced[case_name + ": " + std::get<Unplaced>(places[i]).reason];
      continue;
    }
    const FilterChain computed = filter_chain(*regime, mesh, node, *place);
    for (const auto* filters : {&computed.http, &computed.network})
      for (const ChainFilter& one : *filters)
        if (one.extension) in_chains.insert(*one.extension);
    prove_chain(where + " " + chain.listener + " [" + chain.chain + "] " + std::to_string(chain.destination_port), chain, computed,
                by_version, by_case, proof);
  }
  // What a fault left among the configurations is told in the recordings' own page: refused ones are missing, unused ones stay.
  if (case_name.starts_with("live-faults-")) ++proof.not_modelled[case_name + ": the extensions after a fault"];
  else prove_extensions(where, *regime, mesh, node, seen, in_chains, proof.extensions_by_version[implementation], proof);
}

}  // namespace tests

// Judges what a proxy was seen to run against what the text promises for its workload.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/expectation.h"
#include "model/observed_chain.h"

namespace model {

enum class DifferenceKind : std::uint8_t {
  Missing,     // a plugin that must stand there does not
  Extra,       // a plugin stands there that must not
  Duplicate,   // a plugin stands there more than once
  Order,       // two plugins stand the wrong way round
  Placement,   // a plugin stands on the wrong side of another filter
  Setting,     // the configuration behind a plugin is another, or the name or the type URLs of a filter
  NotInForce,  // the chain, or a plugin of it, is listed but is not what traffic meets
};

// "missing", "extra", "duplicate", "order", "placement", "setting", "not-in-force".
std::string_view to_string(DifferenceKind kind);

struct Difference {
  DifferenceKind kind = DifferenceKind::Missing;
  Level level = Level::Must;
  std::vector<ObjectName> plugins;    // Order: as the text asks, first before second
  std::vector<std::string> filters;   // the other filters concerned, as Envoy spells them
  std::vector<ClauseId> clauses;      // Order, Placement: the shortest chain that proves it
  std::vector<std::string_view> rules;  // under Istio's profiles, the ids of the rules that decide (model/istio/rules.h)
  bool network = false;               // it is about network filters
  std::string listener;               // the first of those that show it
  std::string pointer;                // JSON pointer into the dump
  std::string expected;               // JSON text, for Setting; else ""
  std::string actual;
  std::string reason;                 // a sentence, or NotInForce: "warming", "rejected: ...", "no-resource", "fallback"
  Place place;                        // of the manifest that decides; unknown where none does
  std::size_t chains = 1;             // how many chains of the workload show it

  // Whether two differences tell a person the same, on whichever chain they were seen.
  bool same_as(const Difference& other) const;
};

// Plugins of one tie group in the order in which they were seen on one chain (PRI-3, PRI-4).
using SeenTie = std::vector<ObjectName>;

struct ChainJudgement {
  std::vector<Difference> differences;  // of every level
  std::vector<SeenTie> ties;
};

// Judges one HTTP chain. Equal differences are not merged.
ChainJudgement judge_chain(const Expectation& expectation, const PluginDirectory& directory,
                           const Workload& workload, const ExpectedChain& expected,
                           const ObservedChain& observed);

enum class ProxyVerdict : std::uint8_t { Conforms, Differs, NotModelled, Error };

struct ProxyJudgement {
  ProxyVerdict verdict = ProxyVerdict::Conforms;
  std::string reason;                   // for NotModelled and Error
  Place place;                          // of the manifest that the reason is about, where there is one
  std::size_t chains = 0;               // judged
  std::size_t own_chains = 0;           // of the proxy itself, never judged
  std::size_t outbound_chains = 0;      // of a sidecar, counted and recorded (LIS-2)
  std::vector<Difference> differences;  // each once
  std::vector<SeenTie> ties;
  std::vector<const ObservedChain*> judged;
  std::vector<std::string> notes;       // what a person should know beside the differences
};

// Judges every chain of a proxy that the documented profile speaks of: of a sidecar the HTTP chains of INBOUND
// listeners, of a gateway those of OUTBOUND ones (Istio's spelling for gateways); besides, whether they are in force, and the
// settings behind the plugins (CFG-1, CFG-2).
ProxyJudgement judge_proxy(const Expectation& expectation, const PluginDirectory& directory,
                           const Workload& workload, const ExpectedChain& expected,
                           const ObservedProxy& observed);

}  // namespace model

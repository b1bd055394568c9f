// What each Istio version does, as data: one row a version, and the codes that the rows use. The codes and their sources are those of
// istio-behaviour.md section 0 and 1; where a recording says otherwise the row follows it, and says so.
// Nothing else in the program asks for a version's number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/istio/chain_template.h"

namespace model::istio {

// A release: 1.29.1.
struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;

  auto operator<=>(const Version&) const = default;
};

std::string to_string(const Version& version);  // "1.29.1"

// "1.29.1", also with something behind it ("1.29.1-alpha.0", "1.31-20260827", "1.29": patch 0). Nothing if it is no version.
std::optional<Version> parse_version(std::string_view text);

// The namespaces looked up, in this order (section 1.1).
enum class NamespaceOrder : std::uint8_t {
  RootThenOwn,              // NS-A
  OwnThenRoot,              // NS-B
  OwnThenRootThenServices,  // NS-C: then those of a waypoint's services
};

// What breaks a tie between two plugins of one priority, namespace and second (section 1.4).
enum class TieOrder : std::uint8_t {
  NameDotNamespace,  // T-A: the text "name.namespace"
  NameThenNamespace, // T-B
  SortedName,        // T-C: T-B, with the name that a translated WasmPlugin has in the store
};

// What an unset priority counts as (section 1.4), and the range of a set one.
enum class UnsetPriority : std::uint8_t { LeastInt64, LeastInt32 };

// Which labels a selector sees (section 1.2).
enum class LabelSource : std::uint8_t {
  Node,      // LB-A: what the proxy sent; the registry's only if it sent none
  Registry,  // LB-B: what the registry knows of its address; the node's only if it knows none
};

// Which labels Istio adds for the place where a proxy runs, and from where (section 1.2). Each as the one before, but for what it says.
enum class TopologyLabels : std::uint8_t {
  OfInstance,    // locality of the proxy's first service instance, else the node's
  OrOfLabel,     // between the two: the label istio-locality
  AndHost,       // kubernetes.io/hostname, too
  OfLabels,      // locality by the labels that the registry gives, else by istio-locality, else the node's
  OwnNetwork,    // a network among the labels stays
};

// How a selector's pair with an empty value reads (section 1.2).
enum class EmptyValue : std::uint8_t { MatchesAbsence, NeedsKey };

// Who a selector or target reference reaches (section 1.3).
enum class AttachmentRule : std::uint8_t {
  SelectorOnly,    // S-A, S-B
  TargetRef,       // S-C
  TargetRefs,      // S-D
  OwnedTargets,    // S-E
  ManyTargets,     // S-F
};

// Which label makes a pod one of a Gateway API gateway (section 1.3).
enum class GatewayLabel : std::uint8_t { None, Istio, GatewayApiOrIstio, GatewayApi };

// How a plugin's filter is named (section 0).
enum class NameForm : std::uint8_t { Bare, Misspelt, WasmPlugin, TrafficExtension };

// Whether the config source may also be an RBAC, by its type URL (section 1.8).
enum class TypeUrls : std::uint8_t { Wasm, WasmOrRbac };

// The field of the payload that says what to do on failure (section 1.9).
enum class FailField : std::uint8_t { None, FailOpen, PolicyForNewProxies, Policy };

// Which plugins' configurations are served to a proxy that asks for them by name (section 1.10).
enum class Served : std::uint8_t {
  Attached,            // those attached to it
  OwnAndRoot,          // any of its own and the root namespace
  ServicesToo,         // and of the namespaces of a waypoint's services
};

// Fields of the API that a version does not know yet; an API server drops them.
enum class Field : std::uint16_t {
  Environment = 1 << 0,   // vmConfig.env
  PullPolicy = 1 << 1,    // in the payload; the field itself is as old as the API
  Match = 1 << 2,
  FailStrategy = 1 << 3,
  Type = 1 << 4,
  TargetRef = 1 << 5,
  TargetRefs = 1 << 6,
  FailReload = 1 << 7,
  TrafficExtension = 1 << 8,
  EmptyUrl = 1 << 9,      // a plugin without a url is passed on rather than dropped
  // Of others, whose filters are not modelled (unmodelled.h):
  Stackdriver = 1 << 10,          // the metrics provider has a filter of its own
  InferencePool = 1 << 11,
  DynamicForwardProxy = 1 << 12,  // resolution DYNAMIC_DNS
  ClientIdentity = 1 << 13,       // ambient.istio.io/xfcc-include-client-identity
};

class Fields {
 public:
  constexpr Fields() = default;
  constexpr Fields(Field field) : bits_(static_cast<std::uint16_t>(field)) {}
  constexpr bool has(Field field) const { return (bits_ & static_cast<std::uint16_t>(field)) != 0; }
  constexpr Fields operator|(Fields other) const { return Fields(static_cast<std::uint16_t>(bits_ | other.bits_)); }
  constexpr Fields without(Field field) const { return Fields(static_cast<std::uint16_t>(bits_ & ~static_cast<std::uint16_t>(field))); }
  bool operator==(const Fields&) const = default;

 private:
  constexpr explicit Fields(std::uint16_t bits) : bits_(bits) {}
  std::uint16_t bits_ = 0;
};

constexpr Fields operator|(Field a, Field b) { return Fields(a) | Fields(b); }

// What its admission looks at, where no other field of the row says it (section 1.11 and 1.12).
enum class Checks : std::uint8_t {
  Webhook,         // the url by url.Parse, the sha256, the selector
  WebhookAndUrls,  // the CRD reads the url, too: as isURL
  Schema,          // the CRD knows lengths and what a selector's labels may hold; the webhook, too, reads the url as isURL
};

// One version, from which on the row holds until the next.
struct Regime {
  Version since;
  NamespaceOrder namespaces;
  TieOrder ties;
  UnsetPriority unset_priority;
  LabelSource labels;
  TopologyLabels topology;
  EmptyValue empty_value;
  AttachmentRule attachment;
  GatewayLabel gateway_label;
  const HttpTemplates* http;
  const NetworkTemplates* network;
  NameForm names;
  TypeUrls type_urls;
  FailField fail;
  Served served;
  Checks checks;
  Fields fields;
};

// Where istiod asks for the version of the proxy instead of its own.
inline constexpr Version kFirstProxyWithoutIstioAuthn{1, 21, 0};    // at When::OldProxy
inline constexpr Version kFirstProxyWithFailurePolicy{1, 25, 0};    // at FailField::PolicyForNewProxies

// And from which version of the proxy on its agent takes all of Istio's own variables out of what it converts.
inline constexpr Version kFirstAgentThatStripsEnvironment{1, 18, 0};

// All rows, ascending.
std::span<const Regime> regimes();

// The row of a version: the last that is not later, of the same minor where it has one. Nothing before 1.12; a minor
// later than all rows has the last row, and `*exact` is false.
const Regime* find_regime(const Version& version, bool* exact = nullptr);

// The filter's name for a plugin, and the name in its configuration (PluginConfig.name).
std::string filter_name(const Regime& regime, const ObjectName& id, ExtensionKind kind);
std::string config_name(const Regime& regime, const ObjectName& id, ExtensionKind kind);
std::vector<std::string> type_urls(const Regime& regime, ExtensionType type);

}  // namespace model::istio

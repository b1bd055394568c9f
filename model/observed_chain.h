// What a proxy was seen to run: the normal form of every dump, whatever its shape and whatever Istio version
// spelt its names. Readers make it, the judge reads it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/wasm_plugin.h"

namespace model {

// The filters of Istio's own that the phases are defined against, in chain order.
enum class Anchor : std::uint8_t { Authn, Authz, Stats, Router };
inline constexpr std::size_t kAnchors = 4;

// "authn", "authz", "stats", "router".
std::string_view to_string(Anchor anchor);

enum class FilterKind : std::uint8_t {
  Plugin,                 // a WasmPlugin's, by its name
  Anchor,                 // one of the four
  ExternalAuthorization,  // ext_authz, or the shadow rbac immediately before it (PHA-9)
  Fallback,               // stands under a plugin's name but is another filter (an RBAC that denies or allows)
  Other,                  // anything else; named in answers, judged only by PHA-6
};

struct ObservedFilter {
  std::string name;  // as the dump spells it
  FilterKind kind = FilterKind::Other;
  Anchor anchor = Anchor::Router;      // where kind is Anchor
  std::optional<ObjectName> plugin;    // where kind is Plugin or Fallback
  std::vector<std::string> type_urls;  // of config_discovery; empty where it has none
  bool has_rules = false;              // an rbac that decides; false where it has shadow rules only, or none

  bool operator==(const ObservedFilter&) const = default;
};

// Which way a listener carries requests, as the dump says it.
enum class Direction : std::uint8_t { Unspecified, Inbound, Outbound };

enum class ChainProtocol : std::uint8_t { Http, Tcp };

enum class ListenerState : std::uint8_t { Active, Warming, Draining, Error, Static };

struct ObservedChain {
  std::string listener;      // its name
  std::string chain;         // the filter chain's name; "" where it has none
  Direction direction = Direction::Unspecified;
  ListenerState state = ListenerState::Active;
  ChainProtocol protocol = ChainProtocol::Http;
  std::uint32_t listener_port = 0;
  std::uint32_t destination_port = 0;  // of the chain's match; 0 where it has none
  std::vector<std::string> server_names;  // of the chain's match
  std::string pointer;                 // JSON pointer to the chain within the dump
  // Http: the HTTP filters, in order. Tcp: the network filters, the terminal one included.
  std::vector<ObservedFilter> filters;
  // Http only: the network filters of the chain, the HTTP connection manager included.
  std::vector<ObservedFilter> network_filters;

  bool operator==(const ObservedChain&) const = default;
};

// A listener update that Envoy refused, with Envoy's own text.
struct ListenerFailure {
  std::string listener;
  std::string details;

  bool operator==(const ListenerFailure&) const = default;
};

// One resource of the ECDS section: the configuration behind a plugin's filter name.
struct ObservedExtension {
  std::string name;                    // as spelt; for istiod's bare Wasm messages "", and then `plugin` is from config.name
  std::optional<ObjectName> plugin;
  bool network = false;
  bool answered = true;                // false: listed without a configuration (older Envoys, while warming)
  std::string type_url;                // "...http.wasm.v3.Wasm", or "...rbac.v3.RBAC" (a fallback)
  std::string config_name;             // PluginConfig.name
  std::string root_id;
  std::optional<std::string> configuration;  // canonical JSON where it is JSON, as model::WasmPlugin::plugin_config
  bool configuration_is_json = true;
  std::string url;                     // remote uri, or "" where local
  std::string local_file;              // local filename, or ""
  std::string sha256;
  std::map<std::string, std::string> env;
  std::vector<std::string> host_env;
  std::string fail;                    // "fail_open", "FAIL_CLOSED", ... as spelt; "" where absent
  std::string error;                   // Envoy's text, where error_state says so
  std::string pointer;                 // JSON pointer to the resource within the dump

  bool operator==(const ObservedExtension&) const = default;
};

enum class NodeType : std::uint8_t { Unknown, Sidecar, Router, Waypoint };

// Where a proxy runs, as the metadata of its node say it; "" where they say nothing.
struct ObservedTopology {
  std::string region;
  std::string zone;
  std::string subzone;
  std::string cluster;  // CLUSTER_ID
  std::string network;  // NETWORK
  std::string host;     // NODE_NAME

  bool operator==(const ObservedTopology&) const = default;
};

struct ObservedNode {
  NodeType type = NodeType::Unknown;
  std::string id;       // "" where the dump names none
  std::string ns;
  std::string name;
  std::string version;  // ISTIO_VERSION of the proxy, "" where absent
  std::optional<std::vector<std::pair<std::string, std::string>>> labels;
  std::vector<std::pair<std::string, std::string>> static_labels = {};  // STATIC_LABELS
  std::optional<ObservedTopology> topology = {};  // nothing where the dump shows no metadata

  bool operator==(const ObservedNode&) const = default;
};

// One proxy, as one dump shows it.
struct ObservedProxy {
  ObservedNode node;
  std::vector<ObservedChain> chains;  // of every listener and state, HTTP and TCP, in the dump's order
  std::vector<ListenerFailure> failures;
  std::vector<ObservedExtension> extensions;
  bool has_listeners = false;   // any listener at all, the proxy's own included
  bool has_extensions_section = false;
  bool has_udp_listener = false;

  bool operator==(const ObservedProxy&) const = default;
};

}  // namespace model

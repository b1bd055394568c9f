// The chains of a workload, one a class of listener: what is expected of a proxy before anyone has seen it. The rule behind
// each (filter_chain.h) answers for any port; here ports are told apart only where `match` makes a difference.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/istio/filter_chain.h"

namespace model::istio {

// One chain, for every listener of its class that is not told apart.
struct ListenerOutline {
  ChainKind kind = ChainKind::InboundHttp;
  // The port that `match` compares, where the chain is another on it than on the rest; nothing: every other port.
  std::optional<std::uint32_t> port;
  std::optional<ServedService> service;  // a waypoint's chain for a service; nothing: any other service
  // Its plugins of type NETWORK stand in the first such chain of a listener only: the second HTTPS server of a gateway's port has
  // none (ChainPlace::network_plugins_used_up).
  bool network_plugins_in_first_only = false;
  ChainOutline filters;

  bool operator==(const ListenerOutline&) const = default;
};

// The same with names and type URLs.
struct ListenerChain {
  ChainKind kind = ChainKind::InboundHttp;
  std::optional<std::uint32_t> port;
  std::optional<ServedService> service;
  FilterChain filters;

  bool operator==(const ListenerChain&) const = default;
};

// "inbound", "outbound", "gateway", "waypoint".
std::string_view direction_of(ChainKind kind);

// "http", "tcp", "http-passthrough", "tcp-passthrough", "http-direct", "tcp-direct", ...; with the direction it names a kind.
std::string_view class_of(ChainKind kind);

// Of a sidecar: inbound HTTP and TCP, outbound HTTP and TCP, and the pass-through chains where they differ from the inbound
// ones; of a gateway: HTTP and TCP (this from 1.20 on); of a waypoint: HTTP and TCP for each service that a target reference of the
// mesh names and for the others, and the direct chains. Ports that no service names and whose chains have no gRPC filters are meant.
// In the order of ChainKind, then port and service, the general chain last. Empty for versions that do not know the proxy's type.
std::vector<ListenerChain> listener_chains(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy);

// The same chains in outline, for the proxies of a whole mesh.
std::vector<ListenerOutline> listener_outlines(const PushContext& context, const ProxyNode& proxy);

// The class of listener of such a proxy for which there is no rule in this version; nothing where all are modelled.
std::optional<ChainKind> unmodelled_listener(const Regime& regime, NodeType type);

}  // namespace model::istio

// The order of filters in a chain, as lists of slots: built-in filters by kind, plugins by phase. Which slots are filled is decided
// by filter_chain.h. Sources: istio-behaviour.md 1.6 (HTTP) and 1.7 (network), and the recordings.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/istio/mesh.h"

namespace model::istio {

// What kind of chain is built. Which HTTP template and which network template it takes follows from it.
enum class ChainKind : std::uint8_t {
  InboundHttp,            // sidecar: a port of a service, or of a Sidecar resource's ingress
  InboundTcp,
  PassthroughHttp,        // sidecar: virtualInbound's catch-all chains
  PassthroughTcp,
  InboundBlackhole,       // virtualInbound-blackhole
  InboundHbone,           // sidecar: an HTTP port once more, in main_internal; without metadata_exchange
  OutboundHttp,           // sidecar: a service port, or the HTTP proxy port
  OutboundTcp,
  OutboundPassthrough,    // PassthroughFilterChain, virtualOutbound: nobody's traffic
  GatewayHttp,            // with or without TLS termination
  GatewayQuic,
  GatewayTcp,             // TCP, TLS pass-through, TLS termination
  GatewayAutoPassthrough,
  WaypointHttp,           // a service's
  WaypointTcp,
  WaypointDirectHttp,     // traffic to a workload's own address
  WaypointDirectTcp,
  WaypointTerminate,      // connect_terminate
  WaypointOriginate,      // connect_originate
};
inline constexpr std::size_t kChainKinds = 19;

bool is_http(ChainKind kind);

enum class Slot : std::uint8_t {
  MetadataExchange,
  Custom,                  // the shadow rbac and the ext_authz of CUSTOM policies
  Jwt,
  IstioAuthn,
  NetworkAuthn,            // the network filter istio_authn
  Rbac,                    // one each for AUDIT, DENY, ALLOW
  GrpcWeb,
  GrpcStats,
  Alpn,
  Cors,
  Fault,
  Stats,
  DownstreamPeerMetadata,
  UpstreamPeerMetadata,
  ConnectAuthority,
  Router,
  ConnectionManager,
  TcpProxy,
  AuthnPlugins,
  AuthzPlugins,
  StatsPlugins,
  UnspecifiedPlugins,
};

// Where in addition a slot is empty although something would fill it.
enum class When : std::uint8_t {
  Always,
  WithCustom,      // a CUSTOM policy applies
  WithoutCustom,
  GrpcPort,        // the port speaks gRPC
  OldProxy,        // the proxy is older than 1.21
  MutualTls,       // a gateway server of mode ISTIO_MUTUAL
};

// On which sides of a proxy a slot exists.
enum class On : std::uint8_t { All, Inbound, InboundAndGateway, Outbound, OutboundAndGateway, Sidecar };

struct TemplateSlot {
  Slot slot;
  On on = On::All;
  When when = When::Always;
};

using Template = std::span<const TemplateSlot>;

struct HttpTemplates {
  std::string_view code;   // H1 ... H9 of the document
  Template proxy;          // sidecars and gateways
  Template waypoint;       // empty: there are no waypoints
};

struct NetworkTemplates {
  std::string_view code;
  Template inbound_http;
  Template inbound_tcp;
  Template passthrough_tcp;
  Template inbound_blackhole;
  Template inbound_hbone;  // empty: there is no such listener
  Template outbound_http;
  Template outbound_tcp;
  Template outbound_passthrough;
  Template gateway_http;
  Template gateway_tcp;               // empty: not modelled. No source and no recording shows those before 1.20
  Template gateway_auto_passthrough;  // the same
  Template waypoint_tcp;
  Template waypoint_direct_http;
  Template waypoint_direct_tcp;
};

Template http_template(const HttpTemplates& templates, ChainKind kind);
Template network_template(const NetworkTemplates& templates, ChainKind kind);

// The templates, by the codes of the document.
extern const HttpTemplates kH1, kH2, kH3, kH4, kH5, kH6, kH6b, kH7, kH8, kH9;  // kH6b: H6 of 1.19 on, with peer metadata
extern const NetworkTemplates kN12, kN14, kN17, kN20;

}  // namespace model::istio

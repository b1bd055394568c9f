#include "model/istio/chain_template.h"

#include <array>

namespace model::istio {
namespace {

using enum Slot;
using enum When;

// H1 and H2: plugins were spliced in among the authentication and authorization filters by their names. The first rbac of the
// list draws AUTHZ plugins in front of it, and with a CUSTOM policy that is the shadow rbac at the very front
// (wasmplugin.go:88-116@1.12.0).
constexpr std::array kHttp1 = std::to_array<TemplateSlot>({
    {AuthnPlugins, On::InboundAndGateway},
    {AuthzPlugins, On::InboundAndGateway, WithCustom},
    {Custom, On::InboundAndGateway},
    {Jwt, On::InboundAndGateway},
    {IstioAuthn, On::InboundAndGateway},
    {AuthzPlugins, On::InboundAndGateway, WithoutCustom},
    {Rbac, On::InboundAndGateway},
    {StatsPlugins, On::InboundAndGateway},
    {UnspecifiedPlugins, On::InboundAndGateway},
    {MetadataExchange},
    {GrpcWeb, On::InboundAndGateway},
    {GrpcStats, On::Sidecar, GrpcPort},
    {Alpn, On::Outbound},
    {Cors},
    {Fault},
    {Stats},
    {Router},
});

// 1.13: fault before cors.
constexpr std::array kHttp2 = std::to_array<TemplateSlot>({
    {AuthnPlugins, On::InboundAndGateway},
    {AuthzPlugins, On::InboundAndGateway, WithCustom},
    {Custom, On::InboundAndGateway},
    {Jwt, On::InboundAndGateway},
    {IstioAuthn, On::InboundAndGateway},
    {AuthzPlugins, On::InboundAndGateway, WithoutCustom},
    {Rbac, On::InboundAndGateway},
    {StatsPlugins, On::InboundAndGateway},
    {UnspecifiedPlugins, On::InboundAndGateway},
    {MetadataExchange},
    {GrpcWeb, On::InboundAndGateway},
    {GrpcStats, On::Sidecar, GrpcPort},
    {Alpn, On::Outbound},
    {Fault},
    {Cors},
    {Stats},
    {Router},
});

constexpr std::array kHttp3 = std::to_array<TemplateSlot>({
    {Custom, On::InboundAndGateway},
    {AuthnPlugins},
    {Jwt, On::InboundAndGateway},
    {IstioAuthn, On::InboundAndGateway},
    {AuthzPlugins},
    {Rbac, On::InboundAndGateway},
    {StatsPlugins},
    {UnspecifiedPlugins},
    {MetadataExchange},
    {GrpcWeb},
    {GrpcStats, On::All, GrpcPort},
    {Alpn, On::OutboundAndGateway},
    {Fault},
    {Cors},
    {Stats},
    {Router},
});

constexpr std::array kHttp4 = std::to_array<TemplateSlot>({
    {MetadataExchange},
    {Custom, On::InboundAndGateway},
    {AuthnPlugins},
    {Jwt, On::InboundAndGateway},
    {IstioAuthn, On::InboundAndGateway},
    {AuthzPlugins},
    {Rbac, On::InboundAndGateway},
    {StatsPlugins},
    {UnspecifiedPlugins},
    {GrpcWeb},
    {GrpcStats, On::All, GrpcPort},
    {Alpn, On::OutboundAndGateway},
    {Fault},
    {Cors},
    {Stats},
    {Router},
});

// 1.18: grpc_stats on every port.
constexpr std::array kHttp6 = std::to_array<TemplateSlot>({
    {MetadataExchange},
    {Custom, On::InboundAndGateway},
    {AuthnPlugins},
    {Jwt, On::InboundAndGateway},
    {IstioAuthn, On::InboundAndGateway},
    {AuthzPlugins},
    {Rbac, On::InboundAndGateway},
    {StatsPlugins},
    {UnspecifiedPlugins},
    {GrpcWeb},
    {GrpcStats},
    {Alpn, On::OutboundAndGateway},
    {Fault},
    {Cors},
    {Stats},
    {Router},
});

// 1.21: istio_authn for old proxies only.
constexpr std::array kHttp7 = std::to_array<TemplateSlot>({
    {MetadataExchange},
    {Custom, On::InboundAndGateway},
    {AuthnPlugins},
    {Jwt, On::InboundAndGateway},
    {IstioAuthn, On::InboundAndGateway, OldProxy},
    {AuthzPlugins},
    {Rbac, On::InboundAndGateway},
    {StatsPlugins},
    {UnspecifiedPlugins},
    {GrpcWeb},
    {GrpcStats},
    {Alpn, On::OutboundAndGateway},
    {Fault},
    {Cors},
    {Stats},
    {Router},
});

// 1.24: never.
constexpr std::array kHttp8 = std::to_array<TemplateSlot>({
    {MetadataExchange},
    {Custom, On::InboundAndGateway},
    {AuthnPlugins},
    {Jwt, On::InboundAndGateway},
    {AuthzPlugins},
    {Rbac, On::InboundAndGateway},
    {StatsPlugins},
    {UnspecifiedPlugins},
    {GrpcWeb},
    {GrpcStats},
    {Alpn, On::OutboundAndGateway},
    {Fault},
    {Cors},
    {Stats},
    {Router},
});

// A waypoint's STATS and unspecified plugins stand behind fault and cors, unlike everywhere else.
constexpr std::array kWaypoint6 = std::to_array<TemplateSlot>({
    {Custom}, {AuthnPlugins}, {Jwt},   {IstioAuthn},   {AuthzPlugins},       {Rbac},  {GrpcWeb}, {GrpcStats},
    {Fault},  {Cors},         {StatsPlugins}, {UnspecifiedPlugins}, {Stats}, {Router},
});
constexpr std::array kWaypoint6b = std::to_array<TemplateSlot>({
    {Custom},       {AuthnPlugins},       {Jwt},                  {IstioAuthn}, {AuthzPlugins},
    {Rbac},         {GrpcWeb},            {GrpcStats},            {Fault},      {Cors},
    {StatsPlugins}, {UnspecifiedPlugins}, {UpstreamPeerMetadata}, {Stats},      {Router},
});
constexpr std::array kWaypoint7 = std::to_array<TemplateSlot>({
    {Custom},       {AuthnPlugins},       {Jwt},   {IstioAuthn, On::All, OldProxy}, {AuthzPlugins},
    {Rbac},         {GrpcWeb},            {GrpcStats},            {Fault},      {Cors},
    {StatsPlugins}, {UnspecifiedPlugins}, {UpstreamPeerMetadata}, {Stats},      {Router},
});
constexpr std::array kWaypoint8 = std::to_array<TemplateSlot>({
    {Custom},       {AuthnPlugins},       {Jwt},                  {AuthzPlugins},
    {Rbac},         {GrpcWeb},            {GrpcStats},            {Fault},      {Cors},
    {StatsPlugins}, {UnspecifiedPlugins}, {UpstreamPeerMetadata}, {Stats},      {Router},
});

constexpr std::array kWaypointTerminate = std::to_array<TemplateSlot>(
    {{DownstreamPeerMetadata}, {ConnectAuthority}, {Router}});

constexpr std::array kManagerOnly = std::to_array<TemplateSlot>({{ConnectionManager}});
constexpr std::array kProxyOnly = std::to_array<TemplateSlot>({{TcpProxy}});
constexpr std::array kAuthorityAndManager =
    std::to_array<TemplateSlot>({{ConnectAuthority}, {ConnectionManager}});
constexpr std::array kStatsAndProxy = std::to_array<TemplateSlot>({{Stats}, {TcpProxy}});
constexpr std::array kExchangeAndManager =
    std::to_array<TemplateSlot>({{MetadataExchange}, {ConnectionManager}});
constexpr std::array kExchangeStatsAndProxy =
    std::to_array<TemplateSlot>({{MetadataExchange}, {Stats}, {TcpProxy}});

// 1.12 and 1.13. A port's own chain and the catch-all chain differ, against the document, which has the second form for both: the
// recordings have the first for a port (small-mesh, pay/bill-1).
constexpr std::array kTcp12 = std::to_array<TemplateSlot>(
    {{MetadataExchange}, {Stats}, {Custom}, {Rbac}, {TcpProxy}});
constexpr std::array kPassthroughTcp12 = std::to_array<TemplateSlot>(
    {{Custom}, {Rbac}, {MetadataExchange}, {Stats}, {TcpProxy}});

constexpr std::array kTcp14 = std::to_array<TemplateSlot>(
    {{MetadataExchange}, {Custom}, {Rbac}, {Stats}, {TcpProxy}});

// 1.17 to 1.19 (the document says from 1.18 on; the recordings of 1.17.0 have it).
constexpr std::array kAuthnExchangeAndManager =
    std::to_array<TemplateSlot>({{NetworkAuthn}, {MetadataExchange}, {ConnectionManager}});
constexpr std::array kAuthnAndManager =
    std::to_array<TemplateSlot>({{NetworkAuthn}, {ConnectionManager}});
constexpr std::array kTcp17 = std::to_array<TemplateSlot>(
    {{NetworkAuthn}, {MetadataExchange}, {Custom}, {Rbac}, {Stats}, {TcpProxy}});

// 1.20: plugins of type NETWORK.
constexpr std::array kInboundHttp20 = std::to_array<TemplateSlot>(
    {{MetadataExchange}, {AuthnPlugins}, {AuthzPlugins}, {StatsPlugins}, {UnspecifiedPlugins}, {ConnectionManager}});
constexpr std::array kInboundTcp20 = std::to_array<TemplateSlot>({
    {MetadataExchange},
    {Custom},
    {AuthnPlugins},
    {AuthzPlugins},
    {Rbac},
    {StatsPlugins},
    {UnspecifiedPlugins},
    {Stats},
    {TcpProxy},
});
constexpr std::array kPluginsAndManager20 = std::to_array<TemplateSlot>(
    {{AuthnPlugins}, {AuthzPlugins}, {StatsPlugins}, {UnspecifiedPlugins}, {ConnectionManager}});
constexpr std::array kPluginsAndProxy20 = std::to_array<TemplateSlot>(
    {{AuthnPlugins}, {AuthzPlugins}, {StatsPlugins}, {UnspecifiedPlugins}, {Stats}, {TcpProxy}});
constexpr std::array kGatewayTcp20 = std::to_array<TemplateSlot>({
    {MetadataExchange, On::All, MutualTls},
    {Custom},
    {AuthnPlugins},
    {AuthzPlugins},
    {Rbac},
    {StatsPlugins},
    {UnspecifiedPlugins},
    {Stats},
    {TcpProxy},
});
constexpr std::array kWaypointDirectTcp20 = std::to_array<TemplateSlot>({
    {ConnectAuthority},
    {MetadataExchange},
    {Custom},
    {AuthnPlugins},
    {AuthzPlugins},
    {Rbac},
    {StatsPlugins},
    {UnspecifiedPlugins},
    {Stats},
    {TcpProxy},
});

}  // namespace

constinit const HttpTemplates kH1{"H1", kHttp1, {}};
constinit const HttpTemplates kH2{"H2", kHttp2, {}};
constinit const HttpTemplates kH3{"H3", kHttp3, {}};
constinit const HttpTemplates kH4{"H4", kHttp4, {}};
constinit const HttpTemplates kH5{"H5", kHttp4, {}};  // H4, and stateful_session behind a flag
constinit const HttpTemplates kH6{"H6", kHttp6, kWaypoint6};
constinit const HttpTemplates kH6b{"H6b", kHttp6, kWaypoint6b};
constinit const HttpTemplates kH7{"H7", kHttp7, kWaypoint7};
constinit const HttpTemplates kH8{"H8", kHttp8, kWaypoint8};
constinit const HttpTemplates kH9{"H9", kHttp8, kWaypoint8};  // H8, and ext_proc for an InferencePool

constinit const NetworkTemplates kN12{
    .code = "1.12",
    .inbound_http = kExchangeAndManager,
    .inbound_tcp = kTcp12,
    .passthrough_tcp = kPassthroughTcp12,
    .inbound_blackhole = kExchangeStatsAndProxy,
    .inbound_hbone = {},
    .outbound_http = kManagerOnly,
    .outbound_tcp = kStatsAndProxy,
    .outbound_passthrough = kStatsAndProxy,
    .gateway_http = kManagerOnly,
    .gateway_tcp = {},
    .gateway_auto_passthrough = {},
    .waypoint_tcp = {},
    .waypoint_direct_http = {},
    .waypoint_direct_tcp = {},
};

constinit const NetworkTemplates kN14{
    .code = "1.14",
    .inbound_http = kExchangeAndManager,
    .inbound_tcp = kTcp14,
    .passthrough_tcp = kTcp14,
    .inbound_blackhole = kExchangeStatsAndProxy,
    .inbound_hbone = {},
    .outbound_http = kManagerOnly,
    .outbound_tcp = kStatsAndProxy,
    .outbound_passthrough = kStatsAndProxy,
    .gateway_http = kManagerOnly,
    .gateway_tcp = {},
    .gateway_auto_passthrough = {},
    .waypoint_tcp = {},
    .waypoint_direct_http = {},
    .waypoint_direct_tcp = {},
};

constinit const NetworkTemplates kN17{
    .code = "1.17",
    .inbound_http = kAuthnExchangeAndManager,
    .inbound_tcp = kTcp17,
    .passthrough_tcp = kTcp17,
    .inbound_blackhole = kExchangeStatsAndProxy,
    .inbound_hbone = {},
    .outbound_http = kManagerOnly,
    .outbound_tcp = kStatsAndProxy,
    .outbound_passthrough = kStatsAndProxy,
    .gateway_http = kAuthnAndManager,
    .gateway_tcp = {},
    .gateway_auto_passthrough = {},
    .waypoint_tcp = kTcp17,
    .waypoint_direct_http = kAuthorityAndManager,
    .waypoint_direct_tcp = kTcp17,
};

constinit const NetworkTemplates kN20{
    .code = "1.20",
    .inbound_http = kInboundHttp20,
    .inbound_tcp = kInboundTcp20,
    .passthrough_tcp = kInboundTcp20,
    .inbound_blackhole = kExchangeStatsAndProxy,
    .inbound_hbone = kPluginsAndManager20,
    .outbound_http = kPluginsAndManager20,
    .outbound_tcp = kPluginsAndProxy20,
    .outbound_passthrough = kStatsAndProxy,
    .gateway_http = kPluginsAndManager20,
    .gateway_tcp = kGatewayTcp20,
    .gateway_auto_passthrough = kPluginsAndProxy20,
    .waypoint_tcp = kInboundTcp20,
    .waypoint_direct_http = kAuthorityAndManager,
    .waypoint_direct_tcp = kWaypointDirectTcp20,
};

bool is_http(ChainKind kind) {
  switch (kind) {
    case ChainKind::InboundHttp:
    case ChainKind::PassthroughHttp:
    case ChainKind::InboundHbone:
    case ChainKind::OutboundHttp:
    case ChainKind::GatewayHttp:
    case ChainKind::GatewayQuic:
    case ChainKind::WaypointHttp:
    case ChainKind::WaypointDirectHttp:
    case ChainKind::WaypointTerminate:
      return true;
    default:
      return false;
  }
}

Template http_template(const HttpTemplates& templates, ChainKind kind) {
  switch (kind) {
    case ChainKind::WaypointHttp:
    case ChainKind::WaypointDirectHttp:
      return templates.waypoint;
    case ChainKind::WaypointTerminate:
      return kWaypointTerminate;
    default:
      return is_http(kind) ? templates.proxy : Template{};
  }
}

Template network_template(const NetworkTemplates& templates, ChainKind kind) {
  switch (kind) {
    case ChainKind::InboundHttp:
    case ChainKind::PassthroughHttp:
      return templates.inbound_http;
    case ChainKind::InboundTcp:
      return templates.inbound_tcp;
    case ChainKind::PassthroughTcp:
      return templates.passthrough_tcp;
    case ChainKind::InboundBlackhole:
      return templates.inbound_blackhole;
    case ChainKind::InboundHbone:
      return templates.inbound_hbone;
    case ChainKind::OutboundHttp:
      return templates.outbound_http;
    case ChainKind::OutboundTcp:
      return templates.outbound_tcp;
    case ChainKind::OutboundPassthrough:
      return templates.outbound_passthrough;
    case ChainKind::GatewayHttp:
      return templates.gateway_http;
    case ChainKind::GatewayTcp:
      return templates.gateway_tcp;
    case ChainKind::GatewayAutoPassthrough:
      return templates.gateway_auto_passthrough;
    case ChainKind::WaypointTcp:
      return templates.waypoint_tcp;
    case ChainKind::WaypointDirectHttp:
      return templates.waypoint_direct_http;
    case ChainKind::WaypointDirectTcp:
      return templates.waypoint_direct_tcp;
    case ChainKind::GatewayQuic:
    case ChainKind::WaypointHttp:
    case ChainKind::WaypointTerminate:
      return kManagerOnly;
    case ChainKind::WaypointOriginate:
      return kProxyOnly;
  }
  return {};
}

}  // namespace model::istio

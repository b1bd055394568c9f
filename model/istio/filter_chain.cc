#include "model/istio/filter_chain.h"

#include <string_view>
#include <utility>

#include "model/istio/built_ins.h"

namespace model::istio {
namespace {

enum class Layer : std::uint8_t { Http, Network };

enum class Direction : std::uint8_t { Inbound, Outbound, Gateway, Waypoint };

Direction direction_of(ChainKind kind) {
  switch (kind) {
    case ChainKind::InboundHttp:
    case ChainKind::InboundTcp:
    case ChainKind::PassthroughHttp:
    case ChainKind::PassthroughTcp:
    case ChainKind::InboundBlackhole:
    case ChainKind::InboundHbone:
      return Direction::Inbound;
    case ChainKind::OutboundHttp:
    case ChainKind::OutboundTcp:
    case ChainKind::OutboundPassthrough:
      return Direction::Outbound;
    case ChainKind::GatewayHttp:
    case ChainKind::GatewayQuic:
    case ChainKind::GatewayTcp:
    case ChainKind::GatewayAutoPassthrough:
      return Direction::Gateway;
    default:
      return Direction::Waypoint;
  }
}

bool is_on(On on, Direction direction) {
  switch (on) {
    case On::All:
      return true;
    case On::Inbound:
      return direction == Direction::Inbound;
    case On::InboundAndGateway:
      return direction == Direction::Inbound || direction == Direction::Gateway;
    case On::Outbound:
      return direction == Direction::Outbound;
    case On::OutboundAndGateway:
      return direction == Direction::Outbound || direction == Direction::Gateway;
    case On::Sidecar:
      return direction == Direction::Inbound || direction == Direction::Outbound;
  }
  return false;
}

// A waypoint is a server to whoever calls, whatever the mode says.
TrafficMode side_of(ChainKind kind) {
  const Direction direction = direction_of(kind);
  return direction == Direction::Inbound || direction == Direction::Waypoint ? TrafficMode::Server
                                                                             : TrafficMode::Client;
}

// The names of built-in filters; two layers have filters of one purpose under their own names.
std::string_view name_of(Slot slot, Layer layer) {
  const bool http = layer == Layer::Http;
  switch (slot) {
    case Slot::MetadataExchange: return "istio.metadata_exchange";
    case Slot::Jwt: return "envoy.filters.http.jwt_authn";
    case Slot::IstioAuthn:
    case Slot::NetworkAuthn: return "istio_authn";
    case Slot::Rbac: return http ? "envoy.filters.http.rbac" : "envoy.filters.network.rbac";
    case Slot::Custom: return http ? "envoy.filters.http.ext_authz" : "envoy.filters.network.ext_authz";
    case Slot::GrpcWeb: return "envoy.filters.http.grpc_web";
    case Slot::GrpcStats: return "envoy.filters.http.grpc_stats";
    case Slot::Alpn: return "istio.alpn";
    case Slot::Cors: return "envoy.filters.http.cors";
    case Slot::Fault: return "envoy.filters.http.fault";
    case Slot::Stats: return "istio.stats";
    case Slot::DownstreamPeerMetadata: return "waypoint_downstream_peer_metadata";
    case Slot::UpstreamPeerMetadata: return "waypoint_upstream_peer_metadata";
    case Slot::ConnectAuthority: return "connect_authority";
    case Slot::Router: return "envoy.filters.http.router";
    case Slot::ConnectionManager: return "envoy.filters.network.http_connection_manager";
    case Slot::TcpProxy: return "envoy.filters.network.tcp_proxy";
    case Slot::AuthnPlugins:
    case Slot::AuthzPlugins:
    case Slot::StatsPlugins:
    case Slot::UnspecifiedPlugins: return {};
  }
  return {};
}

class ChainBuilder {
 public:
  ChainBuilder(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy, const ChainPlace& place,
               const BuiltIns& built_ins)
      : regime_(regime), mesh_(mesh), proxy_(proxy), place_(place), built_ins_(built_ins) {}

  // Of the plugins that stand in the chain.
  std::vector<OutlineFilter> http(std::vector<ExtensionIndex> plugins) {
    layer_ = Layer::Http;
    plugins_ = std::move(plugins);
    return build(http_template(*regime_.http, place_.kind));
  }

  std::vector<OutlineFilter> network(std::vector<ExtensionIndex> plugins) {
    layer_ = Layer::Network;
    plugins_ = std::move(plugins);
    if (place_.network_plugins_used_up) plugins_.clear();
    return build(network_template(*regime_.network, place_.kind));
  }

 private:
  std::vector<OutlineFilter> build(Template slots) {
    filters_.clear();
    for (const TemplateSlot& slot : slots)
      if (is_on(slot.on, direction_of(place_.kind)) && holds(slot.when)) fill(slot.slot);
    return std::move(filters_);
  }

  CustomFilters custom() const {
    return layer_ == Layer::Http ? built_ins_.custom_http : built_ins_.custom_network;
  }

  bool holds(When when) const {
    switch (when) {
      case When::Always: return true;
      case When::WithCustom: return custom() != CustomFilters::None;
      case When::WithoutCustom: return custom() == CustomFilters::None;
      case When::GrpcPort: return place_.grpc || place_.grpc_web;
      case When::OldProxy: return proxy_.version && *proxy_.version < kFirstProxyWithoutIstioAuthn;
      case When::MutualTls: return place_.mutual_tls;
    }
    return false;
  }

  void add(Slot slot) { filters_.push_back({name_of(slot, layer_), std::nullopt}); }

  void add_plugins(Phase phase) {
    for (const ExtensionIndex i : plugins_)
      if (mesh_.extensions[i].phase == phase) filters_.push_back({{}, i});
  }

  void fill(Slot slot) {
    switch (slot) {
      case Slot::AuthnPlugins: return add_plugins(Phase::Authn);
      case Slot::AuthzPlugins: return add_plugins(Phase::Authz);
      case Slot::StatsPlugins: return add_plugins(Phase::Stats);
      case Slot::UnspecifiedPlugins: return add_plugins(Phase::Unspecified);
      case Slot::Custom:
        if (custom() != CustomFilters::None) add(Slot::Rbac);
        if (custom() == CustomFilters::Ask) add(Slot::Custom);
        return;
      case Slot::Rbac:
        for (std::uint32_t i = 0; i < built_ins_.rbac; ++i) add(Slot::Rbac);
        return;
      // istio_authn reads what jwt_authn leaves, and is there with it only.
      case Slot::Jwt:
      case Slot::IstioAuthn:
        if (built_ins_.jwt) add(slot);
        return;
      case Slot::Stats:
        if (built_ins_.stats) add(slot);
        return;
      case Slot::GrpcWeb:
        if (place_.grpc_web) add(slot);
        return;
      case Slot::MetadataExchange:
        if (mesh_.features.metadata_exchange && place_.kind != ChainKind::InboundHbone) add(slot);
        return;
      case Slot::Alpn:
        if (mesh_.features.alpn) add(slot);
        return;
      default:
        return add(slot);
    }
  }

  const Regime& regime_;
  const Mesh& mesh_;
  const ProxyNode& proxy_;
  const ChainPlace& place_;
  const BuiltIns& built_ins_;
  Layer layer_ = Layer::Http;
  std::vector<ExtensionIndex> plugins_;
  std::vector<OutlineFilter> filters_;
};

}  // namespace

Traffic traffic_of(const ChainPlace& place, ExtensionType type) {
  return {side_of(place.kind), type == ExtensionType::Http ? place.http_port : place.network_port};
}

FilterChain filter_chain(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy,
                         const ChainPlace& place) {
  const Target target = target_of(regime, proxy, place.services);
  const BuiltIns own = built_ins(regime, mesh, target);
  const auto plugins = [&](ExtensionType type) { return plugins_of(regime, mesh, target, type, traffic_of(place, type)); };
  ChainBuilder builder(regime, mesh, proxy, place, own);
  ChainOutline outline;
  if (is_http(place.kind)) outline.http = builder.http(plugins(ExtensionType::Http));
  outline.network = builder.network(plugins(ExtensionType::Network));
  return spelt(regime, mesh, outline);
}

ChainOutline chain_outline(const PushContext& context, const Reached& reached, const ProxyNode& proxy, const ChainPlace& place) {
  const Regime& regime = context.regime();
  const auto plugins = [&](ExtensionType type) {
    std::vector<ExtensionIndex> matching;
    for (const ExtensionIndex i : reached.plugins(type))
      if (matches(regime, context.mesh().extensions[i], traffic_of(place, type))) matching.push_back(i);
    return matching;
  };
  ChainBuilder builder(regime, context.mesh(), proxy, place, reached.built_ins);
  ChainOutline outline;
  if (is_http(place.kind)) outline.http = builder.http(plugins(ExtensionType::Http));
  outline.network = builder.network(plugins(ExtensionType::Network));
  return outline;
}

FilterChain spelt(const Regime& regime, const Mesh& mesh, const ChainOutline& outline) {
  const auto filters = [&](const std::vector<OutlineFilter>& outlined) {
    std::vector<ChainFilter> all;
    all.reserve(outlined.size());
    for (const OutlineFilter& filter : outlined) {
      if (!filter.extension) {
        all.push_back({std::string(filter.built_in), std::nullopt, {}});
        continue;
      }
      const Extension& one = mesh.extensions[*filter.extension];
      all.push_back({filter_name(regime, one.meta.id, one.kind), filter.extension,
                     is_lua(one) ? std::vector<std::string>() : type_urls(regime, type_of(regime, one))});
    }
    return all;
  };
  return {filters(outline.http), filters(outline.network)};
}

}  // namespace model::istio

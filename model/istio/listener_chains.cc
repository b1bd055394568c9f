#include "model/istio/listener_chains.h"

#include <algorithm>
#include <set>
#include <utility>

namespace model::istio {
namespace {

using Ports = std::set<std::uint32_t>;

// The ports that the plugins of a target tell apart.
Ports ports_of(const PushContext& context, const Reached& reached) {
  Ports ports;
  if (!context.regime().fields.has(Field::Match)) return ports;
  for (const auto* plugins : {&reached.http, &reached.network})
    for (const ExtensionIndex i : *plugins)
      for (const TrafficMatch& match : context.mesh().extensions[i].match)
        ports.insert(match.ports.begin(), match.ports.end());
  ports.erase(0);  // fits no listener
  return ports;
}

// A port that no plugin names.
std::uint32_t other_than(const Ports& ports) {
  std::uint32_t port = 1;
  while (ports.contains(port)) ++port;
  return port;
}

bool compares_ports(ChainKind kind) {
  switch (kind) {
    case ChainKind::PassthroughHttp:
    case ChainKind::PassthroughTcp:
    case ChainKind::WaypointHttp:
    case ChainKind::WaypointDirectHttp:
    case ChainKind::WaypointDirectTcp:
      return false;
    default:
      return true;
  }
}

bool has_plugin(const std::vector<OutlineFilter>& filters) {
  return std::ranges::any_of(filters, [](const OutlineFilter& filter) { return filter.extension.has_value(); });
}

// The chains of one target: of a proxy, or of a waypoint for a service.
class Chains {
 public:
  Chains(const PushContext& context, const ProxyNode& proxy, const Target& target)
      : context_(context),
        proxy_(proxy),
        reached_(context.reached(target)),
        ports_(ports_of(context, reached_)),
        other_(other_than(ports_)) {}

  // On a port that no plugin names.
  ChainOutline general(ChainKind kind) const { return chain(kind, other_); }

  void add(ChainKind kind, std::vector<ListenerOutline>& all) const {
    const auto& services = reached_.target.services;
    ListenerOutline listener{kind, std::nullopt, services.empty() ? std::nullopt : std::optional(services.front()), false, general(kind)};
    if (compares_ports(kind))
      for (const std::uint32_t port : ports_)
        if (ChainOutline own = chain(kind, port); own != listener.filters)
          all.push_back({kind, port, listener.service, shares_network_plugins(kind, own), std::move(own)});
    listener.network_plugins_in_first_only = shares_network_plugins(kind, listener.filters);
    all.push_back(std::move(listener));
  }

  // The chains of ports that nobody declared, where they are others.
  void add_inbound(ChainKind kind, ChainKind passthrough, std::vector<ListenerOutline>& all) const {
    add(kind, all);
    if (ChainOutline undeclared = chain(passthrough, 0); undeclared != all.back().filters)
      all.push_back({passthrough, std::nullopt, std::nullopt, false, std::move(undeclared)});
  }

 private:
  ChainOutline chain(ChainKind kind, std::uint32_t port) const {
    return chain_outline(context_, reached_, proxy_,
                         {.kind = kind,
                          .http_port = compares_ports(kind) && kind != ChainKind::WaypointTcp ? port : 0,
                          .network_port = compares_ports(kind) ? port : 0,
                          .services = reached_.target.services});
  }

  static bool shares_network_plugins(ChainKind kind, const ChainOutline& filters) {
    return (kind == ChainKind::OutboundHttp || kind == ChainKind::GatewayHttp) && has_plugin(filters.network);
  }

  const PushContext& context_;
  const ProxyNode& proxy_;
  const Reached reached_;
  const Ports ports_;
  const std::uint32_t other_;
};

void add_services(ChainKind kind, const PushContext& context, const ProxyNode& proxy, const Target& target,
                  const ChainOutline& general, std::vector<ListenerOutline>& all) {
  for (const ServedService& service : context.named_services()) {
    Target served = target;
    served.services = {service};
    const std::size_t before = all.size();
    Chains(context, proxy, served).add(kind, all);
    if (all.size() == before + 1 && all.back().filters == general) all.pop_back();
  }
}

}  // namespace

std::string_view direction_of(ChainKind kind) {
  switch (kind) {
    case ChainKind::InboundHttp:
    case ChainKind::InboundTcp:
    case ChainKind::PassthroughHttp:
    case ChainKind::PassthroughTcp:
    case ChainKind::InboundBlackhole:
    case ChainKind::InboundHbone:
      return "inbound";
    case ChainKind::OutboundHttp:
    case ChainKind::OutboundTcp:
    case ChainKind::OutboundPassthrough:
      return "outbound";
    case ChainKind::GatewayHttp:
    case ChainKind::GatewayQuic:
    case ChainKind::GatewayTcp:
    case ChainKind::GatewayAutoPassthrough:
      return "gateway";
    case ChainKind::WaypointHttp:
    case ChainKind::WaypointTcp:
    case ChainKind::WaypointDirectHttp:
    case ChainKind::WaypointDirectTcp:
    case ChainKind::WaypointTerminate:
    case ChainKind::WaypointOriginate:
      return "waypoint";
  }
  return {};
}

std::string_view class_of(ChainKind kind) {
  switch (kind) {
    case ChainKind::InboundHttp:
    case ChainKind::OutboundHttp:
    case ChainKind::GatewayHttp:
    case ChainKind::WaypointHttp:
      return "http";
    case ChainKind::InboundTcp:
    case ChainKind::OutboundTcp:
    case ChainKind::GatewayTcp:
    case ChainKind::WaypointTcp:
      return "tcp";
    case ChainKind::PassthroughHttp: return "http-passthrough";
    case ChainKind::PassthroughTcp: return "tcp-passthrough";
    case ChainKind::InboundBlackhole: return "blackhole";
    case ChainKind::InboundHbone: return "http-hbone";
    case ChainKind::OutboundPassthrough: return "passthrough";
    case ChainKind::GatewayQuic: return "http3";
    case ChainKind::GatewayAutoPassthrough: return "auto-passthrough";
    case ChainKind::WaypointDirectHttp: return "http-direct";
    case ChainKind::WaypointDirectTcp: return "tcp-direct";
    case ChainKind::WaypointTerminate: return "terminate";
    case ChainKind::WaypointOriginate: return "originate";
  }
  return {};
}

std::vector<ListenerOutline> listener_outlines(const PushContext& context, const ProxyNode& proxy) {
  const Regime& regime = context.regime();
  const Target target = target_of(regime, proxy);
  std::vector<ListenerOutline> all;
  if (proxy.type == NodeType::Waypoint && regime.http->waypoint.empty()) return all;
  const Chains chains(context, proxy, target);
  switch (proxy.type) {
    case NodeType::Sidecar:
    case NodeType::Unknown:
      chains.add_inbound(ChainKind::InboundHttp, ChainKind::PassthroughHttp, all);
      chains.add_inbound(ChainKind::InboundTcp, ChainKind::PassthroughTcp, all);
      chains.add(ChainKind::OutboundHttp, all);
      chains.add(ChainKind::OutboundTcp, all);
      break;
    case NodeType::Router:
      chains.add(ChainKind::GatewayHttp, all);
      if (!unmodelled_listener(regime, proxy.type)) chains.add(ChainKind::GatewayTcp, all);
      break;
    case NodeType::Waypoint:
      for (const ChainKind kind : {ChainKind::WaypointHttp, ChainKind::WaypointTcp}) {
        add_services(kind, context, proxy, target, chains.general(kind), all);
        chains.add(kind, all);
      }
      chains.add(ChainKind::WaypointDirectHttp, all);
      chains.add(ChainKind::WaypointDirectTcp, all);
      break;
  }
  return all;
}

std::vector<ListenerChain> listener_chains(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy) {
  std::vector<ListenerChain> all;
  for (const ListenerOutline& one : listener_outlines(PushContext(regime, mesh), proxy))
    all.push_back({one.kind, one.port, one.service, spelt(regime, mesh, one.filters)});
  return all;
}

std::optional<ChainKind> unmodelled_listener(const Regime& regime, NodeType type) {
  if (type == NodeType::Router && network_template(*regime.network, ChainKind::GatewayTcp).empty()) return ChainKind::GatewayTcp;
  return std::nullopt;
}

}  // namespace model::istio

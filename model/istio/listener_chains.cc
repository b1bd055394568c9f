#include "model/istio/listener_chains.h"

#include <algorithm>
#include <set>
#include <span>

namespace model::istio {
namespace {

using Ports = std::set<std::uint32_t>;

// The ports that plugins tell apart.
Ports ports_of(const Regime& regime, const Mesh& mesh) {
  Ports ports;
  if (!regime.fields.has(Field::Match)) return ports;
  for (const Extension& extension : mesh.extensions)
    for (const TrafficMatch& match : extension.match)
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

// The services that target references name, each once, as the mesh has them.
std::vector<ServedService> named_services(const Mesh& mesh) {
  std::vector<ServedService> found;
  const auto names = [](const Attachment& attachment, const Service& service) {
    const bool entry = service.registry == Registry::ServiceEntry;
    return std::ranges::any_of(attachment.target_refs, [&](const TargetRef& ref) {
      return ref.kind == (entry ? "ServiceEntry" : "Service") && ref.name == service.meta.id.name;
    });
  };
  for (const Service& service : mesh.services) {
    const bool named = std::ranges::any_of(mesh.extensions, [&](const Extension& extension) {
      return names(extension.attachment, service);
    });
    if (named) found.push_back({service.meta.id.ns, service.meta.id.name, service.registry});
  }
  return found;
}

class Chains {
 public:
  Chains(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy)
      : regime_(regime), mesh_(mesh), proxy_(proxy), ports_(ports_of(regime, mesh)), other_(other_than(ports_)) {}

  std::vector<ListenerChain> all() {
    switch (proxy_.type) {
      case NodeType::Sidecar:
      case NodeType::Unknown:
        add_inbound(ChainKind::InboundHttp, ChainKind::PassthroughHttp);
        add_inbound(ChainKind::InboundTcp, ChainKind::PassthroughTcp);
        add(ChainKind::OutboundHttp);
        add(ChainKind::OutboundTcp);
        break;
      case NodeType::Router:
        add(ChainKind::GatewayHttp);
        if (!network_template(*regime_.network, ChainKind::GatewayTcp).empty()) add(ChainKind::GatewayTcp);
        break;
      case NodeType::Waypoint:
        if (regime_.http->waypoint.empty()) break;
        for (const ChainKind kind : {ChainKind::WaypointHttp, ChainKind::WaypointTcp}) add_services(kind);
        add(ChainKind::WaypointDirectHttp);
        add(ChainKind::WaypointDirectTcp);
        break;
    }
    return std::move(chains_);
  }

 private:
  FilterChain chain(ChainKind kind, std::uint32_t port, std::span<const ServedService> services = {}) const {
    return filter_chain(regime_, mesh_, proxy_,
                        {.kind = kind,
                         .http_port = compares_ports(kind) && kind != ChainKind::WaypointTcp ? port : 0,
                         .network_port = compares_ports(kind) ? port : 0,
                         .services = {services.begin(), services.end()}});
  }

  void add(ChainKind kind, std::span<const ServedService> services = {}) {
    const auto service = services.empty() ? std::nullopt : std::optional(services.front());
    const FilterChain general = chain(kind, other_, services);
    if (compares_ports(kind))
      for (const std::uint32_t port : ports_)
        if (FilterChain own = chain(kind, port, services); own != general)
          chains_.push_back({kind, port, service, std::move(own)});
    chains_.push_back({kind, std::nullopt, service, general});
  }

  void add_inbound(ChainKind kind, ChainKind passthrough) {
    add(kind);
    const FilterChain general = chains_.back().filters;
    if (FilterChain undeclared = chain(passthrough, 0); undeclared != general)
      chains_.push_back({passthrough, std::nullopt, std::nullopt, std::move(undeclared)});
  }

  void add_services(ChainKind kind) {
    const FilterChain general = chain(kind, other_);
    for (const ServedService& service : named_services(mesh_)) {
      const std::size_t before = chains_.size();
      add(kind, std::span(&service, 1));
      if (chains_.size() == before + 1 && chains_.back().filters == general) chains_.pop_back();
    }
    add(kind);
  }

  const Regime& regime_;
  const Mesh& mesh_;
  const ProxyNode& proxy_;
  const Ports ports_;
  const std::uint32_t other_;
  std::vector<ListenerChain> chains_;
};

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

std::vector<ListenerChain> listener_chains(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy) {
  return Chains(regime, mesh, proxy).all();
}

}  // namespace model::istio

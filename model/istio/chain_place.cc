#include "model/istio/chain_place.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "model/istio/extension_order.h"

namespace model::istio {
namespace {

bool speaks_http(Protocol protocol) {
  return protocol == Protocol::Http || protocol == Protocol::Http2 || protocol == Protocol::Grpc ||
         protocol == Protocol::GrpcWeb;
}

// "outbound_.9000_._.db.shop.svc.cluster.local": the SNI of a service's port between clusters.
std::optional<std::uint32_t> port_of_sni(std::string_view sni) {
  constexpr std::string_view kPrefix = "outbound_.";
  if (!sni.starts_with(kPrefix)) return std::nullopt;
  sni.remove_prefix(kPrefix.size());
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(sni.data(), sni.data() + sni.size(), port);
  if (error != std::errc{} || end == sni.data() + sni.size() || *end != '_') return std::nullopt;
  return port;
}

// Whether a server's host ("*", "*.local", "shop/web.example.com") takes in a server name of a chain.
bool covers(std::string_view host, std::string_view sni) {
  if (const auto slash = host.find('/'); slash != std::string_view::npos) host.remove_prefix(slash + 1);
  if (host == "*" || host == sni) return true;
  return host.starts_with("*.") && sni.ends_with(host.substr(1));
}

// A waypoint's chain: "inbound-vip|80|http|web.shop.svc.cluster.local", perhaps with ";" and more behind it.
struct WaypointChain {
  std::uint32_t port = 0;
  std::string_view host;
};

std::optional<WaypointChain> waypoint_chain(std::string_view name) {
  constexpr std::string_view kPrefix = "inbound-vip|";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  WaypointChain chain;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), chain.port);
  if (error != std::errc{}) return std::nullopt;
  name.remove_prefix(static_cast<std::size_t>(end - name.data()));
  const auto bar = name.find('|', 1);
  if (!name.starts_with('|') || bar == std::string_view::npos) return std::nullopt;
  chain.host = name.substr(bar + 1);
  chain.host = chain.host.substr(0, chain.host.find_first_of(";|"));
  return chain;
}

// A Service of Kubernetes is no configuration, and so of no revision.
bool is_seen_service(const Mesh& mesh, const Service& service) {
  return service.registry == Registry::Kubernetes ? is_discovered(mesh, service.meta.id.ns) : is_seen(mesh, service.meta);
}

// mongo, mysql and redis have filters of their own in front of tcp_proxy, some by settings of istiod (networkfilter.go,
// buildNetworkFiltersStack).
Placing place_tcp(ChainPlace place, Protocol protocol) {
  if (protocol == Protocol::Other)
    return Unplaced{"the filters of mongo, mysql and redis are not modelled (port " + std::to_string(place.network_port) + ")"};
  return place;
}

class Placer {
 public:
  Placer(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy)
      : regime_(regime), mesh_(mesh), proxy_(proxy), labels_(effective_labels(regime, proxy)) {
    for (const Service& service : mesh.services)
      if (is_seen_service(mesh, service)) all_.push_back(&service);
    for (const Service* service : all_)
      if (is_own(*service)) own_.push_back(service);
    // The first of several services of one port is the oldest.
    const auto older = [&](const Service* a, const Service* b) {
      return by_age(regime_, a->meta, ExtensionKind::TrafficExtension, b->meta,
                    ExtensionKind::TrafficExtension) < 0;
    };
    std::ranges::stable_sort(own_, older);
    for (const Gateway& gateway : mesh.gateways)
      if (is_seen(mesh, gateway.meta) && matches(regime, gateway.selector, labels_)) gateways_.push_back(&gateway);
    for (const Gateway& gateway : mesh.api_gateways)
      if (gateway.meta.id.ns == proxy.ns && is_seen(mesh, gateway.meta) && matches(regime, gateway.selector, labels_))
        gateways_.push_back(&gateway);
    std::ranges::stable_sort(all_, older);
  }

  std::vector<Placing> place(const std::vector<const ObservedChain*>& chains) {
    std::vector<Placing> places;
    std::string_view listener;
    bool had_http = false;
    for (const ObservedChain* one : chains) {
      const ObservedChain& chain = *one;
      if (chain.listener != listener) had_http = false;
      listener = chain.listener;
      Placing placing = place(chain);
      if (auto* found = std::get_if<ChainPlace>(&placing); found && !has_rule(found->kind)) {
        placing = Unplaced{"this version of Istio has no such chain"};
      } else if (found) {
        const bool shares = found->kind == ChainKind::OutboundHttp || found->kind == ChainKind::GatewayHttp;
        found->network_plugins_used_up = shares && had_http;
        had_http = had_http || shares;
      }
      places.push_back(std::move(placing));
    }
    return places;
  }

 private:
  bool has_rule(ChainKind kind) const {
    return !network_template(*regime_.network, kind).empty() &&
           (!is_http(kind) || !http_template(*regime_.http, kind).empty());
  }

  bool is_own(const Service& service) const {
    for (const Endpoint& endpoint : service.endpoints)
      if (std::ranges::find(proxy_.addresses, endpoint.address) != proxy_.addresses.end()) return true;
    return service.pod_selector && !service.pod_selector->empty() && service.meta.id.ns == proxy_.ns &&
           matches(regime_, *service.pod_selector, labels_);
  }

  Placing place(const ObservedChain& chain) const {
    if (chain.state == ListenerState::Static) return Unplaced{"a listener of the proxy's own"};
    switch (proxy_.type) {
      case NodeType::Sidecar:
        return place_sidecar(chain);
      case NodeType::Router:
        return place_gateway(chain);
      case NodeType::Waypoint:
        return place_waypoint(chain);
      case NodeType::Unknown:
        break;
    }
    return Unplaced{"the dump does not say what kind of proxy it is of"};
  }

  Placing place_sidecar(const ObservedChain& chain) const {
    const bool http = chain.protocol == ChainProtocol::Http;
    // A sidecar that listens for HBONE has a waypoint's listeners, with its own inbound chains in the inner one.
    if (chain.listener == "connect_terminate") return ChainPlace{.kind = ChainKind::WaypointTerminate};
    if (chain.listener == "connect_originate") return ChainPlace{.kind = ChainKind::WaypointOriginate};
    if (chain.listener == "virtualOutbound") return ChainPlace{.kind = ChainKind::OutboundPassthrough};
    if (chain.chain == "virtualInbound-blackhole") return ChainPlace{.kind = ChainKind::InboundBlackhole};
    if (chain.chain == "virtualInbound-catchall-http")
      return ChainPlace{.kind = ChainKind::PassthroughHttp,
                        .http_port = chain.destination_port,
                        .network_port = chain.destination_port};
    if (chain.chain == "virtualInbound") return ChainPlace{.kind = ChainKind::PassthroughTcp};
    if (chain.direction == model::Direction::Inbound) return place_inbound(chain, http);
    if (chain.direction != model::Direction::Outbound)
      return Unplaced{"the listener carries requests neither in nor out"};
    if (chain.chain == "PassthroughFilterChain") return ChainPlace{.kind = ChainKind::OutboundPassthrough};
    ChainPlace place{.kind = http ? ChainKind::OutboundHttp : ChainKind::OutboundTcp,
                     .http_port = chain.listener_port,
                     .network_port = chain.listener_port};
    if (!http) return place_tcp(std::move(place), outbound_protocol(chain));
    set_protocol(place, outbound_protocol(chain));
    return place;
  }

  // HTTP plugins compare the port that the pod listens on, NETWORK plugins of a TCP chain the service's.
  Placing place_inbound(const ObservedChain& chain, bool http) const {
    const std::uint32_t port = chain.destination_port != 0 ? chain.destination_port : chain.listener_port;
    const ChainKind http_kind = chain.listener == "main_internal" ? ChainKind::InboundHbone : ChainKind::InboundHttp;
    ChainPlace place{.kind = http ? http_kind : ChainKind::InboundTcp,
                     .http_port = port,
                     .network_port = port};
    if (const SidecarListener* ingress = ingress_of(port)) {
      set_protocol(place, ingress->protocol);
      return place;
    }
    for (const Service* service : own_)
      for (const ServicePort& one : service->ports) {
        if (one.target != port || one.protocol == Protocol::Udp) continue;
        if (!http) {
          place.network_port = one.number;
          return place_tcp(std::move(place), one.protocol);
        }
        set_protocol(place, one.protocol);
        return place;
      }
    return place;
  }

  const SidecarListener* ingress_of(std::uint32_t port) const {
    for (const SidecarResource& one : mesh_.sidecars) {
      if (one.meta.id.ns != proxy_.ns || !is_seen(mesh_, one.meta) || (one.selector && !matches(regime_, *one.selector, labels_))) continue;
      for (const SidecarListener& ingress : one.ingress)
        if (ingress.port == port) return &ingress;
    }
    return nullptr;
  }

  Protocol outbound_protocol(const ObservedChain& chain) const {
    const std::string_view address =
        std::string_view(chain.listener).substr(0, chain.listener.rfind('_'));
    for (const Service* service : all_) {
      const bool bound = std::ranges::find(service->addresses, address) != service->addresses.end();
      for (const ServicePort& one : service->ports)
        if (one.number == chain.listener_port && (bound || (address == "0.0.0.0" && speaks_http(one.protocol))))
          return one.protocol;
    }
    return Protocol::Unknown;
  }

  static void set_protocol(ChainPlace& place, Protocol protocol) {
    place.grpc = protocol == Protocol::Grpc;
    place.grpc_web = protocol == Protocol::GrpcWeb;
  }

  // The port that a server is bound to in the pod: what the pod's Service makes of its number.
  std::uint32_t bound_port(std::uint32_t number) const {
    for (const Service* service : own_)
      for (const ServicePort& one : service->ports)
        if (one.number == number) return one.target;
    return number;
  }

  // The server that a chain is of: the one with a host among the chain's server names, else the first on its port.
  const GatewayServer* server_of(const ObservedChain& chain) const {
    const GatewayServer* on_port = nullptr;
    for (const Gateway* gateway : gateways_)
      for (const GatewayServer& server : gateway->servers) {
        if (bound_port(server.port) != chain.listener_port) continue;
        const bool named = std::ranges::any_of(chain.server_names, [&](const std::string& sni) {
          return std::ranges::any_of(server.hosts, [&](const std::string& host) { return covers(host, sni); });
        });
        if (named) return &server;
        if (!on_port) on_port = &server;
      }
    return on_port;
  }

  Placing place_gateway(const ObservedChain& chain) const {
    if (chain.protocol == ChainProtocol::Tcp && network_template(*regime_.network, ChainKind::GatewayTcp).empty())
      return Unplaced{"the TCP chains of gateways are not modelled for versions before 1.20"};
    const GatewayServer* server = server_of(chain);
    if (chain.protocol == ChainProtocol::Http) {
      ChainPlace place{.kind = chain.listener.starts_with("udp_") ? ChainKind::GatewayQuic : ChainKind::GatewayHttp,
                       .http_port = chain.listener_port,
                       .network_port = chain.listener_port};
      if (server) set_protocol(place, server->protocol);
      return place;
    }
    // An AUTO_PASSTHROUGH server has a chain for each port of each service, known by its server name.
    for (const std::string& sni : chain.server_names)
      if (const auto port = port_of_sni(sni); port && (!server || server->tls == TlsMode::AutoPassthrough))
        return ChainPlace{.kind = ChainKind::GatewayAutoPassthrough, .network_port = *port};
    if (!server) return Unplaced{"no server of a Gateway listens on port " + std::to_string(chain.listener_port)};
    if (server->tls == TlsMode::AutoPassthrough)
      return Unplaced{"a chain of an AUTO_PASSTHROUGH server without the server name of a service"};
    return place_tcp({.kind = ChainKind::GatewayTcp,
                      .network_port = server->port,
                      .mutual_tls = server->tls == TlsMode::IstioMutual},
                     server->protocol);
  }

  Placing place_waypoint(const ObservedChain& chain) const {
    const bool http = chain.protocol == ChainProtocol::Http;
    if (chain.listener == "connect_terminate") return ChainPlace{.kind = ChainKind::WaypointTerminate};
    if (chain.listener == "connect_originate") return ChainPlace{.kind = ChainKind::WaypointOriginate};
    if (chain.listener != "main_internal") return Unplaced{"no listener of a waypoint is known by this name"};
    if (chain.chain == "direct-http") return ChainPlace{.kind = ChainKind::WaypointDirectHttp};
    if (chain.chain == "direct-tcp") return ChainPlace{.kind = ChainKind::WaypointDirectTcp};
    const auto named = waypoint_chain(chain.chain);
    if (!named) return Unplaced{"no chain of a waypoint is known by this name"};
    ChainPlace place{.kind = http ? ChainKind::WaypointHttp : ChainKind::WaypointTcp, .network_port = named->port};
    for (const Service* service : all_) {
      if (!has_host(*service, named->host)) continue;
      place.services.push_back({service->meta.id.ns, service->meta.id.name, service->registry});
      for (const ServicePort& one : service->ports)
        if (one.number == named->port) set_protocol(place, one.protocol);
      return place;
    }
    return Unplaced{"the input has no service of the host " + std::string(named->host)};
  }

  static bool has_host(const Service& service, std::string_view host) {
    if (service.registry == Registry::ServiceEntry) return std::ranges::find(service.hosts, host) != service.hosts.end();
    return host.starts_with(service.meta.id.name + "." + service.meta.id.ns + ".svc.");
  }

  const Regime& regime_;
  const Mesh& mesh_;
  const ProxyNode& proxy_;
  const LabelPairs labels_;
  std::vector<const Service*> own_;  // those that the proxy is an endpoint of, oldest first
  std::vector<const Service*> all_;
  std::vector<const Gateway*> gateways_;  // whose servers the proxy has
};

}  // namespace

std::vector<Placing> place_chains(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy,
                                  const std::vector<ObservedChain>& chains) {
  std::vector<const ObservedChain*> all;
  for (const ObservedChain& chain : chains) all.push_back(&chain);
  return place_chains(regime, mesh, proxy, all);
}

std::vector<Placing> place_chains(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy,
                                  const std::vector<const ObservedChain*>& chains) {
  return Placer(regime, mesh, proxy).place(chains);
}

}  // namespace model::istio

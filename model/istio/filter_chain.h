// The filters of one chain, as a version of Istio computes them: the one door of this folder. A place says which chain is meant; for
// a chain that was seen in a dump it comes from chain_place.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/istio/attachment.h"
#include "model/istio/chain_template.h"
#include "model/istio/extension_order.h"
#include "model/istio/mesh.h"
#include "model/istio/proxy_node.h"
#include "model/istio/push_context.h"
#include "model/istio/regimes.h"

namespace model::istio {

// A chain of a proxy, by all that its filters depend on.
struct ChainPlace {
  ChainKind kind = ChainKind::InboundHttp;
  std::uint32_t http_port = 0;     // what `match` compares for HTTP plugins
  std::uint32_t network_port = 0;  // and for NETWORK plugins
  bool grpc = false;               // the port speaks gRPC
  bool grpc_web = false;
  bool mutual_tls = false;         // a gateway server of mode ISTIO_MUTUAL
  // NETWORK plugins before an HTTP connection manager stand in the first such chain of an outbound or gateway listener only: the
  // others find the list used up (listener.go:631-660, gateway.go:252-305@1.30.0).
  bool network_plugins_used_up = false;
  std::vector<ServedService> services = {};  // a waypoint's: those of the chain

  bool operator==(const ChainPlace&) const = default;
};

struct ChainFilter {
  std::string name;                         // in this version's spelling
  std::optional<ExtensionIndex> extension;  // a plugin's; nothing: built in
  std::vector<std::string> type_urls;       // of a plugin's; none of Lua, whose configuration is not discovered

  bool operator==(const ChainFilter&) const = default;
};

struct FilterChain {
  std::vector<ChainFilter> http;     // empty where the chain is none of HTTP
  std::vector<ChainFilter> network;  // the terminal filter included

  bool operator==(const FilterChain&) const = default;
};

// What `match` compares for plugins of that type in a chain.
Traffic traffic_of(const ChainPlace& place, ExtensionType type);

FilterChain filter_chain(const Regime& regime, const Mesh& mesh, const ProxyNode& proxy,
                         const ChainPlace& place);

// A filter by what it is, without spelling a plugin's name: what is compared, counted and told of whole meshes.
struct OutlineFilter {
  std::string_view built_in;                // Envoy's name; "" of a plugin
  std::optional<ExtensionIndex> extension;  // a plugin's

  bool operator==(const OutlineFilter&) const = default;
};

struct ChainOutline {
  std::vector<OutlineFilter> http;
  std::vector<OutlineFilter> network;

  bool operator==(const ChainOutline&) const = default;
};

// The same chain as filter_chain, of a proxy about which `reached` says what reaches it; the services of the place are those of the
// target that it was found for.
ChainOutline chain_outline(const PushContext& context, const Reached& reached, const ProxyNode& proxy, const ChainPlace& place);

// With the names and type URLs of its version.
FilterChain spelt(const Regime& regime, const Mesh& mesh, const ChainOutline& outline);

}  // namespace model::istio

#include "harness/istio_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/istio_enums.h"
#include "harness/istio_extension.h"
#include "harness/istio_fields.h"
#include "model/istio/proxy_node.h"

namespace harness {
namespace {

using namespace model::istio;  // the values of this file are all of that folder

constexpr std::array kActions = std::to_array<EnumName<AuthorizationAction>>({
    {"ALLOW", "0", AuthorizationAction::Allow},
    {"DENY", "1", AuthorizationAction::Deny},
    {"AUDIT", "2", AuthorizationAction::Audit},
    {"CUSTOM", "3", AuthorizationAction::Custom},
});
constexpr std::array kMutualTls = std::to_array<EnumName<std::optional<MutualTls>>>({
    {"UNSET", "0", std::nullopt},
    {"DISABLE", "1", MutualTls::Disable},
    {"PERMISSIVE", "2", MutualTls::Permissive},
    {"STRICT", "3", MutualTls::Strict},
});
constexpr std::array kTlsModes = std::to_array<EnumName<TlsMode>>({
    {"PASSTHROUGH", "0", TlsMode::Passthrough},
    {"SIMPLE", "1", TlsMode::Simple},
    {"MUTUAL", "2", TlsMode::Mutual},
    {"AUTO_PASSTHROUGH", "3", TlsMode::AutoPassthrough},
    {"ISTIO_MUTUAL", "4", TlsMode::IstioMutual},
    {"OPTIONAL_MUTUAL", "5", TlsMode::Mutual},
});

struct ProtocolName {
  std::string_view name;
  Protocol protocol;
};

// pkg/config/protocol/instance.go, Parse: whatever the case.
constexpr std::array kProtocols = std::to_array<ProtocolName>({
    {"http", Protocol::Http},
    {"http_proxy", Protocol::Http},
    {"http2", Protocol::Http2},
    {"h2c", Protocol::Http2},
    {"grpc", Protocol::Grpc},
    {"grpc-web", Protocol::GrpcWeb},
    {"https", Protocol::Https},
    {"tls", Protocol::Tls},
    {"tcp", Protocol::Tcp},
    {"udp", Protocol::Udp},
    {"hbone", Protocol::Hbone},
    {"mongo", Protocol::Other},
    {"redis", Protocol::Other},
    {"mysql", Protocol::Other},
});

Protocol protocol_of(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  const auto found = std::ranges::find(kProtocols, std::string_view(lower), &ProtocolName::name);
  return found == kProtocols.end() ? Protocol::Unknown : found->protocol;
}

// Kubernetes names: "http", "http-web", "grpc-web-api" (kube.ConvertProtocol).
Protocol protocol_of_port_name(std::string_view name) {
  constexpr std::string_view kGrpcWeb = "grpc-web";
  if (name.starts_with(kGrpcWeb)) return Protocol::GrpcWeb;
  return protocol_of(name.substr(0, name.find('-')));
}

Protocol protocol_of_app(std::string_view app) {
  if (app == "kubernetes.io/h2c") return Protocol::Http2;
  return protocol_of(app);
}

std::vector<std::string> texts(const Node* list) {
  std::vector<std::string> found;
  for (const Node& one : members(list))
    if (one.kind == NodeKind::String) found.emplace_back(one.text);
  return found;
}

// Reads metadata, then hands the rest to `fill(object, spec)`.
template <class Object, class Fill>
void read_object(const Document& document, const ManifestContext& context, std::vector<Object>& objects, Fill fill) {
  ManifestFields fields(document, context.diagnostics);
  auto meta = read_object_meta(fields, context);
  const Node* spec = fields.object(document.root, "spec", "spec");
  if (!meta || fields.refused()) return;
  Object object;
  object.meta = std::move(*meta);
  fill(object, spec);
  objects.push_back(std::move(object));
}

void add_residence(const Document& document, const ManifestContext& context, std::string_view node, std::string_view locality,
                   ResidenceDrafts& drafts) {
  const Node* metadata = document.root->find("metadata");
  const std::string_view ns = proto_text(metadata, "namespace");
  drafts.add(ns.empty() ? std::string_view(context.options.default_namespace) : ns, proto_text(metadata, "name"), node, locality);
}

ServicePort read_entry_port(const Node& node) {
  ServicePort port;
  port.number = port_number(proto_member(&node, "number"));
  port.name = proto_text(&node, "name");
  port.protocol = protocol_of(proto_text(&node, "protocol"));
  port.target = port_number(proto_member(&node, "targetPort"));
  if (port.target == 0) port.target = port.number;
  return port;
}

ServicePort read_service_port(const Node& node) {
  ServicePort port;
  port.number = port_number(proto_member(&node, "port"));
  port.name = proto_text(&node, "name");
  const std::string_view app = proto_text(&node, "appProtocol");
  port.protocol = app.empty() ? protocol_of_port_name(port.name) : protocol_of_app(app);
  if (proto_text(&node, "protocol") == "UDP") port.protocol = Protocol::Udp;
  port.target = port_number(proto_member(&node, "targetPort"));
  if (port.target == 0) port.target = port.number;
  return port;
}

std::vector<SidecarListener> read_sidecar_listeners(const Node* list) {
  std::vector<SidecarListener> listeners;
  for (const Node& one : members(list)) {
    const Node* port = proto_member(&one, "port");
    listeners.push_back({port_number(proto_member(port, "number")), protocol_of(proto_text(port, "protocol"))});
  }
  return listeners;
}

GatewayServer read_server(const Node& node) {
  GatewayServer server;
  const Node* port = proto_member(&node, "port");
  server.port = port_number(proto_member(port, "number"));
  server.protocol = protocol_of(proto_text(port, "protocol"));
  server.hosts = texts(proto_member(&node, "hosts"));
  if (const Node* tls = proto_member(&node, "tls"))
    server.tls = enum_value(kTlsModes, proto_member(tls, "mode"), TlsMode::Passthrough).value_or(TlsMode::Passthrough);
  return server;
}

GatewayServer read_api_listener(const Node& node) {
  GatewayServer server;
  server.port = port_number(proto_member(&node, "port"));
  server.protocol = protocol_of(proto_text(&node, "protocol"));
  const std::string_view host = proto_text(&node, "hostname");
  server.hosts.emplace_back(host.empty() ? "*" : host);
  if (const Node* tls = proto_member(&node, "tls"))
    server.tls = proto_text(tls, "mode") == "Passthrough" ? TlsMode::Passthrough : TlsMode::Simple;
  return server;
}

constexpr std::array kOperators = std::to_array<EnumName<LabelRequirement::Operator>>({
    {"In", "", LabelRequirement::Operator::In},
    {"NotIn", "", LabelRequirement::Operator::NotIn},
    {"Exists", "", LabelRequirement::Operator::Exists},
    {"DoesNotExist", "", LabelRequirement::Operator::DoesNotExist},
});

model::istio::LabelSelector read_label_selector(const Node& node) {
  model::istio::LabelSelector selector;
  selector.match_labels = label_pairs(proto_member(&node, "matchLabels"));
  for (const Node& one : members(proto_member(&node, "matchExpressions"))) {
    const auto op = enum_value(kOperators, proto_member(&one, "operator"), LabelRequirement::Operator::Exists);
    if (op) selector.match_expressions.push_back({std::string(proto_text(&one, "key")), *op, texts(proto_member(&one, "values"))});
  }
  return selector;
}

ProviderKind provider_kind(const Node& provider) {
  struct Kind {
    std::string_view field;
    ProviderKind kind;
  };
  constexpr std::array kKinds = std::to_array<Kind>({
      {"prometheus", ProviderKind::Prometheus},
      {"stackdriver", ProviderKind::Stackdriver},
      {"envoyExtAuthzGrpc", ProviderKind::ExternalAuthorizationGrpc},
      {"envoyExtAuthzHttp", ProviderKind::ExternalAuthorizationHttp},
  });
  for (const Kind& one : kKinds)
    if (provider.find(one.field)) return one.kind;
  return ProviderKind::Other;
}

// What tells objects of one list apart: a Service and a ServiceEntry of one name are two, as are a plugin and an extension.
std::string key_of(const ObjectMeta& meta, std::uint8_t kind) {
  return std::to_string(kind) + "/" + meta.id.ns + "/" + meta.id.name;
}
template <class Object>
std::string key_of(const Object& object) { return key_of(object.meta, 0); }
std::string key_of(const Service& service) { return key_of(service.meta, static_cast<std::uint8_t>(service.registry)); }
std::string key_of(const Extension& extension) { return key_of(extension.meta, static_cast<std::uint8_t>(extension.kind)); }

// The later of two documents of one name counts, in the place of the first.
template <class Object>
void keep_later(std::vector<Object>& objects) {
  std::unordered_map<std::string, std::size_t> places;
  places.reserve(objects.size());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto [place, fresh] = places.try_emplace(key_of(objects[i]), kept);
    if (place->second != i) objects[place->second] = std::move(objects[i]);
    if (fresh) ++kept;
  }
  objects.resize(kept);
}

template <class Object>
bool asks_for_topology(const std::vector<Object>& objects) {
  return std::ranges::any_of(objects, [](const Object& one) {
    const auto& selector = one.attachment.selector;
    return selector && std::ranges::any_of(*selector, [](const auto& pair) { return is_topology_label(pair.first); });
  });
}

bool asks_for_topology(const Mesh& mesh) {
  return !mesh.nodes.empty() || asks_for_topology(mesh.extensions) || asks_for_topology(mesh.request_authentications) ||
         asks_for_topology(mesh.authorization_policies) || asks_for_topology(mesh.peer_authentications) ||
         asks_for_topology(mesh.telemetries);
}

}  // namespace

void ResidenceDrafts::add(std::string_view ns, std::string_view name, std::string_view node, std::string_view locality) {
  Sizes& sizes = sizes_.emplace_back();
  std::size_t i = 0;
  for (const std::string_view part : {ns, name, node, locality}) {
    text_.append(part);
    sizes[i++] = static_cast<std::uint32_t>(part.size());
  }
}

std::map<model::ObjectName, Residence> ResidenceDrafts::residences() const {
  std::map<model::ObjectName, Residence> found;
  std::string_view rest = text_;
  const auto take = [&](std::uint32_t size) {
    std::string part(rest.substr(0, size));
    rest.remove_prefix(size);
    return part;
  };
  for (const Sizes& sizes : sizes_) {
    std::string ns = take(sizes[0]);
    std::string name = take(sizes[1]);
    Residence& one = found[{std::move(ns), std::move(name)}];
    one.node = take(sizes[2]);
    one.locality = parse_locality(take(sizes[3]));
  }
  return found;
}

void settle_objects(const ResidenceDrafts& residences, Mesh& mesh) {
  if (asks_for_topology(mesh)) mesh.residences = residences.residences();
  keep_later(mesh.extensions);
  keep_later(mesh.request_authentications);
  keep_later(mesh.authorization_policies);
  keep_later(mesh.peer_authentications);
  keep_later(mesh.telemetries);
  keep_later(mesh.services);
  keep_later(mesh.gateways);
  keep_later(mesh.api_gateways);
  keep_later(mesh.sidecars);
}

void read_extension(const Document& document, const ManifestContext& context, Mesh& mesh) {
  if (auto extension = read_istio_extension(document, context)) mesh.extensions.push_back(std::move(*extension));
}

void read_request_authentication(const Document& document, const ManifestContext& context, Mesh& mesh) {
  read_object(document, context, mesh.request_authentications, [](RequestAuthentication& one, const Node* spec) {
    one.attachment = read_attachment(spec);
    const Node* rules = proto_member(spec, "jwtRules");
    one.has_rules = rules && rules->first;
  });
}

void read_authorization_policy(const Document& document, const ManifestContext& context, Mesh& mesh) {
  read_object(document, context, mesh.authorization_policies, [](AuthorizationPolicy& one, const Node* spec) {
    one.attachment = read_attachment(spec);
    one.action = enum_value(kActions, proto_member(spec, "action"), AuthorizationAction::Allow)
                     .value_or(AuthorizationAction::Allow);
    one.provider = proto_text(proto_member(spec, "provider"), "name");
  });
}

void read_peer_authentication(const Document& document, const ManifestContext& context, Mesh& mesh) {
  read_object(document, context, mesh.peer_authentications, [](PeerAuthentication& one, const Node* spec) {
    const auto mode = [](const Node* mtls) -> std::optional<MutualTls> {
      return enum_value(kMutualTls, proto_member(mtls, "mode"), std::optional<MutualTls>{}).value_or(std::nullopt);
    };
    one.attachment = read_attachment(spec);
    one.mtls = mode(proto_member(spec, "mtls"));
    for (const Node& port : members(proto_member(spec, "portLevelMtls"))) {
      Node number;
      number.kind = NodeKind::String;
      number.text = port.key;
      one.ports[port_number(&number)] = mode(&port);
    }
  });
}

void read_telemetry(const Document& document, const ManifestContext& context, Mesh& mesh) {
  read_object(document, context, mesh.telemetries, [](Telemetry& one, const Node* spec) {
    one.attachment = read_attachment(spec);
    for (const Node& metrics : members(proto_member(spec, "metrics"))) {
      std::vector<std::string>& names = one.metrics.emplace_back();
      for (const Node& provider : members(proto_member(&metrics, "providers")))
        names.emplace_back(proto_text(&provider, "name"));
    }
  });
}

void read_service(const Document& document, const ManifestContext& context, Mesh& mesh) {
  read_object(document, context, mesh.services, [](Service& one, const Node* spec) {
    one.addresses = texts(proto_member(spec, "clusterIPs"));
    if (one.addresses.empty()) one.addresses.emplace_back(proto_text(spec, "clusterIP"));
    for (const Node& port : members(proto_member(spec, "ports"))) one.ports.push_back(read_service_port(port));
    if (const Node* selector = proto_member(spec, "selector")) one.pod_selector = label_pairs(selector);
  });
}

void read_entry_as_service(const Document& document, const ManifestContext& context, Mesh& mesh) {
  Diagnostics told_elsewhere;  // by WorkloadReader
  const ManifestContext quiet{context.cluster, context.options, told_elsewhere, context.file};
  read_object(document, quiet, mesh.services, [](Service& one, const Node* spec) {
    one.registry = Registry::ServiceEntry;
    one.hosts = texts(proto_member(spec, "hosts"));
    one.addresses = texts(proto_member(spec, "addresses"));
    for (const Node& port : members(proto_member(spec, "ports"))) one.ports.push_back(read_entry_port(port));
    for (const Node& endpoint : members(proto_member(spec, "endpoints")))
      one.endpoints.push_back({std::string(proto_text(&endpoint, "address")),
                               label_pairs(proto_member(&endpoint, "labels")),
                               parse_locality(proto_text(&endpoint, "locality"))});
    if (const Node* selector = proto_member(spec, "workloadSelector"))
      one.pod_selector = label_pairs(proto_member(selector, "labels"));
  });
}

void read_namespace_labels(const Document& document, const ManifestContext&, Mesh& mesh) {
  const Node* metadata = proto_member(document.root, "metadata");
  mesh.namespaces[std::string(proto_text(metadata, "name"))] = label_pairs(proto_member(metadata, "labels"));
}

void read_node(const Document& document, const ManifestContext&, Mesh& mesh) {
  const Node* metadata = proto_member(document.root, "metadata");
  mesh.nodes[std::string(proto_text(metadata, "name"))] = label_pairs(proto_member(metadata, "labels"));
}

void read_pod_residence(const Document& document, const ManifestContext& context, ResidenceDrafts& drafts) {
  const Node* spec = document.root->find("spec");
  const Node* node = spec ? spec->find("nodeName") : nullptr;
  if (node && node->kind == NodeKind::String && !node->text.empty()) add_residence(document, context, node->text, {}, drafts);
}

void read_entry_residence(const Document& document, const ManifestContext& context, ResidenceDrafts& drafts) {
  const std::string_view locality = proto_text(proto_member(document.root, "spec"), "locality");
  if (!locality.empty()) add_residence(document, context, {}, locality, drafts);
}

void read_istio_gateway(const Document& document, const ManifestContext& context, Mesh& mesh) {
  read_object(document, context, mesh.gateways, [](Gateway& one, const Node* spec) {
    one.selector = label_pairs(proto_member(spec, "selector"));
    for (const Node& server : members(proto_member(spec, "servers"))) one.servers.push_back(read_server(server));
  });
}

void read_api_gateway(const Document& document, const ManifestContext& context, Mesh& mesh) {
  read_object(document, context, mesh.api_gateways, [](Gateway& one, const Node* spec) {
    one.selector["gateway.networking.k8s.io/gateway-name"] = one.meta.id.name;
    for (const Node& listener : members(proto_member(spec, "listeners")))
      one.servers.push_back(read_api_listener(listener));
  });
}

void read_sidecar(const Document& document, const ManifestContext& context, Mesh& mesh) {
  read_object(document, context, mesh.sidecars, [](SidecarResource& one, const Node* spec) {
    if (const Node* selector = proto_member(spec, "workloadSelector"))
      one.selector = label_pairs(proto_member(selector, "labels"));
    one.ingress = read_sidecar_listeners(proto_member(spec, "ingress"));
    one.egress = read_sidecar_listeners(proto_member(spec, "egress"));
  });
}

MeshConfig read_istio_mesh_config(const Node& mesh) {
  MeshConfig config;
  for (const Node& provider : members(proto_member(&mesh, "extensionProviders")))
    config.providers[std::string(proto_text(&provider, "name"))] = provider_kind(provider);
  config.default_metrics = texts(proto_member(proto_member(&mesh, "defaultProviders"), "metrics"));
  for (const Node& selector : members(proto_member(&mesh, "discoverySelectors")))
    config.discovery_selectors.push_back(read_label_selector(selector));
  config.http_proxy_port = port_number(proto_member(&mesh, "proxyHttpPort"));
  return config;
}

}  // namespace harness

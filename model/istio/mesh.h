// What Istio reads beside workloads, as far as filter chains depend on it: extensions with all their fields, policies,
// telemetry, services, gateways, the mesh configuration. The documented profile needs none of it. Everything
// is as the manifest says it; what a version makes of it is decided by its Regime (regimes.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/istio/features.h"
#include "model/place.h"
#include "model/wasm_plugin.h"

namespace model::istio {

using LabelPairs = std::map<std::string, std::string>;

// metadata.creationTimestamp. Nothing (in an optional) sorts first, as Go's zero time does.
struct Timestamp {
  std::int64_t seconds = 0;      // since 1970
  std::int32_t nanoseconds = 0;
  std::int32_t offset = 0;       // of the zone it was written in, seconds east; 0: UTC

  bool operator==(const Timestamp&) const = default;
};

struct TargetRef {
  std::string group;
  std::string kind;
  std::string name;
  std::string ns;  // "" where it names none

  bool operator==(const TargetRef&) const = default;
};

// Whom a plugin or a policy asks for. A selector that is there but empty matches everything (SEL-7), as none does, but is
// not the same to a waypoint of 1.20.
struct Attachment {
  std::optional<LabelPairs> selector;
  std::optional<TargetRef> target_ref;  // the older field, 1.20 and 1.21
  std::vector<TargetRef> target_refs;
};

struct ObjectMeta {
  ObjectName id;
  std::optional<Timestamp> created;
  std::string resource_version;
  std::string revision;  // label istio.io/rev; "" where it has none
  Place place;
};

enum class ExtensionKind : std::uint8_t { WasmPlugin, TrafficExtension };
enum class ExtensionType : std::uint8_t { Http, Network };
enum class FailStrategy : std::uint8_t { Close, Open, Reload };
enum class TrafficMode : std::uint8_t { Any, Client, Server };

// One entry of `match`: both must hold.
struct TrafficMatch {
  TrafficMode mode = TrafficMode::Any;
  std::vector<std::uint32_t> ports;  // empty: any; as written, 0 where there is no number
};

struct EnvironmentVariable {
  std::string name;
  bool from_host = false;
  std::string value;
  bool has_value = false;
};

// A field that is not as its schema says: of another type, null, or none of the values of an enum. An API server refuses every one
// (admission.h), if it knows the field.
struct Misfit {
  std::string path;      // "spec.phase"
  std::string problem;   // "is a number, not a string"
  bool readable = true;  // istiod makes something of it all the same, where no API server stands before it: null, "10" for 10
  Place place;

  bool operator==(const Misfit&) const = default;
};

// How an extension is written, where that is more than what it means: what admission looks at, and places for its answers.
struct Written {
  bool spec = false;
  bool url = false;
  bool wasm = true;   // of a TrafficExtension
  bool lua = false;
  std::size_t lua_size = 0;  // of its inlineCode
  bool pull_secret = false;
  bool plugin_name = false;
  std::string pull_secret_text;
  std::vector<Misfit> misfits;
  std::map<std::string, Place, std::less<>> places;  // of fields, by path
};

// A WasmPlugin (or, from 1.30 on, a TrafficExtension) as Istio reads it. Not WasmPlugin of the documented profile: that one is
// refused for things that Istio admits, and the other way round.
struct Extension {
  ObjectMeta meta;
  ExtensionKind kind = ExtensionKind::WasmPlugin;
  Attachment attachment;
  Phase phase = Phase::Unspecified;
  std::optional<std::int64_t> priority;
  ExtensionType type = ExtensionType::Http;
  FailStrategy fail = FailStrategy::Close;
  std::vector<TrafficMatch> match;
  std::string url;
  std::string sha256;
  std::string plugin_name;
  bool has_pull_secret = false;
  PullPolicy pull_policy = PullPolicy::Unspecified;
  std::vector<EnvironmentVariable> env;
  std::optional<std::string> config;  // canonical JSON, as WasmPlugin::plugin_config
  Written written = {};
};

using ExtensionIndex = std::uint32_t;  // in Mesh::extensions

struct RequestAuthentication {
  ObjectMeta meta;
  Attachment attachment;
  bool has_rules = false;  // without jwtRules it makes no filter
};

enum class AuthorizationAction : std::uint8_t { Allow, Deny, Audit, Custom };

struct AuthorizationPolicy {
  ObjectMeta meta;
  Attachment attachment;
  AuthorizationAction action = AuthorizationAction::Allow;
  std::string provider;  // of Custom
};

// Nothing in `mtls`: UNSET or absent.
enum class MutualTls : std::uint8_t { Disable, Permissive, Strict };

struct PeerAuthentication {
  ObjectMeta meta;
  Attachment attachment;
  std::optional<MutualTls> mtls;
  std::map<std::uint32_t, std::optional<MutualTls>> ports;
};

struct Telemetry {
  ObjectMeta meta;
  Attachment attachment;
  // One list of provider names for each entry of `metrics`; an empty list inherits.
  std::vector<std::vector<std::string>> metrics;
};

enum class Protocol : std::uint8_t { Unknown, Http, Http2, Grpc, GrpcWeb, Https, Tls, Tcp, Udp, Hbone, Other };

struct ServicePort {
  std::uint32_t number = 0;
  std::string name;
  Protocol protocol = Protocol::Unknown;
  std::uint32_t target = 0;  // = number where none is named
};

// "REGION/ZONE/SUBZONE", of which the later may be missing.
struct Locality {
  std::string region;
  std::string zone;
  std::string subzone;

  bool operator==(const Locality&) const = default;
};

struct Endpoint {
  std::string address;
  LabelPairs labels;
  Locality locality = {};
  std::string network = {};
};

enum class Registry : std::uint8_t { Kubernetes, ServiceEntry };

struct Service {
  ObjectMeta meta;
  Registry registry = Registry::Kubernetes;
  std::vector<std::string> hosts;      // of a ServiceEntry; a Service has its name
  std::vector<std::string> addresses;  // clusterIPs, or a ServiceEntry's addresses
  std::vector<ServicePort> ports;
  std::vector<Endpoint> endpoints;         // of a ServiceEntry
  std::optional<LabelPairs> pod_selector;  // of a Service, or a ServiceEntry's workloadSelector
};

enum class TlsMode : std::uint8_t { None, Passthrough, Simple, Mutual, AutoPassthrough, IstioMutual };

struct GatewayServer {
  std::uint32_t port = 0;
  Protocol protocol = Protocol::Unknown;
  TlsMode tls = TlsMode::None;
  std::vector<std::string> hosts;
};

// Istio's Gateway (networking.istio.io).
struct Gateway {
  ObjectMeta meta;
  LabelPairs selector;
  std::vector<GatewayServer> servers;
};

struct SidecarListener {
  std::uint32_t port = 0;  // 0: none of its own
  Protocol protocol = Protocol::Unknown;
};

// Istio's Sidecar (networking.istio.io), as far as listeners of their own ports go.
struct SidecarResource {
  ObjectMeta meta;
  std::optional<LabelPairs> selector;
  std::vector<SidecarListener> ingress;
  std::vector<SidecarListener> egress;
};

enum class ProviderKind : std::uint8_t { Prometheus, Stackdriver, ExternalAuthorizationGrpc, ExternalAuthorizationHttp, Other };

// One of a LabelSelector's matchExpressions (Kubernetes' meta/v1).
struct LabelRequirement {
  enum class Operator : std::uint8_t { In, NotIn, Exists, DoesNotExist };
  std::string key;
  Operator op = Operator::Exists;
  std::vector<std::string> values;
};

// All must hold.
struct LabelSelector {
  LabelPairs match_labels;
  std::vector<LabelRequirement> match_expressions;
};

struct MeshConfig {
  std::map<std::string, ProviderKind> providers;  // those of the configuration alone
  std::vector<std::string> default_metrics;       // defaultProviders.metrics
  std::uint32_t http_proxy_port = 0;
  std::vector<LabelSelector> discovery_selectors;  // one must fit a namespace; none: all are seen
};

// Where a Pod or a WorkloadEntry says that it runs.
struct Residence {
  std::string node;         // spec.nodeName of a Pod
  Locality locality = {};   // of a WorkloadEntry
  std::string network = {};
};

// One of istiod's settings that changes chains in a way that is not modelled.
struct UnmodelledFlag {
  std::string name;
  std::string value;
  Place place;  // in the istiod Deployment; unknown where it came from the command line
};

// What adds filters that are not modelled.
enum class Adds : std::uint8_t {
  ExtProc,              // an InferencePool: to gateways of the Gateway API
  DynamicForwardProxy,  // a ServiceEntry of resolution DYNAMIC_DNS: to whoever calls it
  ClientIdentity,       // the annotation ambient.istio.io/xfcc-include-client-identity: to a waypoint
};

struct ChainChanger {
  Adds adds = Adds::ExtProc;
  std::string what;  // for a person: "InferencePool shop/llm"
  std::string ns;
  Place place;
};

struct Mesh {
  std::string root_namespace;
  MeshConfig config;
  Features features;
  std::vector<UnmodelledFlag> unmodelled_flags;
  std::vector<ChainChanger> chain_changers;
  bool settings_given = false;  // istiod's settings are known; else the version's defaults are assumed
  std::vector<Extension> extensions;
  std::vector<RequestAuthentication> request_authentications;
  std::vector<AuthorizationPolicy> authorization_policies;
  std::vector<PeerAuthentication> peer_authentications;
  std::vector<Telemetry> telemetries;
  std::vector<Service> services;
  std::vector<Gateway> gateways;
  // Those of the Gateway API, as the controller makes them: the selector is the gateway-name label, and reaches pods of
  // their own namespace only.
  std::vector<Gateway> api_gateways;
  std::vector<SidecarResource> sidecars;
  std::string revision = "default";  // what istio.io/rev of an object is compared with
  std::map<std::string, LabelPairs> namespaces;    // labels of the Namespaces that the input holds
  std::map<std::string, LabelPairs> nodes;         // labels of its Nodes
  std::map<ObjectName, Residence> residences;      // of its Pods and WorkloadEntries that name one
};

}  // namespace model::istio

// The documented clauses of the WasmPlugin API: what the API text promises, cut into statements that can
// be checked one by one. Ids are stable, and a retired id is never used again. Everything that
// cites a clause does so by a ClauseId made from its id (`"PRI-2"_clause`), checked at compile time.
#pragma once

#include <array>
#include <bitset>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace model {

// What a breach means.
enum class Level : std::uint8_t {
  Must,    // a conformance failure
  Should,  // the text hedges: reported, and a failure only under --strict
  Info,    // the text is silent or leaves it open: recorded, never judged
};

// What can show that a clause holds.
enum class Evidence : std::uint8_t {
  Chain,   // which plugins stand in a filter chain, and in which order
  Plugin,  // what a plugin's fields resolve to, or that it is refused
  Pull,    // which bytes run, over time: needs simulation
};

struct Clause {
  std::string_view id;
  Level level;
  Evidence evidence;
  std::string_view text;   // the clause, in our words; "(reading...)" marks an interpretation
  std::string_view quote;  // the sentence of the API text that it rests on
};

inline constexpr std::array kClauses = std::to_array<Clause>({
    // Fields
    {"GEN-1", Level::Must, Evidence::Plugin,
     "Every field may be omitted (url: see URL-6).",
     "Required: No"},
    {"GEN-2", Level::Must, Evidence::Plugin,
     "A phase or imagePullPolicy that is none of the listed names is refused.",
     "UNSPECIFIED_PHASE, AUTHN, AUTHZ, STATS; UNSPECIFIED_POLICY, IfNotPresent, Always"},
    {"GEN-3", Level::Info, Evidence::Plugin,
     "An enum written as its number, or in another case.",
     "UNSPECIFIED_PHASE, AUTHN, AUTHZ, STATS; UNSPECIFIED_POLICY, IfNotPresent, Always"},
    // Selection (who runs the plugin)
    {"SEL-1", Level::Must, Evidence::Chain,
     "A selector picks, within the plugin's scope, exactly the workloads whose labels contain every matchLabels pair, key and value equal, case-sensitive (WorkloadSelector: all conditions must match).",
     "If multiple conditions are specified, all conditions need to match in order for the workload instance to be selected."},
    {"SEL-2", Level::Must, Evidence::Chain,
     "Without a selector, a plugin applies to every workload of its own namespace.",
     "If omitted, this configuration will be applied to all workload instances in the same namespace."},
    {"SEL-3", Level::Must, Evidence::Chain,
     "A plugin in the config root namespace without a selector applies to the workloads of every namespace.",
     "If the WasmPlugin is present in the config root namespace, it will be applied to all applicable workloads in any namespace."},
    {"SEL-4", Level::Must, Evidence::Chain,
     "A plugin in the config root namespace with a selector applies to the matching workloads of every namespace. (reading: \"applied to all applicable workloads in any namespace\", against WorkloadSelector's \"scope of label search is restricted to the configuration namespace\")",
     "If the WasmPlugin is present in the config root namespace, it will be applied to all applicable workloads in any namespace."},
    {"SEL-5", Level::Must, Evidence::Chain,
     "A plugin outside the root namespace never applies to a workload of another namespace, with or without a selector (WorkloadSelector).",
     "The scope of label search is restricted to the configuration namespace in which the resource is present."},
    {"SEL-6", Level::Must, Evidence::Chain,
     "A plugin stands at most once in one chain, also where the workload itself lives in the root namespace. (reading)",
     "If the WasmPlugin is present in the config root namespace, it will be applied to all applicable workloads in any namespace."},
    {"SEL-7", Level::Info, Evidence::Chain,
     "A selector that is present but empty ({}, matchLabels: {}, matchLabels: null; WorkloadSelector calls matchLabels required).",
     "One or more labels that indicate a specific set of pods/VMs on which a policy should be applied."},
    {"SEL-8", Level::Info, Evidence::Chain,
     "A selector value that is the empty string, against a workload without that label.",
     "One or more labels that indicate a specific set of pods/VMs on which a policy should be applied."},
    {"SEL-9", Level::Info, Evidence::Chain,
     "No root namespace is configured (empty string).",
     "If the WasmPlugin is present in the config root namespace, it will be applied to all applicable workloads in any namespace."},
    {"SEL-10", Level::Must, Evidence::Chain,
     "Virtual machines (WorkloadEntry, and ServiceEntry endpoints with labels) are selected like pods. (reading of \"pods/VMs\")",
     "Criteria used to select the specific set of pods/VMs on which this plugin configuration should be applied."},
    {"SEL-11", Level::Info, Evidence::Chain,
     "Which workloads are \"applicable\": waypoints, proxyless gRPC, node proxies, pods without a proxy.",
     "If the WasmPlugin is present in the config root namespace, it will be applied to all applicable workloads in any namespace."},
    // Phase (where in the chain)
    {"PHA-1", Level::Must, Evidence::Chain,
     "An AUTHN plugin stands before the Istio authentication filters.",
     "Insert plugin before Istio authentication filters."},
    {"PHA-2", Level::Must, Evidence::Chain,
     "An AUTHZ plugin stands after the Istio authentication filters.",
     "Insert plugin before Istio authorization filters and after Istio authentication filters."},
    {"PHA-3", Level::Must, Evidence::Chain,
     "An AUTHZ plugin stands before the Istio authorization filters.",
     "Insert plugin before Istio authorization filters and after Istio authentication filters."},
    {"PHA-4", Level::Must, Evidence::Chain,
     "A STATS plugin stands after the Istio authorization filters.",
     "Insert plugin before Istio stats filters and after Istio authorization filters."},
    {"PHA-5", Level::Must, Evidence::Chain,
     "A STATS plugin stands before the Istio stats filters.",
     "Insert plugin before Istio stats filters and after Istio authorization filters."},
    {"PHA-6", Level::Should, Evidence::Chain,
     "Between an UNSPECIFIED_PHASE plugin and the router stand only other UNSPECIFIED_PHASE plugins: it follows every other filter, plugins of other phases included (\"generally at the end of the filter chain, right before the Router\").",
     "This will generally be at the end of the filter chain, right before the Router."},
    {"PHA-7", Level::Must, Evidence::Chain,
     "A plugin without a phase is an UNSPECIFIED_PHASE plugin. (reading: the first value of the enum)",
     "Control plane decides where to insert the plugin."},
    {"PHA-8", Level::Must, Evidence::Chain,
     "Every plugin stands before the router: a filter behind the terminal filter never runs. (reading)",
     "Determines where in the filter chain this WasmPlugin is to be injected."},
    {"PHA-9", Level::Info, Evidence::Chain,
     "Where AUTHN, AUTHZ and STATS plugins stand relative to external (CUSTOM) authorization: the text does not say whether it is an \"Istio authorization filter\". For PHA-1 to PHA-5 neither its ext_authz nor its rbac counts.",
     "Insert plugin before Istio authorization filters and after Istio authentication filters."},
    {"PHA-10", Level::Must, Evidence::Chain,
     "Where authentication, authorization or stats filters are absent, plugins still stand in the order AUTHN, AUTHZ, STATS. (reading) UNSPECIFIED_PHASE behind them is PHA-6.",
     "The phase in the filter chain where the plugin will be injected."},
    // Priority (order inside one phase)
    {"PRI-1", Level::Must, Evidence::Chain,
     "Plugins of one phase on one workload stand in descending order of priority.",
     "When multiple WasmPlugins are applied to the same workload in the same phase, they will be applied by priority, in descending order."},
    {"PRI-2", Level::Must, Evidence::Chain,
     "A plugin without a priority has priority 0: after priority 1, before priority -1.",
     "Defaults to 0."},
    {"PRI-3", Level::Must, Evidence::Chain,
     "Any two plugins of one phase with equal (or unset) priority stand in the same relative order on every workload of every cluster of one implementation: the order of the documents, timestamps, resourceVersion, uid, labels, other plugins, or deleting and re-creating a plugin never change it.",
     "If priority is not set, or two WasmPlugins exist with the same value, the ordering will be deterministically derived from name and namespace of the WasmPlugins."},
    {"PRI-4", Level::Info, Evidence::Chain,
     "Which function of name and namespace decides a tie.",
     "If priority is not set, or two WasmPlugins exist with the same value, the ordering will be deterministically derived from name and namespace of the WasmPlugins."},
    {"PRI-5", Level::Must, Evidence::Chain,
     "Priorities compare over the whole signed 64-bit range (Int64Value); a number outside it is refused.",
     "priority: Int64Value"},
    {"PRI-6", Level::Must, Evidence::Chain,
     "Priority never moves a plugin out of its phase.",
     "When multiple WasmPlugins are applied to the same workload in the same phase, they will be applied by priority, in descending order."},
    {"PRI-7", Level::Info, Evidence::Plugin,
     "Other spellings of a priority: a decimal string (protobuf's JSON form), 1.0, 1e2.",
     "priority: Int64Value"},
    // Listeners
    {"LIS-1", Level::Must, Evidence::Chain,
     "An applied plugin stands in every HTTP chain that carries requests to the workload: for a sidecar its inbound ones; for a gateway all but the proxy's own (health, metrics). (reading of \"applied to all workload instances\")",
     "If omitted, this configuration will be applied to all workload instances in the same namespace."},
    {"LIS-2", Level::Info, Evidence::Chain,
     "Outbound chains of a sidecar.",
     "If omitted, this configuration will be applied to all workload instances in the same namespace."},
    // url, sha256
    {"URL-1", Level::Must, Evidence::Plugin,
     "A url without a scheme (no ://) is an OCI image reference; this includes registry.example.com:5000/team/filter:v1 and filter:v1.",
     "If no scheme is present, defaults to oci://, referencing an OCI image."},
    {"URL-2", Level::Must, Evidence::Plugin,
     "oci:// is an OCI image.",
     "URL of a Wasm module or OCI container."},
    {"URL-3", Level::Must, Evidence::Plugin,
     "file:// is a .wasm file inside the proxy container.",
     "Other valid schemes are file:// for referencing .wasm module files present locally within the proxy container, and http[s]:// for .wasm module files hosted remotely."},
    {"URL-4", Level::Must, Evidence::Plugin,
     "http:// and https:// are a remote .wasm file.",
     "Other valid schemes are file:// for referencing .wasm module files present locally within the proxy container, and http[s]:// for .wasm module files hosted remotely."},
    {"URL-5", Level::Must, Evidence::Plugin,
     "Any other scheme is not valid: the plugin is refused.",
     "Other valid schemes are file:// for referencing .wasm module files present locally within the proxy container, and http[s]:// for .wasm module files hosted remotely."},
    {"URL-6", Level::Info, Evidence::Plugin,
     "A plugin without a url (the table says not required).",
     "URL of a Wasm module or OCI container."},
    {"URL-7", Level::Info, Evidence::Plugin,
     "A text that is no valid image reference, an empty host, a scheme in upper case.",
     "URL of a Wasm module or OCI container."},
    {"SHA-1", Level::Must, Evidence::Pull,
     "A sha256 is checked against the module or image, whatever the scheme (file:// too); on a mismatch the plugin does not run.",
     "SHA256 checksum that will be used to verify Wasm module or OCI container."},
    {"SHA-2", Level::Must, Evidence::Plugin,
     "A url with @sha256: and a different sha256 field is refused.",
     "If the url field already references a SHA256 (using the @sha256: notation), it must match the value of this field."},
    {"SHA-3", Level::Must, Evidence::Pull,
     "An image referenced by tag with a sha256 is checked against the field after the pull.",
     "If an OCI image is referenced by tag and this field is set, its checksum will be verified against the contents of this field after pulling."},
    {"SHA-4", Level::Info, Evidence::Plugin,
     "Spellings of the checksum other than 64 lower-case hex digits (upper case, a sha256: prefix, blanks).",
     "SHA256 checksum that will be used to verify Wasm module or OCI container."},
    {"SHA-5", Level::Must, Evidence::Plugin,
     "A url with @sha256: and an equal sha256 field is accepted.",
     "If the url field already references a SHA256 (using the @sha256: notation), it must match the value of this field."},
    // Pulling
    {"PUL-1", Level::Must, Evidence::Plugin,
     "The default policy is IfNotPresent.",
     "Defaults to IfNotPresent, except when an OCI image is referenced in the url and the latest tag is used, in which case Always is the default, mirroring K8s behaviour."},
    {"PUL-2", Level::Must, Evidence::Plugin,
     "The default policy for an OCI image with the tag latest is Always.",
     "Defaults to IfNotPresent, except when an OCI image is referenced in the url and the latest tag is used, in which case Always is the default, mirroring K8s behaviour."},
    {"PUL-3", Level::Must, Evidence::Pull,
     "IfNotPresent uses the version that was pulled before, where there is one.",
     "If an existing version of the image has been pulled before, that will be used."},
    {"PUL-4", Level::Must, Evidence::Pull,
     "IfNotPresent pulls the latest version where there is none.",
     "If no version of the image is present locally, we will pull the latest version."},
    {"PUL-5", Level::Must, Evidence::Pull,
     "Always pulls the latest version when the plugin is applied: created, or its url or policy changed (the rest: PUL-10).",
     "We will always pull the latest version of an image when applying this plugin."},
    {"PUL-6", Level::Must, Evidence::Plugin,
     "The policy matters only for an image referenced by tag, not by digest.",
     "Only relevant when images are referenced by tag instead of SHA."},
    {"PUL-7", Level::Must, Evidence::Plugin,
     "The policy is ignored for file:// and http[s]://.",
     "Setting is ignored if url field is referencing a Wasm module directly using file:// or http[s]://"},
    {"PUL-8", Level::Info, Evidence::Plugin,
     "An OCI image with neither a tag nor a digest (Kubernetes takes it for latest).",
     "mirroring K8s behaviour"},
    {"PUL-9", Level::Must, Evidence::Plugin,
     "UNSPECIFIED_POLICY, written out, means the same as no policy.",
     "Defaults to IfNotPresent, except for OCI images with tag latest, for which the default will be Always."},
    {"PUL-10", Level::Info, Evidence::Pull,
     "Whether a restart, a new replica, a renewed push, or a change of another field counts as applying.",
     "We will always pull the latest version of an image when applying this plugin."},
    {"PUL-11", Level::Info, Evidence::Pull,
     "Whether what was pulled before survives a restart, and whose it is (node, pod, plugin).",
     "If an existing version of the image has been pulled before, that will be used."},
    {"PUL-12", Level::Info, Evidence::Pull,
     "Always, while the registry does not answer and a version is present.",
     "We will always pull the latest version of an image when applying this plugin."},
    {"SEC-1", Level::Must, Evidence::Pull,
     "imagePullSecret names a Secret in the plugin's own namespace, for a root-namespace plugin too; never in the workload's.",
     "Name of a K8s Secret in the same namespace as the WasmPlugin that contains a docker pull secret which is to be used to authenticate against the registry when pulling the image."},
    {"SEC-2", Level::Must, Evidence::Pull,
     "The secret authenticates against the registry of an OCI image; other schemes do not use it.",
     "Name of a K8s Secret in the same namespace as the WasmPlugin that contains a docker pull secret which is to be used to authenticate against the registry when pulling the image."},
    {"SEC-3", Level::Must, Evidence::Pull,
     "A Secret of type kubernetes.io/dockerconfigjson is usable. (reading of \"docker pull secret\")",
     "Name of a K8s Secret in the same namespace as the WasmPlugin that contains a docker pull secret which is to be used to authenticate against the registry when pulling the image."},
    {"SEC-4", Level::Info, Evidence::Pull,
     "kubernetes.io/dockercfg and other types.",
     "Name of a K8s Secret in the same namespace as the WasmPlugin that contains a docker pull secret which is to be used to authenticate against the registry when pulling the image."},
    {"KEY-1", Level::Must, Evidence::Plugin,
     "verificationKey is a public key in PEM; anything else is refused.",
     "Must be supplied in PEM format."},
    {"KEY-2", Level::Must, Evidence::Pull,
     "The key verifies the signature of a signed image or module: where it does not verify, the plugin does not run. (No implementation is known to do so: a deviation to show, not a reason to drop the clause.)",
     "Public key that will be used to verify signatures of signed OCI images or Wasm modules."},
    {"KEY-3", Level::Info, Evidence::Pull,
     "An unsigned image or module where a key is given.",
     "Public key that will be used to verify signatures of signed OCI images or Wasm modules."},
    // What reaches the plugin
    {"CFG-1", Level::Must, Evidence::Plugin,
     "pluginConfig reaches the plugin as JSON of equal value (a protobuf Struct: numbers are doubles, key order is free).",
     "The configuration that will be passed on to the plugin."},
    {"CFG-2", Level::Must, Evidence::Plugin,
     "pluginName is the plugin name (root id) in the Envoy configuration.",
     "The plugin name to be used in the Envoy configuration (used to be called rootID)."},
    {"CFG-3", Level::Info, Evidence::Plugin,
     "pluginConfig: {} against no pluginConfig.",
     "The configuration that will be passed on to the plugin."},
    {"CFG-4", Level::Info, Evidence::Plugin,
     "No, or an empty, pluginName.",
     "The plugin name to be used in the Envoy configuration (used to be called rootID)."},
});

// One clause, as its index in kClauses; two bytes less to carry than its text.
struct ClauseId {
  std::uint8_t index = 0;

  auto operator<=>(const ClauseId&) const = default;
  constexpr const Clause& operator*() const { return kClauses[index]; }
  constexpr const Clause* operator->() const { return &kClauses[index]; }
};

// The clause of that id ("PRI-2"), or nothing: ids come from people, in scenarios and flags.
constexpr std::optional<ClauseId> find_clause(std::string_view id) {
  for (std::size_t i = 0; i < kClauses.size(); ++i)
    if (kClauses[i].id == id) return ClauseId{static_cast<std::uint8_t>(i)};
  return std::nullopt;
}

// "PRI-2"_clause; an unknown id does not compile.
consteval ClauseId operator""_clause(const char* id, std::size_t length) {
  return find_clause(std::string_view(id, length)).value();
}

// The clauses that the model obeys. All of them, save in the test that switches one off to see
// which scenarios notice.
class Rules {
 public:
  static Rules documented() { return Rules{}; }
  Rules without(ClauseId clause) const {
    Rules rest = *this;
    rest.off_.set(clause.index);
    return rest;
  }
  bool hold(ClauseId clause) const { return !off_.test(clause.index); }
  bool hold_all() const { return off_.none(); }

 private:
  std::bitset<kClauses.size()> off_;
};

// "MUST", "SHOULD", "INFO"; "chain", "plugin", "pull".
std::string_view to_string(Level level);
std::string_view to_string(Evidence evidence);

}  // namespace model

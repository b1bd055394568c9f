#include "model/istio/rules.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "model/istio/admission.h"

namespace model::istio {
namespace {

// clang-format off
constexpr std::array kRules = std::to_array<Rule>({
    {"NS-A", "namespaces", "Plugins of the root namespace stand before those of the workload's own, at equal priority.",
     "pilot/pkg/model/push_context.go:1745@1.12.0"},
    {"NS-B", "namespaces", "Plugins of the workload's own namespace stand before those of the root namespace, at equal priority.",
     "pilot/pkg/model/push_context.go:1967@1.20.0"},
    {"NS-C", "namespaces", "Plugins of the workload's own namespace stand before those of the root namespace, then those of the namespaces of a waypoint's services, at equal priority.",
     "pilot/pkg/model/push_context.go:2182@1.26.0"},
    {"AGE", "ties", "At equal priority and in one namespace, the plugin that was created first stands first.",
     "pilot/pkg/model/push_context.go:1765@1.12.0"},
    {"T-A", "ties", "Plugins of one priority, namespace and second stand by the text NAME.NAMESPACE, byte by byte.",
     "pilot/pkg/model/config.go:360@1.12.0"},
    {"T-B", "ties", "Plugins of one priority, namespace and second stand by name, byte by byte.",
     "pilot/pkg/model/config.go:365@1.23.0"},
    {"T-C", "ties", "Plugins of one priority, namespace and second stand by name, with ~istio-translated-wasmplugin behind the name of a WasmPlugin.",
     "pilot/pkg/config/kube/extensions/translate.go:70@1.30.0"},
    {"PRI", "priority", "Within a phase the plugin of the higher priority stands first.",
     "pilot/pkg/model/push_context.go:1765@1.12.0"},
    {"PRI-64", "priority", "A plugin without a priority stands behind every one that has a priority, negative ones too; priorities are 64 bits wide.",
     "pilot/pkg/model/push_context.go:1766@1.12.0"},
    {"PRI-32", "priority", "A plugin without a priority counts as -2147483648, behind every negative priority; priorities are 32 bits wide.",
     "pilot/pkg/model/push_context.go:1934@1.19.0"},
    {"LB-A", "labels", "Selectors see the labels that the proxy sent.",
     "pilot/pkg/model/context.go:860@1.12.0"},
    {"LB-B", "labels", "Selectors see the labels that the registry knows of the workload; those that the proxy sent only where it knows none.",
     "pilot/pkg/model/context.go:866@1.16.0"},
    {"TOP-A", "topology labels", "Istio sets the labels of region, zone and subzone, of the cluster and of the network; the locality is that of the proxy's first service instance, else its node's.",
     "pilot/pkg/xds/ads.go:595@1.12.0"},
    {"TOP-B", "topology labels", "As TOP-A, with the label istio-locality before the node's locality.",
     "pilot/pkg/xds/ads.go:633@1.16.0"},
    {"TOP-C", "topology labels", "As TOP-B, with the label of the host.",
     "pilot/pkg/serviceregistry/util/label/label.go@1.17.0"},
    {"TOP-D", "topology labels", "As TOP-C, with the locality by the labels that the registry gives, which come from the endpoint or the Node where it knows one, then istio-locality, then the node's.",
     "pilot/pkg/xds/ads.go:317@1.20.0"},
    {"TOP-E", "topology labels", "As TOP-D, but a network among the labels stays.",
     "pilot/pkg/serviceregistry/util/label/label.go:37@1.25.0"},
    {"EMPTY-A", "empty label values", "A selector with an empty value also fits a workload without that label.",
     "pkg/config/labels/instance.go:68@1.12.0"},
    {"EMPTY-B", "empty label values", "A selector with an empty value fits only a workload that has that label, with an empty value.",
     "pkg/config/labels/instance.go:68@1.13.0"},
    {"S-A", "attachment", "A plugin is attached by its selector alone; gateways and waypoints are workloads like others.",
     "pilot/pkg/model/push_context.go:1748@1.12.0"},
    {"S-C", "attachment", "A plugin with a targetRef is attached to the pods of that Gateway; a waypoint takes no plugin with a selector.",
     "pilot/pkg/model/policyattachment.go:50@1.20.0"},
    {"S-D", "attachment", "A plugin with targetRefs is attached to the pods of a Gateway of that name, or to a waypoint with a Service of that name; a waypoint takes none without a target.",
     "pilot/pkg/model/policyattachment.go:100@1.22.0"},
    {"S-E", "attachment", "A plugin with targetRefs is attached to the pods of a Gateway of that name, or to a waypoint of a Service or ServiceEntry of the plugin's own namespace; a waypoint takes none without a target.",
     "pilot/pkg/model/policyattachment.go:98@1.24.0"},
    {"S-F", "attachment", "A plugin with targetRefs is attached to the pods of a Gateway of its own namespace, to a waypoint of a Service or ServiceEntry of its own namespace, or from the root namespace to every waypoint by GatewayClass istio-waypoint; a waypoint takes none without a target.",
     "pilot/pkg/model/policyattachment.go:123@1.25.0"},
    {"GW-0", "gateway label", "No label makes a pod one of a Gateway of the Gateway API.",
     "pilot/pkg/model/push_context.go:1748@1.12.0"},
    {"GW-1", "gateway label", "The label istio.io/gateway-name makes a pod one of a Gateway.",
     "pkg/config/constants/constants.go:174@1.20.0"},
    {"GW-2", "gateway label", "The label gateway.networking.k8s.io/gateway-name makes a pod one of a Gateway; where it is absent, istio.io/gateway-name does.",
     "pilot/pkg/model/policyattachment.go:50@1.21.0"},
    {"GW-3", "gateway label", "The label gateway.networking.k8s.io/gateway-name makes a pod one of a Gateway.",
     "pilot/pkg/model/policyattachment.go:98@1.24.0"},
    {"MATCH", "match", "A plugin stands in a listener if one entry of its match fits it, by mode and by port; an empty match fits every one.",
     "pilot/pkg/model/extensions.go:94@1.16.0"},
    {"H1", "HTTP chain", "Plugins stand among the filters of authentication and authorization by a scan of their names, on inbound and gateway listeners only; cors before fault.",
     "pilot/pkg/networking/core/v1alpha3/extension/wasmplugin.go:88@1.12.0"},
    {"H2", "HTTP chain", "As H1, with fault before cors.",
     "pilot/pkg/networking/core/v1alpha3/listener.go:1442@1.13.0"},
    {"H3", "HTTP chain", "Custom authorization, AUTHN, jwt_authn, AUTHZ, rbac, STATS and UNSPECIFIED stand before metadata_exchange; on outbound listeners, too.",
     "pilot/pkg/networking/core/v1alpha3/listener.go:1166@1.14.0"},
    {"H4", "HTTP chain", "As H3, with metadata_exchange first.",
     "pilot/pkg/networking/core/v1alpha3/listener_builder.go:365@1.16.0"},
    {"H5", "HTTP chain", "As H4.",
     "pilot/pkg/networking/core/v1alpha3/listener_builder.go:407@1.17.0"},
    {"H6", "HTTP chain", "As H5, with grpc_stats on every port; waypoints run plugins, STATS and UNSPECIFIED behind fault and cors.",
     "pilot/pkg/networking/core/v1alpha3/listener_builder.go:389@1.18.0"},
    {"H6b", "HTTP chain", "As H6, with the peer metadata of a waypoint's service behind its plugins.",
     "pilot/pkg/networking/core/v1alpha3/listener_waypoint.go:345@1.19.0"},
    {"H7", "HTTP chain", "As H6b, with istio_authn for proxies older than 1.21 only.",
     "pilot/pkg/security/authn/policy_applier.go:101@1.21.0"},
    {"H8", "HTTP chain", "As H7, without istio_authn.",
     "pilot/pkg/security/authn/policy_applier.go:107@1.24.0"},
    {"H9", "HTTP chain", "As H8, with a place for the ext_proc of an InferencePool behind the plugins.",
     "pilot/pkg/networking/core/listener_builder.go:410@1.27.0"},
    {"N-1.12", "network chain", "No plugin stands among network filters; on inbound TCP chains rbac stands before metadata_exchange.",
     "pilot/pkg/networking/core/v1alpha3/listener.go@1.12.0"},
    {"N-1.14", "network chain", "No plugin stands among network filters; metadata_exchange stands first.",
     "pilot/pkg/networking/core/v1alpha3/networkfilter.go@1.14.0"},
    {"N-1.17", "network chain", "No plugin stands among network filters; istio_authn stands first on inbound chains.",
     "pilot/pkg/networking/core/v1alpha3/networkfilter.go@1.18.0"},
    {"N-1.20", "network chain", "Plugins of type NETWORK stand among the network filters: AUTHN and AUTHZ before rbac, STATS and UNSPECIFIED behind it.",
     "pilot/pkg/networking/core/v1alpha3/networkfilter.go:98@1.20.0"},
    {"NAME-A", "filter names", "A plugin's filter is called NAMESPACE.NAME.",
     "pilot/pkg/model/extensions.go:104@1.12.0"},
    {"NAME-B", "filter names", "A plugin's filter is called extenstions.istio.io/wasmplugin/NAMESPACE.NAME, misspelt.",
     "pilot/pkg/model/extensions.go:165@1.21.0"},
    {"NAME-C", "filter names", "A plugin's filter is called extensions.istio.io/wasmplugin/NAMESPACE.NAME.",
     "pilot/pkg/model/extensions.go@1.26.0"},
    {"NAME-D", "filter names", "A plugin's filter is called extensions.istio.io/trafficextension/NAMESPACE.NAME~istio-translated-wasmplugin.",
     "pilot/pkg/model/extensions.go:250@1.30.0"},
    {"TYPE-A", "type URLs", "The configuration behind a filter must be Wasm.",
     "pilot/pkg/networking/core/v1alpha3/extension/wasmplugin.go:38@1.12.0"},
    {"TYPE-B", "type URLs", "The configuration behind a filter may be Wasm, or the RBAC that stands in for a module that could not be fetched.",
     "pilot/pkg/networking/core/v1alpha3/extension/wasmplugin.go@1.14.6"},
    {"FAIL-0", "fail field", "The configuration has no field for failStrategy.",
     "pilot/pkg/model/extensions.go:104@1.12.0"},
    {"FAIL-A", "fail field", "FAIL_OPEN is sent as fail_open.",
     "pilot/pkg/model/extensions.go@1.19.0"},
    {"FAIL-B", "fail field", "failStrategy is sent as failure_policy to proxies of 1.25 and later, as fail_open to older ones.",
     "pilot/pkg/model/extensions.go:169@1.25.0"},
    {"FAIL-C", "fail field", "failStrategy is sent as failure_policy.",
     "pilot/pkg/model/extensions.go:170@1.29.0"},
    {"SERVED-A", "configurations served", "A proxy that asks for a configuration by name gets it if the plugin is attached to it.",
     "pilot/pkg/model/push_context.go:1967@1.20.0"},
    {"SERVED-B", "configurations served", "A proxy that asks for a configuration by name gets it if the plugin is of its own or the root namespace.",
     "pilot/pkg/model/push_context.go:2078@1.22.1"},
    {"SERVED-C", "configurations served", "A proxy that asks for a configuration by name gets it if the plugin is of its own or the root namespace, or of that of a waypoint's service.",
     "pilot/pkg/model/push_context.go@1.30.3"},
    {"FIELD-env", "fields", "vmConfig.env is known.", "pkg/config/validation/validation.go:3740@1.14.0"},
    {"FIELD-imagePullPolicy", "fields", "imagePullPolicy is sent to the proxy.", "pilot/pkg/model/extensions.go:166@1.14.0"},
    {"FIELD-match", "fields", "match is known.", "pilot/pkg/model/extensions.go:94@1.16.0"},
    {"FIELD-failStrategy", "fields", "failStrategy is known.", "pilot/pkg/model/extensions.go@1.19.0"},
    {"FIELD-type", "fields", "type is known: NETWORK plugins stand among network filters.", "pilot/pkg/model/extensions.go@1.20.0"},
    {"FIELD-targetRef", "fields", "targetRef is known.", "pilot/pkg/model/policyattachment.go:50@1.20.0"},
    {"FIELD-targetRefs", "fields", "targetRefs is known.", "pilot/pkg/model/policyattachment.go:100@1.22.0"},
    {"FIELD-FAIL_RELOAD", "fields", "failStrategy FAIL_RELOAD is known.", "pilot/pkg/model/extensions.go:176@1.27.0"},
    {"FIELD-TrafficExtension", "fields", "TrafficExtension is known; WasmPlugins are translated into it.",
     "pilot/pkg/config/kube/extensions/translate.go:27@1.30.0"},
    {"FIELD-stackdriver", "fields", "The metrics provider stackdriver has a filter of its own (not modelled).",
     "pilot/pkg/model/telemetry.go@1.12.0"},
    {"FIELD-InferencePool", "fields", "An InferencePool puts ext_proc behind the plugins of a gateway of the Gateway API (not modelled).",
     "pilot/pkg/networking/core/listener_builder.go:410@1.27.0"},
    {"FIELD-DYNAMIC_DNS", "fields", "A ServiceEntry of resolution DYNAMIC_DNS adds dynamic_forward_proxy (not modelled).",
     "pilot/pkg/networking/core/listener_builder.go@1.28.0"},
    {"FIELD-xfcc", "fields", "An annotation of a waypoint adds a filter for the client's identity in front (not modelled).",
     "pilot/pkg/networking/core/listener_waypoint.go:835@1.30.0"},
    {"FIELD-url", "fields", "A plugin with an empty url is passed on.", "pilot/pkg/model/extensions.go:52@1.12.0"},
    {"ADM-TYPES", "admission", "A field has the type and an enum one of the values that the schema names; null and texts for numbers are neither.",
     "manifests/charts/base/crds/crd-all.gen.yaml@1.12.0"},
    {"ADM-SPEC", "admission", "An object has a spec.", "manifests/charts/base/crds/crd-all.gen.yaml@1.20.0"},
    {"ADM-FILTER", "admission", "A TrafficExtension has either wasm or lua.", "pkg/config/validation/validation.go:3449@1.30.0"},
    {"ADM-LUA", "admission", "The code of a TrafficExtension's lua is set, and of 65536 bytes at most.",
     "manifests/charts/base/files/crd-all.gen.yaml@1.30.0"},
    {"ADM-URL-SET", "admission", "A url is set and not empty.", "pkg/config/validation/validation.go:3496@1.12.0"},
    {"ADM-URL-A", "admission", "A url parses, and its scheme is file, http, https, oci or none.",
     "pkg/config/validation/validation.go:3496@1.12.0"},
    {"ADM-URL-B", "admission", "A url, or a url with http:// in front, is one that may be requested, and its scheme is file, http, https, oci or none.",
     "manifests/charts/base/crds/crd-all.gen.yaml@1.20.0"},
    {"ADM-SHA256", "admission", "A sha256 is empty or 64 lower-case hex digits.", "pkg/config/validation/validation.go:3496@1.12.0"},
    {"ADM-SELECTOR", "admission", "A selector has no empty key and no wildcard.", "pkg/config/validation/validation.go:3496@1.12.0"},
    {"ADM-PRIORITY", "admission", "A priority is of 32 bits.", "pilot/pkg/model/push_context.go:1934@1.19.0"},
    {"ADM-ENV", "admission", "An environment variable has a name, and no two have one.", "pkg/config/validation/validation.go:3740@1.14.0"},
    {"ADM-PORTS", "admission", "A port of match is 1 to 65535.", "pkg/config/validation/validation.go:3872@1.16.0"},
    {"ADM-ONE-TARGET", "admission", "An object has a selector or targets, not both.", "pkg/config/validation/validation.go:4005@1.20.0"},
    {"ADM-TARGET-A", "admission", "A target has a name, no namespace, and is a Gateway of the Gateway API.",
     "pkg/config/validation/validation.go:4005@1.20.0"},
    {"ADM-TARGET-B", "admission", "A target has a name, no namespace, and is a Gateway of the Gateway API or a Service.",
     "pkg/config/validation/validation.go@1.22.0"},
    {"ADM-TARGET-C", "admission", "A target has a name, no namespace, and is a Gateway of the Gateway API, a Service or a ServiceEntry.",
     "pkg/config/validation/validation.go@1.24.0"},
    {"ADM-TARGET-D", "admission", "A target has a name, no namespace, and is a Gateway or GatewayClass of the Gateway API, a Service or a ServiceEntry.",
     "pkg/config/validation/validation.go@1.25.0"},
    {"ADM-LENGTHS", "admission", "imagePullSecret, pluginName, environment variables and a selector's values have the lengths of the schema.",
     "manifests/charts/base/crds/crd-all.gen.yaml@1.23.0"},
    {"ADM-ENV-VALUE", "admission", "An environment variable from the host has no value.", "pkg/config/validation/validation.go@1.23.0"},
    {"ADM-DUPLICATE-PORTS", "admission", "A match names a port once.", "manifests/charts/base/crds/crd-all.gen.yaml@1.23.0"},
    {"READ", "reading", "An object with a field that cannot be decoded is not seen.", "pilot/pkg/config/kube/crdclient/client.go@1.12.0"},
    {"DISCOVERY", "revision", "An object of a namespace that no discovery selector of the mesh configuration fits is not seen.",
     "pilot/pkg/config/kube/crdclient/client.go:418@1.26.0"},
    {"REV", "revision", "An object with the label istio.io/rev of another revision is not seen.",
     "pilot/pkg/config/kube/crdclient/client.go:418@1.26.0"},
    {"URL", "url", "A plugin whose url does not parse, or that this version does not pass on, makes no filter.",
     "pilot/pkg/model/extensions.go:52@1.12.0"},
});
// clang-format on

struct FieldRule {
  Field field;
  std::string_view id;
};
constexpr std::array kFieldRules = std::to_array<FieldRule>({
    {Field::Environment, "FIELD-env"},
    {Field::PullPolicy, "FIELD-imagePullPolicy"},
    {Field::Match, "FIELD-match"},
    {Field::FailStrategy, "FIELD-failStrategy"},
    {Field::Type, "FIELD-type"},
    {Field::TargetRef, "FIELD-targetRef"},
    {Field::TargetRefs, "FIELD-targetRefs"},
    {Field::FailReload, "FIELD-FAIL_RELOAD"},
    {Field::TrafficExtension, "FIELD-TrafficExtension"},
    {Field::EmptyUrl, "FIELD-url"},
    {Field::Stackdriver, "FIELD-stackdriver"},
    {Field::InferencePool, "FIELD-InferencePool"},
    {Field::DynamicForwardProxy, "FIELD-DYNAMIC_DNS"},
    {Field::ClientIdentity, "FIELD-xfcc"},
});

}  // namespace

std::span<const Rule> rules() { return kRules; }

const Rule& rule(std::string_view id) {
  const auto found = std::ranges::find(kRules, id, &Rule::id);
  assert(found != kRules.end());
  return *found;
}

const Rule& rule_of(NamespaceOrder order) {
  switch (order) {
    case NamespaceOrder::RootThenOwn: return rule("NS-A");
    case NamespaceOrder::OwnThenRoot: return rule("NS-B");
    case NamespaceOrder::OwnThenRootThenServices: break;
  }
  return rule("NS-C");
}

const Rule& rule_of(TieOrder ties) {
  switch (ties) {
    case TieOrder::NameDotNamespace: return rule("T-A");
    case TieOrder::NameThenNamespace: return rule("T-B");
    case TieOrder::SortedName: break;
  }
  return rule("T-C");
}

const Rule& rule_of(UnsetPriority unset) {
  return unset == UnsetPriority::LeastInt64 ? rule("PRI-64") : rule("PRI-32");
}

const Rule& rule_of(LabelSource labels) { return labels == LabelSource::Node ? rule("LB-A") : rule("LB-B"); }

const Rule& rule_of(TopologyLabels topology) {
  switch (topology) {
    case TopologyLabels::OfInstance: return rule("TOP-A");
    case TopologyLabels::OrOfLabel: return rule("TOP-B");
    case TopologyLabels::AndHost: return rule("TOP-C");
    case TopologyLabels::OfLabels: return rule("TOP-D");
    case TopologyLabels::OwnNetwork: break;
  }
  return rule("TOP-E");
}

const Rule& rule_of(EmptyValue empty) {
  return empty == EmptyValue::MatchesAbsence ? rule("EMPTY-A") : rule("EMPTY-B");
}

const Rule& rule_of(AttachmentRule attachment) {
  switch (attachment) {
    case AttachmentRule::SelectorOnly: return rule("S-A");
    case AttachmentRule::TargetRef: return rule("S-C");
    case AttachmentRule::TargetRefs: return rule("S-D");
    case AttachmentRule::OwnedTargets: return rule("S-E");
    case AttachmentRule::ManyTargets: break;
  }
  return rule("S-F");
}

const Rule& rule_of(GatewayLabel label) {
  switch (label) {
    case GatewayLabel::None: return rule("GW-0");
    case GatewayLabel::Istio: return rule("GW-1");
    case GatewayLabel::GatewayApiOrIstio: return rule("GW-2");
    case GatewayLabel::GatewayApi: break;
  }
  return rule("GW-3");
}

const Rule& rule_of(const HttpTemplates& templates) { return rule(templates.code); }

const Rule& rule_of(const NetworkTemplates& templates) {
  return *std::ranges::find_if(kRules, [&](const Rule& one) {
    return one.id.starts_with("N-") && one.id.substr(2) == templates.code;
  });
}

const Rule& rule_of(NameForm names) {
  switch (names) {
    case NameForm::Bare: return rule("NAME-A");
    case NameForm::Misspelt: return rule("NAME-B");
    case NameForm::WasmPlugin: return rule("NAME-C");
    case NameForm::TrafficExtension: break;
  }
  return rule("NAME-D");
}

const Rule& rule_of(TypeUrls urls) { return urls == TypeUrls::Wasm ? rule("TYPE-A") : rule("TYPE-B"); }

const Rule& rule_of(FailField fail) {
  switch (fail) {
    case FailField::None: return rule("FAIL-0");
    case FailField::FailOpen: return rule("FAIL-A");
    case FailField::PolicyForNewProxies: return rule("FAIL-B");
    case FailField::Policy: break;
  }
  return rule("FAIL-C");
}

const Rule& rule_of(Served served) {
  switch (served) {
    case Served::Attached: return rule("SERVED-A");
    case Served::OwnAndRoot: return rule("SERVED-B");
    case Served::ServicesToo: break;
  }
  return rule("SERVED-C");
}

std::vector<const Rule*> rules_of(Fields fields) {
  std::vector<const Rule*> found;
  for (const FieldRule& one : kFieldRules)
    if (fields.has(one.field)) found.push_back(&rule(one.id));
  return found;
}

std::vector<const Rule*> rules_of(const Regime& regime) {
  std::vector<const Rule*> found{
      &rule_of(regime.namespaces), &rule_of(regime.ties),       &rule_of(regime.unset_priority),
      &rule_of(regime.labels),     &rule_of(regime.topology),   &rule_of(regime.empty_value),
      &rule_of(regime.attachment),
      &rule_of(regime.gateway_label), &rule_of(*regime.http),   &rule_of(*regime.network),
      &rule_of(regime.names),      &rule_of(regime.type_urls),  &rule_of(regime.fail),
      &rule_of(regime.served)};
  for (const Rule* field : rules_of(regime.fields)) found.push_back(field);
  for (const Rule* check : admission_rules(regime)) found.push_back(check);
  return found;
}

}  // namespace model::istio

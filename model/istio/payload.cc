#include "model/istio/payload.h"

#include "model/istio/extension_order.h"

namespace model::istio {
namespace {

std::string fail_field(const Regime& regime, const Extension& extension, const ProxyNode& proxy) {
  const FailStrategy fail = extension.fail;
  const std::string old = fail == FailStrategy::Open ? "fail_open" : "";
  switch (regime.fail) {
    case FailField::None:
      return {};
    case FailField::FailOpen:
      return old;
    case FailField::PolicyForNewProxies:
      if (proxy.version && *proxy.version < kFirstProxyWithFailurePolicy) return old;
      break;
    case FailField::Policy:
      break;
  }
  if (fail == FailStrategy::Open) return "FAIL_OPEN";
  return fail == FailStrategy::Reload && regime.fields.has(Field::FailReload) ? "FAIL_RELOAD" : "FAIL_CLOSED";
}

void add_environment(const Regime& regime, const Extension& extension, Payload& payload) {
  if (!regime.fields.has(Field::Environment)) return;
  payload.env[kResourceVersionVariable] = extension.meta.resource_version;
  if (extension.pull_policy == PullPolicy::Always) payload.env["ISTIO_META_WASM_IMAGE_PULL_POLICY"] = "Always";
  if (extension.pull_policy == PullPolicy::IfNotPresent)
    payload.env["ISTIO_META_WASM_IMAGE_PULL_POLICY"] = "IfNotPresent";
  if (extension.has_pull_secret) payload.env[kPullSecretVariable] = "";
  for (const EnvironmentVariable& one : extension.env) {
    if (one.from_host) payload.host_env.push_back(one.name);
    else payload.env[one.name] = one.name == kPullSecretVariable ? "" : one.value;  // taken for a secret's name, which is none
  }
}

}  // namespace

Payload payload(const Regime& regime, const Extension& extension, const ProxyNode& proxy) {
  Payload made;
  made.name = filter_name(regime, extension.meta.id, extension.kind);
  made.type_url = type_urls(regime, type_of(regime, extension)).front();
  made.config_name = config_name(regime, extension.meta.id, extension.kind);
  made.root_id = extension.plugin_name;
  if (extension.config && *extension.config != "{}") made.configuration = extension.config;
  if (const auto url = parse_module_url(extension.url)) made.url = *url;
  if (made.url.local.empty()) made.sha256 = extension.sha256;
  add_environment(regime, extension, made);
  made.fail = fail_field(regime, extension, proxy);
  return made;
}

bool is_served(const Regime& regime, const Mesh& mesh, const Extension& extension, const ProxyNode& proxy) {
  if (is_lua(extension)) return false;
  if (regime.served == Served::ServicesToo) return true;
  const std::string& ns = extension.meta.id.ns;
  return ns == proxy.ns || (!ns.empty() && ns == mesh.root_namespace);
}

}  // namespace model::istio

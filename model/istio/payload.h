// The configuration behind a plugin's filter name, as Istio sends it over ECDS (istio-behaviour.md 1.9 and 1.10).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/istio/filter_chain.h"
#include "model/istio/module_url.h"

namespace model::istio {

inline constexpr const char* kResourceVersionVariable = "ISTIO_META_WASM_PLUGIN_RESOURCE_VERSION";

inline constexpr const char* kPullSecretVariable = "ISTIO_META_WASM_IMAGE_PULL_SECRET";

struct Payload {
  std::string name;         // of the resource: the filter's
  std::string type_url;
  std::string config_name;
  std::string root_id;
  std::optional<std::string> configuration;  // canonical JSON; nothing: none, or {}
  ModuleUrl url;
  std::string sha256;
  std::map<std::string, std::string> env;
  std::vector<std::string> host_env;
  std::string fail;         // "fail_open", "FAIL_CLOSED", ...; "" where there is no field

  bool operator==(const Payload&) const = default;
};

// Of a usable extension (is_usable).
Payload payload(const Regime& regime, const Extension& extension, const ProxyNode& proxy);

// Whether Istio answers when the proxy asks for it by name: 1.25.0 to 1.30.2 put plugins of a waypoint's services in the chain
// and refuse their configuration. Never for Lua, whose filter holds its code itself.
bool is_served(const Regime& regime, const Mesh& mesh, const Extension& extension, const ProxyNode& proxy);

}  // namespace model::istio

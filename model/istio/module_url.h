// A plugin's url as Istio reads it: Go's net/url, with its own ideas of what is a scheme (istio-behaviour.md 1.9).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace model::istio {

struct ModuleUrl {
  std::string remote;  // the uri handed to the proxy; "" where local
  std::string local;   // the file name; "" where remote

  bool operator==(const ModuleUrl&) const = default;
};

// Nothing where Go's url.Parse fails, in which case Istio drops the plugin. "" is "oci:".
std::optional<ModuleUrl> parse_module_url(std::string_view url);

}  // namespace model::istio

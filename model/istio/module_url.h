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

// The scheme, in lower case, "" where there is none; nothing where url.Parse fails.
std::optional<std::string> url_scheme(std::string_view url);

// The same by url.ParseRequestURI: of the text, else of the text behind "http://" (the CRD's isURL, and the webhook's strictParseURL
// from 1.23 on).
std::optional<std::string> request_url_scheme(std::string_view url);

}  // namespace model::istio

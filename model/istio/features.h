// istiod's feature flags that filter chains depend on, as far as they are modelled. Their defaults are those of every version.
#pragma once

#include <cstdint>
#include <string_view>

namespace model::istio {

struct Features {
  bool metadata_exchange = true;  // PILOT_ENABLE_METADATA_EXCHANGE
  bool alpn = true;               // PILOT_ENABLE_ALPN_FILTER
  // They add listeners; what is not modelled without them is.
  bool quic_listeners = false;    // PILOT_ENABLE_QUIC_LISTENERS
  bool hbone = false;             // PILOT_ENABLE_HBONE, of older versions
  bool ambient = false;           // PILOT_ENABLE_AMBIENT

  bool operator==(const Features&) const = default;
};

enum class FlagEffect : std::uint8_t {
  Set,          // it is modelled, and is set now
  Default,      // it changes chains in a way that is not modelled, but has its default value
  NotModelled,  // the same, and it has another
  Unrelated,    // no filter chain depends on it
};

// Takes an environment variable of istiod (`--istiod-env NAME=VALUE`, or one of the Deployment's). A value that is no boolean
// counts as the default, as it does in istiod.
FlagEffect set_flag(Features& features, std::string_view name, std::string_view value);

}  // namespace model::istio

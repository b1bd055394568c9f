#include "model/istio/features.h"

#include <algorithm>
#include <array>
#include <optional>

namespace model::istio {
namespace {

struct Flag {
  std::string_view name;
  bool Features::*modelled;  // nullptr: not modelled
  bool default_value;
};

// pilot/pkg/features. Those without a member add or remove filters, or change who a plugin reaches (istio-behaviour.md 1.3, 1.6).
constexpr std::array kFlags = std::to_array<Flag>({
    {"PILOT_ENABLE_METADATA_EXCHANGE", &Features::metadata_exchange, true},
    {"PILOT_ENABLE_ALPN_FILTER", &Features::alpn, true},
    {"PILOT_ENABLE_QUIC_LISTENERS", &Features::quic_listeners, false},
    {"PILOT_ENABLE_HBONE", &Features::hbone, false},
    {"PILOT_ENABLE_AMBIENT", &Features::ambient, false},
    {"PILOT_ENABLE_PERSISTENT_SESSION_FILTER", nullptr, false},
    {"ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY", nullptr, true},
    {"PILOT_SCOPE_GATEWAY_TO_NAMESPACE", nullptr, false},
    {"ENABLE_GATEWAY_API_INFERENCE_EXTENSION", nullptr, false},  // ext_proc on gateways with an InferencePool
    {"APPLY_WASM_PLUGINS_TO_INBOUND_ONLY", nullptr, false},      // OpenShift Service Mesh 2.3 and 2.4
});

// strconv.ParseBool
std::optional<bool> parse_bool(std::string_view text) {
  constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "TRUE", "true", "True"};
  constexpr std::array<std::string_view, 6> kFalse{"0", "f", "F", "FALSE", "false", "False"};
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return std::nullopt;
}

}  // namespace

FlagEffect set_flag(Features& features, std::string_view name, std::string_view value) {
  const auto flag = std::ranges::find(kFlags, name, &Flag::name);
  if (flag == kFlags.end()) return FlagEffect::Unrelated;
  const bool is_on = parse_bool(value).value_or(flag->default_value);
  if (!flag->modelled) return is_on == flag->default_value ? FlagEffect::Default : FlagEffect::NotModelled;
  features.*flag->modelled = is_on;
  return FlagEffect::Set;
}

}  // namespace model::istio

// Which of Istio's own filters a proxy has: from the policies and the telemetry that reach it (istio-behaviour.md 1.6 and
// 1.7). They are what plugins stand between.
#pragma once

#include <cstdint>

#include "model/istio/attachment.h"

namespace model::istio {

// What CUSTOM policies make of a chain.
enum class CustomFilters : std::uint8_t {
  None,
  Deny,  // one rbac that denies: the provider is unknown, or there are several
  Ask,   // the shadow rbac and the ext_authz
};

struct BuiltIns {
  bool jwt = false;
  std::uint32_t rbac = 0;  // how many: one for each action among AUDIT, DENY, ALLOW
  CustomFilters custom_http = CustomFilters::None;
  CustomFilters custom_network = CustomFilters::None;  // an HTTP provider cannot be asked about TCP
  bool stats = false;

  bool operator==(const BuiltIns&) const = default;
};

BuiltIns built_ins(const Regime& regime, const Mesh& mesh, const Target& target);

}  // namespace model::istio

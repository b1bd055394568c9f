// Which of Istio's own filters a proxy has: from the policies and the telemetry that reach it (istio-behaviour.md 1.6 and
// 1.7). They are what plugins stand between.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

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
  bool stackdriver = false;  // asked for; its filter is not modelled

  bool operator==(const BuiltIns&) const = default;
};

BuiltIns built_ins(const Regime& regime, const Mesh& mesh, const Target& target);

// The policies and telemetry of a mesh by namespace, for many targets. It refers to the mesh.
class PolicyIndex {
 public:
  explicit PolicyIndex(const Mesh& mesh);

  // Gives `take` the objects of these namespaces, those of one namespace in the order of the mesh.
  template <class Object, class Take>
  void each(const std::vector<std::string>& namespaces, std::vector<Object> Mesh::*objects, Take take) const;

 private:
  struct Places {  // in the lists of the mesh
    std::vector<std::uint32_t> request_authentications;
    std::vector<std::uint32_t> authorization_policies;
    std::vector<std::uint32_t> telemetries;
  };
  const Mesh& mesh_;
  std::unordered_map<std::string, Places> places_;
};

// The same as above, by way of the index.
BuiltIns built_ins(const Regime& regime, const Mesh& mesh, const PolicyIndex& index, const Target& target);

}  // namespace model::istio

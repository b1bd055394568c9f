// Small meshes for tests of what changes from one version of Istio to another.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/istio/upgrade.h"

namespace tests {

// A mesh of sidecars in shop and in root, the root namespace; each has one label, w=N.
struct World {
  model::Cluster cluster;
  model::istio::Mesh mesh;

  World() { cluster.root_namespace = mesh.root_namespace = "root"; }

  void workload(const std::string& ns, const std::string& label, model::Proxy proxy = model::Proxy::Sidecar) {
    model::Workload one;
    one.ns = cluster.namespaces.intern(ns);
    one.name = "w" + std::to_string(cluster.workloads.size());
    one.proxy = proxy;
    const model::LabelId id = cluster.labels.intern("w", label);
    one.labels = cluster.labels.intern_set(std::span(&id, 1));
    cluster.workloads.push_back(std::move(one));
  }

  model::istio::Extension& plugin(const std::string& ns, const std::string& name,
                                   std::optional<std::int64_t> priority = {},
                                   std::optional<std::string> label = {}) {
    model::istio::Extension one;
    one.meta.id = {ns, name};
    one.meta.created = model::istio::Timestamp{.seconds = 1};
    one.priority = priority;
    one.url = "oci://example.com/x";
    one.phase = model::Phase::Authn;
    if (label) one.attachment.selector = model::istio::LabelPairs{{"w", *label}};
    mesh.extensions.push_back(std::move(one));
    return mesh.extensions.back();
  }

  std::vector<std::uint32_t> all() const {
    std::vector<std::uint32_t> indexes(cluster.workloads.size());
    for (std::uint32_t i = 0; i < indexes.size(); ++i) indexes[i] = i;
    return indexes;
  }
};

inline model::istio::Upgrade upgraded(const World& world, const model::istio::Version& from, const model::istio::Version& to) {
  return model::istio::upgrade(world.cluster, world.mesh, {from, model::istio::find_regime(from)},
                               {to, model::istio::find_regime(to)}, world.all());
}

// From 1.FROM.0 to 1.TO.0.
inline model::istio::Upgrade upgraded(const World& world, std::uint32_t from, std::uint32_t to) {
  return upgraded(world, model::istio::Version{1, from, 0}, model::istio::Version{1, to, 0});
}

}  // namespace tests

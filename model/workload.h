// A workload: something with labels that a WasmPlugin can be applied to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"
#include "model/place.h"

namespace model {

enum class WorkloadKind : std::uint8_t {
  Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob,
  WorkloadEntry,
  ServiceEntry,  // one inline endpoint, named SERVICEENTRY[i]
};

enum class Proxy : std::uint8_t {
  Sidecar,
  Gateway,
  Waypoint,
  None,     // no proxy runs beside it: counted, and shown only when asked for
  Unknown,  // nothing says which: taken for a sidecar, and said
};

using NamespaceId = std::uint32_t;  // in Cluster::namespaces

struct Workload {
  NamespaceId ns = 0;
  std::string name;
  WorkloadKind kind = WorkloadKind::Pod;
  Proxy proxy = Proxy::Unknown;
  LabelSetId labels = 0;
  // The Pods that it stands for: an owner (Deployment, ...) whose Pods are in the input lists their names here.
  std::vector<std::string> pods;
  // What Pods of one owner have in common ("ReplicaSet/web-7d9f"); "" for others. Writers fold by it.
  std::string owner;
  Place place;
};

// "Pod", "Deployment", ...; "sidecar", "gateway", "waypoint", "none", "unknown".
std::string_view to_string(WorkloadKind kind);
std::string_view to_string(Proxy proxy);

}  // namespace model

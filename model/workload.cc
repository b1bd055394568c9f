#include "model/workload.h"

namespace model {

std::string_view to_string(WorkloadKind kind) {
  switch (kind) {
    case WorkloadKind::Pod: return "Pod";
    case WorkloadKind::Deployment: return "Deployment";
    case WorkloadKind::StatefulSet: return "StatefulSet";
    case WorkloadKind::DaemonSet: return "DaemonSet";
    case WorkloadKind::ReplicaSet: return "ReplicaSet";
    case WorkloadKind::Job: return "Job";
    case WorkloadKind::CronJob: return "CronJob";
    case WorkloadKind::WorkloadEntry: return "WorkloadEntry";
    case WorkloadKind::ServiceEntry: return "ServiceEntry";
  }
  return {};
}

std::string_view to_string(Proxy proxy) {
  switch (proxy) {
    case Proxy::Sidecar: return "sidecar";
    case Proxy::Gateway: return "gateway";
    case Proxy::Waypoint: return "waypoint";
    case Proxy::None: return "none";
    case Proxy::Unknown: return "unknown";
  }
  return {};
}

}  // namespace model

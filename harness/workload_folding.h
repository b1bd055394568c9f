// Makes workloads of the drafts that the readers left, so that none is listed twice:
//   - a WorkloadEntry or endpoint with the address of a Pod of its namespace is that Pod;
//   - an endpoint with the address and labels of a WorkloadEntry or of an earlier endpoint of its namespace is that one;
//   - the topmost owner of Pods in the input stands for them if they have equal labels and one kind of proxy, and
//     bears their labels; else the Pods are listed, and the owner is not;
//   - an owner is found by ownerReferences (Pod -> ReplicaSet -> Deployment, Pod -> Job -> CronJob). Where the
//     ReplicaSet or Job between is not in the input, by its name, as Istio finds it (pkg/kube/inject, GetDeployMetaFromPod):
//     DEPLOYMENT-HASH, where HASH is the Pod's label pod-template-hash, and CRONJOB-DIGITS;
//   - an owner without Pods in the input is a workload by its template, unless its own owner is in the input.
// docs/decisions/each-workload-once.md says why. Linear in the number of drafts.
#pragma once

#include "harness/workload_reader.h"
#include "model/cluster.h"

namespace harness {

// Sets cluster.workloads, in the order of the documents.
void fold_workloads(WorkloadDrafts drafts, model::Cluster& cluster);

}  // namespace harness

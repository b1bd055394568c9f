// Readers of the kinds that Istio's profiles need and the documented one does not: each adds to the Mesh what its document says. A
// document without a name, or with metadata of the wrong type, is an Error; other fields of the wrong type count as absent.
#pragma once

#include "harness/document.h"
#include "harness/manifests.h"
#include "model/istio/mesh.h"

namespace harness {

// WasmPlugin and TrafficExtension (istio_extension.h).
void read_extension(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

void read_request_authentication(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);
void read_authorization_policy(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);
void read_peer_authentication(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);
void read_telemetry(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

// Service, and ServiceEntry as the service that it is; its endpoints as workloads are WorkloadReader's.
void read_service(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);
void read_entry_as_service(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

// networking.istio.io's Gateway and Sidecar.
void read_istio_gateway(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);
void read_sidecar(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

// gateway.networking.k8s.io's Gateway, as the Istio Gateway that the controller makes of it.
void read_api_gateway(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

// Labels of a Namespace, which discovery selectors ask for, and of a Node, which say where its Pods run.
void read_namespace_labels(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);
void read_node(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

// Where a Pod or a WorkloadEntry runs. What is wrong with it is told by WorkloadReader.
void read_pod_residence(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);
void read_entry_residence(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

// The mesh configuration: the root of data.mesh.
model::istio::MeshConfig read_istio_mesh_config(const Node& mesh);

}  // namespace harness

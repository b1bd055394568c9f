// Readers of the kinds that Istio's profiles need and the documented one does not: each adds to the Mesh what its document says. A
// document without a name, or with metadata of the wrong type, is an Error; other fields of the wrong type count as absent.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/document.h"
#include "harness/manifests.h"
#include "model/istio/mesh.h"

namespace harness {

// Where Pods and WorkloadEntries run, kept in little memory until it is known whether anybody asks: there may be a hundred thousand.
class ResidenceDrafts {
 public:
  void add(std::string_view ns, std::string_view name, std::string_view node, std::string_view locality);
  // Of two of one name the later.
  std::map<model::ObjectName, model::istio::Residence> residences() const;

 private:
  using Sizes = std::array<std::uint32_t, 4>;
  std::string text_;  // the four of each, one behind the other
  std::vector<Sizes> sizes_;
};

// At the end of the input: of several objects of one kind and name the last counts, as when they are applied one after the other, and
// residences are taken if the answer can depend on them.
void settle_objects(const ResidenceDrafts& residences, model::istio::Mesh& mesh);

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
void read_pod_residence(const Document& document, const ManifestContext& context, ResidenceDrafts& drafts);
void read_entry_residence(const Document& document, const ManifestContext& context, ResidenceDrafts& drafts);

// The mesh configuration: the root of data.mesh.
model::istio::MeshConfig read_istio_mesh_config(const Node& mesh);

}  // namespace harness

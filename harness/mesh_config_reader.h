// Finds the root namespace: the flag, else the mesh ConfigMap, else Istio's default.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/document.h"
#include "harness/manifests.h"
#include "model/istio/mesh.h"
#include "model/place.h"

namespace harness {

// What one mesh ConfigMap says. Nothing in `root_namespace`: it names none, and Istio's default holds.
struct MeshConfig {
  std::string name;  // of the ConfigMap: "istio", or "istio-REVISION"
  std::optional<std::string> root_namespace;
  model::istio::MeshConfig istio;
  SourcePosition where;
  std::string excerpt;
};

class MeshConfigReader {
 public:
  // A ConfigMap. Taken if it is a mesh ConfigMap (`istio` or `istio-*` with data.mesh, in the Istio namespace);
  // data.mesh that is no YAML, or of the wrong type, is an Error. Whether it was one.
  bool read(const Document& document, ManifestContext& context);

  // Sets cluster.root_namespace and root_namespace_from, and the mesh's configuration. An Error if several mesh ConfigMaps disagree and no
  // --revision picks one, or if it picks none of those that there are; a Warning if there is none at all.
  void settle(ManifestContext& context, model::istio::Mesh& mesh) const;

 private:
  const MeshConfig* of_revision(ManifestContext& context) const;

  std::vector<MeshConfig> found_;
};

}  // namespace harness

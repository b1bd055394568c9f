// istiod's settings (environment variables), as far as filter chains depend on them: from the command line, from the head of a
// scenario, or from istiod's own Deployment among the manifests.
#pragma once

#include <string>
#include <vector>

#include "harness/document.h"
#include "harness/manifests.h"
#include "model/istio/mesh.h"

namespace harness {

// Sets one of istiod's settings, in place of what was known of it. One that changes chains in a way that is not modelled is kept
// among the mesh's unmodelled flags.
void set_istiod_setting(model::istio::Mesh& mesh, const std::string& name, const std::string& value,
                        const model::Place& place);

// Finds the Deployments of istiod: labelled app=istiod, in the Istio namespace.
class IstiodReader {
 public:
  // A Deployment: what the container `discovery` has in `env` is taken; values from elsewhere (valueFrom) are not known.
  void read(const Document& document, const ManifestContext& context);

  // Sets the settings of the istiod of the mesh's revision; of the only one where none bears that revision.
  void settle(model::istio::Mesh& mesh) const;

 private:
  struct Setting {
    std::string name;
    std::string value;
    model::Place place;
  };
  struct Istiod {
    std::string revision;  // label istio.io/rev
    std::vector<Setting> settings;
  };
  std::vector<Istiod> found_;
};

}  // namespace harness

// Finds what adds filters that are not modelled: an InferencePool, a ServiceEntry that is resolved by dynamic DNS, an annotation of a
// waypoint. Which versions act on them, and on whom, is model/istio/unmodelled.h's matter.
#pragma once

#include "harness/document.h"
#include "harness/manifests.h"
#include "model/istio/mesh.h"

namespace harness {

// An InferencePool of the Gateway API Inference Extension.
void note_inference_pool(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

// A ServiceEntry, if its resolution is DYNAMIC_DNS.
void note_dynamic_dns(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

// A Pod, or a Deployment by its template, if it is annotated with ambient.istio.io/xfcc-include-client-identity: "true".
void note_client_identity(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh);

}  // namespace harness

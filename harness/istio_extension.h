// Reads a WasmPlugin or TrafficExtension as Istio does, and keeps how it is written for the checks of admission
// (model/istio/admission.h): nothing that is wrong in it is judged here, since versions differ in what they refuse. What is wrong with a
// WasmPlugin by the documentation is told by read_wasm_plugin.
#pragma once

#include <optional>

#include "harness/document.h"
#include "harness/manifests.h"
#include "model/istio/mesh.h"

namespace harness {

// Nothing for a document without a name, or with metadata of the wrong type.
std::optional<model::istio::Extension> read_istio_extension(const Document& document, const ManifestContext& context);

}  // namespace harness

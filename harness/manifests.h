// From manifest files to a cluster: finds the files, reads their documents, and gives each to the reader of its kind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/diagnostics.h"
#include "harness/document.h"
#include "model/cluster.h"
#include "model/istio/mesh.h"

namespace harness {

// What to do with a field that a parser would drop in silence (kubectl's --validate).
enum class Validate : std::uint8_t { Warn, Strict, Ignore };

struct ManifestOptions {
  std::optional<std::string> root_namespace = {};  // --root-namespace; "" means none
  std::string istio_namespace = "istio-system";
  std::string revision = {};                  // --revision; "" means none
  std::string default_namespace = "default";  // of documents that name none
  Validate validate = Validate::Warn;
};

struct Manifests {
  model::Cluster cluster;
  model::istio::Mesh mesh;  // what Istio's profiles need beside
  Diagnostics diagnostics;  // in the order of the files and documents
};

// Reads files, directories (recursive, in byte order of their paths; *.yaml, *.yml, *.json) and "-"
// (standard input). A path that cannot be read is an Io diagnostic, a document that is no valid manifest
// an Error; the rest is still read.
Manifests read_manifests(const std::vector<std::string>& paths, const ManifestOptions& options);

// The same for one file that is in hand already.
Manifests read_manifests(const SourceFile& file, const ManifestOptions& options);

// What a reader of one kind works on.
struct ManifestContext {
  model::Cluster& cluster;
  const ManifestOptions& options;
  Diagnostics& diagnostics;
  std::uint32_t file = 0;  // index of the document's file in cluster.files
  // "namespace/name" to the index in cluster.plugins. read_wasm_plugin keeps it, and makes it anew
  // if it does not fit: a context may live as long as one file, or as the whole run.
  std::unordered_map<std::string, std::size_t> plugin_index{};

  model::Place place(LineColumn at) const { return {file, at.line, at.column}; }
};

// apiVersion extensions.istio.io/v1alpha1, kind WasmPlugin: appends to cluster.plugins, or to
// cluster.refused with a reason; URL-5, SHA-2 and KEY-1 are judged here too. A refusal is not a
// diagnostic: commands print refusals by themselves. A field that a parser drops in silence becomes a
// Warning (under Validate::Strict an Error, and the plugin is refused). A name that is given twice
// becomes a Warning, and the last document that is accepted counts.
void read_wasm_plugin(const Document& document, ManifestContext& context);

}  // namespace harness

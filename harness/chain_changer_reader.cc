#include "harness/chain_changer_reader.h"

#include <string>
#include <string_view>

#include "harness/istio_fields.h"

namespace harness {
namespace {

using model::istio::Adds;

// "InferencePool shop/llm", with `why` behind it.
void note(Adds adds, std::string_view why, const Document& document, const ManifestContext& context, model::istio::Mesh& mesh) {
  const Node* metadata = proto_member(document.root, "metadata");
  std::string ns(proto_text(metadata, "namespace"));
  if (ns.empty()) ns = context.options.default_namespace;
  std::string what(document.root->find("kind")->text);
  what += " " + ns + "/" + std::string(proto_text(metadata, "name"));
  what += why;
  mesh.chain_changers.push_back({adds, std::move(what), std::move(ns), context.place(document.place(*document.root))});
}

bool asks_for_identity(const Node* metadata) {
  return proto_text(proto_member(metadata, "annotations"), "ambient.istio.io/xfcc-include-client-identity") == "true";
}

}  // namespace

void note_inference_pool(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh) {
  note(Adds::ExtProc, "", document, context, mesh);
}

void note_dynamic_dns(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh) {
  if (proto_text(proto_member(document.root, "spec"), "resolution") == "DYNAMIC_DNS")
    note(Adds::DynamicForwardProxy, ", of resolution DYNAMIC_DNS,", document, context, mesh);
}

void note_client_identity(const Document& document, const ManifestContext& context, model::istio::Mesh& mesh) {
  const Node* pod_template = proto_member(proto_member(document.root, "spec"), "template");
  if (asks_for_identity(proto_member(document.root, "metadata")) || asks_for_identity(proto_member(pod_template, "metadata")))
    note(Adds::ClientIdentity, ", annotated with ambient.istio.io/xfcc-include-client-identity,", document, context, mesh);
}

}  // namespace harness

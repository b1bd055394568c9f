#include "harness/mesh_config_reader.h"

#include <algorithm>
#include <utility>

#include "harness/istio_reader.h"
#include "harness/manifest_fields.h"

namespace harness {
namespace {

constexpr std::string_view kMeshConfigMap = "istio";

bool may_be_mesh_config(std::string_view name) {
  return name == kMeshConfigMap || name.starts_with("istio-");
}

// Istio's getMeshConfigMapName (pilot/pkg/bootstrap/mesh.go): the revision "default" has no name of its own.
std::string config_map_of(const std::string& revision) {
  std::string name(kMeshConfigMap);
  if (!revision.empty() && revision != "default") name.append("-").append(revision);
  return name;
}

std::string_view effective_root(const MeshConfig& mesh) {
  return mesh.root_namespace ? std::string_view(*mesh.root_namespace)
                             : model::kDefaultRootNamespace;
}

std::string text_of(const SourcePosition& where) {
  std::string text = where.file;
  return text.append(":").append(std::to_string(where.line)).append(":").append(
      std::to_string(where.column));
}

std::string quoted(std::string_view text) {
  std::string quoted(1, '\'');
  return quoted.append(text).append(1, '\'');
}

Diagnostic told(Severity severity, std::string problem, std::string hint) {
  Diagnostic told;
  told.severity = severity;
  told.problem = std::move(problem);
  told.hint = std::move(hint);
  return told;
}

// The same, at a mesh ConfigMap.
Diagnostic told_at(const MeshConfig& mesh, std::string problem, std::string hint) {
  Diagnostic error = told(Severity::Error, std::move(problem), std::move(hint));
  error.where = mesh.where;
  error.excerpt = mesh.excerpt;
  return error;
}

// Reads the text of data.mesh, itself YAML; its faults are told at the text's place in the ConfigMap, since
// how a block scalar was folded does not let us point into it.
struct MeshText {
  std::optional<std::string> root;
  model::istio::MeshConfig istio;
};

MeshText read_mesh_text(ManifestFields& fields, const Node& mesh) {
  const SourceFile text("data.mesh", std::string(mesh.text));
  Diagnostics inner;
  MeshText found;
  bool first = true;
  read_documents(
      text, {},
      [&](const Document& document) {
        if (!std::exchange(first, false)) return;  // as Istio: the first document counts
        if (document.root->kind != NodeKind::Object)
          return fields.refuse(mesh, "data.mesh is " + std::string(to_string(document.root->kind)) +
                                         ", not an object",
                               "write the mesh configuration as YAML: `rootNamespace: NAME`");
        found.istio = read_istio_mesh_config(*document.root);
        const Node* named = document.root->find("rootNamespace");
        if (!named || named->kind == NodeKind::Null) return;
        if (named->kind != NodeKind::String)
          return fields.refuse(mesh, "rootNamespace in data.mesh is " +
                                         std::string(to_string(named->kind)) + ", not a string",
                               "write it in quotes");
        found.root = std::string(named->text);
      },
      inner);
  for (const Diagnostic& one : inner)
    if (one.severity == Severity::Error)
      fields.refuse(mesh, "data.mesh is no YAML: " + one.problem + " (line " +
                              std::to_string(one.where.line) + " of its text)",
                    one.hint);
  return found;
}

}  // namespace

bool MeshConfigReader::read(const Document& document, ManifestContext& context) {
  ManifestFields fields(document, context.diagnostics);
  const Node* metadata = fields.object(document.root, "metadata", "metadata");
  const std::string_view name = fields.text(metadata, "name", "metadata.name");
  std::string_view ns = fields.text(metadata, "namespace", "metadata.namespace");
  if (ns.empty()) ns = context.options.default_namespace;
  if (fields.refused() || !may_be_mesh_config(name)) return false;
  const Node* data = fields.object(document.root, "data", "data");
  const Node* mesh = data ? data->find("mesh") : nullptr;
  if (!mesh || mesh->kind == NodeKind::Null) return false;
  if (ns != context.options.istio_namespace) {
    context.diagnostics.push_back(fault(
        document, *document.root, Severity::Note,
        "ConfigMap " + std::string(ns) + "/" + std::string(name) +
            " looks like a mesh configuration, but stands outside of " +
            quoted(context.options.istio_namespace),
        "name the namespace of Istio with --istio-namespace if it counts"));
    return false;
  }
  if (!fields.check(*mesh, "data.mesh", NodeKind::String)) return true;
  MeshText text = read_mesh_text(fields, *mesh);
  if (fields.refused()) return true;
  Diagnostic here = fault(document, *mesh, Severity::Error, {});
  found_.push_back({std::string(name), std::move(text.root), std::move(text.istio),
                    std::move(here.where), std::move(here.excerpt)});
  return true;
}

const MeshConfig* MeshConfigReader::of_revision(ManifestContext& context) const {
  const std::string& revision = context.options.revision;
  const std::string wanted = config_map_of(revision);
  // Of two of one name the later counts, as if they were applied one after the other.
  const auto exact = std::ranges::find(found_.rbegin(), found_.rend(), wanted, &MeshConfig::name);
  if (!revision.empty()) {
    if (exact != found_.rend()) return &*exact;
    std::string there;
    for (const MeshConfig& mesh : found_) there += (there.empty() ? "" : ", ") + mesh.name;
    const std::string missing = "no ConfigMap " + context.options.istio_namespace + "/" + wanted +
                                " (--revision " + revision + ")";
    if (found_.empty())
      context.diagnostics.push_back(
          told(Severity::Warning,
               missing + " in the input: the root namespace is taken to be 'istio-system'",
               "add the ConfigMap, or give --root-namespace"));
    else
      context.diagnostics.push_back(told_at(found_.front(),
                                            missing + " in the input, which holds " + there,
                                            "correct --revision, or give --root-namespace"));
    return nullptr;
  }
  for (const MeshConfig& mesh : found_) {
    const MeshConfig& first = found_.front();
    if (effective_root(mesh) == effective_root(first) || mesh.name == first.name) continue;
    context.diagnostics.push_back(
        told_at(mesh,
                "two root namespaces: " + quoted(effective_root(mesh)) + " in ConfigMap " +
                    mesh.name + ", " + quoted(effective_root(first)) + " in ConfigMap " +
                    first.name + " (" + text_of(first.where) + ")",
                "choose one with --revision, or give --root-namespace"));
    return nullptr;
  }
  if (exact != found_.rend()) return &*exact;
  return found_.empty() ? nullptr : &found_.back();
}

void MeshConfigReader::settle(ManifestContext& context, model::istio::Mesh& mesh) const {
  model::Cluster& cluster = context.cluster;
  if (context.options.root_namespace) {
    cluster.root_namespace = *context.options.root_namespace;
    cluster.root_namespace_from = model::RootNamespaceFrom::Flag;
    // Which of several counts is then no question of the root namespace, and not worth an error.
    const std::string wanted = config_map_of(context.options.revision);
    for (const MeshConfig& one : found_)
      if (one.name == wanted || found_.size() == 1) mesh.config = one.istio;
  } else if (const MeshConfig* chosen = of_revision(context)) {
    mesh.config = chosen->istio;
    if (chosen->root_namespace) {
      cluster.root_namespace = *chosen->root_namespace;
      cluster.root_namespace_from = model::RootNamespaceFrom::MeshConfig;
    }
  }
  mesh.root_namespace = cluster.root_namespace;
}

}  // namespace harness

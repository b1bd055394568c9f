#include "harness/istiod_settings.h"

#include <algorithm>
#include <string_view>

namespace harness {
namespace {

std::string_view text_at(const Node* node, std::string_view key) {
  const Node* member = node ? node->find(key) : nullptr;
  return member && member->kind == NodeKind::String ? member->text : std::string_view{};
}

const Node* at(const Node* node, std::initializer_list<std::string_view> path) {
  for (const std::string_view key : path) node = node ? node->find(key) : nullptr;
  return node;
}

}  // namespace

void set_istiod_setting(model::istio::Mesh& mesh, const std::string& name, const std::string& value,
                        const model::Place& place) {
  std::erase_if(mesh.unmodelled_flags, [&](const auto& flag) { return flag.name == name; });
  if (set_flag(mesh.features, name, value) == model::istio::FlagEffect::NotModelled)
    mesh.unmodelled_flags.push_back({name, value, place});
  mesh.settings_given = true;
}

void IstiodReader::read(const Document& document, const ManifestContext& context) {
  const Node* metadata = document.root->find("metadata");
  const Node* labels = at(metadata, {"labels"});
  if (text_at(metadata, "namespace") != context.options.istio_namespace || text_at(labels, "app") != "istiod") return;
  Istiod& istiod = found_.emplace_back();
  istiod.revision = text_at(labels, "istio.io/rev");
  for (const Node& container : members(at(document.root, {"spec", "template", "spec", "containers"}))) {
    if (text_at(&container, "name") != "discovery") continue;
    for (const Node& variable : members(container.find("env")))
      if (variable.find("value"))
        istiod.settings.push_back({std::string(text_at(&variable, "name")), std::string(text_at(&variable, "value")),
                                   context.place(document.place(variable))});
  }
}

void IstiodReader::settle(model::istio::Mesh& mesh) const {
  auto istiod = std::ranges::find(found_, mesh.revision, &Istiod::revision);
  if (istiod == found_.end() && found_.size() == 1) istiod = found_.begin();
  if (istiod == found_.end()) return;
  for (const Setting& one : istiod->settings) set_istiod_setting(mesh, one.name, one.value, one.place);
  mesh.settings_given = true;
}

}  // namespace harness

#include "harness/envoy_filter_reader.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "harness/manifest_fields.h"

namespace harness {
namespace {

// Their numbers are those of networking.istio.io's EnvoyFilter.ApplyTo, which its JSON form takes as well.
constexpr std::array kReachesChains = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"LISTENER", "1"}, {"FILTER_CHAIN", "2"}, {"NETWORK_FILTER", "3"}, {"HTTP_FILTER", "4"}});

// The members of listeners, chains and connection managers that hold filters or chains, in both spellings of
// protobuf's JSON form.
constexpr std::array kHoldsFilters = std::to_array<std::string_view>(
    {"filter_chains", "filterChains", "default_filter_chain", "defaultFilterChain", "filters",
     "http_filters", "httpFilters"});

bool reaches_chains(const Node* apply_to) {
  if (!apply_to) return false;
  return std::ranges::any_of(kReachesChains, [&](const auto& one) {
    return apply_to->text == (apply_to->kind == NodeKind::Number ? one.second : one.first);
  });
}

bool holds_filters(const Node* value) {
  for (const Node& member : members(value)) {
    if (std::ranges::find(kHoldsFilters, member.key) != kHoldsFilters.end()) return true;
    if ((member.key == "typed_config" || member.key == "typedConfig") && holds_filters(&member))
      return true;
  }
  return false;
}

// The name by which a patch finds the filter that it acts on; nullptr where it finds it otherwise.
const Node* name_node(const Node& patch) {
  const Node* at = patch.find("match");
  for (const std::string_view key : {"listener", "filterChain", "filter"}) at = at ? at->find(key) : nullptr;
  if (!at) return nullptr;
  const Node* inner = at->find("subFilter");
  return inner ? inner->find("name") : at->find("name");
}

// Its text; "" where there is none.
std::string_view matched_name(const Node& patch) {
  const Node* name = name_node(patch);
  return name ? name->text : std::string_view{};
}

// Whether what the rules below look at has the types that they take for granted; what has not is told.
bool is_well_typed(const Node& patch, ManifestFields& fields) {
  const auto is_enum = [&](const Node* parent, std::string_view key, std::string path) {
    const Node* value = parent ? parent->find(key) : nullptr;
    return !value || value->kind == NodeKind::Null || value->kind == NodeKind::Number ||
           fields.check(*value, path, NodeKind::String);
  };
  if (!fields.check(patch, "a member of spec.configPatches", NodeKind::Object)) return false;
  const std::string path = "spec.configPatches[]";
  const bool named = is_enum(&patch, "applyTo", path + ".applyTo");
  fields.object(&patch, "match", path + ".match");
  const Node* change = fields.object(&patch, "patch", path + ".patch");
  const bool operates = is_enum(change, "operation", path + ".patch.operation");
  fields.object(change, "value", path + ".patch.value");
  return named && operates;
}

bool can_change_chains(const Node& patch) {
  if (!reaches_chains(patch.find("applyTo"))) return false;
  const Node* change = patch.find("patch");
  const Node* operation = change ? change->find("operation") : nullptr;
  const bool merges = operation && (operation->text == "MERGE" ||
                                    (operation->kind == NodeKind::Number && operation->text == "1"));
  if (!merges) return true;
  const Node* value = change->find("value");
  const Node* name = value ? value->find("name") : nullptr;
  return holds_filters(value) || (name && name->text != matched_name(patch));
}

}  // namespace

void read_envoy_filter(const Document& document, ManifestContext& context) {
  ManifestFields fields(document, context.diagnostics);
  const Node& root = *document.root;
  const Node* metadata = fields.object(&root, "metadata", "metadata");
  const std::string_view name = fields.text(metadata, "name", "metadata.name");
  std::string_view ns = fields.text(metadata, "namespace", "metadata.namespace");
  if (ns.empty()) ns = context.options.default_namespace;
  if (name.empty() && !fields.refused())
    fields.refuse(root, "EnvoyFilter has no metadata.name", "give it a name");

  const Node* spec = fields.object(&root, "spec", "spec");
  bool changes_chains = false;
  std::vector<std::string> anchors;
  std::vector<model::FilterReference> references;
  for (const Node& patch : members(fields.list(spec, "configPatches", "spec.configPatches"))) {
    if (!is_well_typed(patch, fields)) continue;
    if (const Node* found = name_node(patch); found && !found->text.empty())
      references.push_back({{std::string(ns), std::string(name)}, std::string(found->text),
                            context.place(document.place(*found))});
    if (!can_change_chains(patch)) continue;
    changes_chains = true;
    std::string anchor(matched_name(patch));
    if (!anchor.empty() && std::ranges::find(anchors, anchor) == anchors.end())
      anchors.push_back(std::move(anchor));
  }

  const Node* selector = fields.object(spec, "workloadSelector", "spec.workloadSelector");
  const Node* labels = fields.object(selector, "labels", "spec.workloadSelector.labels");
  std::vector<model::LabelId> match_labels;
  for (const Node& label : members(labels)) {
    if (label.kind != NodeKind::Null &&
        !fields.check(label, "spec.workloadSelector.labels." + std::string(label.key),
                      NodeKind::String))
      continue;
    match_labels.push_back(context.cluster.labels.intern(label.key, label.text));
  }
  if (fields.refused()) return;
  auto& all = context.cluster.filter_references;
  all.insert(all.end(), std::make_move_iterator(references.begin()), std::make_move_iterator(references.end()));
  if (!changes_chains) {
    ++context.cluster.skipped["EnvoyFilter"];
    return;
  }
  context.cluster.patches.push_back({{std::string(ns), std::string(name)},
                                     std::move(match_labels),
                                     std::move(anchors),
                                     context.place(document.place(root))});
}

}  // namespace harness

#include "harness/istio_extension.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/istio_enums.h"
#include "harness/istio_fields.h"

namespace harness {
namespace {

using namespace model::istio;  // the values of this file are all of that folder

constexpr std::array kPhases = std::to_array<EnumName<model::Phase>>({
    {"UNSPECIFIED_PHASE", "0", model::Phase::Unspecified},
    {"AUTHN", "1", model::Phase::Authn},
    {"AUTHZ", "2", model::Phase::Authz},
    {"STATS", "3", model::Phase::Stats},
});
// ExecutionPhase of TrafficExtension, whose examples in the API write the short names.
constexpr std::array kExecutionPhases = std::to_array<EnumName<model::Phase>>({
    {"EXECUTION_PHASE_UNSPECIFIED", "0", model::Phase::Unspecified},
    {"EXECUTION_PHASE_AUTHN", "1", model::Phase::Authn},
    {"EXECUTION_PHASE_AUTHZ", "2", model::Phase::Authz},
    {"EXECUTION_PHASE_STATS", "3", model::Phase::Stats},
    {"UNSPECIFIED", "0", model::Phase::Unspecified},
    {"UNSPECIFIED_PHASE", "0", model::Phase::Unspecified},
    {"AUTHN", "1", model::Phase::Authn},
    {"AUTHZ", "2", model::Phase::Authz},
    {"STATS", "3", model::Phase::Stats},
});
constexpr std::array kTypes = std::to_array<EnumName<ExtensionType>>({
    {"UNSPECIFIED_PLUGIN_TYPE", "0", ExtensionType::Http},
    {"HTTP", "1", ExtensionType::Http},
    {"NETWORK", "2", ExtensionType::Network},
});
constexpr std::array kFailStrategies = std::to_array<EnumName<FailStrategy>>({
    {"FAIL_CLOSE", "0", FailStrategy::Close},
    {"FAIL_OPEN", "1", FailStrategy::Open},
    {"FAIL_RELOAD", "2", FailStrategy::Reload},
});
constexpr std::array kModes = std::to_array<EnumName<TrafficMode>>({
    {"UNDEFINED", "0", TrafficMode::Any},
    {"CLIENT", "1", TrafficMode::Client},
    {"SERVER", "2", TrafficMode::Server},
    {"CLIENT_AND_SERVER", "3", TrafficMode::Any},
});
constexpr std::array kPullPolicies = std::to_array<EnumName<model::PullPolicy>>({
    {"UNSPECIFIED_POLICY", "0", model::PullPolicy::Unspecified},
    {"IfNotPresent", "1", model::PullPolicy::IfNotPresent},
    {"Always", "2", model::PullPolicy::Always},
});
constexpr std::array kValueSources = std::to_array<EnumName<bool>>({
    {"INLINE", "0", false},
    {"HOST", "1", true},
});

std::string at(std::string_view path, std::size_t index) {
  return std::string(path).append("[").append(std::to_string(index)).append("]");
}

// The fields of one document, each noted with its place, and as a misfit where it is one. `prefix` and name make the path:
// "spec.", "url".
class ExtensionFields {
 public:
  ExtensionFields(const Document& document, const ManifestContext& context, Extension& extension)
      : document_(document), context_(context), extension_(extension) {}

  // The member of that kind; nullptr where there is none such.
  const Node* member(const Node* parent, std::string_view prefix, std::string_view name, NodeKind wanted) {
    const Node* node = any(parent, prefix, name);
    return node && fits(*node, prefix, name, wanted) ? node : nullptr;
  }

  std::string text(const Node* parent, std::string_view prefix, std::string_view name) {
    const Node* node = member(parent, prefix, name, NodeKind::String);
    return node ? std::string(node->text) : std::string();
  }

  // `absent` also where it is none of the enum.
  template <class Value, std::size_t n>
  Value choice(const Node* parent, std::string_view prefix, std::string_view name,
               const std::array<EnumName<Value>, n>& names, Value absent) {
    const Node* node = any(parent, prefix, name);
    if (!node) return absent;
    const std::optional<Value> value = enum_value(names, node, absent);
    if (node->kind == NodeKind::Number) misfit(*node, prefix, name, kind_problem(*node, NodeKind::String), value.has_value());
    else if (!value && fits(*node, prefix, name, NodeKind::String)) misfit(*node, prefix, name, choice_problem(*node, names), false);
    return value.value_or(absent);
  }

  // A whole number: as text it is one to a protobuf reader only.
  std::optional<std::int64_t> number(const Node* parent, std::string_view prefix, std::string_view name, bool nullable) {
    const Node* node = any(parent, prefix, name, nullable);
    if (!node) return std::nullopt;
    const auto value = whole_number(node);
    if (node->kind != NodeKind::Number) misfit(*node, prefix, name, kind_problem(*node, NodeKind::Number), value.has_value());
    else if (!value) misfit(*node, prefix, name, "is " + std::string(node->text) + ", no whole number of 64 bits", false);
    return value;
  }

  bool fits(const Node& node, std::string_view prefix, std::string_view name, NodeKind wanted) {
    if (node.kind == wanted) return true;
    misfit(node, prefix, name, kind_problem(node, wanted), false);
    return false;
  }

  void misfit(const Node& node, std::string_view prefix, std::string_view name, std::string problem, bool readable) {
    extension_.written.misfits.push_back({std::string(prefix).append(name), std::move(problem), readable, place(node)});
  }

  void note(const Node& node, std::string_view path) { extension_.written.places.emplace(path, place(node)); }

 private:
  // The member of either name; nullptr also where it is null, which is noted unless it may be.
  const Node* any(const Node* parent, std::string_view prefix, std::string_view name, bool nullable = false) {
    const Node* node = written_member(parent, name);
    if (!node) return nullptr;
    extension_.written.places.emplace(std::string(prefix).append(name), place(*node));
    if (node->kind != NodeKind::Null) return node;
    if (!nullable) misfit(*node, prefix, name, "is null", true);
    return nullptr;
  }

  model::Place place(const Node& node) const { return context_.place(document_.place(node)); }

  static std::string kind_problem(const Node& node, NodeKind wanted) {
    return "is " + std::string(to_string(node.kind)) + ", not " + std::string(to_string(wanted));
  }

  template <class Value, std::size_t n>
  static std::string choice_problem(const Node& node, const std::array<EnumName<Value>, n>& names) {
    std::string problem = "is '" + std::string(node.text) + "', none of ";
    for (std::size_t i = 0; i < n; ++i) problem.append(i == 0 ? "" : ", ").append(names[i].name);
    return problem;
  }

  const Document& document_;
  const ManifestContext& context_;
  Extension& extension_;
};

TargetRef read_target(ExtensionFields& fields, const Node& node, const std::string& path) {
  const std::string prefix = path + ".";
  return {fields.text(&node, prefix, "group"), fields.text(&node, prefix, "kind"), fields.text(&node, prefix, "name"),
          fields.text(&node, prefix, "namespace")};
}

LabelPairs read_labels(ExtensionFields& fields, const Node* labels, std::string_view path) {
  LabelPairs pairs;
  for (const Node& label : members(labels)) {
    const std::string here = std::string(path).append("[").append(label.key).append("]");
    fields.note(label, here);
    if (label.kind == NodeKind::Null) fields.misfit(label, here, {}, "is null", true);
    else fields.fits(label, here, {}, NodeKind::String);
    pairs[std::string(label.key)] = label.text;
  }
  return pairs;
}

Attachment read_attachment(ExtensionFields& fields, const Node* spec) {
  Attachment attachment;
  if (const Node* selector = fields.member(spec, "spec.", "selector", NodeKind::Object))
    attachment.selector = read_labels(fields, fields.member(selector, "spec.selector.", "matchLabels", NodeKind::Object),
                                      "spec.selector.matchLabels");
  if (const Node* target = fields.member(spec, "spec.", "targetRef", NodeKind::Object))
    attachment.target_ref = read_target(fields, *target, "spec.targetRef");
  std::size_t i = 0;
  for (const Node& target : members(fields.member(spec, "spec.", "targetRefs", NodeKind::Array))) {
    const std::string path = at("spec.targetRefs", i++);
    fields.note(target, path);
    if (fields.fits(target, path, {}, NodeKind::Object)) attachment.target_refs.push_back(read_target(fields, target, path));
  }
  return attachment;
}

std::vector<std::uint32_t> read_ports(ExtensionFields& fields, const Node* list, const std::string& path) {
  constexpr std::int64_t kLargest = 0xffffffff;  // uint32 of the API
  std::vector<std::uint32_t> ports;
  std::size_t i = 0;
  for (const Node& port : members(list)) {
    const std::string here = at(path, i++);
    fields.note(port, here);
    if (!fields.fits(port, here, {}, NodeKind::Object)) continue;
    const auto number = fields.number(&port, here + ".", "number", false);
    const bool is_port = number && *number >= 0 && *number <= kLargest;
    if (number && !is_port)
      fields.misfit(*proto_member(&port, "number"), here, ".number", "is " + std::to_string(*number) + ", no port", false);
    ports.push_back(is_port ? static_cast<std::uint32_t>(*number) : 0);
  }
  return ports;
}

std::vector<TrafficMatch> read_match(ExtensionFields& fields, const Node* spec) {
  std::vector<TrafficMatch> match;
  std::size_t i = 0;
  for (const Node& one : members(fields.member(spec, "spec.", "match", NodeKind::Array))) {
    const std::string path = at("spec.match", i++);
    fields.note(one, path);
    if (!fields.fits(one, path, {}, NodeKind::Object)) continue;
    TrafficMatch& entry = match.emplace_back();
    entry.mode = fields.choice(&one, path + ".", "mode", kModes, TrafficMode::Any);
    entry.ports = read_ports(fields, fields.member(&one, path + ".", "ports", NodeKind::Array), path + ".ports");
  }
  return match;
}

std::vector<EnvironmentVariable> read_environment(ExtensionFields& fields, const Node* spec, std::string_view prefix) {
  std::vector<EnvironmentVariable> env;
  const Node* vm_config = fields.member(spec, prefix, "vmConfig", NodeKind::Object);
  if (!vm_config) return env;
  const std::string path = std::string(prefix) + "vmConfig.";
  std::size_t i = 0;
  for (const Node& one : members(fields.member(vm_config, path, "env", NodeKind::Array))) {
    const std::string here = at(path + "env", i++);
    fields.note(one, here);
    if (!fields.fits(one, here, {}, NodeKind::Object)) continue;
    EnvironmentVariable& variable = env.emplace_back();
    variable.name = fields.text(&one, here + ".", "name");
    variable.from_host = fields.choice(&one, here + ".", "valueFrom", kValueSources, false);
    variable.value = fields.text(&one, here + ".", "value");
    variable.has_value = proto_member(&one, "value") != nullptr;
  }
  return env;
}

// The fields that a WasmPlugin and the `wasm` of a TrafficExtension share.
void read_module(ExtensionFields& fields, const Node* spec, std::string_view prefix, Extension& extension) {
  extension.type = fields.choice(spec, prefix, "type", kTypes, ExtensionType::Http);
  extension.fail = fields.choice(spec, prefix, "failStrategy", kFailStrategies, FailStrategy::Close);
  extension.pull_policy = fields.choice(spec, prefix, "imagePullPolicy", kPullPolicies, model::PullPolicy::Unspecified);
  Written& written = extension.written;
  extension.url = fields.text(spec, prefix, "url");
  written.url = written_member(spec, "url") != nullptr;
  extension.sha256 = fields.text(spec, prefix, "sha256");
  extension.plugin_name = fields.text(spec, prefix, "pluginName");
  written.plugin_name = proto_member(spec, "pluginName") != nullptr;
  written.pull_secret_text = fields.text(spec, prefix, "imagePullSecret");
  written.pull_secret = proto_member(spec, "imagePullSecret") != nullptr;
  extension.has_pull_secret = !written.pull_secret_text.empty();
  fields.text(spec, prefix, "verificationKey");
  extension.env = read_environment(fields, spec, prefix);
  if (const Node* config = fields.member(spec, prefix, "pluginConfig", NodeKind::Object)) {
    const Node* at_fault = config;
    extension.config = canonical_json(*config, &at_fault);
    if (!extension.config) fields.misfit(*at_fault, prefix, "pluginConfig", "holds a number that is no finite double", false);
  }
}

}  // namespace

std::optional<Extension> read_istio_extension(const Document& document, const ManifestContext& context) {
  Diagnostics told_elsewhere;
  ManifestFields metadata(document, told_elsewhere);
  auto meta = read_object_meta(metadata, context);
  if (!meta) return std::nullopt;
  Extension extension;
  extension.meta = std::move(*meta);
  ExtensionFields fields(document, context, extension);
  const bool native = document.root->find("kind")->text == "TrafficExtension";
  extension.kind = native ? ExtensionKind::TrafficExtension : ExtensionKind::WasmPlugin;
  const Node* spec = fields.member(document.root, {}, "spec", NodeKind::Object);
  extension.written.spec = spec != nullptr;
  extension.phase = native ? fields.choice(spec, "spec.", "phase", kExecutionPhases, model::Phase::Unspecified)
                           : fields.choice(spec, "spec.", "phase", kPhases, model::Phase::Unspecified);
  extension.priority = fields.number(spec, "spec.", "priority", true);
  extension.attachment = read_attachment(fields, spec);
  extension.match = read_match(fields, spec);
  const Node* module = native ? fields.member(spec, "spec.", "wasm", NodeKind::Object) : spec;
  extension.written.wasm = module != nullptr || !native;
  if (const Node* lua = native ? fields.member(spec, "spec.", "lua", NodeKind::Object) : nullptr) {
    extension.written.lua = true;
    extension.written.lua_size = fields.text(lua, "spec.lua.", "inlineCode").size();
  }
  read_module(fields, module, native ? "spec.wasm." : "spec.", extension);
  return extension;
}

}  // namespace harness

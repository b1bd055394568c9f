// Reads a WasmPlugin as protobuf's JSON form types it (protobuf.dev, "ProtoJSON Format"; golang's
// jsonpb, which Istio uses): null is absent, enums go by name or number, int64 by number or text,
// and a field by its lowerCamel or its proto name. What such a parser drops becomes a warning.
#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/manifests.h"
#include "harness/public_key.h"
#include "harness/suggestion.h"
#include "model/module.h"

namespace harness {
namespace {

using model::operator""_clause;

// The fields of a message of the API, by their lowerCamel names.
struct Message {
  std::string_view path;  // "spec.selector"; "" is the document
  std::span<const std::string_view> fields;
  bool is_proto = true;  // and so takes proto names too
};

constexpr std::array kDocumentFields =
    std::to_array<std::string_view>({"apiVersion", "kind", "metadata", "spec", "status"});
// k8s.io/apimachinery, pkg/apis/meta/v1, ObjectMeta; selfLink and clusterName stand in older dumps.
constexpr std::array kMetadataFields = std::to_array<std::string_view>(
    {"name", "namespace", "labels", "annotations", "generateName", "selfLink", "uid",
     "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
     "deletionGracePeriodSeconds", "ownerReferences", "finalizers", "managedFields",
     "clusterName"});
constexpr std::array kSelectorFields = std::to_array<std::string_view>({"matchLabels"});
constexpr std::array kTrafficFields = std::to_array<std::string_view>({"mode", "ports"});
constexpr std::array kPortFields = std::to_array<std::string_view>({"number"});
constexpr std::array kTargetFields =
    std::to_array<std::string_view>({"group", "kind", "name", "namespace"});
constexpr std::array kVmConfigFields = std::to_array<std::string_view>({"env"});
constexpr std::array kEnvFields =
    std::to_array<std::string_view>({"name", "valueFrom", "value"});

constexpr Message kDocument{"", kDocumentFields, false};
constexpr Message kMetadata{"metadata", kMetadataFields, false};
constexpr Message kSelector{"spec.selector", kSelectorFields};
constexpr Message kTraffic{"spec.match[]", kTrafficFields};
constexpr Message kPort{"spec.match[].ports[]", kPortFields};
constexpr Message kTarget{"spec.targetRefs[]", kTargetFields};
constexpr Message kVmConfig{"spec.vmConfig", kVmConfigFields};
constexpr Message kEnv{"spec.vmConfig.env[]", kEnvFields};

// The names of each enum, at their numbers.
constexpr std::array kPhaseNames =
    std::to_array<std::string_view>({"UNSPECIFIED_PHASE", "AUTHN", "AUTHZ", "STATS"});
constexpr std::array kPullPolicyNames =
    std::to_array<std::string_view>({"UNSPECIFIED_POLICY", "IfNotPresent", "Always"});
constexpr std::array kModeNames =
    std::to_array<std::string_view>({"UNDEFINED", "CLIENT", "SERVER", "CLIENT_AND_SERVER"});
constexpr std::array kFailStrategyNames =
    std::to_array<std::string_view>({"FAIL_CLOSE", "FAIL_OPEN", "FAIL_RELOAD"});
constexpr std::array kTypeNames =
    std::to_array<std::string_view>({"UNSPECIFIED_PLUGIN_TYPE", "HTTP", "NETWORK"});
constexpr std::array kValueFromNames = std::to_array<std::string_view>({"INLINE", "HOST"});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether `key` is the proto name of the field whose lowerCamel name is given: "image_pull_policy".
bool is_proto_name(std::string_view key, std::string_view camel) {
  std::size_t at = 0;
  for (const char c : camel) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && (at == key.size() || key[at++] != '_')) return false;
    if (at == key.size() || key[at++] != (upper ? static_cast<char>(c | 0x20) : c)) return false;
  }
  return at == key.size();
}

// "a", "a and b", "a, b and c".
std::string enumeration(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

// A number as JSON spells it, cut at its seams.
struct Decimal {
  bool negative = false;
  std::string digits;         // without leading and trailing zeros; "" is zero
  std::int64_t exponent = 0;  // of ten, behind the digits
};

std::optional<Decimal> parse_decimal(std::string_view text) {
  const auto take_digits = [&text] {
    const auto end = std::ranges::find_if_not(text, is_digit);
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
  };
  const auto take = [&text](std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return '\0';
    const char taken = text.front();
    text.remove_prefix(1);
    return taken;
  };

  Decimal number;
  number.negative = take("-") != '\0';
  const std::string_view whole = take_digits();
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  number.digits = whole;
  if (take(".") != '\0') {
    const std::string_view fraction = take_digits();
    if (fraction.empty()) return std::nullopt;
    number.digits += fraction;
    number.exponent = -static_cast<std::int64_t>(fraction.size());
  }
  if (take("eE") != '\0') {
    const bool negative = take("+-") == '-';
    const std::string_view exponent = take_digits();
    if (exponent.empty()) return std::nullopt;
    // Beyond this a number is zero or out of every range: no text has so many digits before it.
    constexpr std::int64_t kHugeExponent = 1'000'000'000'000;
    std::int64_t value = kHugeExponent;
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), value);
    value = std::min(value, kHugeExponent);
    number.exponent += negative ? -value : value;
  }
  if (!text.empty()) return std::nullopt;

  number.digits.erase(0, number.digits.find_first_not_of('0'));
  while (!number.digits.empty() && number.digits.back() == '0') {
    number.digits.pop_back();
    ++number.exponent;
  }
  return number;
}

struct Integer {
  enum class Kind : std::uint8_t { Good, NoInteger, OutOfRange };
  Kind kind = Kind::NoInteger;
  std::int64_t value = 0;
};

// An int64 in any spelling of a JSON number that has a whole value, computed without rounding.
Integer parse_integer(std::string_view text) {
  const auto number = parse_decimal(text);
  if (!number) return {};
  if (number->digits.empty()) return {Integer::Kind::Good, 0};
  if (number->exponent < 0) return {};
  constexpr std::int64_t kMostDigits = 19;
  if (static_cast<std::int64_t>(number->digits.size()) + number->exponent > kMostDigits)
    return {Integer::Kind::OutOfRange};
  const std::string whole = (number->negative ? "-" : "") + number->digits +
                            std::string(static_cast<std::size_t>(number->exponent), '0');
  Integer integer{Integer::Kind::Good};
  if (std::from_chars(whole.data(), whole.data() + whole.size(), integer.value).ec != std::errc{})
    return {Integer::Kind::OutOfRange};
  return integer;
}

// Digits alone, perhaps with a sign: how everyone writes an integer.
bool is_plain_integer(const Node& node) {
  std::string_view digits = node.text;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  return node.kind == NodeKind::Number && std::ranges::all_of(digits, is_digit);
}

class WasmPluginReader {
 public:
  WasmPluginReader(const Document& document, ManifestContext& context)
      : document_(document), context_(context) {}

  void read() {
    plugin_.place = place(*document_.root);
    read_metadata();
    read_spec();
    if (!refusal_) refusal_ = model::resolve_module(plugin_, is_public_key).refusal;
    if (refusal_) return keep_refusal();
    keep_plugin();
  }

  void read_selector(const Node& node);
  void read_url(const Node& node);
  void read_sha256(const Node& node);
  void read_pull_policy(const Node& node);
  void read_pull_secret(const Node& node);
  void read_verification_key(const Node& node);
  void read_plugin_config(const Node& node);
  void read_plugin_name(const Node& node);
  void read_phase(const Node& node);
  void read_priority(const Node& node);
  void read_match(const Node& node);
  void read_target_ref(const Node& node);
  void read_target_refs(const Node& node);
  void read_fail_strategy(const Node& node);
  void read_vm_config(const Node& node);
  void read_type(const Node& node);

 private:
  enum class EnumNumbers : std::uint8_t { Known, Any };  // which numbers an enum takes

  void read_metadata();
  void read_spec();
  void read_match_labels(const Node& node);
  void read_traffic(const Node& node, const std::string& path);
  void read_ports(const Node& node, const std::string& path);
  void read_target(const Node& node, const std::string& path);
  void read_env(const Node& node);
  void keep_plugin();
  void keep_refusal();

  // Hands each field of an object that a parser would take to `take(name, value)`, and tells the
  // others. A field that is null is absent.
  template <class Take>
  void read_fields(const Node& object, const Message& message, Take take) {
    for (const Node& member : members(&object)) {
      const auto field = std::ranges::find_if(message.fields, [&](std::string_view name) {
        return member.key == name || (message.is_proto && is_proto_name(member.key, name));
      });
      if (field == message.fields.end()) {
        warn_of_unknown(member, message);
        continue;
      }
      if (member.key != *field && object.find(*field)) {
        warn_of_second_spelling(member, message, *field);
        continue;
      }
      if (member.kind != NodeKind::Null) take(*field, member);
    }
  }

  // Calls `take(element, its path)` for each element, if the node is a list of objects.
  template <class Take>
  void read_objects(const Node& list, const std::string& path, Take take) {
    if (!is(list, NodeKind::Array, path)) return;
    std::size_t i = 0;
    for (const Node& element : members(&list)) {
      const std::string element_path = path + "[" + std::to_string(i++) + "]";
      if (is(element, NodeKind::Object, element_path)) take(element, element_path);
    }
  }

  bool is(const Node& node, NodeKind kind, std::string_view path);
  bool read_string(const Node& node, std::string_view path, std::string& text);
  void require_strings(const Node& node, std::string_view path);
  // The number of an enum's value, or nothing where it is refused.
  std::optional<std::int64_t> read_enum(const Node& node, std::string_view path,
                                        std::span<const std::string_view> names,
                                        EnumNumbers numbers,
                                        std::optional<model::ClauseId> clause);
  void add_later_field(std::string_view name, const Node& node, bool bears_on_membership,
                       bool is_target_reference = false);

  void warn_of_unknown(const Node& member, const Message& message);
  void warn_of_second_spelling(const Node& member, const Message& message, std::string_view field);
  void report_dropped(const Node& member, std::string problem, std::string hint);
  void report(Severity severity, model::Place where, std::string problem, std::string hint);
  void refuse(model::Place where, std::string reason, std::string hint = {},
              std::optional<model::ClauseId> clause = std::nullopt);
  // The first problem of a document is its reason.
  void refuse(const Node& node, std::string reason, std::string hint = {},
              std::optional<model::ClauseId> clause = std::nullopt) {
    refuse(place(node), std::move(reason), std::move(hint), clause);
  }

  model::Place place(const Node& node) const { return context_.place(document_.place(node)); }
  model::Place key_place(const Node& node) const {
    return context_.place(document_.key_place(node));
  }
  std::string text_of(model::Place where) const {
    return context_.cluster.files.at(where.file) + ":" + std::to_string(where.line) + ":" +
           std::to_string(where.column);
  }

  const Document& document_;
  ManifestContext& context_;
  model::WasmPlugin plugin_;
  std::optional<model::Refusal> refusal_;
};

struct SpecField {
  std::string_view name;
  void (WasmPluginReader::*read)(const Node&);
};

constexpr std::array kSpecFields = std::to_array<SpecField>({
    {"selector", &WasmPluginReader::read_selector},
    {"url", &WasmPluginReader::read_url},
    {"sha256", &WasmPluginReader::read_sha256},
    {"imagePullPolicy", &WasmPluginReader::read_pull_policy},
    {"imagePullSecret", &WasmPluginReader::read_pull_secret},
    {"verificationKey", &WasmPluginReader::read_verification_key},
    {"pluginConfig", &WasmPluginReader::read_plugin_config},
    {"pluginName", &WasmPluginReader::read_plugin_name},
    {"phase", &WasmPluginReader::read_phase},
    {"priority", &WasmPluginReader::read_priority},
    {"match", &WasmPluginReader::read_match},
    {"targetRef", &WasmPluginReader::read_target_ref},
    {"targetRefs", &WasmPluginReader::read_target_refs},
    {"failStrategy", &WasmPluginReader::read_fail_strategy},
    {"vmConfig", &WasmPluginReader::read_vm_config},
    {"type", &WasmPluginReader::read_type},
});

constexpr auto kSpecNames = [] {
  std::array<std::string_view, kSpecFields.size()> names{};
  std::ranges::transform(kSpecFields, names.begin(), &SpecField::name);
  return names;
}();

constexpr Message kSpec{"spec", kSpecNames};

// Where a field that stands in the wrong message may belong.
constexpr std::array kHomes = std::to_array<Message>({kSpec, kSelector, kVmConfig, kTraffic});

void WasmPluginReader::read_metadata() {
  plugin_.id.ns = context_.options.default_namespace;
  plugin_.namespace_given = false;
  const Node* metadata = nullptr;
  read_fields(*document_.root, kDocument, [&](std::string_view field, const Node& node) {
    if (field == "metadata" && is(node, NodeKind::Object, "metadata")) metadata = &node;
  });
  if (metadata) {
    read_fields(*metadata, kMetadata, [&](std::string_view field, const Node& node) {
      if (field == "name" && read_string(node, "metadata.name", plugin_.id.name))
        plugin_.name_place = place(node);
      if (field == "namespace") {
        std::string ns;
        if (!read_string(node, "metadata.namespace", ns) || ns.empty()) return;
        plugin_.id.ns = std::move(ns);
        plugin_.namespace_given = true;
      }
      if (field == "labels") require_strings(node, "metadata.labels");
      if (field == "annotations") require_strings(node, "metadata.annotations");
    });
  }
  if (plugin_.id.name.empty())
    refuse(metadata ? key_place(*metadata) : plugin_.place, "metadata.name is missing",
           "give the plugin a name");
}

void WasmPluginReader::read_spec() {
  const Node* spec = document_.root->find("spec");
  if (!spec || spec->kind == NodeKind::Null || !is(*spec, NodeKind::Object, "spec")) return;
  read_fields(*spec, kSpec, [this](std::string_view name, const Node& node) {
    (this->*std::ranges::find(kSpecFields, name, &SpecField::name)->read)(node);
  });
}

void WasmPluginReader::read_selector(const Node& node) {
  if (!is(node, NodeKind::Object, "spec.selector")) return;
  plugin_.selector.emplace().place = key_place(node);
  read_fields(node, kSelector,
              [this](std::string_view, const Node& labels) { read_match_labels(labels); });
}

void WasmPluginReader::read_match_labels(const Node& node) {
  if (!is(node, NodeKind::Object, "spec.selector.matchLabels")) return;
  for (const Node& pair : members(&node)) {
    const std::string path = "spec.selector.matchLabels." + std::string(pair.key);
    if (is(pair, NodeKind::String, path))
      plugin_.selector->match_labels.push_back(context_.cluster.labels.intern(pair.key, pair.text));
  }
}

void WasmPluginReader::read_url(const Node& node) {
  if (read_string(node, "spec.url", plugin_.url)) plugin_.url_place = place(node);
}

void WasmPluginReader::read_sha256(const Node& node) {
  if (read_string(node, "spec.sha256", plugin_.sha256)) plugin_.sha256_place = place(node);
}

void WasmPluginReader::read_pull_policy(const Node& node) {
  const auto number = read_enum(node, "spec.imagePullPolicy", kPullPolicyNames, EnumNumbers::Known,
                                "GEN-2"_clause);
  if (!number) return;
  const std::string_view name = kPullPolicyNames[static_cast<std::size_t>(*number)];
  plugin_.pull_policy = model::find_pull_policy(name);
  plugin_.pull_policy_place = place(node);
}

void WasmPluginReader::read_pull_secret(const Node& node) {
  read_string(node, "spec.imagePullSecret", plugin_.image_pull_secret);
}

void WasmPluginReader::read_verification_key(const Node& node) {
  if (read_string(node, "spec.verificationKey", plugin_.verification_key))
    plugin_.verification_key_place = place(node);
}

void WasmPluginReader::read_plugin_config(const Node& node) {
  if (!is(node, NodeKind::Object, "spec.pluginConfig")) return;
  const Node* at_fault = nullptr;
  plugin_.plugin_config = canonical_json(node, &at_fault);
  if (!plugin_.plugin_config)
    refuse(at_fault ? *at_fault : node, "a number in spec.pluginConfig is too large for a double",
           "put it in quotes, if the plugin can read it so");
}

void WasmPluginReader::read_plugin_name(const Node& node) {
  read_string(node, "spec.pluginName", plugin_.plugin_name);
}

void WasmPluginReader::read_phase(const Node& node) {
  const auto number =
      read_enum(node, "spec.phase", kPhaseNames, EnumNumbers::Known, "GEN-2"_clause);
  if (!number) return;
  plugin_.phase = model::find_phase(kPhaseNames[static_cast<std::size_t>(*number)]);
  plugin_.phase_place = place(node);
}

void WasmPluginReader::read_priority(const Node& node) {
  if (node.kind != NodeKind::Number && node.kind != NodeKind::String)
    return refuse(node,
                  "spec.priority must be an integer, not " + std::string(to_string(node.kind)));
  const Integer integer = parse_integer(node.text);
  if (integer.kind == Integer::Kind::OutOfRange)
    return refuse(node, "spec.priority " + std::string(node.text) + " does not fit into 64 bits",
                  "priorities go from -9223372036854775808 to 9223372036854775807",
                  "PRI-5"_clause);
  if (integer.kind == Integer::Kind::NoInteger)
    return refuse(node, "spec.priority must be an integer, not '" + std::string(node.text) + "'");
  plugin_.priority = integer.value;
  plugin_.priority_place = place(node);
  if (!is_plain_integer(node)) plugin_.open_spellings.push_back({"PRI-7"_clause, place(node)});
}

void WasmPluginReader::read_match(const Node& node) {
  add_later_field("match", node, node.first != nullptr);
  read_objects(node, "spec.match", [this](const Node& element, const std::string& path) {
    read_traffic(element, path);
  });
}

void WasmPluginReader::read_traffic(const Node& node, const std::string& path) {
  read_fields(node, kTraffic, [&](std::string_view field, const Node& value) {
    if (field == "mode")
      read_enum(value, path + ".mode", kModeNames, EnumNumbers::Any, std::nullopt);
    if (field == "ports") read_ports(value, path + ".ports");
  });
}

// ValidateWasmPlugin of pkg/config/validation/validation.go at Istio 1.29.1.
void WasmPluginReader::read_ports(const Node& node, const std::string& path) {
  constexpr std::int64_t kHighestPort = 65535;
  read_objects(node, path, [this](const Node& element, const std::string& element_path) {
    const Node* number = nullptr;
    read_fields(element, kPort, [&](std::string_view, const Node& value) { number = &value; });
    const bool scalar =
        number && (number->kind == NodeKind::Number || number->kind == NodeKind::String);
    const Integer integer = scalar ? parse_integer(number->text) : Integer{};
    if (integer.kind == Integer::Kind::Good && integer.value >= 1 && integer.value <= kHighestPort)
      return;
    refuse(number ? *number : element, element_path + ".number must be a port from 1 to 65535");
  });
}

void WasmPluginReader::read_target_ref(const Node& node) {
  if (!is(node, NodeKind::Object, "spec.targetRef")) return;
  add_later_field("targetRef", node, true, true);
  read_target(node, "spec.targetRef");
}

void WasmPluginReader::read_target_refs(const Node& node) {
  add_later_field("targetRefs", node, node.first != nullptr, node.first != nullptr);
  read_objects(node, "spec.targetRefs", [this](const Node& element, const std::string& path) {
    read_target(element, path);
  });
}

void WasmPluginReader::read_target(const Node& node, const std::string& path) {
  read_fields(node, kTarget, [&](std::string_view field, const Node& value) {
    is(value, NodeKind::String, path + "." + std::string(field));
  });
}

void WasmPluginReader::read_fail_strategy(const Node& node) {
  add_later_field("failStrategy", node, false);
  read_enum(node, "spec.failStrategy", kFailStrategyNames, EnumNumbers::Any, std::nullopt);
}

void WasmPluginReader::read_vm_config(const Node& node) {
  if (!is(node, NodeKind::Object, "spec.vmConfig")) return;
  add_later_field("vmConfig", node, false);
  read_fields(node, kVmConfig, [this](std::string_view, const Node& env) { read_env(env); });
}

// As ValidateWasmPlugin asks: a name, none twice, and no value that is not INLINE.
void WasmPluginReader::read_env(const Node& node) {
  std::vector<std::string> names;
  read_objects(node, "spec.vmConfig.env", [&](const Node& element, const std::string& path) {
    std::string name;
    std::string value;
    std::optional<std::int64_t> from = 0;
    read_fields(element, kEnv, [&](std::string_view field, const Node& member) {
      if (field == "name") read_string(member, path + ".name", name);
      if (field == "value") read_string(member, path + ".value", value);
      if (field == "valueFrom")
        from = read_enum(member, path + ".valueFrom", kValueFromNames, EnumNumbers::Any,
                         std::nullopt);
    });
    if (name.empty()) refuse(element, path + ".name is missing");
    if (std::ranges::find(names, name) != names.end())
      refuse(element, path + ".name is given twice: '" + name + "'");
    if (from != 0 && !value.empty())
      refuse(element, path + ".value may stand only where valueFrom is INLINE");
    names.push_back(std::move(name));
  });
}

void WasmPluginReader::read_type(const Node& node) {
  const auto number = read_enum(node, "spec.type", kTypeNames, EnumNumbers::Any, std::nullopt);
  constexpr std::int64_t kHttp = 1;
  add_later_field("type", node, number != 0 && number != kHttp);
}

bool WasmPluginReader::is(const Node& node, NodeKind kind, std::string_view path) {
  if (node.kind == kind) return true;
  const bool scalar = node.kind == NodeKind::Number || node.kind == NodeKind::Bool;
  refuse(node,
         std::string(path) + " must be " + std::string(to_string(kind)) + ", not " +
             std::string(to_string(node.kind)),
         kind == NodeKind::String && scalar ? "put it in quotes" : "");
  return false;
}

bool WasmPluginReader::read_string(const Node& node, std::string_view path, std::string& text) {
  if (!is(node, NodeKind::String, path)) return false;
  text = node.text;
  return true;
}

void WasmPluginReader::require_strings(const Node& node, std::string_view path) {
  if (!is(node, NodeKind::Object, path)) return;
  for (const Node& pair : members(&node))
    if (pair.kind != NodeKind::Null)
      is(pair, NodeKind::String, std::string(path) + "." + std::string(pair.key));
}

std::optional<std::int64_t> WasmPluginReader::read_enum(const Node& node, std::string_view path,
                                                        std::span<const std::string_view> names,
                                                        EnumNumbers numbers,
                                                        std::optional<model::ClauseId> clause) {
  const std::string hint = "it is one of " + enumeration(names);
  if (node.kind == NodeKind::String) {
    const auto found = std::ranges::find(names, node.text);
    if (found != names.end()) return found - names.begin();
    const auto near = nearest_word(node.text, names);
    refuse(node, "unknown " + std::string(path) + " '" + std::string(node.text) + "'",
           near ? "did you mean " + std::string(*near) + "? " + hint : hint, clause);
    return std::nullopt;
  }
  if (node.kind != NodeKind::Number) {
    refuse(node,
           std::string(path) + " must be a name, not " + std::string(to_string(node.kind)), hint);
    return std::nullopt;
  }
  const Integer integer = parse_integer(node.text);
  const bool known = integer.value >= 0 && integer.value < static_cast<std::int64_t>(names.size());
  if (integer.kind != Integer::Kind::Good || (numbers == EnumNumbers::Known && !known)) {
    refuse(node, "unknown " + std::string(path) + " " + std::string(node.text), hint, clause);
    return std::nullopt;
  }
  if (clause) plugin_.open_spellings.push_back({"GEN-3"_clause, place(node)});
  return integer.value;
}

void WasmPluginReader::add_later_field(std::string_view name, const Node& node,
                                       bool bears_on_membership, bool is_target_reference) {
  plugin_.later.push_back(
      {std::string(name), bears_on_membership, is_target_reference, key_place(node)});
}

void WasmPluginReader::warn_of_unknown(const Node& member, const Message& message) {
  if (context_.options.validate == Validate::Ignore) return;
  std::string path(message.path);
  if (!path.empty()) path += '.';
  path += member.key;

  const auto home = std::ranges::find_if(kHomes, [&](const Message& other) {
    return other.path != message.path &&
           std::ranges::find(other.fields, member.key) != other.fields.end();
  });
  std::string hint;
  if (const auto near = nearest_word(member.key, message.fields)) {
    hint = "did you mean '" + std::string(*near) + "'?";
  } else if (home != kHomes.end()) {
    hint = "it belongs in " + std::string(home->path);
  } else if (const auto longer = longer_word(member.key, message.fields)) {
    hint = "did you mean '" + std::string(*longer) + "'?";
  } else {
    const std::string owner(message.path.empty() ? "a WasmPlugin" : message.path);
    hint = "the fields of " + owner + " are " + enumeration(message.fields);
  }
  report_dropped(member, "unknown field '" + path + "', which is dropped without a word",
                 std::move(hint));
}

void WasmPluginReader::warn_of_second_spelling(const Node& member, const Message& message,
                                               std::string_view field) {
  if (context_.options.validate == Validate::Ignore) return;
  report_dropped(member,
                 "'" + std::string(message.path) + "." + std::string(member.key) +
                     "' is dropped without a word, because '" + std::string(field) +
                     "' is given too",
                 "remove one of them");
}

void WasmPluginReader::report_dropped(const Node& member, std::string problem, std::string hint) {
  const bool strict = context_.options.validate == Validate::Strict;
  if (strict) refuse(key_place(member), problem, hint);
  report(strict ? Severity::Error : Severity::Warning, key_place(member), std::move(problem),
         std::move(hint));
}

void WasmPluginReader::report(Severity severity, model::Place where, std::string problem,
                              std::string hint) {
  context_.diagnostics.push_back(
      {severity,
       {context_.cluster.files.at(where.file), where.line, where.column},
       std::move(problem),
       std::move(hint),
       std::string(document_.file->line(where.line))});
}

void WasmPluginReader::refuse(model::Place where, std::string reason, std::string hint,
                              std::optional<model::ClauseId> clause) {
  if (refusal_) return;
  refusal_ = model::Refusal{{}, std::move(reason), std::move(hint), clause, where};
}

// As kubectl apply does with one file: the last document of a name counts, and one that is refused
// leaves what was accepted before it in force.
void WasmPluginReader::keep_plugin() {
  auto& plugins = context_.cluster.plugins;
  auto& refused = context_.cluster.refused;
  const std::string name = to_string(plugin_.id);
  const auto earlier_refusal = std::ranges::find(refused, plugin_.id, &model::Refusal::plugin);
  if (earlier_refusal != refused.end()) {
    report(Severity::Warning, plugin_.name_place,
           name + " is given twice; this one counts, the other is refused: " +
               earlier_refusal->reason,
           "the other is refused at " + text_of(earlier_refusal->place) + "; remove one of them");
    refused.erase(earlier_refusal);
  }

  auto& index = context_.plugin_index;
  if (index.size() != plugins.size()) {
    index.clear();
    for (std::size_t i = 0; i < plugins.size(); ++i) index.emplace(to_string(plugins[i].id), i);
  }
  const auto [known, added] = index.emplace(name, plugins.size());
  if (added) {
    plugins.push_back(std::move(plugin_));
    return;
  }
  model::WasmPlugin& earlier = plugins[known->second];
  report(Severity::Warning, plugin_.name_place, name + " is given twice; this one counts",
         "the other stands at " + text_of(earlier.name_place) + "; remove one of them");
  earlier = std::move(plugin_);
}

void WasmPluginReader::keep_refusal() {
  refusal_->plugin = plugin_.id;
  const auto& plugins = context_.cluster.plugins;
  const auto accepted = std::ranges::find(plugins, plugin_.id, &model::WasmPlugin::id);
  if (accepted == plugins.end()) {
    auto& refused = context_.cluster.refused;
    const auto earlier = std::ranges::find(refused, plugin_.id, &model::Refusal::plugin);
    if (plugin_.id.name.empty() || earlier == refused.end()) {
      refused.push_back(std::move(*refusal_));
      return;
    }
    report(Severity::Warning, refusal_->place,
           to_string(plugin_.id) + " is given twice, and both are refused; the other: " +
               earlier->reason,
           "the other is refused at " + text_of(earlier->place) + "; remove one of them");
    *earlier = std::move(*refusal_);
    return;
  }
  report(Severity::Warning, refusal_->place,
         to_string(plugin_.id) + " is given twice; this one is refused, and the other counts: " +
             refusal_->reason,
         "the other stands at " + text_of(accepted->name_place) + "; remove one of them");
}

}  // namespace

void read_wasm_plugin(const Document& document, ManifestContext& context) {
  WasmPluginReader(document, context).read();
}

}  // namespace harness

#include "harness/istio_fields.h"

#include <array>
#include <charconv>

namespace harness {
namespace {

// The member by its proto name; nullptr where that is the same name, or too long to be one of the API's.
const Node* find_by_proto_name(const Node& parent, std::string_view camel) {
  std::array<char, 48> name;
  std::size_t size = 0;
  for (const char c : camel) {
    if (size + 2 > name.size()) return nullptr;
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper) name[size++] = '_';
    name[size++] = upper ? static_cast<char>(c | 0x20) : c;
  }
  return size == camel.size() ? nullptr : parent.find(std::string_view(name.data(), size));
}

model::istio::TargetRef read_target(const Node& node) {
  return {std::string(proto_text(&node, "group")), std::string(proto_text(&node, "kind")),
          std::string(proto_text(&node, "name")), std::string(proto_text(&node, "namespace"))};
}

// Cuts a number of so many digits off the front.
std::optional<std::int32_t> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
  if (error != std::errc{} || end != text.data() + digits || text.front() == '-') return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || (text.front() | 0x20) != (c | 0x20)) return false;
  text.remove_prefix(1);
  return true;
}

// Days since 1970-01-01 (proleptic Gregorian; Howard Hinnant's days_from_civil).
std::int64_t days_since_1970(std::int32_t year, std::int32_t month, std::int32_t day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

}  // namespace

const Node* written_member(const Node* parent, std::string_view name) {
  if (!parent) return nullptr;
  const Node* node = parent->find(name);
  return node ? node : find_by_proto_name(*parent, name);
}

const Node* proto_member(const Node* parent, std::string_view name) {
  const Node* node = written_member(parent, name);
  return node && node->kind != NodeKind::Null ? node : nullptr;
}

std::string_view proto_text(const Node* parent, std::string_view name) {
  const Node* node = proto_member(parent, name);
  return node && node->kind == NodeKind::String ? node->text : std::string_view{};
}

std::optional<std::int64_t> whole_number(const Node* node) {
  if (!node || (node->kind != NodeKind::Number && node->kind != NodeKind::String)) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = node->text.data() + node->text.size();
  const auto [stop, error] = std::from_chars(node->text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::uint32_t port_number(const Node* node) {
  constexpr std::int64_t kLargest = 65535;
  const auto number = whole_number(node);
  return number && *number > 0 && *number <= kLargest ? static_cast<std::uint32_t>(*number) : 0;
}

model::istio::LabelPairs label_pairs(const Node* labels) {
  model::istio::LabelPairs pairs;
  if (labels && labels->kind == NodeKind::Object)
    for (const Node& label : members(labels)) pairs[std::string(label.key)] = label.text;
  return pairs;
}

std::optional<model::istio::ObjectMeta> read_object_meta(ManifestFields& fields,
                                                         const ManifestContext& context) {
  const Document& document = fields.document();
  const Node* metadata = fields.object(document.root, "metadata", "metadata");
  model::istio::ObjectMeta meta;
  meta.id.name = fields.text(metadata, "name", "metadata.name");
  meta.id.ns = fields.text(metadata, "namespace", "metadata.namespace");
  if (meta.id.ns.empty()) meta.id.ns = context.options.default_namespace;
  const Node* labels = fields.object(metadata, "labels", "metadata.labels");
  meta.revision = proto_text(labels, "istio.io/rev");
  meta.resource_version = proto_text(metadata, "resourceVersion");
  meta.created = parse_timestamp(proto_text(metadata, "creationTimestamp"));
  meta.place = context.place(document.place(*document.root));
  if (meta.id.name.empty() && !fields.refused())
    fields.refuse(*document.root, std::string(document.root->find("kind")->text) + " has no metadata.name",
                  "give it a name");
  if (fields.refused()) return std::nullopt;
  return meta;
}

model::istio::Attachment read_attachment(const Node* spec) {
  model::istio::Attachment attachment;
  if (const Node* selector = proto_member(spec, "selector"))
    attachment.selector = label_pairs(proto_member(selector, "matchLabels"));
  if (const Node* target = proto_member(spec, "targetRef")) attachment.target_ref = read_target(*target);
  for (const Node& target : members(proto_member(spec, "targetRefs")))
    attachment.target_refs.push_back(read_target(target));
  return attachment;
}

std::optional<model::istio::Timestamp> parse_timestamp(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !take(text, 't')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second) return std::nullopt;

  model::istio::Timestamp stamp;
  if (take(text, '.'))
    for (std::int32_t unit = 100'000'000; !text.empty() && text.front() >= '0' && text.front() <= '9'; unit /= 10) {
      stamp.nanoseconds += (text.front() - '0') * unit;
      text.remove_prefix(1);
    }
  if (!take(text, 'z')) {
    const bool east = take(text, '+');
    if (!east && !take(text, '-')) return std::nullopt;
    const auto hours = take_digits(text, 2);
    if (!hours || !take(text, ':')) return std::nullopt;
    const auto minutes = take_digits(text, 2);
    if (!minutes) return std::nullopt;
    stamp.offset = (east ? 1 : -1) * (*hours * 3600 + *minutes * 60);
  }
  if (!text.empty()) return std::nullopt;
  stamp.seconds = days_since_1970(*year, *month, *day) * 86400 + *hour * 3600 + *minute * 60 + *second -
                  stamp.offset;
  return stamp;
}

}  // namespace harness

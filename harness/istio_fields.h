// What the readers of Istio's own kinds have in common: metadata, selectors, target references, and fields by either
// of the names that protobuf's JSON form takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/document.h"
#include "harness/manifest_fields.h"
#include "harness/manifests.h"
#include "model/istio/mesh.h"

namespace harness {

// The member of that lowerCamel name, or of its proto name ("target_refs"), null or not; nullptr if absent.
const Node* written_member(const Node* parent, std::string_view name);

// The member of that lowerCamel name, or of its proto name ("target_refs"); nullptr if absent or null.
const Node* proto_member(const Node* parent, std::string_view name);

// The text of a string member; "" where there is none or it is no string.
std::string_view proto_text(const Node* parent, std::string_view name);

// A whole number, written as a number or as text; nothing otherwise.
std::optional<std::int64_t> whole_number(const Node* node);

// A port number; 0 where there is none.
std::uint32_t port_number(const Node* node);

// The pairs of a map of labels.
model::istio::LabelPairs label_pairs(const Node* labels);

// Name, namespace, age, revision; nothing, and an Error, where the name is missing.
std::optional<model::istio::ObjectMeta> read_object_meta(ManifestFields& fields, const ManifestContext& context);

// selector (its pairs stand in `matchLabels`), targetRef, targetRefs of a spec.
model::istio::Attachment read_attachment(const Node* spec);

// RFC 3339, as metadata.creationTimestamp; nothing if it is none.
std::optional<model::istio::Timestamp> parse_timestamp(std::string_view text);

}  // namespace harness

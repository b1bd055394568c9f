// Typed access to the fields of a manifest: a field of the wrong type is told once, with its place, and refuses the
// document as Kubernetes would (encoding/json: "cannot unmarshal number into Go struct field").
#pragma once

#include <string>
#include <string_view>

#include "harness/diagnostics.h"
#include "harness/document.h"

namespace harness {

// A diagnostic at a node's value, with the line at fault as its excerpt.
Diagnostic fault(const Document& document, const Node& node, Severity severity, std::string problem,
                 std::string hint = {});

class ManifestFields {
 public:
  ManifestFields(const Document& document, Diagnostics& diagnostics)
      : document_(document), diagnostics_(diagnostics) {}

  // The field `key` of `parent`, or nullptr if it is absent, null, or (an Error) of another kind. `path` is
  // how messages name the field: "spec.template". A null `parent` has no fields.
  const Node* object(const Node* parent, std::string_view key, std::string_view path) {
    return field(parent, key, path, NodeKind::Object);
  }
  const Node* list(const Node* parent, std::string_view key, std::string_view path) {
    return field(parent, key, path, NodeKind::Array);
  }
  // "" where there is none.
  std::string_view text(const Node* parent, std::string_view key, std::string_view path);
  // false where there is none.
  bool flag(const Node* parent, std::string_view key, std::string_view path);

  // Checks a node that is at hand already (a member of a list or of a map): false, and told, if it is of another kind.
  bool check(const Node& node, std::string_view path, NodeKind wanted);

  void refuse(const Node& node, std::string problem, std::string hint = {});

  // Whether anything was told: the document is not to be taken.
  bool refused() const { return refused_; }
  const Document& document() const { return document_; }

 private:
  const Node* field(const Node* parent, std::string_view key, std::string_view path, NodeKind wanted);

  const Document& document_;
  Diagnostics& diagnostics_;
  bool refused_ = false;
};

}  // namespace harness

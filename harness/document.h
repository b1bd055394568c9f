// One document of a manifest file, YAML or JSON alike: a tree of nodes with their places, valid until the
// reader goes on to the next document. It holds what sigs.k8s.io/yaml would make of the text, in one
// arena, so that a file of a hundred thousand objects never stands in memory as a tree.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/diagnostics.h"
#include "harness/source_file.h"

namespace harness {

enum class NodeKind : std::uint8_t { Null, Bool, Number, String, Array, Object };

// "null", "a boolean", "a number", "a string", "a list", "an object".
std::string_view to_string(NodeKind kind);

struct Node {
  NodeKind kind = NodeKind::Null;
  bool boolean = false;
  std::uint64_t mark = 0;      // see Document::place
  std::uint64_t key_mark = 0;  // of the key, in an object
  std::string_view key;        // in an object
  std::string_view text;       // String: the value. Number: its JSON text, as Go would print it
  const Node* first = nullptr; // Array, Object: the members, in the order of the text
  const Node* next = nullptr;

  // The member of that key, or nullptr; also nullptr where this is no object.
  const Node* find(std::string_view key) const;
};

// For range-for over members: `for (const Node& member : members(node))`. Null-safe.
class Members {
 public:
  explicit Members(const Node* node) : first_(node ? node->first : nullptr) {}
  struct Iterator {
    const Node* at;
    const Node& operator*() const { return *at; }
    Iterator& operator++() {
      at = at->next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at != other.at; }
  };
  Iterator begin() const { return {first_}; }
  Iterator end() const { return {nullptr}; }

 private:
  const Node* first_;
};

inline Members members(const Node* node) { return Members(node); }

// A document in hand, while its reader is at it.
struct Document {
  const SourceFile* file = nullptr;
  const Node* root = nullptr;

  LineColumn place(const Node& node) const;      // of the value
  LineColumn key_place(const Node& node) const;  // of the key, else of the value
};

// What comes of two equal keys: the last one counts, in silence or with a warning (as kubectl's --validate=warn gives),
// or the document is refused (as YAMLToJSONStrict does).
enum class DuplicateKeys : std::uint8_t { LastCounts, Told, Refused };

struct DocumentOptions {
  DuplicateKeys duplicate_keys = DuplicateKeys::LastCounts;
};

// Reads every document of a file, YAML or JSON (told apart by the first byte that is no blank, as
// kubectl does: '{' is JSON), and hands each to `take`, in order. The items of a document of kind
// List (any kind that ends in "List" and has a list `items`) are handed over one by one, in its place. An
// empty document is passed over. A document that cannot be read becomes a diagnostic with its place, and
// the next one is read where the text allows it (YAML: at the next "---" line).
void read_documents(const SourceFile& file, const DocumentOptions& options,
                    const std::function<void(const Document&)>& take, Diagnostics& diagnostics);

// The value as canonical compact JSON, as Istio hands a pluginConfig to a plugin: keys sorted bytewise, numbers
// as doubles in Go's shortest form, strings HTML-escaped as encoding/json does. A number that is no finite
// double is an error: nothing, and the node at fault in `*at_fault`.
std::optional<std::string> canonical_json(const Node& node, const Node** at_fault = nullptr);

// The value as sigs.k8s.io/yaml's YAMLToJSON prints it: like canonical_json, but each number in its own text, so that an
// integer beyond 2^53 keeps its digits.
std::string json_text(const Node& node);

}  // namespace harness

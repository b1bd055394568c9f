// How golden files are read and written, whatever they promise: one YAML document of lists, texts and objects of texts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/diagnostics.h"
#include "harness/document.h"
#include "harness/source_file.h"

namespace harness {

using Pairs = std::vector<std::pair<std::string, std::string>>;  // in the order of the file

// "namespace/name" by namespace, then name: shop/b before shop-2/a, although '-' sorts before '/'.
struct ByNamespaceThenName {
  bool operator()(std::string_view a, std::string_view b) const;
};

// A plain YAML scalar where that is safe, else single quotes.
std::string yaml_scalar(std::string_view text);

// Values of golden files as JSON, for the settings of a difference.
std::string json_of(std::string_view text);
std::string json_of(const std::vector<std::string>& list);
std::string json_of(const std::vector<std::vector<std::string>>& lists);
std::string json_of(const Pairs& pairs);

// A name as a part of a JSON pointer.
std::string pointer_part(std::string_view name);

// The values of one golden file, as they are read. What is of another kind than it must be becomes an Error with its place.
class GoldenNodes {
 public:
  GoldenNodes(const Document& document, Diagnostics& diagnostics) : document_(document), diagnostics_(diagnostics) {}

  const Node& root() const { return *document_.root; }
  bool sound() const { return sound_; }

  // Whether the node is of that kind; else it is refused.
  bool is(const Node& node, NodeKind kind, std::string_view what);
  std::string text(const Node& node);
  std::vector<std::string> names(const Node& list);
  Pairs pairs(const Node& object);
  void refuse(const Node& node, std::string problem, std::string hint);

 private:
  const Document& document_;
  Diagnostics& diagnostics_;
  bool sound_ = true;
};

// Hands the one document of a golden file to `take`; an Error where there is none, or several. Whether nothing was wrong.
bool read_golden_document(const SourceFile& file, const std::function<void(const Document&)>& take,
                          Diagnostics& diagnostics);

// "file:line:column: problem" of the first Error or Io, as the reason of a result; "" where there is none.
std::string first_error(const Diagnostics& diagnostics);

}  // namespace harness

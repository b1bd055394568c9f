// Reads one YAML document through libyaml into a tree of nodes, as sigs.k8s.io/yaml v1.6.0 (YAMLToJSON, on
// go.yaml.in/yaml v2.4.3) turns it into JSON: its scalars, keys, merges, tags, anchors and errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/arena.h"
#include "harness/diagnostics.h"
#include "harness/document.h"

namespace harness {

// What is wrong at a byte of a text.
struct TextProblem {
  std::size_t offset = 0;
  std::string problem;
  std::string hint;
};

// The warning of DuplicateKeys::Told, at the later key.
TextProblem told_twice(std::string_view key, std::size_t offset);

struct YamlText {
  std::string_view bytes;
  std::size_t offset = 0;      // of the first byte in its file; the marks of the nodes count from the file's
  bool end_last_line = false;  // read it as if its last line had an end
};

struct YamlResult {
  const Node* root = nullptr;  // nullptr where `problems` is not empty; an empty document is a Null
  std::vector<TextProblem> problems;
  std::vector<TextProblem> warnings;
  bool is_all = true;  // nothing stands behind the document; otherwise a warning tells it
};

// What stays the same from one document to the next: its memory.
class YamlReader {
 public:
  YamlReader();
  ~YamlReader();

  // Reads the first document of the text; a document behind it is a warning. The nodes live until the next call.
  YamlResult read(const YamlText& text, DuplicateKeys duplicate_keys);

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

// Lists and objects within each other; more is an error. Go's limits are the same (scannerc.go, encoding/json).
inline constexpr std::size_t kMaxDepth = 10000;

}  // namespace harness

// Reads a stream of JSON values into trees of nodes. A List is not read as one tree: its items are handed out one
// after the other, in memory that each uses again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/document.h"
#include "harness/yaml_document.h"

namespace harness {

struct JsonText {
  std::string_view bytes;
  std::size_t offset = 0;  // of the first byte in its file; the marks of the nodes count from the file's
};

enum class JsonOutcome : std::uint8_t {
  End,      // every value is read
  NotJson,  // see `problem`; the text may still be YAML
  Refused,  // see `problem`; it is no YAML that means the same
};

struct JsonResult {
  JsonOutcome outcome = JsonOutcome::End;
  TextProblem problem;
  std::size_t values = 0;      // read in full
  std::size_t resume = 0;      // NotJson: where the value at fault begins, an offset in the text
  std::size_t handed_out = 0;  // NotJson: items of the List at fault that were handed out already
};

class JsonReader {
 public:
  JsonReader();
  ~JsonReader();

  // Hands each value to `take`, a List's items one by one. A duplicate key is appended to `problems`, unless the last
  // counts in silence; if it is refused, its value (of a List: the item) is not handed out.
  JsonResult read(const JsonText& text, DuplicateKeys duplicate_keys,
                  const std::function<void(const Node&)>& take, std::vector<TextProblem>& problems);

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

// Whether a key and its value say that an object is a List.
inline bool names_a_list(std::string_view kind) { return kind.ends_with("List"); }

}  // namespace harness

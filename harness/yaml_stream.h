// Cuts a file of YAML at its "---" lines, as k8s.io/apimachinery v0.35.0 does (util/yaml/decoder.go, YAMLReader), and
// therefore kubectl and Istio: by the line alone, before any YAML is parsed.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace harness {

// What stands between two "---" lines.
struct YamlPiece {
  std::size_t begin = 0;
  std::size_t end = 0;
  // A line that begins with "---" and goes on with neither a blank nor a comment alone: where it goes on.
  std::optional<std::size_t> bad_separator;
  bool is_last = false;
};

// The piece that begins at `from`, a line's begin. A "---" line ends it, unless it is the piece's first line, which
// belongs to it.
YamlPiece next_piece(std::string_view text, std::size_t from);

}  // namespace harness

// What a YAML scalar means to Kubernetes: YAML 1.1 as go.yaml.in/yaml v2.4.3 reads it (resolve.go, decode.go),
// on which sigs.k8s.io/yaml v1.6.0 stands. So `yes` is true, 017 is 15, 1_000 is 1000 and 12:30 is a text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace harness {

enum class ScalarType : std::uint8_t { Null, Bool, Int, Uint, Float, String, Invalid };

struct ScalarValue {
  ScalarType type = ScalarType::Null;
  bool boolean = false;
  std::int64_t integer = 0;          // Int
  std::uint64_t large = 0;           // Uint: only above the range of int64
  double number = 0;                 // Float: may be infinite or NaN, which JSON cannot hold
  std::string decoded;               // String: of !!binary, what its base64 holds
  bool is_decoded = false;           // String: `decoded` is the value, not the text itself
  std::string problem;               // Invalid: Go's message
};

// `tag` is in its long form ("tag:yaml.org,2002:int"), "" where there is none; `implicit`: the text is plain, so that
// its form decides where no tag does.
ScalarValue read_scalar(std::string_view tag, std::string_view text, bool implicit);

// The form in which Go's messages name a tag: "!!int".
std::string short_tag(std::string_view tag);

}  // namespace harness

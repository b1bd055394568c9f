// Reads what a proxy runs from a dump, in any shape that Envoy, istioctl and istiod print, told apart by what
// stands in it and not by its name (reference: istio-behaviour.md section 4; live.md sections 6 to 8):
//   Envoy /config_dump, istioctl proxy-config all      {"configs":[...]}, snake_case
//   istiod /debug/config_dump                          {"configs":[...]}, camelCase; bare resources with types=
//   istioctl proxy-config listener                     [Listener, ...]
//   istioctl proxy-config ecds, istiod /debug/ecdsz    extension configurations alone
// simdjson On-Demand, one pass; sections that say nothing about filters are skipped unread.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "harness/source_file.h"
#include "model/observed_chain.h"

namespace harness {

enum class DumpProblem {
  NoDump,     // JSON, or not, but nothing that looks like a dump: passed over in a directory
  PlainText,  // Envoy's line of text in place of JSON, or istiod's "proto: not found"
  Broken,     // begins as a dump, but is truncated or has a wrong type where it matters
};

struct DumpFailure {
  DumpProblem problem;
  std::string reason;  // a sentence for a person: what was found, and what to do
  LineColumn place;
};

std::variant<model::ObservedProxy, DumpFailure> read_config_dump(const SourceFile& file);

}  // namespace harness

// What holds for any bytes that are read as a dump. The fuzzer and the test of its corpus share it.
#pragma once

#include <string>
#include <variant>

#include "harness/config_dump.h"
#include "harness/recorded_dumps.h"

namespace tests {

// The property that a text breaks; "" if none.
inline std::string broken_dump_property(const std::string& text) {
  using namespace harness;
  const SourceFile file("input", text);
  const auto read = read_config_dump(file);
  if (const auto* failure = std::get_if<DumpFailure>(&read)) {
    if (failure->reason.empty()) return "a failure tells no reason";
    if (failure->problem != DumpProblem::NoDump && failure->place.line == 0) return "a failure tells no place";
    return {};
  }
  const auto& proxy = std::get<model::ObservedProxy>(read);
  for (const model::ObservedChain& chain : proxy.chains) {
    if (!chain.pointer.starts_with('/')) return "a chain has no pointer";
    for (const model::ObservedFilter& filter : chain.filters) {
      const bool plugin =
          filter.kind == model::FilterKind::Plugin || filter.kind == model::FilterKind::Fallback;
      if (plugin != filter.plugin.has_value()) return "a filter's kind and plugin disagree";
    }
  }
  // What was read outlives the compact form, but for labels that are given twice.
  Diagnostics diagnostics;
  const RecordedCase one{"one", {{"istio", "", without_pointers(proxy)}}};
  auto again = read_recorded_case({"again", to_json(one)}, diagnostics);
  if (!again) return "the compact form does not read: " + diagnostics.front().problem;
  again->dumps.at(0).proxy.node.labels = proxy.node.labels;
  if (*again != one) return "the compact form says something else";
  return {};
}

}  // namespace tests

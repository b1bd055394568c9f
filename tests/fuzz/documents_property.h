// What holds for any bytes that are read as documents. The fuzzer and the test of its corpus share it.
#pragma once

#include <string>
#include <vector>

#include "harness/document.h"
#include "harness/utf8.h"

namespace tests {

// The property that a text breaks; "" if none.
inline std::string broken_property(const std::string& text) {
  using namespace harness;
  const SourceFile file("input", text);
  std::string broken;
  for (const auto keys : {DuplicateKeys::LastCounts, DuplicateKeys::Told, DuplicateKeys::Refused}) {
    Diagnostics diagnostics;
    std::vector<std::string> documents;
    read_documents(
        file, {keys},
        [&](const Document& document) {
          const auto place = document.place(*document.root);
          if (place.line == 0 || place.column == 0) broken = "a document has no place";
          const std::string json = json_text(*document.root);
          if (first_invalid_utf8(json) != json.size()) broken = "a document is no UTF-8";
          if (!canonical_json(*document.root)) broken = "a number is no finite double";
          documents.push_back(json);
        },
        diagnostics);
    for (const Diagnostic& one : diagnostics) {
      if (one.where.line == 0 || one.problem.empty()) broken = "a diagnostic tells no place or problem";
      if (first_invalid_utf8(to_text(one)) != to_text(one).size()) broken = "a message is no UTF-8";
    }
    // What was read is read in the same way from its JSON.
    for (const std::string& json : documents) {
      const SourceFile again("again", json);
      Diagnostics none;
      std::vector<std::string> same;
      read_documents(
          again, {}, [&](const Document& one) { same.push_back(json_text(*one.root)); }, none);
      const bool is_list = json.find("\"kind\":\"") != std::string::npos;
      const bool is_object = json.starts_with('{');
      if (is_object && !is_list && same != std::vector{json}) broken = "JSON is not read as it was printed";
    }
  }
  return broken;
}

}  // namespace tests

#include "harness/plugin_configuration.h"

#include <string>

#include <nlohmann/json.hpp>

#include "harness/document.h"

namespace harness {

std::optional<std::string> canonical_configuration(std::string_view text) {
  // One value and no more, so that it cannot break out of the object below.
  if (!nlohmann::json::accept(text)) return std::nullopt;
  // Wrapped, as a configuration may look like a Kubernetes List, whose items would be read one by one.
  constexpr std::string_view kKey = "configuration";
  const SourceFile file("", "{\"" + std::string(kKey) + "\":" + std::string(text) + "}");
  std::optional<std::string> canonical;
  Diagnostics ignored;  // what is no JSON to this reader is told by the answer
  read_documents(file, {}, [&](const Document& document) {
    if (const Node* value = document.root->find(kKey)) canonical = canonical_json(*value);
  }, ignored);
  return canonical;
}

}  // namespace harness

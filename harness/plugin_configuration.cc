#include "harness/plugin_configuration.h"

#include <nlohmann/json.hpp>

namespace harness {

std::optional<std::string> canonical_configuration(std::string_view text) {
  if (!nlohmann::json::accept(text)) return std::nullopt;
  return std::string(text);
}

}  // namespace harness

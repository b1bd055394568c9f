// The configuration text of a plugin, as it stands in a dump: JSON within a string.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace harness {

// The text in canonical form (see canonical_json in document.h), or nothing where it is no JSON.
std::optional<std::string> canonical_configuration(std::string_view text);

}  // namespace harness

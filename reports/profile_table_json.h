// `plumbline profiles -o json`: schemas/profiles.schema.json.
#pragma once

#include <string>
#include <vector>

#include "model/istio/regimes.h"

namespace reports {

// Every profile with what changed from the one before, the documented one first.
void append_profile_table_json(std::string& out);

// All rules of one version.
void append_profile_json(std::string& out, std::string_view name, const model::istio::Regime& regime);

// What changed between two.
void append_profile_change_json(std::string& out, std::string_view from, const model::istio::Regime& before,
                                std::string_view to, const model::istio::Regime& after);

}  // namespace reports

// `plumbline profiles`, for a person.
#pragma once

#include <cstdint>
#include <string>

#include "reports/paint.h"
#include "reports/profile_table.h"

namespace reports {

enum class Detail : std::uint8_t { Brief, Full };  // --verbose: with the rule before, and sources

// Every profile, with what changed from the one before.
void append_profile_table_text(std::string& out, const Paint& paint, Detail detail);

// All rules of one version; `note` says which row answers for it, where its name does not ("" else).
void append_profile_text(std::string& out, std::string_view name, std::string_view note,
                         const model::istio::Regime& regime, const Paint& paint);

// What changed between two.
void append_profile_change_text(std::string& out, std::string_view from, const model::istio::Regime& before,
                                std::string_view to, const model::istio::Regime& after, const Paint& paint,
                                Detail detail);

}  // namespace reports

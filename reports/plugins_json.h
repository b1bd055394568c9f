// `plumbline plugins -o json`: schemas/plugins.schema.json. Written without a tree; one plugin a line.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "model/expectation.h"

namespace reports {

// As append_plugins_text. Plugins whose url or checksum is refused stand under `refused` only.
void append_plugins_json(std::string& out, const model::Expectation& expectation,
                         std::span<const model::PluginIndex> plugins,
                         std::span<const std::size_t> reach);

}  // namespace reports

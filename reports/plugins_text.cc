#include "reports/plugins_text.h"

namespace reports {

void append_plugins_text(std::string&, const model::Expectation&, std::span<const model::PluginIndex>, std::span<const std::size_t>, const Paint&) {}

}  // namespace reports

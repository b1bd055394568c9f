// A refused plugin as JSON; `expect` and `plugins` tell it alike.
#pragma once

#include <string>

#include "model/expectation.h"

namespace reports {

// Appends "refused":[...] of every refusal, by place.
void append_refused_json(std::string& out, const model::Expectation& expectation);

}  // namespace reports

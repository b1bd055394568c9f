#include "harness/json_tokens.h"

#include <simdjson.h>

namespace harness {

JsonTokens::JsonTokens() = default;
JsonTokens::~JsonTokens() = default;

bool JsonTokens::find(std::string_view text) {
  count_ = 0;
  size_ = text.size();
  too_large_ = false;
  simdjson::error_code error = simdjson::SUCCESS;
  if (!stage_ || stage_->capacity() < text.size()) {
    error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        text.size(), simdjson::DEFAULT_MAX_DEPTH, stage_);
  }
  if (error == simdjson::SUCCESS) {
    error = stage_->stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                           simdjson::stage1_mode::regular);
  }
  too_large_ = error == simdjson::MEMALLOC || error == simdjson::CAPACITY;
  if (error != simdjson::SUCCESS) return false;
  offsets_ = stage_->structural_indexes.get();
  count_ = stage_->n_structural_indexes;
  return true;
}

}  // namespace harness

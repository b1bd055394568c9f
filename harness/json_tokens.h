// The tokens of a JSON text: where each bracket, colon, comma, string, number and word begins. They are found
// by the first stage of simdjson, which also proves that the text is UTF-8 and that its strings are closed.
//
// We walk over the tokens ourselves (json_document.h), instead of through simdjson's On-Demand API, because that
// needs a stack as deep as the text is nested, and a stream of one document a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace harness {

class JsonTokens {
 public:
  JsonTokens();
  ~JsonTokens();

  // Finds the tokens of a text; false where it is no UTF-8, a string holds a control byte or is not closed,
  // or memory is short. `too_large()` tells the last from the others.
  bool find(std::string_view text);
  bool too_large() const { return too_large_; }

  std::size_t count() const { return count_; }
  // The byte at which a token begins; the text's size behind the last.
  std::size_t offset(std::size_t token) const {
    return token < count_ ? offsets_[token] : size_;
  }

 private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
  const std::uint32_t* offsets_ = nullptr;
  std::size_t count_ = 0;
  std::size_t size_ = 0;
  bool too_large_ = false;
};

}  // namespace harness

// Any bytes are read as documents, with and without duplicate keys; see documents_property.h for what must hold.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/documents_property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (!tests::broken_property(text).empty()) __builtin_trap();
  return 0;
}

// Any bytes are read as a dump; see config_dump_property.h for what must hold. Start from the dumps of the unit tests:
//   config_dump_fuzz FOUND tests/fuzz/corpus/config_dump tests/harness/dumps
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/config_dump_property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (!tests::broken_dump_property(text).empty()) __builtin_trap();
  return 0;
}

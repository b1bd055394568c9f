// From a hash to a dense number: the index of a table that holds its values itself, in the order of their numbers.
// One flat array without allocations of its own, since the labels and names of a large mesh are looked up
// by the hundred thousand.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace model {

// Eight bytes at a time; good enough for tables of our own making, and no defence against chosen collisions.
inline std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15;
  std::uint64_t hash = text.size() * kFactor;
  const auto mix = [&](std::uint64_t word) {
    hash = (std::rotl(hash, 23) ^ word) * kFactor;
    hash ^= hash >> 32;
  };
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    mix(word);
  }
  std::uint64_t word = 0;
  if (left > 0) std::memcpy(&word, at, left);
  mix(word);
  return static_cast<std::uint32_t>(hash ^ hash >> 29);
}

class HashIndex {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // The number of that hash for which `is_it(number)` holds, or kNone.
  template <class IsIt>
  std::uint32_t find(std::uint32_t hash, IsIt is_it) const {
    if (slots_.empty()) return kNone;
    for (std::size_t at = hash & mask(); slots_[at].number != kNone; at = (at + 1) & mask())
      if (slots_[at].hash == hash && is_it(slots_[at].number)) return slots_[at].number;
    return kNone;
  }

  // `number` must not be in it yet.
  void add(std::uint32_t hash, std::uint32_t number) {
    if (++used_ * 2 > slots_.size()) grow();
    put({hash, number});
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = kNone;
  };

  std::size_t mask() const { return slots_.size() - 1; }

  void put(Slot slot) {
    std::size_t at = slot.hash & mask();
    while (slots_[at].number != kNone) at = (at + 1) & mask();
    slots_[at] = slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.number != kNone) put(slot);
  }

  std::vector<Slot> slots_;  // a power of two, at most half of them used
  std::size_t used_ = 0;
};

}  // namespace model

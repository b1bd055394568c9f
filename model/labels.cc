#include "model/labels.h"

#include <algorithm>
#include <cstring>

namespace model {
namespace {

template <class Value>
std::uint32_t hash_of_bytes(const Value* values, std::size_t count) {
  return hash_of({reinterpret_cast<const char*>(values), count * sizeof(Value)});
}

}  // namespace

std::string_view Symbols::keep(std::string_view text) {
  constexpr std::size_t kBlock = 1 << 16;
  if (text.empty()) return {};
  if (text.size() > room_) {
    room_ = std::max(kBlock, text.size());
    free_ = blocks_.emplace_back(new char[room_]).get();
  }
  char* const kept = free_;
  std::memcpy(kept, text.data(), text.size());
  free_ += text.size();
  room_ -= text.size();
  return {kept, text.size()};
}

std::uint32_t Symbols::intern(std::string_view text) {
  const std::uint32_t hash = hash_of(text);
  const std::uint32_t known = ids_.find(hash, [&](std::uint32_t id) { return texts_[id] == text; });
  if (known != HashIndex::kNone) return known;
  const auto id = static_cast<std::uint32_t>(texts_.size());
  texts_.push_back(keep(text));
  ids_.add(hash, id);
  return id;
}

std::optional<std::uint32_t> Symbols::find(std::string_view text) const {
  const std::uint32_t known =
      ids_.find(hash_of(text), [&](std::uint32_t id) { return texts_[id] == text; });
  return known == HashIndex::kNone ? std::nullopt : std::optional(known);
}

std::uint32_t LabelTable::hash(Pair pair) { return hash_of_bytes(&pair, 1); }

LabelTable::LabelTable() { intern_set({}); }

LabelId LabelTable::intern(std::string_view key, std::string_view value) {
  const Pair pair{keys_.intern(key), values_.intern(value)};
  const std::uint32_t pair_hash = hash(pair);
  const std::uint32_t known =
      pair_ids_.find(pair_hash, [&](std::uint32_t id) { return pairs_[id] == pair; });
  if (known != HashIndex::kNone) return known;
  const auto id = static_cast<LabelId>(pairs_.size());
  pairs_.push_back(pair);
  pair_ids_.add(pair_hash, id);
  return id;
}

LabelSetId LabelTable::intern_set(std::span<const LabelId> labels) {
  scratch_.assign(labels.begin(), labels.end());
  std::ranges::sort(scratch_);
  scratch_.erase(std::ranges::unique(scratch_).begin(), scratch_.end());
  const std::uint32_t set_hash = hash_of_bytes(scratch_.data(), scratch_.size());
  const std::uint32_t known = set_ids_.find(
      set_hash, [&](std::uint32_t id) { return std::ranges::equal(set(id), scratch_); });
  if (known != HashIndex::kNone) return known;
  const auto id = static_cast<LabelSetId>(sets_.size());
  sets_.push_back({static_cast<std::uint32_t>(members_.size()),
                   static_cast<std::uint32_t>(scratch_.size())});
  members_.insert(members_.end(), scratch_.begin(), scratch_.end());
  set_ids_.add(set_hash, id);
  return id;
}

std::optional<LabelId> LabelTable::find(std::string_view key, std::string_view value) const {
  const auto k = keys_.find(key);
  const auto v = values_.find(value);
  if (!k || !v) return std::nullopt;
  const Pair pair{*k, *v};
  const std::uint32_t known =
      pair_ids_.find(hash(pair), [&](std::uint32_t id) { return pairs_[id] == pair; });
  return known == HashIndex::kNone ? std::nullopt : std::optional(known);
}

std::optional<std::string_view> LabelTable::value_of(LabelSetId id, std::string_view key) const {
  for (const LabelId member : set(id))
    if (const Label pair = label(member); pair.key == key) return pair.value;
  return std::nullopt;
}

}  // namespace model

#include "model/labels.h"

#include <algorithm>

namespace model {
namespace {

std::uint64_t hash(std::span<const LabelId> labels) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const LabelId label : labels) {
    h ^= label;
    h *= 0x9e3779b97f4a7c15;
    h ^= h >> 29;
  }
  return h;
}

}  // namespace

std::uint32_t Symbols::intern(std::string_view text) {
  if (const auto known = ids_.find(text); known != ids_.end()) return known->second;
  const auto id = static_cast<std::uint32_t>(texts_.size());
  ids_.emplace(texts_.emplace_back(text), id);
  return id;
}

std::optional<std::uint32_t> Symbols::find(std::string_view text) const {
  const auto known = ids_.find(text);
  return known == ids_.end() ? std::nullopt : std::optional(known->second);
}

LabelTable::LabelTable() { intern_set({}); }

LabelId LabelTable::intern(std::string_view key, std::string_view value) {
  const Pair pair{keys_.intern(key), values_.intern(value)};
  const auto [entry, fresh] = pair_ids_.try_emplace(std::uint64_t{pair.key} << 32 | pair.value,
                                                    static_cast<LabelId>(pairs_.size()));
  if (fresh) pairs_.push_back(pair);
  return entry->second;
}

LabelSetId LabelTable::intern_set(std::span<const LabelId> labels) {
  scratch_.assign(labels.begin(), labels.end());
  std::ranges::sort(scratch_);
  scratch_.erase(std::ranges::unique(scratch_).begin(), scratch_.end());
  const std::uint64_t key = hash(scratch_);
  for (auto [at, end] = set_ids_.equal_range(key); at != end; ++at)
    if (std::ranges::equal(set(at->second), scratch_)) return at->second;
  const auto id = static_cast<LabelSetId>(sets_.size());
  sets_.push_back({static_cast<std::uint32_t>(members_.size()),
                   static_cast<std::uint32_t>(scratch_.size())});
  members_.insert(members_.end(), scratch_.begin(), scratch_.end());
  set_ids_.emplace(key, id);
  return id;
}

std::optional<LabelId> LabelTable::find(std::string_view key, std::string_view value) const {
  const auto k = keys_.find(key);
  const auto v = values_.find(value);
  if (!k || !v) return std::nullopt;
  const auto known = pair_ids_.find(std::uint64_t{*k} << 32 | *v);
  return known == pair_ids_.end() ? std::nullopt : std::optional(known->second);
}

std::optional<std::string_view> LabelTable::value_of(LabelSetId id, std::string_view key) const {
  for (const LabelId member : set(id))
    if (const Label pair = label(member); pair.key == key) return pair.value;
  return std::nullopt;
}

}  // namespace model

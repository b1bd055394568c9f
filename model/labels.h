// Labels, interned: a pair (key, value) is one number, and a whole set of pairs is one number too,
// since the pods of a mesh share few sets between them. Selection then compares numbers only.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace model {

struct Label {
  std::string_view key;
  std::string_view value;

  bool operator==(const Label&) const = default;
};

using LabelId = std::uint32_t;     // one pair; dense, from 0
using LabelSetId = std::uint32_t;  // one set of pairs; dense, from 0; 0 is the empty set

// Texts to dense numbers and back. References to the texts stay valid.
class Symbols {
 public:
  Symbols() = default;
  Symbols(Symbols&&) = default;  // moved, never copied: ids_ views the texts of this very object
  Symbols& operator=(Symbols&&) = default;

  std::uint32_t intern(std::string_view text);
  std::optional<std::uint32_t> find(std::string_view text) const;
  std::string_view operator[](std::uint32_t id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;
};

class LabelTable {
 public:
  LabelTable();

  // The pair's number, new or known.
  LabelId intern(std::string_view key, std::string_view value);
  // The set's number. Order does not matter; a pair given twice counts once.
  LabelSetId intern_set(std::span<const LabelId> labels);

  Label label(LabelId id) const { return {keys_[pairs_[id].key], values_[pairs_[id].value]}; }
  std::optional<LabelId> find(std::string_view key, std::string_view value) const;
  // The pairs of a set, ascending by number.
  std::span<const LabelId> set(LabelSetId id) const {
    return std::span(members_).subspan(sets_[id].begin, sets_[id].size);
  }
  // The value that a set gives to a key, or nothing.
  std::optional<std::string_view> value_of(LabelSetId id, std::string_view key) const;

  std::size_t labels() const { return pairs_.size(); }
  std::size_t sets() const { return sets_.size(); }

 private:
  struct Pair {
    std::uint32_t key;
    std::uint32_t value;
  };
  struct Set {
    std::uint32_t begin;
    std::uint32_t size;
  };

  Symbols keys_;
  Symbols values_;
  std::vector<Pair> pairs_;
  std::unordered_map<std::uint64_t, LabelId> pair_ids_;  // key << 32 | value
  std::vector<LabelId> members_;
  std::vector<Set> sets_;
  std::unordered_multimap<std::uint64_t, LabelSetId> set_ids_;  // by a hash of the members
  std::vector<LabelId> scratch_;
};

}  // namespace model

// Labels, interned: a pair (key, value) is one number, and a whole set of pairs is one number too,
// since the pods of a mesh share few sets between them. Selection then compares numbers only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/hash_index.h"

namespace model {

struct Label {
  std::string_view key;
  std::string_view value;

  bool operator==(const Label&) const = default;
};

using LabelId = std::uint32_t;     // one pair; dense, from 0
using LabelSetId = std::uint32_t;  // one set of pairs; dense, from 0; 0 is the empty set

// Texts to dense numbers and back. Views of the texts stay valid, also when the table is moved.
class Symbols {
 public:
  std::uint32_t intern(std::string_view text);
  std::optional<std::uint32_t> find(std::string_view text) const;
  std::string_view operator[](std::uint32_t id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::string_view keep(std::string_view text);

  std::vector<std::string_view> texts_;
  HashIndex ids_;
  std::vector<std::unique_ptr<char[]>> blocks_;  // of the texts; the last has `room_` bytes left, at `free_`
  char* free_ = nullptr;
  std::size_t room_ = 0;
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

    bool operator==(const Pair&) const = default;
  };
  struct Set {
    std::uint32_t begin;
    std::uint32_t size;
  };

  static std::uint32_t hash(Pair pair);

  Symbols keys_;
  Symbols values_;
  std::vector<Pair> pairs_;
  HashIndex pair_ids_;
  std::vector<LabelId> members_;
  std::vector<Set> sets_;
  HashIndex set_ids_;
  std::vector<LabelId> scratch_;
};

}  // namespace model

// The members of a list or an object while a reader gathers them, and what becomes of keys that stand twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/document.h"

namespace harness {

// A key that stands twice in one object.
struct DuplicateKey {
  const Node* earlier = nullptr;
  const Node* later = nullptr;
};

// A stack of the members of all lists and objects that are open, shared by a reader's documents.
class OpenMembers {
 public:
  void clear() { nodes_.clear(); }
  std::size_t size() const { return nodes_.size(); }
  void add(Node* member) { nodes_.push_back(member); }

  // The members from `begin` on become those of `list`.
  void close_list(Node* list, std::size_t begin) { link(list, begin); }

  // The same for an object. Of equal keys the last member stays, as in Go's maps; each one that replaces another
  // is appended to `duplicates`.
  void close_object(Node* object, std::size_t begin, std::vector<DuplicateKey>& duplicates) {
    if (may_have_duplicates(begin)) drop_duplicates(begin, duplicates);
    link(object, begin);
  }

 private:
  static constexpr std::size_t kFew = 24;  // up to here comparing every pair is the fastest

  static std::uint64_t fingerprint(std::string_view key) {
    if (key.empty()) return 1;
    const auto first = static_cast<unsigned char>(key.front());
    const auto last = static_cast<unsigned char>(key.back());
    return std::uint64_t{1} << ((key.size() * 7 + first * 5U + last) & 63U);
  }

  bool may_have_duplicates(std::size_t begin) const {
    std::uint64_t seen = 0;
    for (std::size_t i = begin; i < nodes_.size(); ++i) {
      const std::uint64_t bit = fingerprint(nodes_[i]->key);
      if (seen & bit) return true;
      seen |= bit;
    }
    return false;
  }

  void drop_duplicates(std::size_t begin, std::vector<DuplicateKey>& duplicates) {
    if (nodes_.size() - begin <= kFew) {
      for (std::size_t i = begin + 1; i < nodes_.size(); ++i) {
        for (std::size_t j = begin; j < i; ++j) {
          if (nodes_[j] && nodes_[j]->key == nodes_[i]->key) replace(j, i, duplicates);
        }
      }
    } else {
      std::unordered_map<std::string_view, std::size_t> place;
      place.reserve(nodes_.size() - begin);
      for (std::size_t i = begin; i < nodes_.size(); ++i) {
        const auto [found, is_new] = place.try_emplace(nodes_[i]->key, i);
        if (is_new) continue;
        replace(found->second, i, duplicates);
        found->second = i;
      }
    }
    std::erase(nodes_, nullptr);
  }

  void replace(std::size_t earlier, std::size_t later, std::vector<DuplicateKey>& duplicates) {
    duplicates.push_back({nodes_[earlier], nodes_[later]});
    nodes_[earlier] = nullptr;
  }

  void link(Node* container, std::size_t begin) {
    const Node* next = nullptr;
    for (std::size_t i = nodes_.size(); i > begin; --i) {
      nodes_[i - 1]->next = next;
      next = nodes_[i - 1];
    }
    container->first = next;
    nodes_.resize(begin);
  }

  std::vector<Node*> nodes_;
};

}  // namespace harness

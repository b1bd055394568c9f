// Memory of one document: handed out piece by piece, given back all at once, and used again for the next document,
// so that a file of many documents is read in memory that stays in the cache.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace harness {

class Arena {
 public:
  // A value-initialized T. Its destructor is never run, hence the demand.
  template <typename T>
  T* make() {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignof(std::max_align_t));
    return new (take(sizeof(T))) T();
  }

  // The text, copied.
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* const to = take(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  // Room for `size` bytes.
  char* take(std::size_t size) {
    size = (size + kAlign - 1) & ~(kAlign - 1);
    if (size > static_cast<std::size_t>(end_ - at_)) add_block(size);
    char* const taken = at_;
    at_ += size;
    return taken;
  }

  // Everything made so far is gone. The blocks stay, for the next document.
  void reset() {
    if (blocks_.empty()) return;
    block_ = 0;
    enter(0);
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  static constexpr std::size_t kAlign = alignof(std::max_align_t);
  static constexpr std::size_t kFirstBlock = 64 * 1024;
  static constexpr std::size_t kLargestBlock = 8 * 1024 * 1024;

  void enter(std::size_t index) {
    at_ = blocks_[index].bytes.get();
    end_ = at_ + blocks_[index].size;
  }

  void add_block(std::size_t size) {
    while (block_ + 1 < blocks_.size()) {
      enter(++block_);
      if (size <= blocks_[block_].size) return;
    }
    const std::size_t grown =
        blocks_.empty() ? kFirstBlock : std::min(blocks_.back().size * 2, kLargestBlock);
    const std::size_t bytes = std::max(grown, size);
    blocks_.push_back({std::unique_ptr<char[]>(new char[bytes]), bytes});
    block_ = blocks_.size() - 1;
    enter(block_);
  }

  std::vector<Block> blocks_;
  std::size_t block_ = 0;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace harness

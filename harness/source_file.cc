#include "harness/source_file.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace harness {
namespace {

constexpr std::size_t kPadding = 64;  // SIMDJSON_PADDING of simdjson 3

std::uint32_t narrow(std::size_t number) {
  return static_cast<std::uint32_t>(
      std::min<std::size_t>(number, std::numeric_limits<std::uint32_t>::max()));
}

std::vector<std::size_t> find_line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    starts.push_back(end + 1);
  }
  return starts;
}

}  // namespace

SourceFile::SourceFile(std::string name, std::string bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)), size_(bytes_.size()) {
  bytes_.resize(size_ + kPadding, '\0');
}

LineColumn SourceFile::at(std::size_t offset) const {
  if (line_starts_.empty()) line_starts_ = find_line_starts(bytes());
  offset = std::min(offset, size_);
  const auto after = std::ranges::upper_bound(line_starts_, offset);
  const auto line = static_cast<std::size_t>(after - line_starts_.begin());
  return {narrow(line), narrow(offset - line_starts_[line - 1] + 1)};
}

std::string_view SourceFile::line(std::uint32_t number) const {
  if (line_starts_.empty()) line_starts_ = find_line_starts(bytes());
  if (number == 0 || number > line_starts_.size()) return {};
  const std::size_t begin = line_starts_[number - 1];
  // The end is not searched for: a file of one line would be gone through for each message.
  const std::size_t end = number < line_starts_.size() ? line_starts_[number] - 1 : size_;
  std::string_view text = bytes().substr(begin, end - begin);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace harness

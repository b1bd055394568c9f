#include "harness/cli/label_filter.h"

#include <algorithm>

namespace harness::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

// Splits at commas that stand outside of parentheses.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
    parts.push_back(trimmed(text.substr(from, i - from)));
    from = i + 1;
  }
  return parts;
}

}  // namespace

std::optional<LabelFilter> LabelFilter::parse(std::string_view text, std::string& problem) {
  LabelFilter filter;
  if (trimmed(text).empty()) return filter;
  for (const std::string_view part : split(text)) {
    Requirement requirement;
    std::string_view key = part;
    if (const auto set = part.find('('); set != std::string_view::npos && part.ends_with(')')) {
      std::string_view head = trimmed(part.substr(0, set));
      requirement.wanted = !head.ends_with(" notin");
      if (!head.ends_with(" in") && requirement.wanted) head = {};
      key = head.empty() ? head : trimmed(head.substr(0, head.rfind(' ')));
      for (const std::string_view value : split(part.substr(set + 1, part.size() - set - 2)))
        requirement.values.emplace_back(value);
    } else if (const auto equal = part.find('='); equal != std::string_view::npos) {
      const bool negated = equal > 0 && part[equal - 1] == '!';
      const bool doubled = equal + 1 < part.size() && part[equal + 1] == '=';
      requirement.wanted = !negated;
      key = trimmed(part.substr(0, equal - negated));
      requirement.values.emplace_back(trimmed(part.substr(equal + 1 + doubled)));
    } else if (part.starts_with('!')) {
      requirement.wanted = false;
      key = trimmed(part.substr(1));
    }
    if (part.empty()) {
      problem = "the label selector '" + std::string(text) + "' has an empty part: take one comma away";
      return std::nullopt;
    }
    if (key.empty() || key.find_first_of(" ()!=") != std::string_view::npos) {
      problem = "'" + std::string(part) + "' is no label selector; write key=value, key!=value, key, "
                "!key, key in (a,b) or key notin (a,b)";
      return std::nullopt;
    }
    requirement.key = key;
    filter.requirements_.push_back(std::move(requirement));
  }
  return filter;
}

bool LabelFilter::lets_through(const model::LabelTable& labels, model::LabelSetId set) const {
  return std::ranges::all_of(requirements_, [&](const Requirement& requirement) {
    const auto value = labels.value_of(set, requirement.key);
    const bool met = value && (requirement.values.empty() ||
                               std::ranges::find(requirement.values, *value) !=
                                   requirement.values.end());
    return met == requirement.wanted;
  });
}

}  // namespace harness::cli

#include "harness/json_document.h"

#include <cstring>
#include <set>
#include <string>
#include <utility>

#include "harness/arena.h"
#include "harness/go_number.h"
#include "harness/json_tokens.h"
#include "harness/object_members.h"
#include "harness/utf8.h"

namespace harness {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool ends_scalar(char c) {
  return is_blank(c) || c == ',' || c == ']' || c == '}' || c == ':' || c == '"' || c == '[' ||
         c == '{';
}

// memchr, without a call: keys and most values are a few bytes long.
bool has_backslash(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  while (text.size() >= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data(), 8);
    eight ^= kOnes * '\\';
    if ((eight - kOnes) & ~eight & kHighs) return true;
    text.remove_prefix(8);
  }
  for (const char c : text) {
    if (c == '\\') return true;
  }
  return false;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Failure {
  JsonOutcome outcome = JsonOutcome::NotJson;
  TextProblem what;
};

// Where a JSON number ends, and whether it is an integer; nothing where there is none.
struct NumberForm {
  std::size_t size = 0;
  bool is_integer = true;
};

std::optional<NumberForm> number_form(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const auto begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - begin;
  };
  const bool leading_zero = at < text.size() && text[at] == '0';
  const auto whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return std::nullopt;
  NumberForm form;
  if (at < text.size() && text[at] == '.') {
    ++at;
    form.is_integer = false;
    if (digits() == 0) return std::nullopt;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    form.is_integer = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return std::nullopt;
  }
  if (at < text.size() && !ends_scalar(text[at])) return std::nullopt;
  form.size = at;
  return form;
}

std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    std::uint32_t digit = 0;
    if (is_digit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      digit = static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
    value = value << 4 | digit;
  }
  return value;
}

// What is between the quotes, without escapes; nothing where an escape is wrong. Half a surrogate pair becomes a
// replacement character, as in encoding/json.
std::optional<std::string> unescape(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      text += raw[i];
      continue;
    }
    if (++i == raw.size()) return std::nullopt;
    switch (raw[i]) {
      case '"':
      case '\\':
      case '/': text += raw[i]; break;
      case 'b': text += '\b'; break;
      case 'f': text += '\f'; break;
      case 'n': text += '\n'; break;
      case 'r': text += '\r'; break;
      case 't': text += '\t'; break;
      case 'u': {
        auto character = hex4(raw.substr(i + 1));
        if (!character) return std::nullopt;
        i += 4;
        const bool is_high = *character >= 0xD800 && *character < 0xDC00;
        if (is_high && raw.substr(i + 1).starts_with("\\u")) {
          const auto low = hex4(raw.substr(i + 3));
          if (low && *low >= 0xDC00 && *low < 0xE000) {
            character = 0x10000 + ((*character - 0xD800) << 10) + (*low - 0xDC00);
            i += 6;
          }
        }
        append_utf8(text, *character);
        break;
      }
      default: return std::nullopt;
    }
  }
  return text;
}

// Why simdjson's first stage refused a text, and where.
struct TextFailure {
  Failure failure;
  std::size_t good = 0;  // so much of the text is not at fault, and no string is open at its end
};

TextFailure text_failure(std::string_view text) {
  constexpr auto kNone = std::string_view::npos;
  const std::size_t invalid = first_invalid_utf8(text);
  std::size_t quote = kNone;  // of the string that is open
  for (std::size_t i = 0; i < invalid; ++i) {
    if (text[i] == '"') {
      quote = quote == kNone ? i : kNone;
    } else if (quote == kNone) {
      continue;
    } else if (text[i] == '\\') {
      ++i;
    } else if (static_cast<unsigned char>(text[i]) < 0x20) {
      return {{JsonOutcome::NotJson,
               {i, "a control character stands in a string",
                "close the quote before it, or write it as an escape such as \\n"}},
              quote};
    }
  }
  if (invalid < text.size()) {
    return {{JsonOutcome::Refused, {invalid, "the text is not UTF-8", "save the file as UTF-8"}},
            quote == kNone ? invalid : quote};
  }
  const std::size_t end = quote == kNone ? text.size() : quote;
  return {{JsonOutcome::NotJson, {end, "a string is not closed", "close the quote"}}, end};
}

// Behind the last byte that is no blank.
std::size_t last_of(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? 0 : last + 1;
}

}  // namespace

struct JsonReader::Memory {
  JsonTokens tokens;
  Arena arena;
  OpenMembers members;
};

namespace {

// One reading of a text: a walk over its tokens.
class JsonWalk {
 public:
  using Take = std::function<void(const Node&)>;

  JsonWalk(JsonText text, DuplicateKeys duplicate_keys, const JsonTokens& tokens,
           Arena& arena, OpenMembers& members, const Take& take,
           std::vector<TextProblem>& problems)
      : text_(text.bytes), base_(text.offset), duplicate_keys_(duplicate_keys), tokens_(tokens),
        arena_(arena), members_(members), take_(take), problems_(problems) {}

  JsonResult all() {
    JsonResult result;
    while (token_ < tokens_.count()) {
      const std::size_t begin = token_;
      handed_out_ = 0;
      try {
        one();
      } catch (const Failure& failure) {
        result.outcome = failure.outcome;
        result.problem = failure.what;
        result.problem.offset += base_;
        result.resume = tokens_.offset(begin);
        result.handed_out = handed_out_;
        return result;
      }
      ++result.values;
    }
    return result;
  }

 private:
  struct Open {
    Node* node = nullptr;
    std::size_t members = 0;
    bool is_list = false;
  };

  // What a first look over an object tells: no value in it is read yet.
  struct Outline {
    bool is_closed = false;
    bool is_list = false;
    std::size_t items = 0;  // the token of the key `items` that counts
  };

  char at(std::size_t token) const {
    return token < tokens_.count() ? text_[tokens_.offset(token)] : '\0';
  }

  // Where the scalar that a token begins ends at the latest.
  std::size_t end_of(std::size_t token) const {
    std::size_t end = tokens_.offset(token + 1);
    while (end > 0 && is_blank(text_[end - 1])) --end;
    return end;
  }

  [[noreturn]] void fail_at(std::size_t token, std::string problem, std::string hint) const {
    const std::size_t offset =
        token < tokens_.count() ? tokens_.offset(token) : end_of(tokens_.count() - 1);
    throw Failure{JsonOutcome::NotJson, {offset, std::move(problem), std::move(hint)}};
  }

  [[noreturn]] void fail_expecting(const char* what, const char* hint) const {
    if (token_ >= tokens_.count()) {
      fail_at(token_, std::string("the text ends where ") + what + " is expected",
              "check that the file is complete");
    }
    fail_at(token_, std::string("expected ") + what, hint);
  }

  [[noreturn]] void refuse_depth() const {
    throw Failure{JsonOutcome::Refused,
                  {tokens_.offset(token_), "exceeded max depth of " + std::to_string(kMaxDepth),
                   "nest lists and objects less deeply"}};
  }

  std::string_view raw_string(std::size_t token) const {
    const std::size_t begin = tokens_.offset(token) + 1;
    return text_.substr(begin, end_of(token) - begin - 1);
  }

  std::string_view string(std::size_t token) {
    const std::string_view raw = raw_string(token);
    if (!has_backslash(raw)) return raw;
    const auto text = unescape(raw);
    if (!text) {
      fail_at(token, "the string holds an escape that JSON does not know",
              "write a backslash as \\\\");
    }
    return arena_.copy(*text);
  }

  void expect_word(std::string_view word) const {
    const std::string_view rest = text_.substr(tokens_.offset(token_));
    if (!rest.starts_with(word) ||
        (rest.size() > word.size() && !ends_scalar(rest[word.size()]))) {
      fail_expecting("a value", "put texts in double quotes");
    }
  }

  void number(Node* node) {
    const std::string_view rest = text_.substr(tokens_.offset(token_));
    const auto form = number_form(rest);
    if (!form) fail_expecting("a number", "write numbers as in 12, -1.5 or 1e6; put texts in quotes");
    const std::string_view text = rest.substr(0, form->size);
    node->kind = NodeKind::Number;
    constexpr std::size_t kSafeDigits = 18;  // always within int64
    if (form->is_integer) {
      node->text = text == "-0" ? text.substr(1) : text;
      if (text.size() <= kSafeDigits || go_int(text, 10) || go_uint(text, 10)) return;
    }
    const auto value = go_double(text);
    if (!value) {
      throw Failure{JsonOutcome::Refused,
                    {tokens_.offset(token_), "the number is too large for a double",
                     "use a number below 1.8e308, or put it in quotes if a text is meant"}};
    }
    node->text = arena_.copy(go_json_number(*value));
  }

  // A scalar, or the begin of a list or object. False for the latter.
  bool scalar(Node* node) {
    node->mark = base_ + tokens_.offset(token_);
    switch (at(token_)) {
      case '"':
        node->kind = NodeKind::String;
        node->text = string(token_);
        break;
      case '{':
      case '[': return false;
      case 't':
        expect_word("true");
        node->kind = NodeKind::Bool;
        node->boolean = true;
        break;
      case 'f':
        expect_word("false");
        node->kind = NodeKind::Bool;
        break;
      case 'n': expect_word("null"); break;
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9': number(node); break;
      default: fail_expecting("a value", "put texts in double quotes, and no comma before a bracket");
    }
    ++token_;
    return true;
  }

  // A key and its colon; the member that they begin is appended to the open members.
  Node* key() {
    if (at(token_) != '"') {
      fail_expecting("a key in double quotes", "put keys in double quotes, and no comma before '}'");
    }
    Node* const member = arena_.make<Node>();
    member->key_mark = base_ + tokens_.offset(token_);
    member->key = string(token_);
    ++token_;
    colon();
    members_.add(member);
    return member;
  }

  void colon() {
    if (at(token_) != ':') fail_expecting("':' behind the key", "write \"key\": value");
    ++token_;
  }

  void close() {
    const Open& open = open_.back();
    if (open.is_list) {
      members_.close_list(open.node, open.members);
    } else {
      members_.close_object(open.node, open.members, duplicates_);
    }
    open_.pop_back();
    ++token_;
  }

  // The value at hand, as a tree. `outer` lists and objects are around it.
  Node* value(std::size_t outer) {
    open_.clear();
    members_.clear();
    Node* const root = arena_.make<Node>();
    Node* node = root;
    for (;;) {
      if (!scalar(node)) {
        const bool is_list = at(token_) == '[';
        if (open_.size() + outer >= kMaxDepth) refuse_depth();
        node->kind = is_list ? NodeKind::Array : NodeKind::Object;
        open_.push_back({node, members_.size(), is_list});
        ++token_;
        if (at(token_) != (is_list ? ']' : '}')) {
          node = is_list ? item() : key();
          continue;
        }
        close();
      }
      for (;;) {
        if (open_.empty()) return root;
        const bool is_list = open_.back().is_list;
        if (at(token_) == ',') {
          ++token_;
          node = is_list ? item() : key();
          break;
        }
        if (at(token_) != (is_list ? ']' : '}')) {
          fail_expecting(is_list ? "',' or ']'" : "',' or '}'",
                         "put a comma between the members, and close the bracket");
        }
        close();
      }
    }
  }

  Node* item() {
    Node* const node = arena_.make<Node>();
    members_.add(node);
    return node;
  }

  // Tells duplicate keys, unless they pass in silence; whether the value is to be handed out.
  bool accept_keys() {
    const bool accepted = duplicates_.empty() || duplicate_keys_ != DuplicateKeys::Refused;
    for (const DuplicateKey& keys : duplicates_) tell_key(keys.later->key, keys.later->key_mark);
    duplicates_.clear();
    return accepted;
  }

  void tell_key(std::string_view key, std::size_t mark) {
    if (duplicate_keys_ == DuplicateKeys::LastCounts) return;
    if (duplicate_keys_ == DuplicateKeys::Told) return problems_.push_back(told_twice(key, mark));
    problems_.push_back({mark, "key \"" + std::string(key) + "\" already set in map",
                         "leave one of the two out"});
  }

  void one() {
    arena_.reset();
    duplicates_.clear();
    if (at(token_) == '{') {
      const Outline outline = look_over();
      if (!outline.is_closed || outline.is_list) {
        walk_list(outline);
        return;
      }
    }
    const Node* const root = value(0);
    if (accept_keys()) take_(*root);
  }

  // Finds out whether the object at hand is a List, wherever its kind stands.
  Outline look_over() {
    Outline outline;
    std::size_t depth = 0;
    bool kind_is_list = false;
    bool has_items = false;
    const std::size_t count = tokens_.count();
    for (std::size_t token = token_; token < count; ++token) {
      switch (text_[tokens_.offset(token)]) {
        case '{':
        case '[': ++depth; break;
        case '}':
        case ']':
          if (--depth == 0) {
            outline.is_closed = true;
            outline.is_list = kind_is_list && has_items;
            return outline;
          }
          break;
        case '"':
          if (depth != 1 || at(token + 1) != ':') break;
          if (is_string(token, "items")) {
            outline.items = token;
            has_items = at(token + 2) == '[';
          } else if (is_string(token, "kind")) {
            kind_is_list = at(token + 2) == '"' && names_a_list(string(token + 2));
          }
          break;
        default: break;
      }
    }
    return outline;
  }

  bool is_string(std::size_t token, std::string_view text) { return string(token) == text; }

  // A List, whose items are handed out one by one. A text that is not closed is walked over in the same way, which
  // ends at the place that is wrong; nothing of it is handed out unless it was seen to be a List.
  void walk_list(const Outline& outline) {
    std::set<std::string, std::less<>> keys;
    ++token_;
    if (at(token_) == '}') {
      ++token_;
      return;
    }
    for (;;) {
      const std::size_t key_token = token_;
      members_.clear();
      arena_.reset();
      const Node* const member = key();
      if (!keys.emplace(member->key).second) tell_key(member->key, member->key_mark);
      if (key_token == outline.items && at(token_) == '[') {
        walk_items(outline.is_list);
      } else {
        value(1);
        accept_keys();
      }
      if (at(token_) == '}') {
        ++token_;
        return;
      }
      if (at(token_) != ',') {
        fail_expecting("',' or '}'", "put a comma between the members, and close the bracket");
      }
      ++token_;
    }
  }

  void walk_items(bool hand_out) {
    ++token_;
    if (at(token_) == ']') {
      ++token_;
      return;
    }
    for (;;) {
      arena_.reset();
      const Node* const item = value(2);
      if (accept_keys() && hand_out) {
        take_(*item);
      }
      if (hand_out) ++handed_out_;
      const char next = at(token_);
      if (next != ',' && next != ']') {
        fail_expecting("',' or ']'", "put a comma between the members, and close the bracket");
      }
      ++token_;
      if (next == ']') return;
    }
  }

  std::string_view text_;
  std::size_t base_ = 0;
  DuplicateKeys duplicate_keys_;
  const JsonTokens& tokens_;
  Arena& arena_;
  OpenMembers& members_;
  const Take& take_;
  std::vector<TextProblem>& problems_;
  std::vector<Open> open_;
  std::vector<DuplicateKey> duplicates_;
  std::size_t token_ = 0;
  std::size_t handed_out_ = 0;
};

}  // namespace

JsonReader::JsonReader() : memory_(std::make_unique<Memory>()) {}
JsonReader::~JsonReader() = default;

JsonResult JsonReader::read(const JsonText& text, DuplicateKeys duplicate_keys,
                            const std::function<void(const Node&)>& take,
                            std::vector<TextProblem>& problems) {
  const auto is_empty = [](std::string_view bytes) {
    return bytes.find_first_not_of(" \t\r\n") == std::string_view::npos;
  };
  const auto walk = [&](std::string_view bytes) {
    return JsonWalk({bytes, text.offset}, duplicate_keys, memory_->tokens, memory_->arena,
                    memory_->members, take, problems)
        .all();
  };
  if (is_empty(text.bytes)) return {};
  if (memory_->tokens.find(text.bytes)) return walk(text.bytes);
  JsonResult result;
  if (memory_->tokens.too_large()) {
    result.outcome = JsonOutcome::Refused;
    result.problem = {text.offset, "the document does not fit into memory", "split the file"};
    return result;
  }
  // What stands before the fault may be whole values.
  TextFailure what = text_failure(text.bytes);
  const std::string_view good = text.bytes.substr(0, what.good);
  result.resume = good.size();
  if (!is_empty(good) && memory_->tokens.find(good)) result = walk(good);
  const bool is_earlier =
      result.outcome != JsonOutcome::End && result.problem.offset < text.offset + last_of(good);
  if (is_earlier) return result;
  if (result.outcome == JsonOutcome::End) result.resume = good.size();
  result.outcome = what.failure.outcome;
  result.problem = std::move(what.failure.what);
  result.problem.offset += text.offset;
  return result;
}

}  // namespace harness

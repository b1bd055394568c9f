#include "harness/yaml_document.h"

#include <yaml.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <utility>

#include "harness/go_number.h"
#include "harness/object_members.h"
#include "harness/utf8.h"
#include "harness/yaml_scalar.h"

namespace harness {
namespace {

constexpr std::string_view kMergeTag = "tag:yaml.org,2002:merge";

enum class YamlKind : std::uint8_t { Scalar, List, Map, Alias };

// A node of the YAML text, before its aliases and merges are followed.
struct YamlNode {
  YamlKind kind = YamlKind::Scalar;
  bool implicit = false;          // Scalar: plain, or tagged "!"; see yaml_scalar.h
  bool being_followed = false;    // Alias
  std::uint64_t mark = 0;
  std::string_view text;          // Scalar: the value. Alias: the name
  std::string_view tag;
  YamlNode* first = nullptr;      // List: items. Map: key, value, key, ...
  YamlNode* next = nullptr;
  YamlNode* target = nullptr;     // Alias
};

// A text cannot be read on.
struct Failure {
  TextProblem what;
};

[[noreturn]] void fail(std::size_t offset, std::string problem, std::string hint) {
  throw Failure{{offset, std::move(problem), std::move(hint)}};
}

std::string depth_problem() { return "exceeded max depth of " + std::to_string(kMaxDepth); }

constexpr const char* kDepthHint = "nest lists and objects less deeply";

// ---------------------------------------------------------------------------------------------------------
// From a text to YAML nodes: libyaml's events.

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// libyaml passes over a byte order mark at the begin of any line, go-yaml only at the begin of the text; elsewhere the mark
// is a character like any other. So libyaml gets another character in its place, one that the text does not hold; "" where
// there is nothing to do.
std::string stand_in_for_marks(std::string_view text) {
  if (text.find(kByteOrderMark, 1) == std::string_view::npos) return {};
  for (std::uint32_t character = 0xE000; character < 0xF900; ++character) {
    std::string stand_in;
    append_utf8(stand_in, character);
    if (text.find(stand_in) == std::string_view::npos) return stand_in;
  }
  return {};
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to,
                     std::size_t begin) {
  std::string result(text.substr(0, begin));
  for (;;) {
    const auto found = text.find(from, begin);
    result += text.substr(begin, found - begin);
    if (found == std::string_view::npos) return result;
    result += to;
    begin = found + from.size();
  }
}

// libyaml counts characters, we count bytes. Its marks rise nearly always, so a cursor follows them.
class MarkCursor {
 public:
  explicit MarkCursor(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) byte_ = kByteOrderMark.size();  // libyaml does not count the byte order mark
  }

  std::size_t byte_of(std::size_t character) {
    while (character_ < character && byte_ < text_.size()) {
      ++byte_;
      while (byte_ < text_.size() && is_utf8_tail(text_[byte_])) ++byte_;
      ++character_;
    }
    while (character_ > character && byte_ > 0) {
      --byte_;
      while (byte_ > 0 && is_utf8_tail(text_[byte_])) --byte_;
      --character_;
    }
    return byte_;
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  std::size_t character_ = 0;
};

std::string parser_hint(std::string_view problem, std::string_view text, std::size_t offset) {
  const char at = offset < text.size() ? text[offset] : '\0';
  if (problem == "found character that cannot start any token") {
    if (at == '\t') return "indent with blanks; YAML takes no tabs there";
    return "put the text in quotes";
  }
  if (problem == "mapping values are not allowed in this context") {
    return "a text that holds ': ' wants quotes; otherwise check the indentation";
  }
  if (problem == "did not find expected key") {
    return "check the indentation, and that quotes and brackets are closed";
  }
  if (problem == "could not find expected ':'") return "end the key with ':', or indent the text";
  if (problem == "did not find expected ',' or ']'" || problem == "did not find expected ',' or '}'") {
    return "put a ',' between the members, and close the bracket";
  }
  if (problem == "did not find expected node content") {
    return "put a value there, or close the bracket";
  }
  if (problem == "found unexpected end of stream") return "close the quote";
  if (problem == "found unknown escape character") {
    return "use single quotes, in which a backslash stands for itself";
  }
  if (problem == "found unexpected ':'") {
    return "put a blank behind ':', or the text in quotes; Kubernetes takes the ':' for a part of the text";
  }
  if (problem == "block sequence entries are not allowed in this context") {
    return "begin the list on a line of its own, or put the text in quotes";
  }
  if (problem == "did not find expected alphabetic or numeric character") {
    return "put a text that begins with '*' or '&' in quotes";
  }
  if (problem.find("UTF-8") != std::string_view::npos || problem == "invalid Unicode character") {
    return "save the file as UTF-8";
  }
  if (problem == "control characters are not allowed") {
    return "take the control character out, or write it as an escape in double quotes";
  }
  return {};
}

class YamlParser {
 public:
  YamlParser(const YamlText& text, Arena& arena)
      : text_(text), arena_(arena), stand_in_(stand_in_for_marks(text.bytes)), fed_(text.bytes),
        cursor_(text.bytes) {
    if (!stand_in_.empty()) {
      copy_ = replaced(text.bytes, kByteOrderMark, stand_in_, 1);
      fed_ = copy_;
    }
    if (!yaml_parser_initialize(&parser_)) throw std::bad_alloc();
    yaml_parser_set_input(&parser_, &YamlParser::feed, this);
  }
  YamlParser(const YamlParser&) = delete;
  YamlParser& operator=(const YamlParser&) = delete;
  ~YamlParser() { yaml_parser_delete(&parser_); }

  // The root of the first document; nullptr where there is none.
  YamlNode* document() {
    Event start(*this);
    Event begin(*this);
    if (begin->type == YAML_STREAM_END_EVENT) return nullptr;
    check_version(begin);
    YamlNode* const root = node();
    Event end(*this);
    return root;
  }

  // The place of what stands behind the first document, if anything does.
  std::optional<TextProblem> rest() {
    const char* const problem = "text behind the end of the document is not read";
    const char* const hint = "begin a document with a line '---'";
    try {
      Event next(*this);
      if (next->type == YAML_STREAM_END_EVENT) return std::nullopt;
      return TextProblem{offset(next->start_mark), problem, hint};
    } catch (const Failure& failure) {
      return TextProblem{failure.what.offset, problem, hint};
    }
  }

 private:
  // One event of libyaml, freed with its scope.
  class Event {
   public:
    explicit Event(YamlParser& parser) {
      if (!yaml_parser_parse(&parser.parser_, &event_)) parser.fail_with_problem();
    }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event() { yaml_event_delete(&event_); }
    const yaml_event_t* operator->() const { return &event_; }

   private:
    yaml_event_t event_;
  };

  struct Open {
    YamlNode* node = nullptr;
    YamlNode* last = nullptr;
  };

  static int feed(void* self, unsigned char* buffer, std::size_t size, std::size_t* read) {
    auto& parser = *static_cast<YamlParser*>(self);
    *read = std::min(size, parser.fed_.size());
    if (*read != 0) std::memcpy(buffer, parser.fed_.data(), *read);
    parser.fed_.remove_prefix(*read);
    if (*read == 0 && size > 0 && parser.text_.end_last_line && !parser.line_ended_) {
      parser.line_ended_ = true;
      buffer[0] = '\n';
      *read = 1;
    }
    return 1;
  }

  std::size_t offset(const yaml_mark_t& mark) { return text_.offset + cursor_.byte_of(mark.index); }

  [[noreturn]] void fail_with_problem() {
    if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
    const std::string problem = parser_.problem ? parser_.problem : "unknown problem";
    if (parser_.error == YAML_READER_ERROR) {
      const std::size_t at = std::min(parser_.problem_offset, text_.bytes.size());
      fail(text_.offset + at, problem, parser_hint(problem, text_.bytes, at));
    }
    const bool has_mark = parser_.problem_mark.index != 0 || parser_.problem_mark.line != 0 ||
                          parser_.context == nullptr;
    const std::size_t at = offset(has_mark ? parser_.problem_mark : parser_.context_mark);
    fail(at, problem, parser_hint(problem, text_.bytes, at - text_.offset));
  }

  // libyaml takes 1.2 too, go-yaml does not.
  void check_version(const Event& begin) {
    const yaml_version_directive_t* const version =
        begin->data.document_start.version_directive;
    if (version && (version->major != 1 || version->minor != 1)) {
      fail(offset(begin->start_mark), "found incompatible YAML document",
           "leave the %YAML line out; Kubernetes reads YAML 1.1");
    }
  }

  YamlNode* make(YamlKind kind, const Event& event) {
    YamlNode* const node = arena_.make<YamlNode>();
    node->kind = kind;
    node->mark = offset(event->start_mark);
    return node;
  }

  void name(YamlNode* node, const yaml_char_t* anchor) {
    if (anchor) anchors_[std::string(original(view(anchor)))] = node;
  }

  static std::string_view view(const yaml_char_t* text) {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
  }

  // The tag "!" alone makes a scalar a string, but libyaml drops it: look at the text.
  bool has_bare_tag(const YamlNode* node) const {
    std::string_view rest = text_.bytes;
    rest.remove_prefix(std::min<std::size_t>(node->mark - text_.offset, rest.size()));
    if (rest.starts_with('&')) {
      rest.remove_prefix(std::min(rest.find_first_of(" \t\r\n"), rest.size()));
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
    }
    return rest.starts_with('!');
  }

  // A text of libyaml's, with the byte order marks that it was not given.
  std::string_view original(std::string_view text) {
    if (stand_in_.empty()) return arena_.copy(text);
    return arena_.copy(replaced(text, stand_in_, kByteOrderMark, 0));
  }

  // libyaml knows the escape \/ of YAML 1.2, go-yaml does not.
  void check_escapes(std::size_t mark, const Event& event) {
    const std::size_t end = offset(event->end_mark);
    const std::string_view source = text_.bytes.substr(mark - text_.offset, end - mark);
    for (auto at = source.find('\\'); at != std::string_view::npos; at = source.find('\\', at + 2)) {
      if (source.substr(at + 1).starts_with('/')) {
        fail(mark + at, "found unknown escape character",
             "write '/' without a backslash; Kubernetes reads YAML 1.1");
      }
    }
  }

  // In brackets a plain text ends at a '?' for go-yaml, and what follows is an error; libyaml reads on.
  void check_question_mark(std::size_t mark, const Event& event) {
    const std::size_t end = offset(event->end_mark);
    const auto at = text_.bytes.substr(mark - text_.offset, end - mark).find('?');
    if (at == std::string_view::npos) return;
    const bool in_list = open_.back().node->kind == YamlKind::List;
    fail(mark + at, in_list ? "did not find expected ',' or ']'" : "did not find expected ',' or '}'",
         "in brackets, put a text that holds '?' in quotes");
  }

  YamlNode* scalar(const Event& event) {
    YamlNode* const node = make(YamlKind::Scalar, event);
    const auto& scalar = event->data.scalar;
    node->implicit = scalar.plain_implicit != 0;
    node->text = original({reinterpret_cast<const char*>(scalar.value), scalar.length});
    if (scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) check_escapes(node->mark, event);
    if (scalar.style == YAML_PLAIN_SCALAR_STYLE && flow_depth_ > 0) {
      check_question_mark(node->mark, event);
    }
    if (scalar.tag) {
      node->tag = original(view(scalar.tag));
    } else if (node->implicit && has_bare_tag(node)) {
      node->tag = "!";
    }
    name(node, scalar.anchor);
    return node;
  }

  YamlNode* alias(const Event& event) {
    YamlNode* const node = make(YamlKind::Alias, event);
    node->text = original(view(event->data.alias.anchor));
    const auto found = anchors_.find(std::string(node->text));
    if (found == anchors_.end()) {
      fail(node->mark, "unknown anchor '" + std::string(node->text) + "' referenced",
           "define it before with '&" + std::string(node->text) +
               "', or put a text that begins with '*' in quotes");
    }
    node->target = found->second;
    return node;
  }

  void open(YamlNode* node, const yaml_char_t* anchor, bool is_flow) {
    if (open_.size() >= kMaxDepth) fail(node->mark, depth_problem(), kDepthHint);
    name(node, anchor);
    open_.push_back({node, nullptr});
    if (is_flow) ++flow_depth_;
    flow_.push_back(is_flow);
  }

  // libyaml's time for a token in brackets grows with their depth, so that a long text in deep brackets would
  // take hours.
  void spend(const YamlNode* node) {
    constexpr std::uint64_t kMost = 4'000'000'000;
    spent_ += flow_depth_;
    if (spent_ > kMost) {
      fail(node->mark, "too long a text in brackets nested too deeply", kDepthHint);
    }
  }

  YamlNode* node() {
    for (;;) {
      Event event(*this);
      YamlNode* made = nullptr;
      switch (event->type) {
        case YAML_SCALAR_EVENT: made = scalar(event); break;
        case YAML_ALIAS_EVENT: made = alias(event); break;
        case YAML_SEQUENCE_START_EVENT:
          made = make(YamlKind::List, event);
          break;
        case YAML_MAPPING_START_EVENT:
          made = make(YamlKind::Map, event);
          break;
        default: {  // the end of a list or map
          YamlNode* const closed = open_.back().node;
          open_.pop_back();
          if (flow_.back()) --flow_depth_;
          flow_.pop_back();
          if (open_.empty()) return closed;
          continue;
        }
      }
      spend(made);
      append(made);
      if (event->type == YAML_SEQUENCE_START_EVENT) {
        const auto& start = event->data.sequence_start;
        open(made, start.anchor, start.style == YAML_FLOW_SEQUENCE_STYLE);
      } else if (event->type == YAML_MAPPING_START_EVENT) {
        const auto& start = event->data.mapping_start;
        open(made, start.anchor, start.style == YAML_FLOW_MAPPING_STYLE);
      } else if (open_.empty()) {
        return made;
      }
    }
  }

  void append(YamlNode* made) {
    if (open_.empty()) return;
    Open& parent = open_.back();
    (parent.last ? parent.last->next : parent.node->first) = made;
    parent.last = made;
  }

  const YamlText& text_;
  Arena& arena_;
  std::string stand_in_;
  std::string copy_;
  std::string_view fed_;  // what libyaml has not got yet
  MarkCursor cursor_;
  yaml_parser_t parser_;
  bool line_ended_ = false;
  std::unordered_map<std::string, YamlNode*> anchors_;
  std::vector<Open> open_;
  std::vector<bool> flow_;
  std::uint64_t flow_depth_ = 0;
  std::uint64_t spent_ = 0;
};

// ---------------------------------------------------------------------------------------------------------
// From YAML nodes to JSON's: go-yaml's decoder (decode.go) and convertToJSONableObject (yaml.go).

// go-yaml's guard against documents that a few aliases blow up (decode.go, allowedAliasRatio).
class AliasGuard {
 public:
  // A node is decoded, below an alias or not. False where too many are below one.
  bool count(bool below_alias) {
    ++decoded_;
    if (below_alias) ++aliased_;
    return aliased_ <= 100 || decoded_ <= 1000 ||
           static_cast<double>(aliased_) / static_cast<double>(decoded_) <= allowed();
  }

 private:
  double allowed() const {
    constexpr std::uint64_t kLow = 400'000;
    constexpr std::uint64_t kHigh = 4'000'000;
    if (decoded_ <= kLow) return 0.99;
    if (decoded_ >= kHigh) return 0.10;
    return 0.99 - 0.89 * (static_cast<double>(decoded_ - kLow) / static_cast<double>(kHigh - kLow));
  }

  std::uint64_t decoded_ = 0;
  std::uint64_t aliased_ = 0;
};

// A node that JSON cannot hold. It is an error only if it is still there when duplicate keys are settled.
struct NotJson {
  const Node* node = nullptr;
  TextProblem what;
};

class YamlDecoder {
 public:
  YamlDecoder(Arena& arena, OpenMembers& members) : arena_(arena), members_(members) {}

  Node* decode(YamlNode* root) {
    members_.clear();
    Node* const node = arena_.make<Node>();
    start(root, node);
    while (!frames_.empty()) step();
    return node;
  }

  const std::vector<DuplicateKey>& duplicates() const { return duplicates_; }
  const std::vector<NotJson>& not_json() const { return not_json_; }
  // Whether the two keys were of different types, as `1` and `"1"` are.
  bool differ_in_type(const DuplicateKey& keys) const {
    return type_of_key(keys.earlier) != type_of_key(keys.later);
  }

 private:
  enum class FrameKind : std::uint8_t { List, Map, MergedMap, MergedList };

  struct Frame {
    FrameKind kind = FrameKind::List;
    YamlNode* next = nullptr;        // List, Map, MergedMap: what to decode next
    Node* node = nullptr;            // List, Map: what is being filled
    std::size_t members = 0;         // List, Map: where its members begin
    std::vector<YamlNode*> merged;   // MergedList: those left, in the order of the text
    YamlNode* alias = nullptr;       // what was followed to get here
  };

  static bool is_merge(const YamlNode* key) {
    return key->kind == YamlKind::Scalar && key->text == "<<" &&
           (key->implicit || key->tag == kMergeTag);
  }

  void count(const YamlNode* node) {
    if (guard_.count(alias_depth_ > 0)) return;
    fail(node->mark, "document contains excessive aliasing",
         "write out what the aliases ('*name') stand for, or use fewer");
  }

  void follow(YamlNode* alias) {
    if (alias->being_followed) {
      fail(alias->mark, "anchor '" + std::string(alias->text) + "' value contains itself",
           "an alias cannot stand within what it names");
    }
    alias->being_followed = true;
    ++alias_depth_;
  }

  void release(YamlNode* alias) {
    if (!alias) return;
    alias->being_followed = false;
    --alias_depth_;
  }

  // Decodes a scalar at once; a list or map gets a frame.
  void start(YamlNode* source, Node* node) {
    count(source);
    YamlNode* alias = nullptr;
    node->mark = source->mark;
    if (source->kind == YamlKind::Alias) {
      alias = source;
      follow(alias);
      source = alias->target;
      count(source);
    }
    if (source->kind == YamlKind::Scalar) {
      read_value(source, node);
      release(alias);
      return;
    }
    if (depth_ >= kMaxDepth) fail(source->mark, depth_problem(), kDepthHint);
    ++depth_;
    const bool is_list = source->kind == YamlKind::List;
    node->kind = is_list ? NodeKind::Array : NodeKind::Object;
    frames_.push_back({is_list ? FrameKind::List : FrameKind::Map, source->first, node,
                       members_.size(), {}, alias});
  }

  void step() {
    Frame& frame = frames_.back();
    if (frame.kind == FrameKind::MergedList) {
      step_merged_list();
      return;
    }
    if (!frame.next) {
      close();
      return;
    }
    if (frame.kind == FrameKind::List) {
      YamlNode* const item = std::exchange(frame.next, frame.next->next);
      Node* const node = arena_.make<Node>();
      members_.add(node);
      start(item, node);
      return;
    }
    YamlNode* const key = frame.next;
    YamlNode* const value = key->next;
    frame.next = value->next;
    if (is_merge(key)) {
      merge(value);
      return;
    }
    Node* const node = arena_.make<Node>();
    read_key(key, node);
    members_.add(node);
    start(value, node);
  }

  void close() {
    const Frame& frame = frames_.back();
    if (frame.kind == FrameKind::List) members_.close_list(frame.node, frame.members);
    if (frame.kind == FrameKind::Map) {
      members_.close_object(frame.node, frame.members, duplicates_);
    }
    --depth_;
    release(frame.alias);
    frames_.pop_back();
  }

  [[noreturn]] void fail_to_merge(const YamlNode* value) {
    fail(value->mark, "map merge requires map or sequence of maps as the value",
         "name a map with '<<: *name', or put '<<' in quotes if it is a key");
  }

  // What stands behind '<<': its members become those of the map at hand.
  void merge(YamlNode* value) {
    if (value->kind == YamlKind::List) {
      Frame frame;
      frame.kind = FrameKind::MergedList;
      for (YamlNode* item = value->first; item; item = item->next) frame.merged.push_back(item);
      frames_.push_back(std::move(frame));
      return;
    }
    merge_map(value);
  }

  void merge_map(YamlNode* value) {
    YamlNode* alias = nullptr;
    YamlNode* map = value;
    if (value->kind == YamlKind::Alias) {
      map = value->target;
      alias = value;
    }
    if (map->kind != YamlKind::Map) fail_to_merge(value);
    count(value);
    if (alias) {
      follow(alias);
      count(map);
    }
    if (depth_ >= kMaxDepth) fail(value->mark, depth_problem(), kDepthHint);
    ++depth_;
    Frame frame;
    frame.kind = FrameKind::MergedMap;
    frame.next = map->first;
    frame.alias = alias;
    frames_.push_back(std::move(frame));
  }

  // The last one first, since a later member replaces an earlier one.
  void step_merged_list() {
    std::vector<YamlNode*>& merged = frames_.back().merged;
    if (merged.empty()) {
      frames_.pop_back();
      return;
    }
    YamlNode* const last = merged.back();
    merged.pop_back();
    merge_map(last);
  }

  void read_key(YamlNode* key, Node* node) {
    count(key);
    node->key_mark = key->mark;
    const YamlNode* source = key;
    if (key->kind == YamlKind::Alias) {
      follow(key);
      source = key->target;
      count(source);
      release(key);
    }
    if (source->kind != YamlKind::Scalar) {
      fail(key->mark,
           std::string("invalid map key: ") +
               (source->kind == YamlKind::List ? "a list" : "an object"),
           "put a text that begins with '{' or '[' in quotes, or fill in the template");
    }
    const ScalarValue value = read_scalar(source->tag, source->text, source->implicit);
    switch (value.type) {
      case ScalarType::Invalid: fail(source->mark, value.problem, "change the tag or the value");
      case ScalarType::Null:
        not_json_.push_back({node, {key->mark, "unsupported map key: null", "put the key in quotes"}});
        break;
      case ScalarType::Uint:
        not_json_.push_back({node,
                             {key->mark, "unsupported map key: a number above 9223372036854775807",
                              "put the key in quotes"}});
        break;
      case ScalarType::Bool: node->key = value.boolean ? "true" : "false"; break;
      case ScalarType::Int: node->key = integer_text(value.integer, source->text); break;
      case ScalarType::Float: node->key = arena_.copy(go_key_number(value.number)); break;
      case ScalarType::String: node->key = string_text(value, source->text); break;
    }
    if (value.type != ScalarType::String) key_types_[node] = value.type;
  }

  void read_value(const YamlNode* source, Node* node) {
    const ScalarValue value = read_scalar(source->tag, source->text, source->implicit);
    switch (value.type) {
      case ScalarType::Invalid: fail(source->mark, value.problem, "change the tag or the value");
      case ScalarType::Null: node->kind = NodeKind::Null; break;
      case ScalarType::Bool:
        node->kind = NodeKind::Bool;
        node->boolean = value.boolean;
        break;
      case ScalarType::Int:
        node->kind = NodeKind::Number;
        node->text = integer_text(value.integer, source->text);
        break;
      case ScalarType::Uint:
        node->kind = NodeKind::Number;
        node->text = arena_.copy(std::to_string(value.large));
        break;
      case ScalarType::Float: read_float(source, value.number, node); break;
      case ScalarType::String:
        node->kind = NodeKind::String;
        node->text = string_text(value, source->text);
        break;
    }
  }

  void read_float(const YamlNode* source, double number, Node* node) {
    node->kind = NodeKind::Number;
    if (std::isfinite(number)) {
      node->text = arena_.copy(go_json_number(number));
      return;
    }
    const char* const name = std::isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    node->text = name;
    not_json_.push_back({node,
                         {source->mark, std::string("unsupported value: ") + name,
                          "JSON has no such number; put it in quotes if a text is meant"}});
  }

  std::string_view integer_text(std::int64_t number, std::string_view source) {
    const std::string text = std::to_string(number);
    return text == source ? source : arena_.copy(text);
  }

  // encoding/json writes a replacement character for what is no UTF-8; only !!binary can hold such bytes.
  std::string_view string_text(const ScalarValue& value, std::string_view source) {
    return value.is_decoded ? arena_.copy(to_valid_utf8(value.decoded)) : source;
  }

  ScalarType type_of_key(const Node* node) const {
    const auto found = key_types_.find(node);
    return found == key_types_.end() ? ScalarType::String : found->second;
  }

  Arena& arena_;
  OpenMembers& members_;
  std::vector<Frame> frames_;
  std::vector<DuplicateKey> duplicates_;
  std::vector<NotJson> not_json_;
  std::unordered_map<const Node*, ScalarType> key_types_;
  AliasGuard guard_;
  std::size_t alias_depth_ = 0;
  std::size_t depth_ = 0;
};

// Those of `suspects` that the tree still holds.
std::vector<TextProblem> standing(const std::vector<NotJson>& suspects, const Node* root) {
  std::vector<TextProblem> found;
  if (suspects.empty()) return found;
  std::unordered_map<const Node*, const TextProblem*> problem_of;
  for (const NotJson& suspect : suspects) problem_of.try_emplace(suspect.node, &suspect.what);
  std::vector<const Node*> open{root};
  while (!open.empty()) {
    const Node* const node = open.back();
    open.pop_back();
    if (const auto at = problem_of.find(node); at != problem_of.end()) found.push_back(*at->second);
    for (const Node& member : members(node)) open.push_back(&member);
  }
  std::ranges::sort(found, {}, &TextProblem::offset);
  return found;
}

}  // namespace

struct YamlReader::Memory {
  Arena yaml;
  Arena nodes;
  OpenMembers members;
};

TextProblem told_twice(std::string_view key, std::size_t offset) {
  // Files put together without a "---" line between them read as one document that begins twice.
  return {offset, "key \"" + std::string(key) + "\" is set twice: this one counts, and the first is lost",
          key == "apiVersion" ? "write a line '---' before it, if another document begins here"
                              : "leave one of the two out"};
}

YamlReader::YamlReader() : memory_(std::make_unique<Memory>()) {}
YamlReader::~YamlReader() = default;

YamlResult YamlReader::read(const YamlText& text, DuplicateKeys duplicate_keys) {
  memory_->yaml.reset();
  memory_->nodes.reset();
  YamlResult result;
  try {
    YamlParser parser(text, memory_->yaml);
    YamlNode* const source = parser.document();
    if (!source) {
      result.root = memory_->nodes.make<Node>();
      return result;
    }
    YamlDecoder decoder(memory_->nodes, memory_->members);
    result.root = decoder.decode(source);
    result.problems = standing(decoder.not_json(), result.root);
    for (const DuplicateKey& keys : decoder.duplicates()) {
      const std::string name = "key \"" + std::string(keys.later->key) + "\" ";
      if (duplicate_keys == DuplicateKeys::Refused) {
        result.problems.push_back(
            {keys.later->key_mark, name + "already set in map", "leave one of the two out"});
      } else if (duplicate_keys == DuplicateKeys::Told && !decoder.differ_in_type(keys)) {
        result.warnings.push_back(told_twice(keys.later->key, keys.later->key_mark));
      } else if (decoder.differ_in_type(keys)) {
        result.warnings.push_back({keys.later->key_mark,
                                   name + "is set twice, once in quotes and once not: "
                                          "Kubernetes takes either, at random",
                                   "leave one of the two out"});
      }
    }
    if (auto rest = parser.rest()) {
      result.is_all = false;
      result.warnings.push_back(*std::move(rest));
    }
  } catch (const Failure& failure) {
    result.problems.push_back(failure.what);
  } catch (const std::bad_alloc&) {
    result.problems.push_back({text.offset, "the document does not fit into memory", "split the file"});
  }
  if (!result.problems.empty()) result.root = nullptr;
  return result;
}

}  // namespace harness

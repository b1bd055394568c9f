#include "harness/document.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using harness::Diagnostics;
using harness::Document;
using harness::DocumentOptions;
using harness::DuplicateKeys;
using harness::LineColumn;
using harness::Node;
using harness::NodeKind;
using harness::Severity;
using harness::SourceFile;

namespace {

struct Reading {
  std::vector<std::string> documents;  // as JSON
  Diagnostics diagnostics;
};

Reading read(const std::string& text, DuplicateKeys keys = DuplicateKeys::LastCounts) {
  Reading reading;
  const SourceFile file("f", text);
  harness::read_documents(
      file, DocumentOptions{keys},
      [&](const Document& document) {
        reading.documents.push_back(harness::json_text(*document.root));
      },
      reading.diagnostics);
  return reading;
}

using Texts = std::vector<std::string>;

// "3:10 error: problem" of each diagnostic.
Texts told(const Reading& reading) {
  Texts texts;
  for (const auto& one : reading.diagnostics) {
    texts.push_back(std::to_string(one.where.line) + ":" + std::to_string(one.where.column) +
                    (one.severity == Severity::Warning ? " warning: " : " error: ") + one.problem);
  }
  return texts;
}

std::string text(LineColumn at) { return std::to_string(at.line) + ":" + std::to_string(at.column); }

// The places of all keys and values of the documents: "key 1:1 value 1:4", in the order of the text.
Texts places(const std::string& source) {
  Texts found;
  const SourceFile file("f", source);
  Diagnostics diagnostics;
  harness::read_documents(
      file, {},
      [&](const Document& document) {
        std::vector<const Node*> open{document.root};
        while (!open.empty()) {
          const Node* const node = open.back();
          open.pop_back();
          std::string line = node->key.empty() ? "" : std::string(node->key) + " ";
          if (!node->key.empty()) line += text(document.key_place(*node)) + " ";
          found.push_back(line + text(document.place(*node)));
          Texts order;
          std::vector<const Node*> inner;
          for (const Node& member : harness::members(node)) inner.push_back(&member);
          open.insert(open.end(), inner.rbegin(), inner.rend());
        }
      },
      diagnostics);
  CHECK(diagnostics.empty());
  return found;
}

std::string repeat(const std::string& text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("a JSON value becomes the same tree as in YAML") {
  const std::string json =
      R"({"a":[1,-2.50,1e3,true,false,null,"x\n\u00e9\ud83d\ude00\/"],"b":{},"c":[]})";
  CHECK(read(json).documents ==
        Texts{"{\"a\":[1,-2.5,1000,true,false,null,\"x\\n\xC3\xA9\xF0\x9F\x98\x80/\"],\"b\":{},\"c\":[]}"});
}

TEST_CASE("a JSON number keeps the digits of an integer, and is else what a double holds") {
  CHECK(read("{\"a\":[9223372036854775807,-9223372036854775808,18446744073709551615]}").documents ==
        Texts{"{\"a\":[9223372036854775807,-9223372036854775808,18446744073709551615]}"});
  CHECK(read("{\"a\":[18446744073709551616,-0,0.1,1e-7,1e21,1e-400]}").documents ==
        Texts{"{\"a\":[18446744073709552000,0,0.1,1e-7,1e+21,0]}"});
}

TEST_CASE("half a surrogate pair becomes a replacement character") {
  CHECK(read(R"({"a":"\ud83dx\ude00"})").documents == Texts{"{\"a\":\"\xEF\xBF\xBDx\xEF\xBF\xBD\"}"});
}

TEST_CASE("the items of a List are documents, wherever its kind stands") {
  const Texts items{"{\"a\":1}", "{\"b\":2}"};
  CHECK(read(R"({"kind":"List","items":[{"a":1},{"b":2}]})").documents == items);
  CHECK(read(R"({"items":[{"a":1},{"b":2}],"kind":"PodList","metadata":{"x":[1]}})").documents ==
        items);
  CHECK(read("kind: List\nitems:\n- a: 1\n- b: 2\n").documents == items);
  CHECK(read("items: [{a: 1}, {b: 2}]\nkind: PodList\n").documents == items);
}

TEST_CASE("a List within a List stands for its items, too") {
  const std::string json =
      R"({"kind":"List","items":[{"a":1},{"kind":"XList","items":[{"b":2},{"kind":"List","items":[]},{"c":3}]},{"d":4}]})";
  const Texts items{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}", "{\"d\":4}"};
  CHECK(read(json).documents == items);
  CHECK(read("# YAML\n" + json).documents == items);
}

TEST_CASE("an object that only looks like a List is one document") {
  for (const std::string text :
       {R"({"items":[{"a":1}],"kind":"Listing"})", R"({"items":{"a":1},"kind":"List"})",
        R"({"kind":"List"})", R"({"items":[{"kind":"List"}]})"}) {
    CHECK(read(text).documents == Texts{text});
    CHECK(read("# YAML\n" + text).documents == Texts{text});
  }
}

TEST_CASE("of two equal keys the last counts, or the document is refused") {
  const std::string json = "{\"a\":1,\"b\":{\"c\":1,\n\"c\":2},\"a\":3}";
  CHECK(read(json).documents == Texts{R"({"a":3,"b":{"c":2}})"});
  const Reading refused = read(json, DuplicateKeys::Refused);
  CHECK(refused.documents.empty());
  CHECK(told(refused) == Texts{"2:1 error: key \"c\" already set in map",
                               "2:8 error: key \"a\" already set in map"});
  CHECK(told(read("# YAML\n" + json, DuplicateKeys::Refused)) ==
        Texts{"3:1 error: key \"c\" already set in map", "3:8 error: key \"a\" already set in map"});
}

TEST_CASE("of two equal keys the last counts, and a warning tells it") {
  const std::string json = "{\"apiVersion\":1,\"b\":{\"c\":1,\n\"c\":2},\"apiVersion\":3}";
  for (const std::string& text : {json, "# YAML\n" + json}) {
    const Reading reading = read(text, DuplicateKeys::Told);
    const std::string line = text == json ? "2" : "3";
    CHECK(reading.documents == Texts{R"({"apiVersion":3,"b":{"c":2}})"});
    CHECK(told(reading) ==
          Texts{line + ":1 warning: key \"c\" is set twice: this one counts, and the first is lost",
                line + ":8 warning: key \"apiVersion\" is set twice: this one counts, and the first is "
                       "lost"});
  }
}

TEST_CASE("an item of a List with a duplicate key is read where it is told") {
  const Reading reading = read(R"({"kind":"List","items":[{"a":1,"a":2},{"b":2}],"kind":"List"})",
                               DuplicateKeys::Told);
  CHECK(reading.documents == Texts{"{\"a\":2}", "{\"b\":2}"});
  CHECK(told(reading) ==
        Texts{"1:32 warning: key \"a\" is set twice: this one counts, and the first is lost",
              "1:48 warning: key \"kind\" is set twice: this one counts, and the first is lost"});
}

TEST_CASE("a duplicate key in one item of a List loses that item alone") {
  const Reading reading = read(R"({"kind":"List","items":[{"a":1,"a":2},{"b":2}],"kind":"List"})",
                               DuplicateKeys::Refused);
  CHECK(reading.documents == Texts{"{\"b\":2}"});
  CHECK(told(reading) == Texts{"1:32 error: key \"a\" already set in map",
                               "1:48 error: key \"kind\" already set in map"});
}

TEST_CASE("many members with a duplicate among them keep the last") {
  std::string json = "{";
  for (int i = 0; i < 100; ++i) json += "\"k" + std::to_string(i) + "\":1,";
  CHECK(read(json + "\"k50\":2}").documents[0].find("\"k50\":2,\"k51\":1") != std::string::npos);
  CHECK(told(read(json + "\"k50\":2}", DuplicateKeys::Refused)).size() == 1);
}

TEST_CASE("JSON values may follow each other without a separator") {
  CHECK(read("{\"a\":1}{\"b\":2} \n{\"c\":3}").documents ==
        Texts{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"});
}

TEST_CASE("a '---' line ends a JSON value, but not a stream of them") {
  CHECK(told(read("{\"a\":1}\n---\n{\"b\":2}\n")).empty());
  CHECK(read("{\"a\":1}\n---\n{\"b\":2}\n").documents == Texts{"{\"a\":1}", "{\"b\":2}"});
  const Reading reading = read("{\"a\":1}\n{\"b\":2}\n---\nc: 3\n");
  CHECK(reading.documents == Texts{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"});
  CHECK(told(reading) == Texts{"3:1 error: a '---' line stands in a stream of JSON values"});
}

TEST_CASE("what begins with a bracket and is no JSON is read as YAML") {
  CHECK(read("{a: 1, b: [x, 'y',],}\n").documents == Texts{R"({"a":1,"b":["x","y"]})"});
  CHECK(read("{\"a\": 1, # c\n \"b\": 2}\n").documents == Texts{R"({"a":1,"b":2})"});
  CHECK(read("{\"a\": 01, \"b\": 017}\n").documents == Texts{R"({"a":1,"b":15})"});
  CHECK(read("{a: 1}\n---\nb: 2\n").documents == Texts{"{\"a\":1}", "{\"b\":2}"});
}

TEST_CASE("items that were handed out before JSON turned out to be YAML are not handed out twice") {
  const Reading reading = read("{\"kind\":\"List\",\"items\":[{\"a\":1},{\"b\":2},{c: 3}]}");
  CHECK(reading.documents == Texts{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"});
  CHECK(reading.diagnostics.empty());
}

TEST_CASE("a mistake in JSON is told at its place") {
  CHECK(told(read("{\n  \"a\": 1\n  \"b\": 2\n}\n")) == Texts{"3:3 error: expected ',' or '}'"});
  CHECK(told(read("{\"a\": [1, 2}\n")) == Texts{"1:12 error: expected ',' or ']'"});
  CHECK(told(read("{\"a\": \"x\ny\": 1}\n")) ==
        Texts{"1:9 error: a control character stands in a string"});
  CHECK(told(read("{\"a\": {\"b\": 1\n")) ==
        Texts{"1:14 error: the text ends where ',' or '}' is expected"});
  CHECK(told(read("{\"a\": \"x\n")) == Texts{"1:9 error: a control character stands in a string"});
  CHECK(told(read("{\"a\": 1, \"x")) == Texts{"1:10 error: a string is not closed"});
  CHECK(told(read("{\"a\": \"\\q\"}")) ==
        Texts{"1:7 error: the string holds an escape that JSON does not know"});
  CHECK(told(read("{\"a\": tru}{")) == Texts{"1:7 error: expected a value"});
  CHECK(told(read("{a: [1, 2}\n")) == Texts{"1:10 error: did not find expected ',' or ']'"});
  CHECK(told(read("{\"a\":1}{\"b\":2}x")) == Texts{"1:15 error: expected a value"});
}

TEST_CASE("a List that breaks off gives the items before the break, and one error") {
  const Reading reading = read("{\"kind\":\"List\",\"items\":[{\"a\":1},{\"b\":");
  CHECK(has(reading.diagnostics, Severity::Error));
  CHECK(reading.diagnostics.size() == 1);
}

TEST_CASE("a JSON number that no double holds is refused") {
  for (const std::string number : {"1e999", "-1e999", "123e400"}) {
    CHECK(told(read("{\"a\": " + number + "}")) ==
          Texts{"1:7 error: the number is too large for a double"});
  }
}

TEST_CASE("bytes that are no text are refused at their place") {
  CHECK(told(read("{\"a\": \"\xFF\"}")) == Texts{"1:8 error: the text is not UTF-8"});
  CHECK(told(read(std::string("{\"a\": \"\0\"}", 10))) ==
        Texts{"1:8 error: a control character stands in a string"});
  CHECK(told(read("a: 1\nb: \xC3\xA9 \xFF\n")) == Texts{"2:7 error: invalid leading UTF-8 octet"});
  CHECK(told(read(std::string("a: 1\nb: x\0y\n", 12))) ==
        Texts{"2:5 error: control characters are not allowed"});
  CHECK(told(read(std::string("\xFF\xFE", 2) + std::string("a\0", 2))) ==
        Texts{"1:1 error: the text is UTF-16"});
}

TEST_CASE("keys and values know their places, in YAML and in JSON") {
  CHECK(places("a: 1\nb:\n  - x\n  -  c: [y, \"z\"]\n") ==
        Texts{"1:1", "a 1:1 1:4", "b 2:1 3:3", "3:5", "4:6", "c 4:6 4:9", "4:10", "4:13"});
  CHECK(places("{\"a\": 1,\n \"b\": [\"x\", {\"c\": true}]}") ==
        Texts{"1:1", "a 1:2 1:7", "b 2:2 2:7", "2:8", "2:13", "c 2:14 2:19"});
}

TEST_CASE("columns count bytes, and only line feeds end a line") {
  CHECK(places("\xC3\xA9\xF0\x9F\x98\x80: x\n") == Texts{"1:1", "\xC3\xA9\xF0\x9F\x98\x80 1:1 1:9"});
  CHECK(places("\xEF\xBB\xBF" "a: x\r\nb: y\r\n") == Texts{"1:4", "a 1:4 1:7", "b 2:1 2:4"});
  CHECK(places("a: x\rb: z\nc: y\n") == Texts{"1:1", "a 1:1 1:4", "b 1:6 1:9", "c 2:1 2:4"});
}

TEST_CASE("the places of later documents are those of the file") {
  CHECK(places("# c\n---\na: 1\n---\n\nb: 2\n") == Texts{"3:1", "a 3:1 3:4", "6:1", "b 6:1 6:4"});
}

TEST_CASE("an alias stands at its own place, what it names at the anchor's") {
  CHECK(places("a: &x {k: v}\nb: *x\n") ==
        Texts{"1:1", "a 1:1 1:4", "k 1:8 1:11", "b 2:1 2:4", "k 1:8 1:11"});
}

TEST_CASE("an error in YAML is told at its place, with what to do") {
  const Reading reading = read("kind: Pod\nmetadata:\n\tname: x\n");
  REQUIRE(reading.diagnostics.size() == 1);
  CHECK(harness::to_text(reading.diagnostics[0]) ==
        "f:3:1: error: found character that cannot start any token\n"
        " name: x\n"
        "^\n"
        "  hint: indent with blanks; YAML takes no tabs there\n");
  CHECK(told(read("a: b: c\n")) ==
        Texts{"1:5 error: mapping values are not allowed in this context"});
  CHECK(told(read("a: 1\nb: *x\n")) == Texts{"2:4 error: unknown anchor 'x' referenced"});
  CHECK(told(read("a:\n  b: 1\n c: 2\n")) == Texts{"3:2 error: did not find expected key"});
  CHECK(told(read("a: \"x\n")) == Texts{"2:1 error: found unexpected end of stream"});
  CHECK(told(read("a: {{ .Values.x }}\n")) == Texts{"1:5 error: invalid map key: an object"});
  CHECK(told(read("x: 1\n~: 1\n")) == Texts{"2:1 error: unsupported map key: null"});
  CHECK(told(read("x: [1, .inf]\n")) == Texts{"1:8 error: unsupported value: +Inf"});
  CHECK(told(read("a: \"b\\/c\"\n")) == Texts{"1:6 error: found unknown escape character"});
  CHECK(told(read("a: [http://x/?b=1]\n")) == Texts{"1:14 error: did not find expected ',' or ']'"});
  CHECK(told(read("a: !!int x\n")) == Texts{"1:4 error: cannot decode !!str `x` as a !!int"});
}

TEST_CASE("one bad document does not lose the others") {
  const Reading reading = read("a: 1\n---\nb: [\n---\nc: 3\n--- d: 4\n---\ne: 5\n");
  CHECK(reading.documents == Texts{"{\"a\":1}", "{\"e\":5}"});
  CHECK(told(reading) == Texts{"4:1 error: did not find expected node content",
                               "6:5 error: text stands behind '---' on its line"});
}

TEST_CASE("text behind the end of a document is told, since Kubernetes passes over it in silence") {
  const Reading reading = read("a: 1\n...\nb: 2\n");
  CHECK(reading.documents == Texts{"{\"a\":1}"});
  CHECK(told(reading) == Texts{"3:1 warning: text behind the end of the document is not read"});
}

TEST_CASE("empty documents are passed over") {
  for (const std::string text : {"", "\n", "# c\n", "---\n", "---\n---\n", "~\n", "null", "   "}) {
    const Reading reading = read(text);
    CHECK(reading.documents.empty());
    CHECK(reading.diagnostics.empty());
  }
}

TEST_CASE("lists and objects may be ten thousand deep, and no deeper") {
  const auto json = [](int depth) {
    return "{\"a\":" + repeat("[", depth - 1) + repeat("]", depth - 1) + "}";
  };
  CHECK(read(json(10000)).documents == Texts{json(10000)});
  CHECK(told(read(json(10001))) == Texts{"1:10005 error: exceeded max depth of 10000"});
  CHECK(told(read(repeat("[", 1000000))) == Texts{"1:10001 error: exceeded max depth of 10000"});
  CHECK(told(read(repeat("- ", 100000))) == Texts{"1:20001 error: exceeded max depth of 10000"});
  CHECK(told(read("{\"a\":" + repeat("{\"a\":", 1000000))) ==
        Texts{"1:50001 error: exceeded max depth of 10000"});
  CHECK(read(repeat("- ", 10000)).documents ==
        Texts{repeat("[", 10000) + "null" + repeat("]", 10000)});
}

TEST_CASE("aliases cannot nest deeper either") {
  const std::string half = repeat("[", 6000) + repeat("]", 6000);
  const std::string chained = repeat("[", 6000) + "*x" + repeat("]", 6000);
  CHECK(told(read("a: &x " + half + "\nb: " + chained + "\n")) ==
        Texts{"1:4006 error: exceeded max depth of 10000"});
}

TEST_CASE("a few aliases cannot stand for a document without end") {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'j'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + c + " [" + repeat("*" + before + ",", 10) + "]\n";
  }
  const Reading reading = read(bomb);
  CHECK(reading.documents.empty());
  REQUIRE(reading.diagnostics.size() == 1);
  CHECK(reading.diagnostics[0].problem == "document contains excessive aliasing");
}

TEST_CASE("canonical JSON sorts keys by their bytes, prints doubles, and escapes as encoding/json") {
  const SourceFile file("f", "{\"b\":9007199254740993,\"a\":\"<&>\",\"B\":1e21,\"\xC3\xA9\":[{}]}");
  Diagnostics diagnostics;
  std::string json;
  harness::read_documents(
      file, {}, [&](const Document& one) { json = harness::canonical_json(*one.root).value(); },
      diagnostics);
  CHECK(json == "{\"B\":1e+21,\"a\":\"\\u003c\\u0026\\u003e\",\"b\":9007199254740992,\"\xC3\xA9\":[{}]}");
}

TEST_CASE("canonical JSON names the number that no double holds") {
  Node number;
  number.kind = NodeKind::Number;
  number.text = "1e999";
  Node list;
  list.kind = NodeKind::Array;
  list.first = &number;
  const Node* at_fault = nullptr;
  CHECK(harness::canonical_json(list, &at_fault) == std::nullopt);
  CHECK(at_fault == &number);
}

TEST_CASE("a member is found by its key, and nothing is found where there are no members") {
  Node a;
  a.key = "a";
  Node object;
  object.kind = NodeKind::Object;
  object.first = &a;
  CHECK(object.find("a") == &a);
  CHECK(object.find("b") == nullptr);
  object.kind = NodeKind::Array;
  CHECK(object.find("a") == nullptr);
}

#include "harness/diagnostics.h"

#include <catch2/catch.hpp>

using harness::Diagnostic;
using harness::Severity;
using harness::to_text;

TEST_CASE("a diagnostic tells its place, the line with a caret, and what to do") {
  const Diagnostic diagnostic{Severity::Error, {"mesh/a.yaml", 3, 10}, "unknown phase 'AUTHN_Z'",
                              "write AUTHN, AUTHZ or STATS", "  phase: AUTHN_Z"};
  CHECK(to_text(diagnostic) ==
        "mesh/a.yaml:3:10: error: unknown phase 'AUTHN_Z'\n"
        "  phase: AUTHN_Z\n"
        "         ^\n"
        "  hint: write AUTHN, AUTHZ or STATS\n");
}

TEST_CASE("a diagnostic leaves out what it does not know") {
  CHECK(to_text({Severity::Io, {"a.yaml", 0, 0}, "cannot be opened", "", ""}) ==
        "a.yaml: error: cannot be opened\n");
  CHECK(to_text({Severity::Warning, {"a.yaml", 7, 0}, "late", "", ""}) == "a.yaml:7: warning: late\n");
  CHECK(to_text({Severity::Warning, {"a.yaml", 7, 0}, "late", "", "x: 1"}) ==
        "a.yaml:7: warning: late\nx: 1\n");
  CHECK(to_text({Severity::Note, {}, "nothing was read", "", ""}) == "note: nothing was read\n");
}

TEST_CASE("the caret stands under a character, not under a byte, and behind a tab") {
  CHECK(to_text({Severity::Error, {"a", 1, 10}, "p", "", "\t\xC3\xA9\xF0\x9F\x98\x80: x"}) ==
        "a:1:10: error: p\n"
        " \xC3\xA9\xF0\x9F\x98\x80: x\n"
        "     ^\n");
}

TEST_CASE("the caret of a column behind the line stands at the line's end") {
  CHECK(to_text({Severity::Error, {"a", 1, 99}, "p", "", "ab"}) == "a:1:99: error: p\nab\n  ^\n");
}

TEST_CASE("no byte of an input reaches the terminal as a control") {
  CHECK(to_text({Severity::Error, {"a\x1B", 1, 2}, "key \"\x07\"", "h\r", "\x1B[31m\x7F\xC2\x9B\xFFz"}) ==
        "a?:1:2: error: key \"?\"\n"
        "?[31m???z\n"
        " ^\n"
        "  hint: h?\n");
}

TEST_CASE("a long line is cut to 120 columns around the caret") {
  const std::string line = std::string(500, 'a') + "X" + std::string(500, 'b');
  CHECK(to_text({Severity::Error, {"f", 1, 501}, "p", "", line}) ==
        "f:1:501: error: p\n" + std::string(60, 'a') + "X" + std::string(59, 'b') + "\n" +
            std::string(60, ' ') + "^\n");
  CHECK(to_text({Severity::Error, {"f", 1, 1001}, "p", "", line}) ==
        "f:1:1001: error: p\n" + std::string(120, 'b') + "\n" + std::string(119, ' ') + "^\n");
  CHECK(to_text({Severity::Error, {"f", 1, 3}, "p", "", line}) ==
        "f:1:3: error: p\n" + std::string(120, 'a') + "\n  ^\n");
}

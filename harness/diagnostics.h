// What is wrong with an input, told to the person who wrote it. Readers add to the list and go on, so that one
// run shows every mistake; the command prints it once, on standard error.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace harness {

enum class Severity : std::uint8_t {
  Note,     // worth knowing; changes no exit code
  Warning,  // taken, but probably not what was meant
  Error,    // bad input: exit 65
  Io,       // could not be read: exit 74
};

// A place in an input file, for a person. Lines and columns count from 1; 0 means unknown.
struct SourcePosition {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Diagnostic {
  Severity severity = Severity::Error;
  SourcePosition where = {};
  std::string problem;  // "unknown phase 'AUTHN_Z'": no capital, no full stop
  std::string hint = {};     // what to do about it; may be empty
  std::string excerpt = {};  // the line at fault, for the caret; may be empty
};

using Diagnostics = std::vector<Diagnostic>;

// "file:line:column: error: problem", the line at fault with a caret, then "  hint: ...", each line ended.
// A tab of the excerpt is shown as a blank, other control bytes and what is no UTF-8 as '?', and it is cut to 120
// columns around the caret. Unknown numbers are left out, and so is a part that is empty.
std::string to_text(const Diagnostic& diagnostic);

bool has(const Diagnostics& diagnostics, Severity severity);

}  // namespace harness

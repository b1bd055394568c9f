// Numbers as Go reads and prints them; the readers need it, because an input is what a Go program would make of it.
// Source: strconv and encoding/json of Go 1.26.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace harness {

// A finite double as encoding/json prints it: the shortest digits that read back as the same number, without
// exponent from 1e-6 up to 1e21 ("0.000001", "100000000000000000000"), else with one ("1e-7", "1e+21").
std::string go_json_number(double number);

// As strconv.FormatFloat(number, 'g', -1, 32): what sigs.k8s.io/yaml makes of a number that is a key. "+Inf",
// "-Inf" and "NaN" become ".inf", "-.inf" and ".nan", as there.
std::string go_key_number(double number);

// A decimal floating-point text ("1.5e3", ".5"); nothing where it is too large for a double. What is too small is zero.
// The text must have that form already.
std::optional<double> go_double(std::string_view decimal);

// As strconv.ParseInt and ParseUint with a `base` of 2 or 0 (0: from the prefix 0x, 0b, 0o or 0, else
// decimal). Nothing where the text is no such number or is out of range. No underscores.
std::optional<std::int64_t> go_int(std::string_view text, int base);
std::optional<std::uint64_t> go_uint(std::string_view text, int base);

}  // namespace harness

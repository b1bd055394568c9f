#include "model/istio/module_url.h"

#include <algorithm>

namespace model::istio {
namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

struct Scheme {
  std::string_view scheme;
  std::string_view rest;
};

// net/url getScheme. Nothing: a colon at the very front.
std::optional<Scheme> split_scheme(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_alpha(c)) continue;
    if (is_digit(c) || c == '+' || c == '-' || c == '.') {
      if (i == 0) return Scheme{{}, text};
      continue;
    }
    if (c != ':') return Scheme{{}, text};
    if (i == 0) return std::nullopt;
    return Scheme{text.substr(0, i), text.substr(i + 1)};
  }
  return Scheme{{}, text};
}

bool escapes_are_well_formed(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') continue;
    if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
    i += 2;
  }
  return true;
}

// validOptionalPort: "" or ":" and digits.
bool is_optional_port(std::string_view text) {
  return text.empty() || (text.front() == ':' && std::ranges::all_of(text.substr(1), is_digit));
}

// shouldEscape for a host: what may stand there as it is.
bool is_host_byte(char c) {
  constexpr std::string_view kAllowed = "-_.~!$&'()*+,;=:[]<>\"%";
  return is_alpha(c) || is_digit(c) || kAllowed.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    const auto close = host.rfind(']');
    return close != std::string_view::npos && is_optional_port(host.substr(close + 1));
  }
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && !is_optional_port(host.substr(colon))) return false;
  if (!std::ranges::all_of(host, is_host_byte)) return false;
  return host.find('%') == std::string_view::npos;  // a host may escape only what is no ASCII
}

// validUserinfo
bool is_userinfo(std::string_view text) {
  constexpr std::string_view kAllowed = "-._:~!$&'()*+,;=%@";
  return std::ranges::all_of(text, [&](char c) {
    return is_alpha(c) || is_digit(c) || kAllowed.find(c) != std::string_view::npos;
  });
}

// What URL.EscapedPath leaves as it is.
bool is_path_byte(char c) {
  constexpr std::string_view kAllowed = "-_.~$&+,/:;=@!'()*[]%";
  return is_alpha(c) || is_digit(c) || kAllowed.find(c) != std::string_view::npos;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_path_byte(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

// What Go's parse makes of a url; views of its text.
struct Parts {
  std::string scheme;  // lower case
  std::string_view authority;
  bool has_authority = false;
  bool opaque = false;  // a scheme, and no slash behind it: `path` is untouched
  std::string_view path;
  std::string_view query;     // from its ?
  std::string_view fragment;  // from its #
};

// As url.Parse does it, or url.ParseRequestURI, which knows no fragments and no relative paths.
enum class Manner : std::uint8_t { Any, Request };

std::optional<Parts> parse(std::string_view text, Manner manner) {
  if (has_control(text) || (text.empty() && manner == Manner::Request)) return std::nullopt;
  Parts parts;
  if (text == "*") {
    parts.path = text;
    return parts;
  }
  if (const auto hash = text.find('#'); hash != std::string_view::npos && manner == Manner::Any) {
    if (!escapes_are_well_formed(text.substr(hash + 1))) return std::nullopt;
    parts.fragment = text.substr(hash);
    text = text.substr(0, hash);
  }
  const auto split = split_scheme(text);
  if (!split) return std::nullopt;
  parts.scheme = lower(split->scheme);
  parts.path = split->rest;
  if (const auto mark = parts.path.find('?'); mark != std::string_view::npos) {
    parts.query = parts.path.substr(mark);
    parts.path = parts.path.substr(0, mark);
  }
  if (!parts.path.starts_with('/')) {
    parts.opaque = !parts.scheme.empty();
    if (parts.opaque) return parts;
    const bool has_colon = parts.path.substr(0, parts.path.find('/')).find(':') != std::string_view::npos;
    if (manner == Manner::Request || has_colon) return std::nullopt;
  }
  const bool may_have_authority =
      !parts.scheme.empty() || (manner == Manner::Any && !parts.path.starts_with("///"));
  if (may_have_authority && parts.path.starts_with("//")) {
    parts.has_authority = true;
    const std::string_view rest = parts.path.substr(2);
    const auto slash = std::min(rest.find('/'), rest.size());
    parts.authority = rest.substr(0, slash);
    parts.path = rest.substr(slash);
    std::string_view host = parts.authority;
    if (const auto at = host.rfind('@'); at != std::string_view::npos) {
      if (!is_userinfo(host.substr(0, at)) || !escapes_are_well_formed(host.substr(0, at)))
        return std::nullopt;
      host.remove_prefix(at + 1);
    }
    if (!is_host(host)) return std::nullopt;
  }
  if (!escapes_are_well_formed(parts.path)) return std::nullopt;
  return parts;
}

std::optional<std::string> scheme_of(const std::optional<Parts>& parts) {
  if (!parts) return std::nullopt;
  return parts->scheme;
}

}  // namespace

std::optional<std::string> url_scheme(std::string_view url) { return scheme_of(parse(url, Manner::Any)); }

std::optional<std::string> request_url_scheme(std::string_view url) {
  if (auto scheme = scheme_of(parse(url, Manner::Request))) return scheme;
  return scheme_of(parse("http://" + std::string(url), Manner::Request));
}

std::optional<ModuleUrl> parse_module_url(std::string_view url) {
  constexpr std::string_view kFile = "file://";
  if (url.empty()) return ModuleUrl{"oci:", {}};
  const auto parts = parse(url, Manner::Any);
  if (!parts) return std::nullopt;
  if (parts->scheme == "file") {
    const bool literal = url.starts_with(kFile);
    return ModuleUrl{{}, std::string(literal ? url.substr(kFile.size()) : url)};
  }
  const std::string tail = std::string(parts->query) + std::string(parts->fragment);
  if (parts->opaque) return ModuleUrl{parts->scheme + ":" + std::string(parts->path) + tail, {}};
  const std::string path = escaped(parts->path);
  const std::string scheme = parts->scheme.empty() ? "oci" : parts->scheme;
  // Without a scheme Istio sets it and prints again: a relative path becomes what follows "oci://".
  return ModuleUrl{scheme + "://" + std::string(parts->authority) + path + tail, {}};
}

}  // namespace model::istio

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

}  // namespace

std::optional<ModuleUrl> parse_module_url(std::string_view url) {
  constexpr std::string_view kFile = "file://";
  if (url.empty()) return ModuleUrl{"oci:", {}};
  if (has_control(url)) return std::nullopt;

  std::string fragment;
  std::string_view text = url;
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    if (!escapes_are_well_formed(text.substr(hash + 1))) return std::nullopt;
    fragment = text.substr(hash);
    text = text.substr(0, hash);
  }
  const auto split = split_scheme(text);
  if (!split) return std::nullopt;
  std::string scheme = lower(split->scheme);
  std::string_view rest = split->rest;
  std::string query;
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    query = rest.substr(mark);
    rest = rest.substr(0, mark);
  }

  const bool rooted = rest.starts_with('/');
  if (!rooted && !scheme.empty()) {
    // Opaque: what follows the colon, untouched.
    if (scheme == "file") return ModuleUrl{{}, std::string(url)};
    return ModuleUrl{scheme + ":" + std::string(rest) + query + fragment, {}};
  }
  if (!rooted) {
    const auto slash = rest.find('/');
    if (rest.substr(0, slash).find(':') != std::string_view::npos) return std::nullopt;
  }

  std::string authority;
  bool has_authority = false;
  if ((!scheme.empty() || !rest.starts_with("///")) && rest.starts_with("//")) {
    rest.remove_prefix(2);
    const auto slash = rest.find('/');
    authority = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
    has_authority = true;
    std::string_view host = authority;
    if (const auto at = host.rfind('@'); at != std::string_view::npos) {
      if (!is_userinfo(host.substr(0, at)) || !escapes_are_well_formed(host.substr(0, at)))
        return std::nullopt;
      host.remove_prefix(at + 1);
    }
    if (!is_host(host)) return std::nullopt;
  }
  if (!escapes_are_well_formed(rest)) return std::nullopt;

  if (scheme == "file") {
    const bool literal = url.starts_with(kFile);
    return ModuleUrl{{}, std::string(literal ? url.substr(kFile.size()) : url)};
  }
  std::string path = escaped(rest);
  if (scheme.empty()) {
    scheme = "oci";
    // Istio sets the scheme and prints again: a relative path becomes what follows "oci://".
    if (!has_authority) return ModuleUrl{"oci://" + path + query + fragment, {}};
  }
  return ModuleUrl{scheme + "://" + authority + path + query + fragment, {}};
}

}  // namespace model::istio

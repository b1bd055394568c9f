#include "model/module.h"

#include <algorithm>
#include <array>
#include <utility>

namespace model {
namespace {

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
constexpr bool is_hex(char c) { return is_lower_hex(c) || (c >= 'A' && c <= 'F'); }
constexpr bool is_word(char c) { return is_alphanumeric(c) || c == '_'; }
constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char to_lower(char c) { return is_letter(c) ? static_cast<char>(c | 0x20) : c; }

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), to_lower);
  return lower;
}

// Whether `matches` holds for each part between the separators. There is always one part.
template <class Predicate>
bool every_part(std::string_view text, char separator, Predicate matches) {
  for (;;) {
    const std::size_t end = text.find(separator);
    if (!matches(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

// The grammar of image references: github.com/distribution/reference, reference.go and regexp.go.

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestTag = 128;

// [a-zA-Z0-9] | [a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]
bool is_domain_component(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_ipv6_host(std::string_view text) {
  return text.size() > 2 && text.front() == '[' && text.back() == ']' &&
         std::ranges::all_of(text.substr(1, text.size() - 2),
                             [](char c) { return is_hex(c) || c == ':'; });
}

// host[:port]
bool is_domain(std::string_view text) {
  std::string_view host = text;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && !text.ends_with(']')) {
    const std::string_view port = text.substr(colon + 1);
    if (port.empty() || !std::ranges::all_of(port, is_digit)) return false;
    host = text.substr(0, colon);
  }
  return is_ipv6_host(host) || every_part(host, '.', is_domain_component);
}

// [a-z0-9]+ ((\.|_|__|-+) [a-z0-9]+)*
bool is_path_component(std::string_view text) {
  const auto is_part = [](char c) { return is_lower(c) || is_digit(c); };
  if (text.empty() || !is_part(text.front()) || !is_part(text.back())) return false;
  for (std::size_t i = 0; i < text.size();) {
    if (is_part(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (!is_part(text[i])) ++i;  // ends: the last character is a part
    const std::string_view separator = text.substr(begin, i - begin);
    const bool dashes = separator.find_first_not_of('-') == std::string_view::npos;
    if (separator != "." && separator != "_" && separator != "__" && !dashes) return false;
  }
  return true;
}

bool is_repository(std::string_view text) { return every_part(text, '/', is_path_component); }

// [\w][\w.-]{0,127}
bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= kLongestTag && is_word(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

// The algorithms that go-digest registers, each with as many lower-case digits as it has.
bool is_digest(std::string_view text) {
  constexpr std::array kAlgorithms = std::to_array<std::pair<std::string_view, std::size_t>>(
      {{"sha256:", 64}, {"sha384:", 96}, {"sha512:", 128}});
  return std::ranges::any_of(kAlgorithms, [&](const auto& algorithm) {
    return text.starts_with(algorithm.first) &&
           text.size() == algorithm.first.size() + algorithm.second &&
           std::ranges::all_of(text.substr(algorithm.first.size()), is_lower_hex);
  });
}

// Docker's rule for the first part of a name (normalize.go, splitDockerDomain).
bool looks_like_domain(std::string_view part) {
  return part.find_first_of(".:[") != std::string_view::npos || part == "localhost" ||
         in_lower_case(part) != part;
}

// Urls.

constexpr std::string_view kSchemeEnd = "://";
constexpr std::string_view kDigestMark = "@sha256:";

struct Scheme {
  std::string_view name;  // in lower case
  ModuleSource source;
  ClauseId clause;
};

constexpr std::array kSchemes = std::to_array<Scheme>({
    {"oci", ModuleSource::Oci, "URL-2"_clause},
    {"file", ModuleSource::File, "URL-3"_clause},
    {"http", ModuleSource::Http, "URL-4"_clause},
    {"https", ModuleSource::Http, "URL-4"_clause},
});

// RFC 3986 section 3.1.
bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
  });
}

// The host of what follows "http://", without user, password and port.
std::string_view host_of(std::string_view rest) {
  std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos)
    host.remove_prefix(at + 1);
  return host.starts_with('[') ? host : host.substr(0, host.find(':'));
}

constexpr std::string_view kSchemesHint =
    "schemes are oci, file, http and https; a url without one names an image";

class Resolution {
 public:
  Resolution(const WasmPlugin& plugin, IsPublicKey is_public_key, const Rules& rules)
      : plugin_(plugin), is_public_key_(is_public_key), rules_(rules) {}

  ModuleVerdict verdict() && {
    resolve_url();
    resolve_checksum();
    resolve_key();
    if (verdict_.refusal) return {std::nullopt, std::move(verdict_.refusal), std::nullopt, {}};
    if (!resolved_) return std::move(verdict_);
    resolve_pull_policy();
    resolve_names();
    verdict_.module = std::move(module_);
    return std::move(verdict_);
  }

 private:
  void refuse(ClauseId clause, Place place, std::string reason, std::string hint) {
    if (verdict_.refusal) return;
    verdict_.refusal = Refusal{plugin_.id, std::move(reason), std::move(hint), clause, place};
  }

  void leave_open(ClauseId clause, std::string reason) {
    if (verdict_.left_open) return;
    verdict_.left_open = clause;
    verdict_.left_open_reason = std::move(reason);
  }

  void resolve_url() {
    const std::string_view url = plugin_.url;
    if (url.empty()) return leave_open("URL-6"_clause, "no url is given");
    const std::size_t end = url.find(kSchemeEnd);
    if (end == std::string_view::npos) {
      if (rules_.hold("URL-1"_clause)) return resolve_image(url);
      return refuse("URL-5"_clause, plugin_.url_place, "the url has no scheme",
                    std::string(kSchemesHint));
    }
    const std::string_view scheme = url.substr(0, end);
    const std::string_view rest = url.substr(end + kSchemeEnd.size());
    if (!is_scheme(scheme))
      return leave_open("URL-7"_clause, "the url is no valid image reference");
    const std::string lower = in_lower_case(scheme);
    const auto known = std::ranges::find(kSchemes, lower, &Scheme::name);
    if (known == kSchemes.end() || !rules_.hold(known->clause)) return resolve_other(scheme);
    // Where it is accepted, it can mean one thing only.
    if (lower != scheme) leave_open("URL-7"_clause, "the url's scheme is in upper case");
    if (known->source == ModuleSource::Oci) return resolve_image(rest);
    if (known->source == ModuleSource::File) return resolve_file(rest);
    resolve_remote(rest);
  }

  void resolve_image(std::string_view reference) {
    module_.source = ModuleSource::Oci;
    module_.reference = reference;
    module_.image = parse_image_reference(reference);
    if (!module_.image)
      return leave_open("URL-7"_clause, "the url is no valid image reference");
    resolved_ = true;
  }

  void resolve_file(std::string_view path) {
    module_.source = ModuleSource::File;
    module_.reference = path;
    if (path.empty()) return leave_open("URL-7"_clause, "the url names no file");
    resolved_ = true;
  }

  void resolve_remote(std::string_view rest) {
    module_.source = ModuleSource::Http;
    module_.reference = plugin_.url;
    if (host_of(rest).empty()) return leave_open("URL-7"_clause, "the url names no host");
    resolved_ = true;
  }

  void resolve_other(std::string_view scheme) {
    if (rules_.hold("URL-5"_clause))
      return refuse("URL-5"_clause, plugin_.url_place,
                    "unsupported scheme '" + std::string(scheme) + "' in the url",
                    std::string(kSchemesHint));
    module_.source = ModuleSource::Http;
    module_.reference = plugin_.url;
    resolved_ = true;
  }

  void resolve_checksum() {
    const std::string_view field = plugin_.sha256;
    const std::string_view in_url = module_.source == ModuleSource::Oci ? digest_text() : "";
    if (!field.empty() && !is_sha256(field))
      leave_open("SHA-4"_clause, "sha256 is not 64 lower-case hexadecimal digits");
    if (!field.empty() && !in_url.empty()) compare_checksums(field, in_url);
    module_.checksum = field.empty() ? in_url : field;
  }

  // What stands behind "@sha256:" in the url, also where the rest of it is no valid reference.
  std::string_view digest_text() const {
    const std::string_view reference = module_.reference;
    const std::size_t mark = reference.find(kDigestMark);
    return mark == std::string_view::npos ? "" : reference.substr(mark + kDigestMark.size());
  }

  // An odd spelling (SHA-4) of another sum is a different sum, however it is read.
  void compare_checksums(std::string_view field, std::string_view in_url) {
    const bool equal = usual_spelling(field) == in_lower_case(in_url);
    if (equal && rules_.hold("SHA-5"_clause)) return;
    if (!equal && !rules_.hold("SHA-2"_clause)) return;
    refuse("SHA-2"_clause, plugin_.sha256_place,
           equal ? "sha256 repeats the digest in the url"
                 : "sha256 differs from the digest in the url",
           "remove sha256, or set it to '" + std::string(in_url) + "'");
  }

  void resolve_key() {
    const std::string& key = plugin_.verification_key;
    if (key.empty() || !rules_.hold("KEY-1"_clause) || is_public_key_(key)) return;
    if (key.find("PRIVATE KEY-----") != std::string::npos)
      return refuse("KEY-1"_clause, plugin_.verification_key_place,
                    "verificationKey holds a private key",
                    "give the public half: openssl pkey -in KEY.pem -pubout; "
                    "and take the private key for known to others");
    if (key.find("BEGIN CERTIFICATE-----") != std::string::npos)
      return refuse("KEY-1"_clause, plugin_.verification_key_place,
                    "verificationKey holds a certificate",
                    "give its public key: openssl x509 -in CERT.pem -noout -pubkey");
    refuse("KEY-1"_clause, plugin_.verification_key_place,
           "verificationKey is no public key in PEM",
           "it is one block from '-----BEGIN PUBLIC KEY-----' to '-----END PUBLIC KEY-----', "
           "with its line ends (in YAML a block scalar, '|')");
  }

  void decide(std::optional<PullPolicy> policy, ClauseId clause, std::string reason) {
    module_.pull_policy = policy;
    module_.pull_policy_clause = clause;
    module_.pull_policy_reason = std::move(reason);
  }

  PullPolicy default_policy() const {
    return rules_.hold("PUL-1"_clause) ? PullPolicy::IfNotPresent : PullPolicy::Always;
  }

  void resolve_pull_policy() {
    if (module_.source != ModuleSource::Oci && rules_.hold("PUL-7"_clause))
      return decide(std::nullopt, "PUL-7"_clause, "the module is a file, not an image");
    const bool by_digest = module_.image && !module_.image->digest.empty();
    if (by_digest && rules_.hold("PUL-6"_clause))
      return decide(std::nullopt, "PUL-6"_clause, "the image is named by digest");
    if (plugin_.pull_policy == PullPolicy::Always)
      return decide(PullPolicy::Always, "PUL-5"_clause, "the policy is given");
    if (plugin_.pull_policy == PullPolicy::IfNotPresent)
      return decide(PullPolicy::IfNotPresent, "PUL-3"_clause, "the policy is given");
    default_pull_policy();
    if (plugin_.pull_policy != PullPolicy::Unspecified) return;
    if (!rules_.hold("PUL-9"_clause))
      return decide(PullPolicy::IfNotPresent, "PUL-9"_clause, "UNSPECIFIED_POLICY is given");
    // Without a tag the text says nothing (PUL-8), written out or not.
    if (module_.pull_policy_clause == "PUL-8"_clause) return;
    decide(module_.pull_policy, "PUL-9"_clause,
           "UNSPECIFIED_POLICY is no policy, and " + module_.pull_policy_reason);
  }

  void default_pull_policy() {
    if (!module_.image)
      return decide(default_policy(), "PUL-1"_clause, "no policy is given");
    const std::string& tag = module_.image->tag;
    if (tag.empty())
      return decide(PullPolicy::Always, "PUL-8"_clause,
                    "the image has neither tag nor digest, which Kubernetes takes for latest");
    if (tag == "latest" && rules_.hold("PUL-2"_clause))
      return decide(PullPolicy::Always, "PUL-2"_clause, "the tag is latest");
    decide(default_policy(), "PUL-1"_clause, "the tag is '" + tag + "'");
  }

  void resolve_names() {
    const bool uses_secret = module_.source == ModuleSource::Oci || !rules_.hold("SEC-2"_clause);
    if (uses_secret && !plugin_.image_pull_secret.empty() && rules_.hold("SEC-1"_clause))
      module_.pull_secret = ObjectName{plugin_.id.ns, plugin_.image_pull_secret};
    if (rules_.hold("CFG-2"_clause)) module_.plugin_name = plugin_.plugin_name;
  }

  static bool is_sha256(std::string_view text) {
    return text.size() == 64 && std::ranges::all_of(text, is_lower_hex);
  }

  // A checksum without blanks around it, without the prefix, and in lower case.
  static std::string usual_spelling(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    std::string lower = in_lower_case(text);
    constexpr std::string_view kPrefix = "sha256:";
    return lower.starts_with(kPrefix) ? lower.substr(kPrefix.size()) : lower;
  }

  const WasmPlugin& plugin_;
  IsPublicKey is_public_key_;
  const Rules& rules_;
  ModuleVerdict verdict_;
  Module module_;
  bool resolved_ = false;  // whether the url names a module
};

}  // namespace

std::string_view to_string(ModuleSource source) {
  switch (source) {
    case ModuleSource::Oci: return "oci";
    case ModuleSource::File: return "file";
    case ModuleSource::Http: return "http";
  }
  return {};
}

std::optional<ImageReference> parse_image_reference(std::string_view text) {
  ImageReference image;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    image.digest = text.substr(at + 1);
    if (!is_digest(image.digest)) return std::nullopt;
    text = text.substr(0, at);
  }
  // A colon behind the last slash begins the tag; one before it belongs to the registry's port.
  const std::size_t colon = text.rfind(':');
  const std::size_t last_slash = text.rfind('/');
  if (colon != std::string_view::npos &&
      (last_slash == std::string_view::npos || colon > last_slash)) {
    image.tag = text.substr(colon + 1);
    if (!is_tag(image.tag)) return std::nullopt;
    text = text.substr(0, colon);
  }
  if (text.size() > kLongestName) return std::nullopt;
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const std::string_view first = text.substr(0, slash);
    if (looks_like_domain(first) && is_domain(first)) {
      image.registry = first;
      text.remove_prefix(slash + 1);
    }
  }
  if (!is_repository(text)) return std::nullopt;
  image.repository = text;
  return image;
}

ModuleVerdict resolve_module(const WasmPlugin& plugin, IsPublicKey is_public_key,
                             const Rules& rules) {
  return Resolution(plugin, is_public_key, rules).verdict();
}

}  // namespace model

// What the fields of a WasmPlugin that name its module resolve to (URL-, SHA-, PUL-, KEY- clauses).
// Pure text work: nothing is fetched, and whether a PEM text holds a public key is asked of the caller.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/clauses.h"
#include "model/wasm_plugin.h"

namespace model {

enum class ModuleSource : std::uint8_t { Oci, File, Http };

// "oci", "file", "http".
std::string_view to_string(ModuleSource source);

// An image reference, cut at its seams: registry/repository:tag@digest. Empty: the part is not there.
struct ImageReference {
  std::string registry;
  std::string repository;
  std::string tag;
  std::string digest;  // "sha256:..." as written

  bool operator==(const ImageReference&) const = default;
};

// The parts of an image reference as the distribution project's grammar defines them, or nothing if the text
// is no reference (URL-7). `docker.io` and `latest` are not filled in.
std::optional<ImageReference> parse_image_reference(std::string_view text);

struct Module {
  ModuleSource source = ModuleSource::Oci;
  std::string reference;                  // the url without its scheme (oci, file), or whole (http)
  std::optional<ImageReference> image;    // for Oci
  std::optional<PullPolicy> pull_policy;  // IfNotPresent or Always; nothing where it does not matter
  std::string pull_policy_reason;         // "the image is named by digest", ...
  ClauseId pull_policy_clause;            // PUL-1, PUL-2, PUL-6, PUL-7, PUL-8, PUL-9; PUL-5 or PUL-3 where written out
  std::string checksum;                   // the sha256 to verify: the field's, else the url's; "" where none
  std::optional<ObjectName> pull_secret;  // in the plugin's own namespace (SEC-1); Oci only (SEC-2)
  std::string plugin_name;                // the root id (CFG-2)
};

// How a module's fields were judged.
struct ModuleVerdict {
  std::optional<Module> module;         // nothing where refused, or where the url says nothing (URL-6)
  std::optional<Refusal> refusal;       // URL-5, SHA-2, KEY-1
  std::optional<ClauseId> left_open;    // URL-6, URL-7, SHA-4: whether it is accepted is not judged
  std::string left_open_reason;
};

// Tells whether a text is one public key in PEM.
using IsPublicKey = bool (*)(std::string_view pem);

// Resolves the module of a plugin. The clauses that `rules` switches off are not obeyed.
ModuleVerdict resolve_module(const WasmPlugin& plugin, IsPublicKey is_public_key,
                             const Rules& rules = Rules::documented());

}  // namespace model

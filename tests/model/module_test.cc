#include "model/module.h"

#include <catch2/catch.hpp>
#include <string>

using model::ModuleSource;
using model::ModuleVerdict;
using model::PullPolicy;
using model::Rules;
using model::operator""_clause;

namespace {

const std::string kSum(64, 'a');
const std::string kOtherSum(64, 'b');

bool is_the_key(std::string_view pem) { return pem == "the key"; }

model::WasmPlugin plugin(std::string url) {
  model::WasmPlugin plugin;
  plugin.id = {"shop", "jwt"};
  plugin.url = std::move(url);
  plugin.url_place = {0, 7, 8};
  plugin.sha256_place = {0, 8, 11};
  plugin.verification_key_place = {0, 9, 20};
  return plugin;
}

ModuleVerdict verdict(const model::WasmPlugin& plugin, const Rules& rules = Rules::documented()) {
  return model::resolve_module(plugin, is_the_key, rules);
}

ModuleVerdict verdict(std::string url, const Rules& rules = Rules::documented()) {
  return verdict(plugin(std::move(url)), rules);
}

// "reference (source)", "refused URL-5", "open URL-7", "open URL-7: reference (source)".
std::string summary(const ModuleVerdict& verdict) {
  if (verdict.refusal) {
    CHECK_FALSE(verdict.module);
    CHECK_FALSE(verdict.left_open);
    return "refused " + std::string((*verdict.refusal->clause)->id);
  }
  std::string text;
  if (verdict.left_open) text = "open " + std::string((*verdict.left_open)->id);
  if (!verdict.module) return text;
  if (!text.empty()) text += ": ";
  return text + verdict.module->reference + " (" + std::string(to_string(verdict.module->source)) +
         ")";
}

// "IfNotPresent (PUL-1)", "does not matter (PUL-6)".
std::string pull(const ModuleVerdict& verdict) {
  REQUIRE(verdict.module);
  const std::string policy = verdict.module->pull_policy
                                 ? std::string(to_string(*verdict.module->pull_policy))
                                 : "does not matter";
  return policy + " (" + std::string(verdict.module->pull_policy_clause->id) + ")";
}

std::string pull(std::string url, std::optional<PullPolicy> policy,
                 const Rules& rules = Rules::documented()) {
  auto given = plugin(std::move(url));
  given.pull_policy = policy;
  return pull(verdict(given, rules));
}

ModuleVerdict with_sum(std::string url, std::string sum,
                       const Rules& rules = Rules::documented()) {
  auto given = plugin(std::move(url));
  given.sha256 = std::move(sum);
  return verdict(given, rules);
}

ModuleVerdict with_key(std::string key, const Rules& rules = Rules::documented()) {
  auto given = plugin("oci://registry.example.com/filter:v1");
  given.verification_key = std::move(key);
  return verdict(given, rules);
}

// "registry|repository|tag|digest", or "none".
std::string parts(std::string_view text) {
  const auto image = model::parse_image_reference(text);
  if (!image) return "none";
  return image->registry + "|" + image->repository + "|" + image->tag + "|" + image->digest;
}

}  // namespace

TEST_CASE("an image reference is cut at its seams") {
  const std::string digest = "sha256:" + kSum;
  struct Case {
    std::string text;
    std::string parts;
  };
  const auto c = GENERATE_COPY(values<Case>({
      {"filter", "|filter||"},
      {"filter:v1", "|filter|v1|"},
      {"team/filter:v1", "|team/filter|v1|"},
      {"team/group/filter", "|team/group/filter||"},
      {"registry.example.com/team/filter:v1", "registry.example.com|team/filter|v1|"},
      {"registry.example.com:5000/team/filter:v1", "registry.example.com:5000|team/filter|v1|"},
      {"registry.example.com:5000/filter", "registry.example.com:5000|filter||"},
      {"registry.example.com", "|registry.example.com||"},  // a lone name is a repository
      {"registry.example.com:5000", "|registry.example.com|5000|"},
      {"localhost/filter", "localhost|filter||"},
      {"localhost:5000/filter:v1", "localhost:5000|filter|v1|"},
      {"REGISTRY/filter", "REGISTRY|filter||"},  // capitals may stand in a registry only
      {"10.0.0.1:5000/filter", "10.0.0.1:5000|filter||"},
      {"[::1]:5000/filter", "[::1]:5000|filter||"},
      {"[fe80::1]/filter", "[fe80::1]|filter||"},
      {"filter@" + digest, "|filter||" + digest},
      {"registry.example.com/filter:v1@" + digest, "registry.example.com|filter|v1|" + digest},
      {"filter@sha512:" + std::string(128, '0'), "|filter||sha512:" + std::string(128, '0')},
      {"a.b_c__d-e---f/x", "|a.b_c__d-e---f/x||"},  // no domain has '_': the first part is a path
      {"filter:_v", "|filter|_v|"},
      {"filter:V1.0-rc", "|filter|V1.0-rc|"},
      {"filter:" + std::string(128, 'v'), "|filter|" + std::string(128, 'v') + "|"},
      {std::string(255, 'f'), "|" + std::string(255, 'f') + "||"},
  }));
  CAPTURE(c.text);
  CHECK(parts(c.text) == c.parts);
}

TEST_CASE("a text that breaks the grammar is no image reference") {
  const auto text = GENERATE_COPY(values<std::string>({
      "",
      " ",
      " filter",
      "filter ",
      "/filter",
      "filter/",
      "team//filter",
      "team/..filter",
      "team/-filter",
      "team/filter-",
      "team/fil..ter",
      "team/fil___ter",
      "team/fil._ter",
      "registry.example.com/Team/Filter:v1",
      "Filter",
      "registry.example.com:port/filter",
      "registry.example.com:/filter",
      "-registry.example.com/filter",
      "registry..example.com/filter",
      "[]:5000/filter",
      "[::1/filter",
      "filter:",
      "filter:-v",
      "filter:.v",
      "filter:v1:v2",
      "filter:v 1",
      "filter:" + std::string(129, 'v'),
      std::string(256, 'f'),
      "filter@",
      "filter@" + kSum,
      "filter@sha256:",
      "filter@sha256:" + std::string(63, 'a'),
      "filter@sha256:" + std::string(65, 'a'),
      "filter@sha256:" + std::string(64, 'A'),
      "filter@md5:" + std::string(32, 'a'),
      "filter@sha256:" + kSum + "@sha256:" + kSum,
      "${IMAGE}",
      "alice:secret@registry.example.com/filter",
      "filter:v1?x=1",
      "filter\tv1",
      std::string("fil\0ter", 7),
      "f\xc3\xafltre",
  }));
  CAPTURE(text);
  CHECK(parts(text) == "none");
}

TEST_CASE("a url says which kind of module it names", "[URL-1][URL-2][URL-3][URL-4][URL-5]") {
  struct Case {
    std::string url;
    std::string summary;
  };
  const auto c = GENERATE(values<Case>({
      {"filter:v1", "filter:v1 (oci)"},
      {"registry.example.com:5000/filter:v1", "registry.example.com:5000/filter:v1 (oci)"},
      {"oci://registry.example.com/filter:v1", "registry.example.com/filter:v1 (oci)"},
      {"oci://filter", "filter (oci)"},
      {"file:///opt/filters/openid.wasm", "/opt/filters/openid.wasm (file)"},
      {"http://example.com/filter.wasm", "http://example.com/filter.wasm (http)"},
      {"https://example.com:8443/filter.wasm", "https://example.com:8443/filter.wasm (http)"},
      {"https://[::1]/filter.wasm", "https://[::1]/filter.wasm (http)"},
      {"http://test", "http://test (http)"},
      {"ftp://example.com/filter.wasm", "refused URL-5"},
      {"ftp://", "refused URL-5"},
      {"FTP://example.com/filter.wasm", "refused URL-5"},
      {"s3://bucket/filter.wasm", "refused URL-5"},
      {"oci+http://registry.example.com/filter", "refused URL-5"},
      {"docker://registry.example.com/filter:v1", "refused URL-5"},
  }));
  CAPTURE(c.url);
  CHECK(summary(verdict(c.url)) == c.summary);
}

TEST_CASE("what the text leaves open about a url stays open", "[URL-6][URL-7]") {
  struct Case {
    std::string url;
    std::string summary;
    std::string reason;
  };
  const auto c = GENERATE(values<Case>({
      {"", "open URL-6", "no url is given"},
      {"Team/Filter:v1", "open URL-7", "the url is no valid image reference"},
      {"oci://${IMAGE}", "open URL-7", "the url is no valid image reference"},
      {"#%blah$#@", "open URL-7", "the url is no valid image reference"},
      {"oci://", "open URL-7", "the url is no valid image reference"},
      {"oci:///team/filter:v1", "open URL-7", "the url is no valid image reference"},
      {"oci:registry.example.com/filter", "open URL-7", "the url is no valid image reference"},
      {" oci://registry.example.com/filter", "open URL-7", "the url is no valid image reference"},
      {"://filter", "open URL-7", "the url is no valid image reference"},
      {"OCI://registry.example.com/filter", "open URL-7: registry.example.com/filter (oci)",
       "the url's scheme is in upper case"},
      {"File:///opt/x.wasm", "open URL-7: /opt/x.wasm (file)", "the url's scheme is in upper case"},
      {"Https://example.com/x.wasm", "open URL-7: Https://example.com/x.wasm (http)",
       "the url's scheme is in upper case"},
      {"http://", "open URL-7", "the url names no host"},
      {"https:///filter.wasm", "open URL-7", "the url names no host"},
      {"http://:80/filter.wasm", "open URL-7", "the url names no host"},
      {"http://alice@/filter.wasm", "open URL-7", "the url names no host"},
      {"file://", "open URL-7", "the url names no file"},
  }));
  CAPTURE(c.url);
  const auto found = verdict(c.url);
  CHECK(summary(found) == c.summary);
  CHECK(found.left_open_reason == c.reason);
}

TEST_CASE("the refusal of a scheme tells where and what to do", "[URL-5]") {
  const auto refusal = verdict("ftp://example.com/filter.wasm").refusal;
  REQUIRE(refusal);
  CHECK(to_string(refusal->plugin) == "shop/jwt");
  CHECK(refusal->reason == "unsupported scheme 'ftp' in the url");
  CHECK(refusal->hint == "schemes are oci, file, http and https; a url without one names an image");
  CHECK(refusal->place == model::Place{0, 7, 8});
}

TEST_CASE("the pull policy follows the clauses", "[PUL-1][PUL-2][PUL-6][PUL-7][PUL-8][PUL-9]") {
  struct Case {
    std::string url;
    std::string unset;
    std::string unspecified;
    std::string if_not_present;
    std::string always;
  };
  const std::string by_digest = "does not matter (PUL-6)";
  const std::string no_image = "does not matter (PUL-7)";
  const auto c = GENERATE_COPY(values<Case>({
      {"filter:v1", "IfNotPresent (PUL-1)", "IfNotPresent (PUL-9)", "IfNotPresent (PUL-3)",
       "Always (PUL-5)"},
      {"oci://registry.example.com:5000/filter:v1", "IfNotPresent (PUL-1)", "IfNotPresent (PUL-9)",
       "IfNotPresent (PUL-3)", "Always (PUL-5)"},
      {"oci://registry.example.com/filter:latest", "Always (PUL-2)", "Always (PUL-9)",
       "IfNotPresent (PUL-3)", "Always (PUL-5)"},
      {"filter:Latest", "IfNotPresent (PUL-1)", "IfNotPresent (PUL-9)", "IfNotPresent (PUL-3)",
       "Always (PUL-5)"},
      {"filter", "Always (PUL-8)", "Always (PUL-8)", "IfNotPresent (PUL-3)", "Always (PUL-5)"},
      {"filter@sha256:" + kSum, by_digest, by_digest, by_digest, by_digest},
      {"filter:latest@sha256:" + kSum, by_digest, by_digest, by_digest, by_digest},
      {"file:///opt/x.wasm", no_image, no_image, no_image, no_image},
      {"https://example.com/x:latest", no_image, no_image, no_image, no_image},
  }));
  CAPTURE(c.url);
  CHECK(pull(c.url, std::nullopt) == c.unset);
  CHECK(pull(c.url, PullPolicy::Unspecified) == c.unspecified);
  CHECK(pull(c.url, PullPolicy::IfNotPresent) == c.if_not_present);
  CHECK(pull(c.url, PullPolicy::Always) == c.always);
}

TEST_CASE("the pull policy comes with its reason") {
  CHECK(verdict("filter:latest").module->pull_policy_reason == "the tag is latest");
  CHECK(verdict("filter:v1").module->pull_policy_reason == "the tag is 'v1'");
  CHECK(verdict("filter@sha256:" + kSum).module->pull_policy_reason ==
        "the image is named by digest");
  auto given = plugin("filter:v1");
  given.pull_policy = PullPolicy::Unspecified;
  CHECK(verdict(given).module->pull_policy_reason ==
        "UNSPECIFIED_POLICY is no policy, and the tag is 'v1'");
}

TEST_CASE("a checksum must equal the digest in the url", "[SHA-2][SHA-4][SHA-5]") {
  struct Case {
    std::string url;
    std::string sum;
    std::string summary;   // "accepted": refused by nothing, open by nothing
    std::string checksum;  // to verify
  };
  const std::string upper(64, 'A');
  const auto c = GENERATE_COPY(values<Case>({
      {"filter:v1", "", "accepted", ""},
      {"filter:v1", kSum, "accepted", kSum},
      {"filter@sha256:" + kSum, "", "accepted", kSum},
      {"filter@sha256:" + kSum, kSum, "accepted", kSum},
      {"filter:v1@sha256:" + kSum, kSum, "accepted", kSum},
      {"filter@sha256:" + kSum, kOtherSum, "refused SHA-2", ""},
      {"oci://filter:v1@sha256:" + kSum, kOtherSum, "refused SHA-2", ""},
      {"filter@sha256:" + kSum, "foo", "refused SHA-2", ""},  // differs, however it is read
      {"filter@sha256:" + kSum, upper, "open SHA-4", upper},
      {"filter@sha256:" + kSum, "sha256:" + kSum, "open SHA-4", "sha256:" + kSum},
      {"filter@sha256:" + kSum, " " + kSum + "\n", "open SHA-4", " " + kSum + "\n"},
      {"filter:v1", upper, "open SHA-4", upper},
      {"filter:v1", "foo", "open SHA-4", "foo"},
      {"filter:v1", std::string(63, 'a'), "open SHA-4", std::string(63, 'a')},
      {"filter@sha512:" + std::string(128, '0'), kSum, "accepted", kSum},
      {"filter@sha512:" + std::string(128, '0'), "", "accepted", ""},
      {"file:///opt/x.wasm", kSum, "accepted", kSum},
      {"https://example.com/x.wasm@sha256:" + kSum, kOtherSum, "accepted", kOtherSum},
      {"https://example.com/x.wasm@sha256:" + kSum, "", "accepted", ""},
  }));
  CAPTURE(c.url, c.sum);
  const auto found = with_sum(c.url, c.sum);
  std::string told = "accepted";
  if (found.left_open) told = "open " + std::string((*found.left_open)->id);
  if (found.refusal) told = summary(found);
  CHECK(told == c.summary);
  CHECK((found.module ? found.module->checksum : "") == c.checksum);
}

TEST_CASE("the refusal of a checksum names the digest", "[SHA-2]") {
  const auto refusal = with_sum("filter@sha256:" + kSum, kOtherSum).refusal;
  REQUIRE(refusal);
  CHECK(refusal->reason == "sha256 differs from the digest in the url");
  CHECK(refusal->hint == "remove sha256, or set it to '" + kSum + "'");
  CHECK(refusal->place == model::Place{0, 8, 11});
}

TEST_CASE("the secret lies in the plugin's namespace and serves images only", "[SEC-1][SEC-2]") {
  const auto secret = [](std::string url, std::string name, const Rules& rules) {
    auto given = plugin(std::move(url));
    given.image_pull_secret = std::move(name);
    const auto found = verdict(given, rules).module->pull_secret;
    return found ? to_string(*found) : "none";
  };
  const Rules all = Rules::documented();
  CHECK(secret("filter:v1", "creds", all) == "shop/creds");
  CHECK(secret("filter:v1", "", all) == "none");
  CHECK(secret("https://example.com/x.wasm", "creds", all) == "none");
  CHECK(secret("file:///x.wasm", "creds", all) == "none");
  CHECK(secret("filter:v1", "creds", all.without("SEC-1"_clause)) == "none");
  CHECK(secret("file:///x.wasm", "creds", all.without("SEC-2"_clause)) == "shop/creds");
}

TEST_CASE("a verification key is a public key", "[KEY-1]") {
  CHECK(with_key("").module);
  CHECK(with_key("the key").module);
  CHECK(summary(with_key("another text")) == "refused KEY-1");
  CHECK(with_key("another text").refusal->reason == "verificationKey is no public key in PEM");
  CHECK(with_key("-----BEGIN EC PRIVATE KEY-----").refusal->reason ==
        "verificationKey holds a private key");
  CHECK(with_key("-----BEGIN CERTIFICATE-----").refusal->reason ==
        "verificationKey holds a certificate");
  CHECK(with_key("another text").refusal->place == model::Place{0, 9, 20});
}

TEST_CASE("what is refused is not left open as well") {
  auto given = plugin("");
  given.verification_key = "another text";
  CHECK(summary(verdict(given)) == "refused KEY-1");
  given.url = "Team/Filter@sha256:" + kSum;
  given.verification_key = "";
  given.sha256 = kOtherSum;
  CHECK(summary(verdict(given)) == "refused SHA-2");
}

TEST_CASE("a clause that is switched off is not obeyed", "[rules]") {
  const Rules all = Rules::documented();
  const std::string digest = "filter@sha256:" + kSum;

  CHECK(summary(verdict("filter:v1", all.without("URL-1"_clause))) == "refused URL-5");
  CHECK(summary(verdict("oci://filter:v1", all.without("URL-2"_clause))) == "refused URL-5");
  CHECK(summary(verdict("file:///x.wasm", all.without("URL-3"_clause))) == "refused URL-5");
  CHECK(summary(verdict("http://x/y", all.without("URL-4"_clause))) == "refused URL-5");
  CHECK(summary(verdict("https://x/y", all.without("URL-4"_clause))) == "refused URL-5");
  CHECK(summary(verdict("ftp://x/y", all.without("URL-5"_clause))) == "ftp://x/y (http)");

  CHECK(with_sum(digest, kOtherSum, all.without("SHA-2"_clause)).module);
  CHECK(summary(with_sum(digest, kSum, all.without("SHA-5"_clause))) == "refused SHA-2");
  CHECK(with_key("another text", all.without("KEY-1"_clause)).module);

  CHECK(pull("filter:v1", std::nullopt, all.without("PUL-1"_clause)) == "Always (PUL-1)");
  CHECK(pull("filter:latest", std::nullopt, all.without("PUL-2"_clause)) == "IfNotPresent (PUL-1)");
  CHECK(pull(digest, PullPolicy::Always, all.without("PUL-6"_clause)) == "Always (PUL-5)");
  CHECK(pull(digest, std::nullopt, all.without("PUL-6"_clause)) == "Always (PUL-8)");
  CHECK(pull("file:///x", PullPolicy::Always, all.without("PUL-7"_clause)) == "Always (PUL-5)");
  CHECK(pull("file:///x", std::nullopt, all.without("PUL-7"_clause)) == "IfNotPresent (PUL-1)");
  CHECK(pull("filter:latest", PullPolicy::Unspecified, all.without("PUL-9"_clause)) ==
        "IfNotPresent (PUL-9)");

  auto named = plugin("filter:v1");
  named.plugin_name = "root";
  CHECK(verdict(named).module->plugin_name == "root");
  CHECK(verdict(named, all.without("CFG-2"_clause)).module->plugin_name == "");
}

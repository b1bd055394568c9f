// What proxies were seen to run, said in a few words; and what was told of it, as lines of text.
#pragma once

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "model/judgement.h"

namespace tests {

inline model::ObjectName object_name(const std::string& text) {
  const auto slash = text.find('/');
  return {text.substr(0, slash), text.substr(slash + 1)};
}

inline const std::string kWasm = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";
inline const std::string kRbac = "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC";

// "shop/a" is a plugin, "!shop/a" another filter in its place, "authn", "authz", "stats", "router" the anchors,
// "ext_authz" and "shadow" external authorization; any other word a filter of that name.
inline model::ObservedFilter filter(const std::string& word) {
  static const std::map<std::string, model::Anchor> anchors{{"authn", model::Anchor::Authn},
                                                            {"authz", model::Anchor::Authz},
                                                            {"stats", model::Anchor::Stats},
                                                            {"router", model::Anchor::Router}};
  static const std::map<std::string, std::string> names{
      {"authn", "envoy.filters.http.jwt_authn"}, {"authz", "envoy.filters.http.rbac"},
      {"stats", "istio.stats"},                  {"router", "envoy.filters.http.router"},
      {"shadow", "envoy.filters.http.rbac"},     {"ext_authz", "envoy.filters.http.ext_authz"}};
  model::ObservedFilter filter;
  const auto name = names.find(word);
  filter.name = name == names.end() ? word : name->second;
  if (const auto anchor = anchors.find(word); anchor != anchors.end()) {
    filter.kind = model::FilterKind::Anchor;
    filter.anchor = anchor->second;
  } else if (word == "ext_authz" || word == "shadow") {
    filter.kind = model::FilterKind::ExternalAuthorization;
  } else if (word.find('/') != std::string::npos) {
    const bool other = word.front() == '!';
    filter.kind = other ? model::FilterKind::Fallback : model::FilterKind::Plugin;
    filter.plugin = object_name(word.substr(other ? 1 : 0));
    filter.name = "extensions.istio.io/wasmplugin/" + filter.plugin->ns + "." + filter.plugin->name;
    filter.type_urls = {other ? kRbac : kWasm};
  }
  return filter;
}

// The filters of a text, between blanks.
inline model::ObservedChain chain(const std::string& filters,
                                  model::Direction direction = model::Direction::Inbound) {
  model::ObservedChain chain;
  chain.listener = "virtualInbound";
  chain.direction = direction;
  std::istringstream words(filters);
  for (std::string word; words >> word;) chain.filters.push_back(filter(word));
  return chain;
}

inline model::ObservedProxy proxy(std::vector<model::ObservedChain> chains) {
  model::ObservedProxy proxy;
  proxy.has_listeners = true;
  proxy.chains = std::move(chains);
  return proxy;
}

template <class List, class Text>
std::string joined(const List& list, const Text& text) {
  std::string out;
  for (const auto& item : list) out += (out.empty() ? "" : " ") + std::string(text(item));
  return out;
}

// "MUST order shop/b shop/a | | PRI-1 | line 7 | shop/b must stand before shop/a". What is absent is left blank; a
// setting ends in " | EXPECTED -> ACTUAL", what several chains show in " | N chains".
inline std::string told(const model::Difference& difference) {
  std::string text = std::string(to_string(difference.level)) + " " +
                     std::string(to_string(difference.kind));
  for (const auto& plugin : difference.plugins) text += " " + to_string(plugin);
  text += " | " + joined(difference.filters, [](const auto& name) { return name; });
  text += " | " + joined(difference.clauses, [](const auto& clause) { return clause->id; });
  text += " | " + (difference.place ? "line " + std::to_string(difference.place.line) : "");
  text += " | " + difference.reason;
  if (difference.kind == model::DifferenceKind::Setting)
    text += " | " + difference.expected + " -> " + difference.actual;
  if (difference.chains > 1) text += " | " + std::to_string(difference.chains) + " chains";
  return text;
}

using Lines = std::vector<std::string>;

inline Lines told(const std::vector<model::Difference>& differences) {
  Lines lines;
  for (const auto& difference : differences) lines.push_back(told(difference));
  return lines;
}

}  // namespace tests

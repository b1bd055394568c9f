#include "harness/dump_version.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <vector>

namespace harness {
namespace {

using model::istio::ExtensionKind;
using model::istio::NameForm;
using model::istio::Regime;

std::vector<const model::ObservedFilter*> plugins_of(const model::ObservedProxy& proxy) {
  std::vector<const model::ObservedFilter*> plugins;
  for (const model::ObservedChain& chain : proxy.chains)
    for (const auto* filters : {&chain.filters, &chain.network_filters})
      for (const model::ObservedFilter& filter : *filters)
        if (filter.plugin) plugins.push_back(&filter);
  return plugins;
}

bool spells(const Regime& regime, const model::ObservedFilter& filter) {
  using model::istio::filter_name;
  if (filter.name == filter_name(regime, *filter.plugin, ExtensionKind::WasmPlugin)) return true;
  return regime.fields.has(model::istio::Field::TrafficExtension) &&
         filter.name == filter_name(regime, *filter.plugin, ExtensionKind::TrafficExtension);
}

std::string minor_of(const Regime& regime) {
  return std::to_string(regime.since.major) + "." + std::to_string(regime.since.minor);
}

// The first minor that spells names so.
std::string first_of(NameForm form) {
  return minor_of(*std::ranges::find(model::istio::regimes(), form, &Regime::names));
}

// "1.26 to 1.29", "1.30 and later".
std::string range_of(NameForm form) {
  const Regime* first = nullptr;
  const Regime* last = nullptr;
  for (const Regime& regime : model::istio::regimes()) {
    if (regime.names != form) continue;
    if (!first) first = &regime;
    last = &regime;
  }
  if (last == &model::istio::regimes().back()) return minor_of(*first) + " and later";
  return minor_of(*first) + " to " + minor_of(*last);
}

// The form that all plugins of a dump are spelt in.
std::optional<NameForm> form_of(const std::vector<const model::ObservedFilter*>& plugins) {
  std::set<NameForm> forms;
  for (const auto* filter : plugins) {
    const auto row = std::ranges::find_if(model::istio::regimes(), [&](const Regime& one) { return spells(one, *filter); });
    if (row == model::istio::regimes().end()) return std::nullopt;
    forms.insert(row->names);
  }
  return forms.size() == 1 ? std::optional(*forms.begin()) : std::nullopt;
}

constexpr std::string_view kHigress = "Higress, a fork of Istio";
constexpr std::string_view kMaistra = "OpenShift Service Mesh, a fork of Istio";

// What a chain of Higress begins with, and Istio's never does where anything but cors and its like stands in it.
bool begins_with_cors(const model::ObservedChain& chain) {
  return chain.filters.size() > 2 && chain.filters.front().name == "envoy.filters.http.cors" &&
         chain.filters[1].name != "envoy.filters.http.fault";
}

bool has_composite(const model::ObservedChain& chain) {
  return std::ranges::any_of(chain.filters, [](const model::ObservedFilter& filter) {
    return filter.plugin && std::ranges::any_of(filter.type_urls, [](const std::string& url) {
             return url.ends_with(".composite.v3.Composite");
           });
  });
}

bool shows_higress(const model::ObservedProxy& proxy) {
  std::size_t chains = 0;
  std::size_t alike = 0;
  for (const model::ObservedChain& chain : proxy.chains) {
    if (chain.protocol != model::ChainProtocol::Http || chain.state == model::ListenerState::Static) continue;
    if (has_composite(chain)) return true;
    ++chains;
    alike += begins_with_cors(chain);
  }
  return chains > 0 && alike == chains;
}

bool mentions(std::string_view text, std::string_view word) {
  return std::ranges::search(text, word, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; }).begin() !=
         text.end();
}

}  // namespace

std::string spelling_of(const model::ObservedProxy& proxy) {
  const auto form = form_of(plugins_of(proxy));
  return form ? range_of(*form) : std::string();
}

DumpProfile profile_of(const model::ObservedProxy& proxy) {
  const std::string& reported = proxy.node.version;
  if (reported.empty())
    return {{}, reports::Verdict::Error,
            "the dump does not say which version of Istio its proxy is of: name it with --profile istio-X.Y"};
  const auto version = model::istio::parse_version(reported);
  auto profile = version ? profile_of(*version) : std::nullopt;
  if (!profile) {
    const auto all = model::istio::regimes();
    return {{}, reports::Verdict::NotModelled,
            "its proxy reports Istio " + reported + ", of which there is no profile; there are istio-" +
                minor_of(all.front()) + " to istio-" + minor_of(all.back())};
  }
  const auto plugins = plugins_of(proxy);
  const bool agrees = plugins.empty() || std::ranges::any_of(plugins, [&](const auto* filter) {
                        return spells(*profile->istio->regime, *filter);
                      });
  if (agrees) return {std::move(profile), reports::Verdict::Conforms, {}};
  const auto form = form_of(plugins);
  std::string reason = "its proxy reports Istio " + reported + ", but no filter is named as that version names them";
  if (form) reason += ": " + plugins.front()->name + " is a name of Istio " + range_of(*form);
  reason += "; istiod may be of another version: name it with --profile, as in --profile ";
  reason += form ? "istio-" + first_of(*form) : "istio-X.Y";
  return {{}, reports::Verdict::Error, std::move(reason)};
}

std::optional<std::string> fork_of(const model::ObservedProxy& proxy, const std::string& implementation) {
  for (const std::string_view text : {std::string_view(implementation), std::string_view(proxy.node.version)}) {
    if (mentions(text, "higress")) return std::string(kHigress);
    if (mentions(text, "maistra") || mentions(text, "ossm")) return std::string(kMaistra);
  }
  if (shows_higress(proxy)) return std::string(kHigress);
  return std::nullopt;
}

}  // namespace harness

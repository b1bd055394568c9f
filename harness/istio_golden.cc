#include "harness/istio_golden.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/filter_names.h"
#include "model/istio/admission.h"
#include "model/istio/extension_order.h"
#include "model/istio/listener_chains.h"
#include "model/istio/payload.h"
#include "model/istio/unmodelled.h"

namespace harness {
namespace {

using model::istio::Extension;
using model::istio::ExtensionKind;
using model::istio::ListenerChain;

constexpr std::string_view kNative = " (TrafficExtension)";
constexpr std::string_view kNetwork = " network";

// "shop/a"; a TrafficExtension may have the name of a WasmPlugin.
std::string name_of(const Extension& extension) {
  std::string name = to_string(extension.meta.id);
  if (extension.kind == ExtensionKind::TrafficExtension) name += kNative;
  return name;
}

// The scenario's class of a listener: "inbound http".
std::string class_name(const ListenerChain& chain) {
  return std::string(direction_of(chain.kind)).append(" ").append(class_of(chain.kind));
}

// Which port and service, where that matters: " shop/api 8080".
std::string particulars(const ListenerChain& chain) {
  std::string text;
  if (chain.service) text += " " + chain.service->ns + "/" + chain.service->name;
  if (chain.port) text += " " + std::to_string(*chain.port);
  return text;
}

class Promise {
 public:
  Promise(const Scenario& scenario, const Profile::Istio& profile)
      : scenario_(scenario), regime_(*profile.regime), mesh_(scenario.manifests.mesh), version_(profile.version) {
    if (scenario.proxy_version) version_ = *scenario.proxy_version;
  }

  IstioGolden make() {
    IstioGolden golden;
    if (shows(Shown::Chains) || shows(Shown::Plugins)) add_workloads(golden.workloads.emplace());
    if (shows(Shown::Names)) {
      golden.filter_names.emplace();
      golden.config_names.emplace();
    }
    if (shows(Shown::Types)) golden.type_urls.emplace();
    if (shows(Shown::Code) || shows(Shown::Config) || shows(Shown::Env) || shows(Shown::Fail)) golden.payloads.emplace();
    if (shows(Shown::Accepted)) {
      golden.refused.emplace();
      golden.discarded.emplace();
    }
    for (const Extension& extension : mesh_.extensions) add_extension(extension, golden);
    return golden;
  }

 private:
  bool shows(Shown what) const { return scenario_.shows.contains(what); }

  bool shows_listener(const std::string& listener) const {
    return std::ranges::find(scenario_.listeners, listener) != scenario_.listeners.end();
  }

  void add_workloads(IstioGolden::ByName<IstioWorkload>& workloads) const {
    const model::Cluster& cluster = scenario_.manifests.cluster;
    for (const model::Workload& workload : cluster.workloads)
      if (workload.proxy != model::Proxy::None) workloads[model::name_of(cluster, workload)] = of_workload(workload);
  }

  IstioWorkload of_workload(const model::Workload& workload) const {
    const model::Cluster& cluster = scenario_.manifests.cluster;
    IstioWorkload made;
    if (const auto obstacle = model::istio::unmodelled(cluster, mesh_, workload)) {
      made.not_modelled = obstacle->reason;
      return made;
    }
    model::istio::ProxyNode proxy = model::istio::proxy_of(cluster, mesh_, workload, version_);
    if (const auto sent = scenario_.node_labels.find(model::name_of(cluster, workload)); sent != scenario_.node_labels.end())
      proxy.node_labels = sent->second;
    if (const auto open = model::istio::OpenQuestions(regime_, mesh_).of(proxy)) {
      made.not_modelled = open->reason;
      return made;
    }
    for (const ListenerChain& chain : model::istio::listener_chains(regime_, mesh_, proxy)) {
      const std::string listener = class_name(chain);
      if (!chain.filters.http.empty()) {
        add_chain(made, proxy, listener, particulars(chain), chain.filters.http);
        add_chain(made, proxy, listener + std::string(kNetwork), particulars(chain), chain.filters.network);
      } else {
        add_chain(made, proxy, listener, particulars(chain), chain.filters.network);
      }
    }
    return made;
  }

  void add_chain(IstioWorkload& made, const model::istio::ProxyNode& proxy, const std::string& listener,
                 const std::string& where, const std::vector<model::istio::ChainFilter>& filters) const {
    if (!shows_listener(listener)) return;
    auto& chain = made.chains[listener + where];
    for (const model::istio::ChainFilter& filter : filters) {
      if (!filter.extension) {
        if (shows(Shown::Chains)) chain.push_back(filter.name);
        continue;
      }
      const Extension& extension = mesh_.extensions[*filter.extension];
      chain.push_back(name_of(extension));
      if (!is_served(regime_, mesh_, extension, proxy) && std::ranges::find(made.unserved, chain.back()) == made.unserved.end())
        made.unserved.push_back(chain.back());
    }
  }

  void add_extension(const Extension& extension, IstioGolden& golden) const {
    const std::string name = name_of(extension);
    if (golden.refused)
      if (const auto denied = denial(regime_, mesh_, extension))
        (*golden.refused)[name] = std::string(denied->rule) + ": " + denied->reason;
    if (const auto dropped = discarded(regime_, mesh_, extension)) {
      if (golden.discarded) (*golden.discarded)[name] = std::string(dropped->rule) + ": " + dropped->reason;
      return;
    }
    if (golden.filter_names) (*golden.filter_names)[name] = filter_name(regime_, extension.meta.id, extension.kind);
    if (golden.config_names) (*golden.config_names)[name] = config_name(regime_, extension.meta.id, extension.kind);
    if (golden.type_urls) (*golden.type_urls)[name] = type_urls(regime_, type_of(regime_, extension));
    if (golden.payloads) (*golden.payloads)[name] = of_payload(extension);
  }

  Pairs of_payload(const Extension& extension) const {
    model::istio::ProxyNode proxy;
    proxy.version = version_;
    const model::istio::Payload made = payload(regime_, extension, proxy);
    Pairs pairs;
    if (shows(Shown::Config)) {
      if (!made.root_id.empty()) pairs.emplace_back("rootId", made.root_id);
      if (made.configuration) pairs.emplace_back("configuration", *made.configuration);
    }
    if (shows(Shown::Code)) {
      if (made.url.local.empty()) pairs.emplace_back("url", made.url.remote);
      else pairs.emplace_back("file", made.url.local);
      if (!made.sha256.empty()) pairs.emplace_back("sha256", made.sha256);
    }
    if (shows(Shown::Env)) {
      for (const auto& [name, value] : made.env) pairs.emplace_back("env " + name, value);
      for (const std::string& name : made.host_env) pairs.emplace_back("host env " + name, "");
    }
    if (shows(Shown::Fail) && !made.fail.empty()) pairs.emplace_back("fail", made.fail);
    return pairs;
  }

  const Scenario& scenario_;
  const model::istio::Regime& regime_;
  const model::istio::Mesh& mesh_;
  model::istio::Version version_;
};

void write_names(std::string& out, std::string_view indent, const std::vector<std::string>& names) {
  for (const std::string& name : names) out.append(indent).append("- ").append(yaml_scalar(name)).append("\n");
}

// "key:" with a list below it, or "key: []".
void write_list(std::string& out, std::string_view indent, std::string_view key, const std::vector<std::string>& names) {
  out.append(indent).append(key).append(names.empty() ? ": []\n" : ":\n");
  write_names(out, std::string(indent) + "  ", names);
}

// The head of a section, and whether it has entries.
template <typename Section>
bool begin_section(std::string& out, std::string_view key, const std::optional<Section>& section) {
  if (!section) return false;
  out.append(key).append(section->empty() ? ": {}\n" : ":\n");
  return true;
}

void write_texts(std::string& out, std::string_view key, const std::optional<IstioGolden::ByName<std::string>>& section) {
  if (!begin_section(out, key, section)) return;
  for (const auto& [name, text] : *section)
    out.append("  ").append(yaml_scalar(name)).append(": ").append(yaml_scalar(text)).append("\n");
}

void write_workload(std::string& out, const std::string& name, const IstioWorkload& workload) {
  out.append("  ").append(name).append(":");
  if (!workload.not_modelled.empty()) {
    out.append("\n    not modelled: ").append(yaml_scalar(workload.not_modelled)).append("\n");
    return;
  }
  out.append(workload.chains.empty() ? " {}\n" : "\n");
  for (const auto& [listener, chain] : workload.chains) write_list(out, "    ", listener, chain);
  if (!workload.unserved.empty()) write_list(out, "    ", "unserved", workload.unserved);
}

class Reader {
 public:
  Reader(const Document& document, Diagnostics& diagnostics) : nodes_(document, diagnostics) {}

  std::optional<IstioGolden> read() {
    IstioGolden golden;
    if (!nodes_.is(nodes_.root(), NodeKind::Object, "the golden file")) return std::nullopt;
    for (const Node& section : members(&nodes_.root())) read_section(section, golden);
    return nodes_.sound() ? std::optional(std::move(golden)) : std::nullopt;
  }

 private:
  void read_section(const Node& section, IstioGolden& golden) {
    const auto text = [&](const Node& entry) { return nodes_.text(entry); };
    if (section.key == "workloads") read_entries(section, golden.workloads, [&](const Node& entry) { return read_workload(entry); });
    else if (section.key == "filterNames") read_entries(section, golden.filter_names, text);
    else if (section.key == "configNames") read_entries(section, golden.config_names, text);
    else if (section.key == "typeUrls") read_entries(section, golden.type_urls, [&](const Node& entry) { return nodes_.names(entry); });
    else if (section.key == "payloads") read_entries(section, golden.payloads, [&](const Node& entry) { return nodes_.pairs(entry); });
    else if (section.key == "refused") read_entries(section, golden.refused, text);
    else if (section.key == "discarded") read_entries(section, golden.discarded, text);
    else
      nodes_.refuse(section, "a golden file of an Istio version has no section '" + std::string(section.key) + "'",
                    "its sections are workloads, filterNames, configNames, typeUrls, payloads, refused and discarded");
  }

  template <typename Section, typename Read>
  void read_entries(const Node& section, Section& into, const Read& read) {
    if (!nodes_.is(section, NodeKind::Object, section.key)) return;
    into.emplace();
    for (const Node& entry : members(&section)) (*into)[std::string(entry.key)] = read(entry);
  }

  IstioWorkload read_workload(const Node& entry) {
    IstioWorkload workload;
    if (!nodes_.is(entry, NodeKind::Object, entry.key)) return workload;
    for (const Node& field : members(&entry)) {
      if (field.key == "not modelled") workload.not_modelled = nodes_.text(field);
      else if (field.key == "unserved") workload.unserved = nodes_.names(field);
      else workload.chains[std::string(field.key)] = nodes_.names(field);
    }
    return workload;
  }

  GoldenNodes nodes_;
};

// A filter of a golden chain as a reader of dumps would see it.
model::ObservedFilter observed_filter(const std::string& name) {
  model::ObservedFilter filter;
  filter.name = name;
  if (const auto slash = name.find('/'); slash != std::string::npos && !name.ends_with(kNative))
    filter.plugin = model::ObjectName{name.substr(0, slash), name.substr(slash + 1)};
  return filter;
}

model::ObservedChain observed_chain(const std::string& listener, const std::vector<std::string>& names) {
  model::ObservedChain chain;
  chain.listener = listener;
  chain.direction = listener.starts_with("inbound") ? model::Direction::Inbound : model::Direction::Outbound;
  std::vector<model::ObservedFilter> filters;
  for (const std::string& name : names) filters.push_back(observed_filter(name));
  chain.filters = filters;
  classify(chain.filters);
  for (std::size_t i = 0; i < filters.size(); ++i) {
    if (!filters[i].plugin) continue;
    chain.filters[i].kind = model::FilterKind::Plugin;
    chain.filters[i].plugin = filters[i].plugin;
  }
  return chain;
}

model::ObservedExtension observed_extension(const std::string& name, const Pairs& payload) {
  model::ObservedExtension extension;
  extension.name = name;
  extension.plugin = observed_filter(name).plugin;
  for (const auto& [key, value] : payload) {
    if (key == "rootId") extension.root_id = value;
    if (key == "configuration") extension.configuration = value;
  }
  return extension;
}

// Whether the documented profile speaks of the chains of such a listener.
bool is_documented(std::string_view listener) {
  const bool http = listener.starts_with("inbound http") || listener.starts_with("gateway http");
  return http && listener.find(kNetwork) == std::string_view::npos;
}

}  // namespace

IstioGolden promise(const Scenario& scenario, const Profile::Istio& profile) { return Promise(scenario, profile).make(); }

std::string to_yaml(const IstioGolden& golden) {
  std::string out;
  if (begin_section(out, "workloads", golden.workloads))
    for (const auto& [name, workload] : *golden.workloads) write_workload(out, name, workload);
  write_texts(out, "filterNames", golden.filter_names);
  write_texts(out, "configNames", golden.config_names);
  if (begin_section(out, "typeUrls", golden.type_urls))
    for (const auto& [name, urls] : *golden.type_urls) write_list(out, "  ", yaml_scalar(name), urls);
  if (begin_section(out, "payloads", golden.payloads))
    for (const auto& [name, pairs] : *golden.payloads) {
      out.append("  ").append(yaml_scalar(name)).append(pairs.empty() ? ": {}\n" : ":\n");
      for (const auto& [key, value] : pairs)
        out.append("    ").append(yaml_scalar(key)).append(": ").append(yaml_scalar(value)).append("\n");
    }
  write_texts(out, "refused", golden.refused);
  write_texts(out, "discarded", golden.discarded);
  return out;
}

std::optional<IstioGolden> read_istio_golden(const SourceFile& file, Diagnostics& diagnostics) {
  std::optional<IstioGolden> golden;
  const bool sound = read_golden_document(
      file, [&](const Document& document) { golden = Reader(document, diagnostics).read(); }, diagnostics);
  return sound ? golden : std::nullopt;
}

model::ObservedProxy as_observed(const IstioGolden& golden, const Scenario& scenario, const model::Workload& workload) {
  const model::Cluster& cluster = scenario.manifests.cluster;
  model::ObservedProxy proxy;
  proxy.node.type = workload.proxy == model::Proxy::Gateway ? model::NodeType::Router : model::NodeType::Sidecar;
  proxy.node.ns = cluster.namespaces[workload.ns];
  proxy.node.name = workload.name;
  proxy.has_listeners = true;
  if (golden.workloads)
    if (const auto found = golden.workloads->find(model::name_of(cluster, workload)); found != golden.workloads->end())
      for (const auto& [listener, chain] : found->second.chains)
        if (is_documented(listener)) proxy.chains.push_back(observed_chain(listener, chain));
  proxy.has_extensions_section = golden.payloads && scenario.shows.contains(Shown::Config);
  if (proxy.has_extensions_section)
    for (const auto& [name, payload] : *golden.payloads) proxy.extensions.push_back(observed_extension(name, payload));
  return proxy;
}

}  // namespace harness

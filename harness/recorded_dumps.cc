#include "harness/recorded_dumps.h"

#include <algorithm>
#include <array>
#include <exception>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/dump_extension.h"
#include "harness/filter_names.h"

namespace harness {
namespace {

using Json = nlohmann::ordered_json;
using model::ObservedChain;
using model::ObservedExtension;
using model::ObservedFilter;
using model::ObservedNode;
using model::ObservedProxy;

constexpr std::string_view kApiVersion = "plumbline.dev/v1";
constexpr std::string_view kKind = "RecordedDumps";

constexpr std::array<std::string_view, 3> kDirections{"unspecified", "inbound", "outbound"};
constexpr std::array<std::string_view, 5> kStates{"active", "warming", "draining", "error", "static"};
constexpr std::array<std::string_view, 2> kProtocols{"http", "tcp"};
constexpr std::array<std::string_view, 4> kNodeTypes{"unknown", "sidecar", "router", "waypoint"};

struct TopologyMember {
  const char* key;
  std::string model::ObservedTopology::*member;
};
constexpr std::array kTopology = std::to_array<TopologyMember>({
    {"region", &model::ObservedTopology::region},
    {"zone", &model::ObservedTopology::zone},
    {"subzone", &model::ObservedTopology::subzone},
    {"cluster", &model::ObservedTopology::cluster},
    {"network", &model::ObservedTopology::network},
    {"host", &model::ObservedTopology::host},
});

// Writing --------------------------------------------------------------------------------------------------

// Sets a member unless it has the value that its absence stands for.
template <class Value>
void set(Json& object, const char* key, const Value& value, const Value& absent = {}) {
  if (value != absent) object[key] = value;
}

// A table of distinct values, each by its number.
class Table {
 public:
  std::size_t intern(Json value) {
    const auto [entry, fresh] = numbers_.try_emplace(value.dump(), values_.size());
    if (fresh) values_.push_back(std::move(value));
    return entry->second;
  }
  const Json& values() const { return values_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  Json values_ = Json::array();
};

struct Tables {
  Table filters, chains, extensions, nodes, proxies;
};

Json to_value(const ObservedFilter& filter) {
  if (filter.type_urls.empty() && !filter.has_rules) return filter.name;
  Json value{{"name", filter.name}};
  set(value, "typeUrls", filter.type_urls);
  set(value, "hasRules", filter.has_rules);
  return value;
}

Json to_value(const std::vector<ObservedFilter>& filters, Table& table) {
  Json numbers = Json::array();
  for (const ObservedFilter& filter : filters) numbers.push_back(table.intern(to_value(filter)));
  return numbers;
}

Json to_value(const ObservedChain& chain, Table& filters) {
  Json value{{"listener", chain.listener}};
  set(value, "chain", chain.chain);
  value["direction"] = kDirections[static_cast<std::size_t>(chain.direction)];
  if (chain.state != model::ListenerState::Active)
    value["state"] = kStates[static_cast<std::size_t>(chain.state)];
  value["protocol"] = kProtocols[static_cast<std::size_t>(chain.protocol)];
  set(value, "port", chain.listener_port);
  set(value, "destinationPort", chain.destination_port);
  set(value, "serverNames", chain.server_names);
  value["filters"] = to_value(chain.filters, filters);
  if (!chain.network_filters.empty()) value["networkFilters"] = to_value(chain.network_filters, filters);
  return value;
}

Json to_value(const ObservedExtension& extension) {
  Json value = Json::object();
  set(value, "name", extension.name);
  set(value, "answered", extension.answered, true);
  set(value, "type", extension.type_url);
  set(value, "configName", extension.config_name);
  set(value, "rootId", extension.root_id);
  if (extension.configuration) value["configuration"] = *extension.configuration;
  set(value, "url", extension.url);
  set(value, "localFile", extension.local_file);
  set(value, "sha256", extension.sha256);
  set(value, "env", extension.env);
  set(value, "hostEnv", extension.host_env);
  set(value, "fail", extension.fail);
  set(value, "error", extension.error);
  return value;
}

Json to_value(const ObservedNode& node) {
  Json value{{"type", kNodeTypes[static_cast<std::size_t>(node.type)]},
             {"id", node.id},
             {"namespace", node.ns},
             {"name", node.name}};
  const auto add_labels = [&](const char* key, const auto& pairs) {
    Json& labels = value[key] = Json::object();
    for (const auto& [name, text] : pairs) labels[name] = text;
  };
  if (node.labels) add_labels("labels", *node.labels);
  if (!node.static_labels.empty()) add_labels("staticLabels", node.static_labels);
  if (!node.topology) return value;
  Json& topology = value["topology"] = Json::object();
  for (const auto& [key, member] : kTopology) set(topology, key, (*node.topology).*member);
  return value;
}

Json to_value(const ObservedProxy& proxy, Tables& tables) {
  Json value{{"node", tables.nodes.intern(to_value(proxy.node))}};
  Json& chains = value["chains"] = Json::array();
  for (const ObservedChain& chain : proxy.chains)
    chains.push_back(tables.chains.intern(to_value(chain, tables.filters)));
  if (proxy.has_extensions_section) {
    Json& extensions = value["extensions"] = Json::array();
    for (const ObservedExtension& extension : proxy.extensions)
      extensions.push_back(tables.extensions.intern(to_value(extension)));
  }
  for (const model::ListenerFailure& failure : proxy.failures)
    value["failures"].push_back({{"listener", failure.listener}, {"details", failure.details}});
  set(value, "hasListeners", proxy.has_listeners, true);
  set(value, "hasUdpListener", proxy.has_udp_listener);
  return value;
}

// What one implementation gave all proxies of the case.
struct Run {
  std::string variant;
  std::vector<std::string> versions;  // of the proxies
  Json proxies = Json::array();       // by number
};

// One version where all proxies report the same, else one for each.
Json to_value(const std::vector<std::string>& versions) {
  const bool equal = std::ranges::all_of(versions, [&](const auto& one) { return one == versions.front(); });
  return equal ? Json(versions.front()) : Json(versions);
}

Json runs_of(const RecordedCase& recorded, Tables& tables) {
  std::map<std::pair<std::string, std::string>, Run> runs;  // by variant and implementation
  for (const RecordedDump& dump : recorded.dumps) {
    Run& run = runs[{dump.variant, dump.implementation}];
    run.versions.push_back(dump.proxy.node.version);
    run.proxies.push_back(tables.proxies.intern(to_value(dump.proxy, tables)));
  }
  Json values = Json::array();
  std::map<std::string, std::size_t> alike;
  for (const auto& [of, run] : runs) {
    Json value = Json::object();
    set(value, "variant", of.first);
    value["proxies"] = run.proxies;
    const auto [entry, fresh] = alike.try_emplace(value.dump(), values.size());
    if (fresh) values.push_back(std::move(value));
    values[entry->second]["of"][of.second] = to_value(run.versions);
  }
  return values;
}

// The members of the file, a value of a table on each line, so that a difference shows where it is.
void append(std::string& text, const char* key, const Json& values) {
  text += ",\n\"";
  text += key;
  text += "\": [";
  const char* separator = "\n ";
  for (const Json& value : values) {
    text += separator;
    text += value.dump();
    separator = ",\n ";
  }
  text += values.empty() ? "]" : "\n]";
}

// Reading --------------------------------------------------------------------------------------------------

template <class Enum, std::size_t n>
Enum named(const std::array<std::string_view, n>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) throw std::out_of_range("'" + name + "' is no known word");
  return static_cast<Enum>(found - names.begin());
}

template <class Value>
void get(const Json& object, const char* key, Value& value) {
  if (const auto member = object.find(key); member != object.end()) member->get_to(value);
}

ObservedFilter filter_of(const Json& value) {
  ObservedFilter filter;
  if (value.is_string()) {
    value.get_to(filter.name);
    return filter;
  }
  value.at("name").get_to(filter.name);
  get(value, "typeUrls", filter.type_urls);
  get(value, "hasRules", filter.has_rules);
  return filter;
}

template <class Value>
std::vector<Value> chosen(const Json& numbers, const std::vector<Value>& table) {
  std::vector<Value> values;
  for (const Json& number : numbers) values.push_back(table.at(number.get<std::size_t>()));
  return values;
}

ObservedChain chain_of(const Json& value, const std::vector<ObservedFilter>& filters) {
  ObservedChain chain;
  value.at("listener").get_to(chain.listener);
  get(value, "chain", chain.chain);
  chain.direction = named<model::Direction>(kDirections, value.at("direction"));
  if (value.contains("state")) chain.state = named<model::ListenerState>(kStates, value["state"]);
  chain.protocol = named<model::ChainProtocol>(kProtocols, value.at("protocol"));
  get(value, "port", chain.listener_port);
  get(value, "destinationPort", chain.destination_port);
  get(value, "serverNames", chain.server_names);
  chain.filters = chosen(value.at("filters"), filters);
  if (value.contains("networkFilters")) chain.network_filters = chosen(value["networkFilters"], filters);
  if (chain.protocol == model::ChainProtocol::Http) classify(chain.filters);
  else classify_network(chain.filters);
  classify_network(chain.network_filters);
  return chain;
}

ObservedExtension extension_of(const Json& value) {
  ObservedExtension extension;
  get(value, "name", extension.name);
  get(value, "answered", extension.answered);
  get(value, "type", extension.type_url);
  get(value, "configName", extension.config_name);
  get(value, "rootId", extension.root_id);
  if (value.contains("configuration")) extension.configuration = value["configuration"].get<std::string>();
  get(value, "url", extension.url);
  get(value, "localFile", extension.local_file);
  get(value, "sha256", extension.sha256);
  get(value, "env", extension.env);
  get(value, "hostEnv", extension.host_env);
  get(value, "fail", extension.fail);
  get(value, "error", extension.error);
  complete(extension);
  return extension;
}

ObservedNode node_of(const Json& value) {
  ObservedNode node;
  node.type = named<model::NodeType>(kNodeTypes, value.at("type"));
  value.at("id").get_to(node.id);
  value.at("namespace").get_to(node.ns);
  value.at("name").get_to(node.name);
  const auto read_labels = [&](const char* key, auto& pairs) {
    for (const auto& [name, text] : value[key].items()) pairs.emplace_back(name, text.template get<std::string>());
  };
  if (value.contains("labels")) read_labels("labels", node.labels.emplace());
  if (value.contains("staticLabels")) read_labels("staticLabels", node.static_labels);
  if (!value.contains("topology")) return node;
  node.topology.emplace();
  for (const auto& [key, member] : kTopology) get(value["topology"], key, (*node.topology).*member);
  return node;
}

// The tables of a file, made whole again.
struct Parts {
  std::vector<ObservedFilter> filters;
  std::vector<ObservedChain> chains;
  std::vector<ObservedExtension> extensions;
  std::vector<ObservedNode> nodes;
  std::vector<ObservedProxy> proxies;
};

ObservedProxy proxy_of(const Json& value, const Parts& parts) {
  ObservedProxy proxy;
  proxy.node = parts.nodes.at(value.at("node").get<std::size_t>());
  proxy.chains = chosen(value.at("chains"), parts.chains);
  proxy.has_extensions_section = value.contains("extensions");
  if (proxy.has_extensions_section) proxy.extensions = chosen(value["extensions"], parts.extensions);
  if (value.contains("failures"))
    for (const Json& failure : value["failures"])
      proxy.failures.push_back({failure.at("listener"), failure.at("details")});
  proxy.has_listeners = true;
  get(value, "hasListeners", proxy.has_listeners);
  get(value, "hasUdpListener", proxy.has_udp_listener);
  return proxy;
}

std::vector<RecordedDump> dumps_of(const Json& runs, const std::vector<ObservedProxy>& proxies) {
  std::vector<RecordedDump> dumps;
  for (const Json& run : runs) {
    std::string variant;
    get(run, "variant", variant);
    const std::vector<ObservedProxy> seen = chosen(run.at("proxies"), proxies);
    for (const auto& [implementation, versions] : run.at("of").items()) {
      for (std::size_t i = 0; i < seen.size(); ++i) {
        RecordedDump& dump = dumps.emplace_back(implementation, variant, seen[i]);
        dump.proxy.node.version = versions.is_string() ? versions : versions.at(i);
      }
    }
  }
  return dumps;
}

RecordedCase case_of(const Json& value) {
  if (value.at("apiVersion") != kApiVersion || value.at("kind") != kKind)
    throw std::out_of_range("this is no RecordedDumps of plumbline.dev/v1");
  Parts parts;
  for (const Json& one : value.at("filters")) parts.filters.push_back(filter_of(one));
  for (const Json& one : value.at("chains")) parts.chains.push_back(chain_of(one, parts.filters));
  for (const Json& one : value.at("extensions")) parts.extensions.push_back(extension_of(one));
  for (const Json& one : value.at("nodes")) parts.nodes.push_back(node_of(one));
  for (const Json& one : value.at("proxies")) parts.proxies.push_back(proxy_of(one, parts));
  RecordedCase recorded{value.at("case"), dumps_of(value.at("runs"), parts.proxies)};
  std::ranges::stable_sort(recorded.dumps, {}, [](const RecordedDump& dump) {
    return std::tie(dump.implementation, dump.variant, dump.proxy.node.ns, dump.proxy.node.name);
  });
  return recorded;
}

// Finding --------------------------------------------------------------------------------------------------

namespace fs = std::filesystem;

constexpr std::string_view kIstiod = "istiod";

bool has_parts(const fs::path& path, std::ptrdiff_t parts) {
  return std::distance(path.begin(), path.end()) == parts;
}

// A recording by its path within the folder, or nothing.
std::optional<RecordingFile> recording_of(const fs::path& path) {
  const std::string folder = path.begin()->string();
  const std::string file = path.filename().string();
  if (folder != "live") {
    const bool known = folder.starts_with("istio-") || folder.starts_with("higress-") ||
                       folder.starts_with("maistra-");
    if (!known || folder.ends_with("-own") || !has_parts(path, 3) || path.extension() != ".json")
      return std::nullopt;
    return RecordingFile{path.parent_path().filename().string(), folder, "", path};
  }
  constexpr std::string_view kDump = ".config_dump.json";
  constexpr std::string_view kDelta = "delta.";
  constexpr std::string_view kEnvoy = "envoy";
  std::string_view name = file;
  if (!name.ends_with(kDump)) return std::nullopt;
  name.remove_suffix(kDump.size());
  RecordingFile found{"", path.parent_path().filename().string(), "", path};
  if (name.starts_with(kDelta)) {
    name.remove_prefix(kDelta.size());
    found.variant = "delta";
  }
  if (name == kIstiod) {
    found.variant = kIstiod;
    name = {};
  } else if (name.starts_with(kEnvoy)) {
    name.remove_prefix(kEnvoy.size());
  } else {
    return std::nullopt;
  }
  for (const fs::path& part : path.parent_path().parent_path())
    found.case_name += (found.case_name.empty() ? "" : "-") + part.string();
  if (!name.empty()) found.case_name += "-" + std::string(name.substr(1));  // ".update1"
  return found;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The one proxy that istiod's /debug/syncz knows: [{"proxy": "NAME.NAMESPACE", "proxy_type", "istio_version"}].
ObservedNode node_of_syncz(const fs::path& path) {
  const Json status = Json::parse(bytes_of(path)).at(0);
  const std::string proxy = status.at("proxy");
  const auto dot = proxy.rfind('.');
  ObservedNode node;
  node.type = named<model::NodeType>(kNodeTypes, status.at("proxy_type"));
  node.name = proxy.substr(0, dot);
  node.ns = proxy.substr(dot + 1);
  node.version = status.at("istio_version");
  return node;
}

}  // namespace

ObservedProxy without_pointers(ObservedProxy proxy) {
  for (ObservedChain& chain : proxy.chains) chain.pointer.clear();
  for (ObservedExtension& extension : proxy.extensions) extension.pointer.clear();
  return proxy;
}

std::string to_json(const RecordedCase& recorded) {
  Tables tables;
  const Json runs = runs_of(recorded, tables);
  std::string text = "{\"apiVersion\": " + Json(kApiVersion).dump() + ", \"kind\": " + Json(kKind).dump() +
                     ", \"case\": " + Json(recorded.name).dump();
  append(text, "filters", tables.filters.values());
  append(text, "chains", tables.chains.values());
  append(text, "extensions", tables.extensions.values());
  append(text, "nodes", tables.nodes.values());
  append(text, "proxies", tables.proxies.values());
  append(text, "runs", runs);
  text += "}\n";
  return text;
}

std::optional<RecordedCase> read_recorded_case(const SourceFile& file, Diagnostics& diagnostics) {
  try {
    return case_of(Json::parse(file.bytes()));
  } catch (const std::exception& error) {
    Diagnostic& diagnostic = diagnostics.emplace_back();
    diagnostic.where.file = file.name();
    diagnostic.problem = std::string("no recorded dumps in compact form: ") + error.what();
    diagnostic.hint = "make it again with compact_recordings";
    return std::nullopt;
  }
}

std::vector<RecordingFile> find_recordings(const fs::path& folder) {
  std::vector<RecordingFile> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    if (auto recording = recording_of(entry.path().lexically_relative(folder))) {
      const bool envoy_too = fs::exists(entry.path().parent_path() / "envoy.config_dump.json");
      if (recording->variant == kIstiod && envoy_too) continue;
      recording->path = entry.path();
      found.push_back(std::move(*recording));
    }
  }
  std::ranges::sort(found, {}, [](const RecordingFile& file) {
    return std::tie(file.case_name, file.implementation, file.variant, file.path);
  });
  return found;
}

std::variant<ObservedProxy, DumpFailure> read_recording(const RecordingFile& file) {
  auto read = read_config_dump({file.path.string(), bytes_of(file.path)});
  if (auto* proxy = std::get_if<ObservedProxy>(&read)) {
    *proxy = without_pointers(std::move(*proxy));
    if (file.variant == kIstiod) proxy->node = node_of_syncz(file.path.parent_path() / "istiod.syncz.json");
  }
  return read;
}

}  // namespace harness

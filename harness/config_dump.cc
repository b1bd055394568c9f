#include "harness/config_dump.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/discovery_resource.h"
#include "harness/dump_extension.h"
#include "harness/dump_listener.h"
#include "harness/dump_value.h"
#include "harness/utf8.h"

namespace harness {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kEnvoyTypes = "type.googleapis.com/envoy.";
constexpr std::string_view kBlanks = " \t\r\n";

constexpr std::string_view kTakeAgain =
    "take it again, and see that no pipe or disk cut it off";
constexpr std::string_view kShapes =
    "a dump is what `istioctl proxy-config all POD -o json`, Envoy's /config_dump or istiod's "
    "/debug/config_dump print";

// Node -----------------------------------------------------------------------------------------------------

model::NodeType node_type(std::string_view id) {
  const std::string_view type = id.substr(0, id.find('~'));
  if (type == "sidecar") return model::NodeType::Sidecar;
  if (type == "router") return model::NodeType::Router;
  if (type == "waypoint") return model::NodeType::Waypoint;
  return model::NodeType::Unknown;
}

// A part of the node id, "TYPE~IP~POD.NAMESPACE~NAMESPACE.svc.DOMAIN".
std::string_view part(std::string_view id, int number) {
  for (; number > 0; --number) {
    const auto end = id.find('~');
    if (end == std::string_view::npos) return {};
    id.remove_prefix(end + 1);
  }
  return id.substr(0, id.find('~'));
}

using LabelPairs = std::vector<std::pair<std::string, std::string>>;

LabelPairs read_labels(DumpValue& value) {
  LabelPairs labels;
  for (auto found : object_of(value, "the labels of the node")) {
    ondemand::field pair = std::move(found).take_value();
    std::string key(pair.unescaped_key().value());
    DumpValue text = pair.value();
    labels.emplace_back(std::move(key), string_of(text, "a label of the node"));
  }
  return labels;
}

void read_locality(DumpValue& value, model::ObservedTopology& topology) {
  each_member(value, "locality", [&](std::string_view key, DumpValue& member) {
    if (key == "region") topology.region = string_of(member, "region");
    else if (key == "zone") topology.zone = string_of(member, "zone");
    else if (key == "sub_zone" || key == "subZone") topology.subzone = string_of(member, "sub_zone");
  });
}

void read_node(DumpValue& value, model::ObservedNode& node) {
  model::ObservedTopology topology;
  bool has_metadata = false;
  each_member(value, "node", [&](std::string_view key, DumpValue& member) {
    if (key == "id") {
      node.id = string_of(member, "the id of the node");
    } else if (key == "locality") {
      read_locality(member, topology);
    } else if (key == "metadata") {
      has_metadata = true;
      each_member(member, "metadata", [&](std::string_view inner, DumpValue& of) {
        if (inner == "NAMESPACE") node.ns = string_of(of, "NAMESPACE");
        else if (inner == "NAME") node.name = string_of(of, "NAME");
        else if (inner == "ISTIO_VERSION") node.version = string_of(of, "ISTIO_VERSION");
        else if (inner == "LABELS") node.labels = read_labels(of);
        else if (inner == "STATIC_LABELS") node.static_labels = read_labels(of);
        else if (inner == "CLUSTER_ID") topology.cluster = string_of(of, "CLUSTER_ID");
        else if (inner == "NETWORK") topology.network = string_of(of, "NETWORK");
        else if (inner == "NODE_NAME") topology.host = string_of(of, "NODE_NAME");
      });
    }
  });
  if (has_metadata) node.topology = std::move(topology);
  node.type = node_type(node.id);
  // Metadata first, as Istio does (istio-behaviour.md section 1.1); the id says the same in other words.
  if (node.ns.empty()) node.ns = part(node.id, 3).substr(0, part(node.id, 3).find('.'));
  if (node.name.empty()) {
    std::string_view name = part(node.id, 2);
    if (const std::string suffix = "." + node.ns; name.ends_with(suffix)) name.remove_suffix(suffix.size());
    node.name = name;
  }
}

// Shapes ---------------------------------------------------------------------------------------------------

// The type of an inlined Any, as it stands in the text; "" where there is none. The object is as before.
// It is not unescaped: simdjson has room to unescape a string once, and who asks here may read it again.
std::string_view type_of(ondemand::object& object) {
  std::string_view type;
  ondemand::value value;
  if (!object.find_field_unordered("@type").get(value)) {
    type = value.raw_json_token();
    type = type.starts_with('"') ? type.substr(1, type.find('"', 1) - 1) : std::string_view();
  }
  object.reset().value();
  return type;
}

// What the members of an element of a bare list say that it is.
enum class ListElement { Unknown, Listener, Resource };

ListElement list_element(ondemand::object& object) {
  bool name = false;
  bool address = false;
  bool chains = false;
  bool resource = false;
  each_member(object, [&](std::string_view key, DumpValue&) {
    name |= key == "name";
    address |= key == "address";
    resource |= key == "resource";
    chains |= spells(key, "filter_chains") || spells(key, "default_filter_chain");
  });
  object.reset().value();
  if (chains || (name && address)) return ListElement::Listener;
  return name && resource ? ListElement::Resource : ListElement::Unknown;
}

// Reads one dump, whatever its shape.
class DumpReader {
 public:
  void read(ondemand::document& document);
  // Whether anything was seen that only a dump has.
  bool recognised() const { return recognised_; }
  model::ObservedProxy take() {
    listeners_.drop_repeated_failures();
    return std::move(proxy_);
  }

 private:
  void read_top_object(ondemand::object object);
  void read_list(ondemand::array array);
  void read_config(ondemand::object object, const DumpPath& at);
  bool read_section_member(std::string_view key, DumpValue& value, const DumpPath& at);

  model::ObservedProxy proxy_;
  DumpListeners listeners_{proxy_};
  bool recognised_ = false;
};

// A member of BootstrapConfigDump, ListenersConfigDump or EcdsConfigDump; false for any other.
bool DumpReader::read_section_member(std::string_view key, DumpValue& value, const DumpPath& at) {
  const DumpPath list{&at, key};
  if (key == "bootstrap") {
    each_member(value, "bootstrap", [&](std::string_view inner, DumpValue& member) {
      if (inner == "node") read_node(member, proxy_.node);
    });
  } else if (spells(key, "dynamic_listeners")) {
    each_element(value, "dynamic_listeners", [&](std::size_t index, DumpValue& entry) {
      listeners_.read_dynamic(object_of(entry, "a dynamic listener"), {&list, {}, index});
    });
  } else if (spells(key, "static_listeners")) {
    each_element(value, "static_listeners", [&](std::size_t index, DumpValue& entry) {
      listeners_.read_static(object_of(entry, "a static listener"), {&list, {}, index});
    });
  } else if (spells(key, "ecds_filters")) {
    proxy_.has_extensions_section = true;
    each_element(value, "ecds_filters", [&](std::size_t index, DumpValue& entry) {
      proxy_.extensions.push_back(
          read_ecds_entry(object_of(entry, "an entry of ecds_filters"), {&list, {}, index}));
    });
  } else {
    return false;
  }
  return true;
}

// An element of `configs`: a section, or, with `types=` and `resource=`, a bare resource or entry of a section.
// Sections that say nothing about filters are left unread: they are the bulk of a dump.
void DumpReader::read_config(ondemand::object object, const DumpPath& at) {
  std::string_view type = type_of(object);
  if (!type.starts_with(kEnvoyTypes)) return;
  recognised_ = true;
  type.remove_prefix(kEnvoyTypes.size());
  if (type == "admin.v3.BootstrapConfigDump" || type == "admin.v3.ListenersConfigDump" ||
      type == "admin.v3.EcdsConfigDump") {
    if (type == "admin.v3.EcdsConfigDump") proxy_.has_extensions_section = true;
    each_member(object, [&](std::string_view key, DumpValue& member) {
      read_section_member(key, member, at);
    });
  } else if (type == "config.listener.v3.Listener") {
    listeners_.read_listener(object, at, model::ListenerState::Active);
  } else if (type == "admin.v3.ListenersConfigDump.DynamicListener") {
    listeners_.read_dynamic(object, at);
  } else if (type == "admin.v3.ListenersConfigDump.StaticListener") {
    listeners_.read_static(object, at);
  } else if (type == "admin.v3.EcdsConfigDump.EcdsFilterConfig") {
    proxy_.has_extensions_section = true;
    proxy_.extensions.push_back(read_ecds_entry(object, at));
  } else if (type == "config.core.v3.TypedExtensionConfig" ||
             type == "extensions.filters.http.wasm.v3.Wasm" ||
             type == "extensions.filters.network.wasm.v3.Wasm") {
    proxy_.has_extensions_section = true;
    proxy_.extensions.push_back(read_extension(object, at));
  }
}

void DumpReader::read_top_object(ondemand::object object) {
  const DumpPath top;
  each_member(object, [&](std::string_view key, DumpValue& member) {
    if (key == "configs") {
      if (member.type() != ondemand::json_type::array && !recognised_) return;
      const DumpPath configs{&top, key};
      bool empty = true;
      each_element(member, "configs", [&](std::size_t index, DumpValue& element) {
        empty = false;
        if (element.type() != ondemand::json_type::object && !recognised_) return;
        read_config(object_of(element, "an element of configs"), {&configs, {}, index});
      });
      recognised_ |= empty;  // a proxy that was told nothing yet
    } else if (read_section_member(key, member, top)) {
      recognised_ = true;
    }
  });
}

void DumpReader::read_list(ondemand::array array) {
  const DumpPath top;
  each_element(array, [&](std::size_t index, DumpValue& element) {
    const DumpPath at{&top, {}, index};
    if (element.type() != ondemand::json_type::object && !recognised_) return;
    ondemand::object object = object_of(element, "an element of the list");
    switch (list_element(object)) {
      case ListElement::Unknown: return;
      case ListElement::Listener:
        listeners_.read_listener(object, at, model::ListenerState::Active);
        break;
      case ListElement::Resource:
        proxy_.has_extensions_section = true;
        proxy_.extensions.push_back(read_discovery_resource(object, at));
        break;
    }
    recognised_ = true;
  });
}

void DumpReader::read(ondemand::document& document) {
  if (document.type() == ondemand::json_type::array) read_list(document.get_array());
  else read_top_object(document.get_object());
}

// Failures -------------------------------------------------------------------------------------------------

// Where the text stops being JSON, as far as brackets and strings tell.
struct Outline {
  bool truncated = false;                              // it ends within an object, a list or a string
  std::size_t control_byte = std::string_view::npos;   // within a string, where JSON allows none
};

Outline outline_of(std::string_view text) {
  Outline outline;
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false;
      else if (static_cast<unsigned char>(c) < 0x20 && outline.control_byte == std::string_view::npos)
        outline.control_byte = i;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  outline.truncated = in_string || depth > 0;
  return outline;
}

// Whether a text that is no JSON, or not all of it, set out to be a dump.
bool begins_as_dump(std::string_view text) {
  constexpr std::array kMembers = std::to_array<std::string_view>(
      {"\"configs\"", "\"bootstrap\"", "\"ecdsFilters\"", "\"ecds_filters\"", "\"dynamicListeners\"",
       "\"dynamic_listeners\""});
  constexpr std::array kOfListeners = std::to_array<std::string_view>(
      {"\"socketAddress\"", "\"socket_address\"", "\"filterChains\"", "\"filter_chains\""});
  constexpr std::size_t kHead = 4096;
  const bool list = text.starts_with('[');
  text.remove_prefix(1);
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  if (!list)
    return std::ranges::any_of(kMembers, [&](std::string_view key) { return text.starts_with(key); });
  return std::ranges::any_of(kOfListeners, [&](std::string_view key) {
    return text.substr(0, kHead).find(key) != std::string_view::npos;
  });
}

DumpFailure no_dump(std::string_view what) {
  return {DumpProblem::NoDump, fmt::format("{}; {}", what, kShapes), {}};
}

// A body that is a line of text, which Envoy and istiod send in place of a dump (live.md sections 6 and 7).
DumpFailure plain_text(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  const auto failure = [](std::string reason) {
    return DumpFailure{DumpProblem::PlainText, std::move(reason), {1, 1}};
  };
  if (line.starts_with("Failed to convert protobuf message")) {
    constexpr std::string_view kMissing = "could not find @type '";
    std::string type = "a type that this Envoy does not know";
    if (const auto begin = line.find(kMissing); begin != std::string_view::npos) {
      const std::string_view name = line.substr(begin + kMissing.size());
      type = fmt::format("the type '{}', which this Envoy does not know", name.substr(0, name.find('\'')));
    }
    return failure(fmt::format(
        "Envoy answered with a line of text in place of a dump: a listener or cluster that it refused holds {}, "
        "so that it cannot print it; remove what configures that type, or take the dump from istiod "
        "(/debug/config_dump?proxyID=POD.NAMESPACE)", type));
  }
  // Go's protobuf library writes a no-break space in half of its builds, so that nobody relies on its words.
  if (line.starts_with("proto: not found") || line.starts_with("proto:\xc2\xa0not found"))
    return failure(
        "istiod answered 'proto: not found' in place of a dump: a plugin of this proxy has no pluginConfig, and "
        "istiod cannot print such a one; take the dump from Envoy itself (istioctl proxy-config all POD -o json), "
        "or ask istiod for the listeners alone (&types=lds)");
  if (line.starts_with("Proxy not connected to this Pilot instance"))
    return failure(
        "istiod answered that the proxy is not connected to it; ask for proxyID=POD.NAMESPACE as "
        "/debug/connections spells it, or ask another replica of istiod");
  if (line.starts_with("You must provide a proxyID"))
    return failure("istiod answered that no proxy was named; add ?proxyID=POD.NAMESPACE to the address");
  return no_dump("this is no JSON");
}

DumpFailure broken(const SourceFile& file, std::string reason, std::size_t offset) {
  return {DumpProblem::Broken, std::move(reason), file.at(offset)};
}

// Tells what is wrong with a text that simdjson refused, at the byte where it stood.
DumpFailure refused_json(const SourceFile& file, std::string_view text, simdjson::error_code error,
                         const char* stood_at) {
  const auto offset = [&](std::size_t in_text) {
    return static_cast<std::size_t>(text.data() - file.bytes().data()) + in_text;
  };
  if (error == simdjson::CAPACITY)
    return broken(file, "the dump is larger than 4 GiB, which is more than can be read", 0);
  if (error == simdjson::MEMALLOC)
    return broken(file, "there is not enough memory to read the dump", 0);
  if (const std::size_t at = first_invalid_utf8(text); at != text.size())
    return broken(file, fmt::format("the dump is damaged: this byte is no UTF-8; {}", kTakeAgain), offset(at));
  const Outline outline = outline_of(text);
  if (outline.control_byte != std::string_view::npos)
    return broken(file, fmt::format("the dump is damaged: a control byte stands within a string; {}", kTakeAgain),
                  offset(outline.control_byte));
  if (outline.truncated)
    return broken(file, fmt::format("the dump is truncated: the text ends within it; {}", kTakeAgain),
                  offset(text.size()));
  const std::size_t at = stood_at ? static_cast<std::size_t>(stood_at - text.data()) : text.size();
  return broken(file, fmt::format("the dump is damaged: this is no JSON; {}", kTakeAgain),
                offset(std::min(at, text.size())));
}

// simdjson reads up to SIMDJSON_PADDING bytes beyond the text.
simdjson::padded_string_view padded(std::string_view text, const SourceFile& file) {
  const auto before = static_cast<std::size_t>(text.data() - file.bytes().data());
  return simdjson::padded_string_view(text, file.capacity() - before);
}

std::variant<model::ObservedProxy, DumpFailure> read_json(const SourceFile& file, std::string_view text) {
  ondemand::parser parser;
  ondemand::document document;
  DumpReader reader;
  const auto refused = [&](simdjson::error_code error, const char* at) -> DumpFailure {
    if (!reader.recognised() && !begins_as_dump(text)) return no_dump("this is no dump, nor valid JSON");
    return refused_json(file, text, error, at);
  };
  if (const auto error = parser.iterate(padded(text, file)).get(document)) return refused(error, nullptr);
  try {
    reader.read(document);
    const char* after = nullptr;
    if (!document.current_location().get(after)) return refused(simdjson::TRAILING_CONTENT, after);
  } catch (const DumpFault& fault) {
    return broken(file, fmt::format("the dump is damaged: {}", fault.reason),
                  static_cast<std::size_t>(fault.at - file.bytes().data()));
  } catch (const simdjson::simdjson_error& error) {
    const char* at = nullptr;
    if (document.current_location().get(at)) at = nullptr;
    return refused(error.error(), at);
  }
  if (!reader.recognised()) return no_dump("this is JSON, but no dump");
  return reader.take();
}

}  // namespace

std::variant<model::ObservedProxy, DumpFailure> read_config_dump(const SourceFile& file) {
  std::string_view text = file.bytes();
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return no_dump("this is UTF-16 text, as PowerShell's > writes it; save it as UTF-8");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return no_dump("the file is empty");
  text.remove_prefix(begin);
  if (text.front() != '{' && text.front() != '[') return plain_text(text);
  return read_json(file, text);
}

}  // namespace harness

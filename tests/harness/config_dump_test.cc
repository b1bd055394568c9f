#include "harness/config_dump.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

using harness::DumpFailure;
using harness::DumpProblem;
using model::ChainProtocol;
using model::Direction;
using model::FilterKind;
using model::ListenerState;
using model::NodeType;
using model::ObjectName;
using model::ObservedChain;
using model::ObservedExtension;
using model::ObservedProxy;

namespace {

std::string text_of(const std::string& name) {
  std::ifstream file(PLUMBLINE_SOURCE_DIR "/tests/harness/dumps/" + name, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::variant<ObservedProxy, DumpFailure> read(std::string text) {
  return harness::read_config_dump(harness::SourceFile("dump.json", std::move(text)));
}

ObservedProxy proxy_of(std::string text) {
  auto read_back = read(std::move(text));
  if (const auto* failure = std::get_if<DumpFailure>(&read_back)) FAIL(failure->reason);
  return std::get<ObservedProxy>(std::move(read_back));
}

DumpFailure failure_of(std::string text) {
  CAPTURE(text);
  auto read_back = read(std::move(text));
  REQUIRE(std::holds_alternative<DumpFailure>(read_back));
  return std::get<DumpFailure>(read_back);
}

// "line:column: reason".
std::string told(const DumpFailure& failure) {
  return fmt::format("{}:{}: {}", failure.place.line, failure.place.column, failure.reason);
}

// "plugin shop/jwt", "anchor authn", "ext-authz NAME", "fallback shop/jwt", "NAME".
std::string brief(const model::ObservedFilter& filter) {
  switch (filter.kind) {
    case FilterKind::Plugin: return "plugin " + to_string(*filter.plugin);
    case FilterKind::Fallback: return "fallback " + to_string(*filter.plugin);
    case FilterKind::Anchor: return "anchor " + std::string(to_string(filter.anchor));
    case FilterKind::ExternalAuthorization: return "ext-authz " + filter.name;
    case FilterKind::Other: return filter.name;
  }
  return {};
}

std::vector<std::string> brief(const std::vector<model::ObservedFilter>& filters) {
  std::vector<std::string> names;
  for (const auto& filter : filters) names.push_back(brief(filter));
  return names;
}

using Names = std::vector<std::string>;

// A dump of one listener, from the text of its members.
std::string listener(const std::string& members) {
  return R"({"configs": [{"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", )" + members + "}]}";
}

std::string extension(const std::string& members) {
  return R"({"configs": [{"@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm", )" + members +
         "}]}";
}

}  // namespace

TEST_CASE("Envoy's dump tells the node") {
  const auto proxy = proxy_of(text_of("envoy.json"));
  CHECK(proxy.node.type == NodeType::Sidecar);
  CHECK(proxy.node.id == "sidecar~10.1.0.7~web-1.shop~shop.svc.cluster.local");
  CHECK(proxy.node.ns == "shop");
  CHECK(proxy.node.name == "web-1");
  CHECK(proxy.node.version == "1.29.1");
  CHECK(proxy.node.labels == std::vector<std::pair<std::string, std::string>>{{"version", "v1"}, {"app", "web"}});
}

TEST_CASE("Envoy's dump tells every chain of every listener, in its order") {
  const auto proxy = proxy_of(text_of("envoy.json"));
  REQUIRE(proxy.chains.size() == 4);
  CHECK(proxy.has_listeners);
  CHECK_FALSE(proxy.has_udp_listener);

  const ObservedChain& own = proxy.chains[0];
  CHECK(own.listener == "stats");
  CHECK(own.state == ListenerState::Static);
  CHECK(own.direction == Direction::Unspecified);
  CHECK(own.listener_port == 15090);
  CHECK(own.pointer == "/configs/4/static_listeners/0/listener/filter_chains/0");

  const ObservedChain& http = proxy.chains[1];
  CHECK(http.listener == "virtualInbound");
  CHECK(http.chain == "0.0.0.0_8080");
  CHECK(http.state == ListenerState::Active);
  CHECK(http.direction == Direction::Inbound);
  CHECK(http.protocol == ChainProtocol::Http);
  CHECK(http.listener_port == 15006);
  CHECK(http.destination_port == 8080);
  CHECK(http.pointer == "/configs/4/dynamic_listeners/0/active_state/listener/filter_chains/0");
  CHECK(brief(http.filters) ==
        Names{"ext-authz envoy.filters.http.rbac", "ext-authz envoy.filters.http.ext_authz", "plugin shop/jwt",
              "anchor authn", "anchor authz", "fallback shop/inline", "before-router", "anchor stats",
              "anchor router"});
  CHECK(brief(http.network_filters) == Names{"plugin shop/l4", "envoy.filters.network.http_connection_manager"});

  const ObservedChain& tcp = proxy.chains[2];
  CHECK(tcp.protocol == ChainProtocol::Tcp);
  CHECK(brief(tcp.filters) == Names{"envoy.filters.network.tcp_proxy"});
  CHECK(tcp.network_filters.empty());

  CHECK(proxy.chains[3].chain == "rest");
  CHECK(proxy.chains[3].pointer == "/configs/4/dynamic_listeners/0/active_state/listener/default_filter_chain");
  CHECK(brief(proxy.chains[3].filters) == Names{"istio_authn"});
}

TEST_CASE("Envoy's dump tells the extension configurations of every section") {
  const auto proxy = proxy_of(text_of("envoy.json"));
  CHECK(proxy.has_extensions_section);
  REQUIRE(proxy.extensions.size() == 2);

  const ObservedExtension& http = proxy.extensions[0];
  CHECK(http.name == "extensions.istio.io/wasmplugin/shop.jwt");
  CHECK(http.plugin == ObjectName{"shop", "jwt"});
  CHECK(http.answered);
  CHECK_FALSE(http.network);
  CHECK(http.type_url == "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm");
  CHECK(http.config_name == "shop.jwt");
  CHECK(http.root_id == "jwt_root");
  CHECK(http.configuration == R"({"a":1})");
  CHECK(http.configuration_is_json);
  CHECK(http.url == "oci://example.test/jwt:v1");
  CHECK(http.sha256 == "0123");
  CHECK(http.local_file.empty());
  CHECK(http.env == std::map<std::string, std::string>{{"MODE", "strict"}});
  CHECK(http.host_env == Names{"HOME"});
  CHECK(http.fail == "FAIL_CLOSED");
  CHECK(http.pointer == "/configs/2/ecds_filters/0/ecds_filter");

  const ObservedExtension& network = proxy.extensions[1];
  CHECK(network.network);
  CHECK(network.configuration == std::nullopt);
  CHECK(network.local_file == "/var/l4.wasm");
  CHECK(network.fail == "fail_open");
}

TEST_CASE("istiod's dump is read in camelCase, with its extensions bare and without a node") {
  const auto proxy = proxy_of(text_of("istiod.json"));
  CHECK(proxy.node == model::ObservedNode{});
  REQUIRE(proxy.chains.size() == 1);
  CHECK(proxy.chains[0].chain == "PassthroughFilterChain");
  CHECK(proxy.chains[0].direction == Direction::Outbound);
  CHECK(proxy.chains[0].listener_port == 80);
  CHECK(proxy.chains[0].pointer == "/configs/1/dynamicListeners/0/activeState/listener/defaultFilterChain");
  CHECK(brief(proxy.chains[0].filters) == Names{"plugin shop/jwt"});

  REQUIRE(proxy.extensions.size() == 1);
  CHECK(proxy.extensions[0].name.empty());
  CHECK(proxy.extensions[0].config_name == "shop.jwt~istio-translated-wasmplugin");
  CHECK(proxy.extensions[0].plugin == ObjectName{"shop", "jwt"});
  CHECK(proxy.extensions[0].env.at("ISTIO_META_WASM_IMAGE_PULL_SECRET") == "<Redacted>");
  CHECK(proxy.extensions[0].fail == "fail_open");
  CHECK(proxy.extensions[0].pointer == "/configs/2/ecdsFilters/0/ecdsFilter");
}

TEST_CASE("istiod's dump of chosen types is read, where resources stand bare and in any order") {
  const auto proxy = proxy_of(text_of("istiod-types.json"));
  REQUIRE(proxy.chains.size() == 1);
  CHECK(proxy.chains[0].pointer == "/configs/1/filterChains/0");
  CHECK(proxy.chains[0].state == ListenerState::Active);
  REQUIRE(proxy.extensions.size() == 2);
  CHECK(proxy.extensions[0].plugin == ObjectName{"shop", "jwt"});
  CHECK(proxy.extensions[0].pointer == "/configs/0");
  CHECK(proxy.extensions[1].plugin == ObjectName{"shop", "l4"});
  CHECK(proxy.extensions[1].network);
}

TEST_CASE("istioctl's list of listeners is read") {
  const auto proxy = proxy_of(text_of("istioctl-listener.json"));
  CHECK(proxy.has_listeners);
  CHECK_FALSE(proxy.has_extensions_section);
  REQUIRE(proxy.chains.size() == 2);
  CHECK(proxy.chains[0].pointer == "/0/filterChains/0");
  CHECK(proxy.chains[0].destination_port == 8080);
  CHECK(brief(proxy.chains[0].filters) == Names{"anchor router"});
  CHECK(proxy.chains[1].listener == "main_internal");
  CHECK(proxy.chains[1].protocol == ChainProtocol::Tcp);
}

TEST_CASE("istioctl's list of extension configurations is read, an RBAC under a plugin's name included") {
  const auto proxy = proxy_of(text_of("istioctl-ecds.json"));
  CHECK_FALSE(proxy.has_listeners);
  CHECK(proxy.has_extensions_section);
  REQUIRE(proxy.extensions.size() == 1);
  CHECK(proxy.extensions[0].plugin == ObjectName{"shop", "jwt"});
  CHECK(proxy.extensions[0].answered);
  CHECK(proxy.extensions[0].type_url == "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC");
  CHECK(proxy.extensions[0].pointer == "/ecdsFilters/0/ecdsFilter");
}

TEST_CASE("the extension configurations that istiod printed as bytes up to 1.24 are read") {
  const auto proxy = proxy_of(text_of("istiod-ecdsz-old.json"));
  REQUIRE(proxy.extensions.size() == 2);
  const ObservedExtension& http = proxy.extensions[0];
  CHECK(http.name == "shop.jwt");
  CHECK(http.plugin == ObjectName{"shop", "jwt"});
  CHECK(http.root_id == "root");
  CHECK(http.url == "oci://example.test/jwt:v1");
  CHECK(http.sha256 == "0123");
  CHECK(http.configuration == R"({"a":1})");
  CHECK(http.env == std::map<std::string, std::string>{{"MODE", "strict"}});
  CHECK(http.host_env == Names{"HOME"});
  CHECK(http.fail == "fail_open");
  CHECK(http.pointer == "/0");
  const ObservedExtension& network = proxy.extensions[1];
  CHECK(network.name == "extenstions.istio.io/wasmplugin/shop.l4");
  CHECK(network.type_url == "type.googleapis.com/envoy.extensions.filters.network.wasm.v3.Wasm");
  CHECK(network.network);
  CHECK(network.local_file == "/var/l4.wasm");
  CHECK(network.fail == "FAIL_CLOSED");
}

TEST_CASE("each state of a listener is told, and a failed one that Envoy lists twice is told once") {
  const auto proxy = proxy_of(text_of("states.json"));
  Names chains;
  for (const ObservedChain& chain : proxy.chains)
    chains.push_back(fmt::format("{} {} {}", chain.listener, static_cast<int>(chain.state), chain.chain));
  CHECK(chains == Names{"a 0 old", "a 1 new", "b 0 good", "b 3 bad", "c 2 going", "d 3 new d"});
  CHECK(proxy.failures == std::vector<model::ListenerFailure>{{"b", "Invalid path: /opt/absent.wasm"},
                                                              {"d", "no such address"}});
}

TEST_CASE("a failed listener is told once also where the entry without a name stands first") {
  const auto proxy = proxy_of(
      R"({"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump", "dynamic_listeners": [
        {"error_state": {"details": "x", "failed_configuration": {"name": "b", "filter_chains": [{"name": "extra"}]}}},
        {"name": "b", "error_state": {"details": "x", "failed_configuration": {"name": "b", "filter_chains": [{}]}}}
      ]}]})");
  REQUIRE(proxy.failures.size() == 1);
  REQUIRE(proxy.chains.size() == 1);
  CHECK(proxy.chains[0].chain.empty());
  CHECK(proxy.chains[0].pointer == "/configs/0/dynamic_listeners/1/error_state/failed_configuration/filter_chains/0");
}

TEST_CASE("an extension that was asked for and never answered, one refused, and one whose text is no JSON are told") {
  const auto proxy = proxy_of(text_of("ecds-states.json"));
  REQUIRE(proxy.extensions.size() == 3);
  CHECK(proxy.extensions[0].plugin == ObjectName{"shop", "asked"});
  CHECK_FALSE(proxy.extensions[0].answered);
  CHECK(proxy.extensions[1].plugin == ObjectName{"shop", "refused"});
  CHECK_FALSE(proxy.extensions[1].answered);
  CHECK(proxy.extensions[1].error == "Invalid path: /opt/absent.wasm");
  CHECK(proxy.extensions[2].answered);
  CHECK_FALSE(proxy.extensions[2].configuration_is_json);
  CHECK(proxy.extensions[2].configuration == "not: json");
}

TEST_CASE("a dump is read whatever the order of its keys") {
  const auto proxy = proxy_of(
      R"({"configs": [{"filter_chains": [{"filters": [{"typed_config": {"http_filters": [
          {"config_discovery": {"type_urls": ["x.wasm.v3.Wasm"]}, "name": "shop.jwt"}],
          "@type": "x.HttpConnectionManager"}, "name": "any"}], "filter_chain_match": {"destination_port": 80}}],
        "traffic_direction": "INBOUND", "name": "in", "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
        "address": {"socket_address": {"port_value": 15006}}}]})");
  REQUIRE(proxy.chains.size() == 1);
  const ObservedChain& chain = proxy.chains[0];
  CHECK(chain.listener == "in");
  CHECK(chain.direction == Direction::Inbound);
  CHECK(chain.listener_port == 15006);
  CHECK(chain.destination_port == 80);
  CHECK(brief(chain.filters) == Names{"plugin shop/jwt"});
}

TEST_CASE("a connection manager without HTTP filters makes an HTTP chain without filters") {
  const auto proxy = proxy_of(
      listener(R"("filter_chains": [{"filters": [{"name": "envoy.filters.network.http_connection_manager"}]}])"));
  REQUIRE(proxy.chains.size() == 1);
  CHECK(proxy.chains[0].protocol == ChainProtocol::Http);
  CHECK(proxy.chains[0].filters.empty());
}

TEST_CASE("a UDP listener is told") {
  CHECK(proxy_of(listener(R"("name": "udp", "udp_listener_config": {})")).has_udp_listener);
  CHECK(proxy_of(listener(R"("address": {"socket_address": {"protocol": "UDP"}})")).has_udp_listener);
  CHECK_FALSE(proxy_of(listener(R"("address": {"socket_address": {"protocol": "TCP"}})")).has_udp_listener);
}

TEST_CASE("the node's id tells its namespace and name where its metadata does not") {
  const auto proxy = proxy_of(
      R"({"bootstrap": {"node": {"id": "router~10.0.0.1~edge-1.v2.gw~gw.svc.cluster.local", "metadata": {}}}})");
  CHECK(proxy.node.type == NodeType::Router);
  CHECK(proxy.node.ns == "gw");
  CHECK(proxy.node.name == "edge-1.v2");
  CHECK(proxy.node.labels == std::nullopt);
}

TEST_CASE("a dump without any section is a dump of nothing") {
  const auto proxy = proxy_of(R"({"configs": []})");
  CHECK_FALSE(proxy.has_listeners);
  CHECK(proxy.chains.empty());
  CHECK(proxy == ObservedProxy{});
}

TEST_CASE("null stands for a field that is absent") {
  const auto proxy = proxy_of(listener(R"("name": null, "filter_chains": null, "address": {"socket_address": null})"));
  CHECK(proxy.has_listeners);
  CHECK(proxy.chains.empty());
}

TEST_CASE("sections that say nothing about filters are not looked at") {
  const auto proxy = proxy_of(
      R"({"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump", "dynamic_listeners": 7}]})");
  CHECK(proxy == ObservedProxy{});
}

TEST_CASE("a configuration that is a Struct counts as the JSON that it is") {
  const auto proxy = proxy_of(extension(
      R"("config": {"configuration": {"@type": "type.googleapis.com/google.protobuf.Struct", "value": {"a":1}}})"));
  REQUIRE(proxy.extensions.size() == 1);
  CHECK(proxy.extensions[0].configuration == R"({"a":1})");
}

TEST_CASE("a listener of an unknown direction is refused, as it would pass unjudged") {
  CHECK(told(failure_of(listener(R"("traffic_direction": "INBOUNDS")"))) ==
        "1:102: the dump is damaged: traffic_direction is 'INBOUNDS', none of INBOUND, OUTBOUND, UNSPECIFIED");
}

TEST_CASE("a value of the wrong type is told with its place") {
  struct Case {
    std::string text;
    std::string message;
  };
  const auto c = GENERATE(values<Case>({
      {listener(R"("name": 7)"), "1:89: the dump is damaged: the name of a listener is a number, not a string"},
      {listener("\n\"address\": []"), "2:12: the dump is damaged: address is a list, not an object"},
      {listener("\n\"filter_chains\": {}"), "2:18: the dump is damaged: filter_chains is an object, not a list"},
      {listener("\n\"filter_chains\": [7]"), "2:19: the dump is damaged: a filter chain is a number, not an object"},
      {listener("\n\"address\": {\"socket_address\": {\"port_value\": \"80\"}}"),
       "2:46: the dump is damaged: port_value is a string, not a port number"},
      {listener("\n\"address\": {\"socket_address\": {\"port_value\": 65536}}"),
       "2:46: the dump is damaged: port_value is no port number"},
      {listener("\n\"address\": {\"socket_address\": {\"port_value\": -1}}"),
       "2:46: the dump is damaged: port_value is no port number"},
      {listener("\n\"filter_chains\": [{\"filters\": [{\"name\": true}]}]"),
       "2:41: the dump is damaged: the name of a filter is a boolean, not a string"},
      {extension("\n\"config\": {\"fail_open\": \"yes\"}"),
       "2:25: the dump is damaged: fail_open is a string, not true or false"},
      {extension("\n\"config\": {\"name\": \"\\ud800\"}"),
       "2:20: the dump is damaged: the name of a plugin's configuration holds an escape that is no character"},
      {"{\"configs\": [{\"@type\": \"type.googleapis.com/envoy.admin.v3.EcdsConfigDump\"},\n 7]}",
       "2:2: the dump is damaged: an element of configs is a number, not an object"},
      {"{\"configs\": [{\"@type\": \"type.googleapis.com/envoy.admin.v3.EcdsConfigDump\",\n \"ecds_filters\": [null]}]}",
       "2:19: the dump is damaged: an entry of ecds_filters is null, not an object"},
  }));
  const auto failure = failure_of(c.text);
  CHECK(failure.problem == DumpProblem::Broken);
  CHECK(told(failure) == c.message);
}

TEST_CASE("a dump that is cut off is told to be truncated, at its end") {
  std::string text = text_of("envoy.json");
  text.resize(text.find("virtualInbound"));
  const auto failure = failure_of(text);
  CHECK(failure.problem == DumpProblem::Broken);
  CHECK(told(failure) == "67:15: the dump is truncated: the text ends within it; take it again, and see that no "
                         "pipe or disk cut it off");
}

TEST_CASE("a dump that is cut off right after a bracket is told to be truncated") {
  CHECK(told(failure_of(R"({"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.EcdsConfigDump"})")) ==
        "1:76: the dump is truncated: the text ends within it; take it again, and see that no pipe or disk cut it "
        "off");
}

TEST_CASE("a list of listeners that is cut off is told to be truncated") {
  std::string text = text_of("istioctl-listener.json");
  text.resize(200);
  CHECK(failure_of(text).problem == DumpProblem::Broken);
}

TEST_CASE("damage within a dump is told with its place") {
  const std::string kind = R"({"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.EcdsConfigDump"},)";
  const std::string again = "; take it again, and see that no pipe or disk cut it off";
  CHECK(told(failure_of(kind + "\n \"\xc3(\"]}")) ==
        "2:3: the dump is damaged: this byte is no UTF-8" + again);
  CHECK(told(failure_of(kind + "\n \"a\x01\"]}")) ==
        "2:4: the dump is damaged: a control byte stands within a string" + again);
  CHECK(told(failure_of(R"({"configs": []})" "\n{}")) == "2:1: the dump is damaged: this is no JSON" + again);
}

TEST_CASE("a line of text in place of a dump is told for what it is") {
  struct Case {
    const char* text;
    const char* message;
  };
  const auto c = GENERATE(values<Case>({
      {"Failed to convert protobuf message to JSON string: INVALID_ARGUMENT: could not find @type "
       "'type.googleapis.com/istio.Unknown'\n",
       "1:1: Envoy answered with a line of text in place of a dump: a listener or cluster that it refused holds the "
       "type 'type.googleapis.com/istio.Unknown', which this Envoy does not know, so that it cannot print it; remove "
       "what configures that type, or take the dump from istiod (/debug/config_dump?proxyID=POD.NAMESPACE)"},
      {"Failed to convert protobuf message to JSON string: x",
       "1:1: Envoy answered with a line of text in place of a dump: a listener or cluster that it refused holds a "
       "type that this Envoy does not know, so that it cannot print it; remove what configures that type, or take "
       "the dump from istiod (/debug/config_dump?proxyID=POD.NAMESPACE)"},
      {"proto: not found",
       "1:1: istiod answered 'proto: not found' in place of a dump: a plugin of this proxy has no pluginConfig, and "
       "istiod cannot print such a one; take the dump from Envoy itself (istioctl proxy-config all POD -o json), or "
       "ask istiod for the listeners alone (&types=lds)"},
      {"Proxy not connected to this Pilot instance. It may be connected to another instance.",
       "1:1: istiod answered that the proxy is not connected to it; ask for proxyID=POD.NAMESPACE as "
       "/debug/connections spells it, or ask another replica of istiod"},
      {"You must provide a proxyID in the query string",
       "1:1: istiod answered that no proxy was named; add ?proxyID=POD.NAMESPACE to the address"},
  }));
  const auto failure = failure_of(c.text);
  CHECK(failure.problem == DumpProblem::PlainText);
  CHECK(told(failure) == c.message);
}

TEST_CASE("istiod's line of text is known with the no-break space that Go puts into it, too") {
  CHECK(failure_of("proto:\xc2\xa0not found").reason == failure_of("proto: not found").reason);
}

TEST_CASE("what is no dump is told to be none") {
  const std::string shapes =
      "; a dump is what `istioctl proxy-config all POD -o json`, Envoy's /config_dump or istiod's "
      "/debug/config_dump print";
  struct Case {
    std::string text;
    std::string message;
  };
  const auto c = GENERATE(values<Case>({
      {"", "the file is empty"},
      {" \n", "the file is empty"},
      {"kind: Pod\n", "this is no JSON"},
      {"\xff\xfe{", "this is UTF-16 text, as PowerShell's > writes it; save it as UTF-8"},
      {"{}", "this is JSON, but no dump"},
      {"[]", "this is JSON, but no dump"},
      {R"({"kind": "Pod"})", "this is JSON, but no dump"},
      {R"({"configs": 7})", "this is JSON, but no dump"},
      {R"({"configs": [7]})", "this is JSON, but no dump"},
      {R"({"configs": [{"@type": "x"}]})", "this is JSON, but no dump"},
      {R"([{"proxy": "web-1.shop", "cluster_id": "Kubernetes"}])", "this is JSON, but no dump"},
      {R"({"totalClients": 1, "clients": []})", "this is JSON, but no dump"},
      {"{\"kind\": \"Pod\"", "this is no dump, nor valid JSON"},
      {std::string("{\0}", 3), "this is no dump, nor valid JSON"},
  }));
  const auto failure = failure_of(c.text);
  CHECK(failure.problem == DumpProblem::NoDump);
  CHECK(failure.reason == c.message + shapes);
}

TEST_CASE("a byte order mark and blanks in front of a dump are passed over") {
  CHECK(proxy_of("\xef\xbb\xbf\n {\"configs\": []}") == ObservedProxy{});
}

TEST_CASE("no dump that is cut off anywhere is taken for a whole one") {
  const std::string name = GENERATE("envoy.json", "istiod.json", "istiod-types.json", "istioctl-listener.json",
                                    "istioctl-ecds.json", "istiod-ecdsz-old.json", "states.json");
  std::string text = text_of(name);
  text.resize(text.find_last_not_of('\n') + 1);
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto read_back = read(text.substr(0, length));
    if (std::holds_alternative<DumpFailure>(read_back)) continue;
    FAIL(name << " cut off after " << length << " bytes is taken for a whole dump");
  }
}

TEST_CASE("no value of a wrong type, anywhere in a dump, does harm") {
  const std::string name = GENERATE("envoy.json", "istiod-types.json", "istioctl-listener.json", "ecds-states.json");
  const std::string text = text_of(name);
  const std::string intruder = GENERATE("7", "null", "{}", "[]", "[[]]", "\"\"", "nul", "-", "\"\\u12\"", "{\"a\":1}");
  std::size_t failures = 0;
  for (std::size_t colon = text.find(':'); colon != std::string::npos; colon = text.find(':', colon + 1)) {
    const std::size_t begin = text.find_first_not_of(" \n", colon + 1);
    if (text[begin] != '"') continue;
    const std::size_t end = text.find('"', begin + 1) + 1;
    const auto read_back = read(text.substr(0, begin) + intruder + text.substr(end));
    if (std::holds_alternative<DumpFailure>(read_back)) ++failures;
  }
  if (intruder == "7" || intruder == "{}") CHECK(failures > 0);
}

TEST_CASE("deep nesting does no harm") {
  const std::size_t depth = GENERATE(100U, 2000U, 1000000U);
  const std::string deep = std::string(depth, '[') + std::string(depth, ']');
  CHECK(proxy_of(listener("\"metadata\": " + deep)).has_listeners);
  CHECK(failure_of(deep).problem == DumpProblem::NoDump);
  CHECK(failure_of(std::string(depth, '{')).problem == DumpProblem::NoDump);
  CHECK(failure_of(listener("\"filter_chains\": " + deep)).problem == DumpProblem::Broken);
}

#include "harness/dump_listener.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "harness/filter_names.h"

namespace harness {
namespace {

using model::ObservedChain;
using model::ObservedFilter;

constexpr std::string_view kConnectionManager = "envoy.filters.network.http_connection_manager";
constexpr std::string_view kConnectionManagerType = ".HttpConnectionManager";

// What a network filter says about the HTTP chain behind it.
struct HttpChain {
  bool is_http = false;
  std::vector<ObservedFilter> filters;
};

void read_discovery(DumpValue& value, ObservedFilter& filter) {
  each_member(value, "config_discovery", [&](std::string_view key, DumpValue& member) {
    if (!spells(key, "type_urls")) return;
    each_element(member, "type_urls", [&](std::size_t, DumpValue& url) {
      filter.type_urls.push_back(string_of(url, "a type url"));
    });
  });
}

ObservedFilter read_http_filter(DumpValue& value) {
  ObservedFilter filter;
  each_member(value, "an HTTP filter", [&](std::string_view key, DumpValue& member) {
    if (key == "name") {
      filter.name = string_of(member, "the name of an HTTP filter");
    } else if (spells(key, "config_discovery")) {
      read_discovery(member, filter);
    } else if (spells(key, "typed_config")) {
      bool has_rules = false;
      bool rbac = false;
      each_member(member, "typed_config", [&](std::string_view inner, DumpValue& of) {
        if (inner == "@type") rbac = string_of(of, "@type").ends_with(".RBAC");
        else if (inner == "rules" || inner == "matcher") has_rules = true;
      });
      filter.has_rules = rbac && has_rules;
    }
  });
  return filter;
}

ObservedFilter read_network_filter(DumpValue& value, HttpChain& http) {
  ObservedFilter filter;
  each_member(value, "a filter", [&](std::string_view key, DumpValue& member) {
    if (key == "name") {
      filter.name = string_of(member, "the name of a filter");
      if (filter.name == kConnectionManager) http.is_http = true;
    } else if (spells(key, "config_discovery")) {
      read_discovery(member, filter);
    } else if (spells(key, "typed_config")) {
      each_member(member, "typed_config", [&](std::string_view inner, DumpValue& of) {
        if (inner == "@type") {
          if (string_of(of, "@type").ends_with(kConnectionManagerType)) http.is_http = true;
        } else if (spells(inner, "http_filters")) {
          each_element(of, "http_filters", [&](std::size_t, DumpValue& one) {
            http.filters.push_back(read_http_filter(one));
          });
        }
      });
    }
  });
  return filter;
}

ObservedChain read_chain(DumpValue& value, const DumpPath& at) {
  ObservedChain chain;
  chain.pointer = at.pointer();
  HttpChain http;
  std::vector<ObservedFilter> network;
  each_member(value, "a filter chain", [&](std::string_view key, DumpValue& member) {
    if (key == "name") {
      chain.chain = string_of(member, "the name of a filter chain");
    } else if (spells(key, "filter_chain_match")) {
      each_member(member, "filter_chain_match", [&](std::string_view inner, DumpValue& of) {
        if (spells(inner, "destination_port"))
          chain.destination_port = port_of(of, "destination_port");
        else if (spells(inner, "server_names"))
          each_element(of, "server_names", [&](std::size_t, DumpValue& one) {
            chain.server_names.push_back(string_of(one, "a server name"));
          });
      });
    } else if (key == "filters") {
      each_element(member, "filters", [&](std::size_t, DumpValue& one) {
        network.push_back(read_network_filter(one, http));
      });
    }
  });
  classify_network(network);
  if (http.is_http) {
    classify(http.filters);
    chain.filters = std::move(http.filters);
    chain.network_filters = std::move(network);
  } else {
    chain.protocol = model::ChainProtocol::Tcp;
    chain.filters = std::move(network);
  }
  return chain;
}

model::Direction direction_of(DumpValue& value) {
  const char* const at = value.raw_json_token().data();
  const std::string text = string_of(value, "traffic_direction");
  if (text == "INBOUND") return model::Direction::Inbound;
  if (text == "OUTBOUND") return model::Direction::Outbound;
  if (text == "UNSPECIFIED") return model::Direction::Unspecified;
  throw DumpFault{fmt::format("traffic_direction is '{}', none of INBOUND, OUTBOUND, UNSPECIFIED", text), at};
}

struct Address {
  std::uint32_t port = 0;
  bool udp = false;
};

Address read_address(DumpValue& value) {
  Address address;
  each_member(value, "address", [&](std::string_view key, DumpValue& member) {
    if (!spells(key, "socket_address")) return;
    each_member(member, "socket_address", [&](std::string_view inner, DumpValue& of) {
      if (spells(inner, "port_value")) address.port = port_of(of, "port_value");
      else if (inner == "protocol") address.udp = string_of(of, "protocol") == "UDP";
    });
  });
  return address;
}

}  // namespace

std::string DumpListeners::read_listener(simdjson::ondemand::object object, const DumpPath& at,
                                         model::ListenerState state) {
  proxy_.has_listeners = true;
  // Name, direction and address may follow the chains, so that these are completed at the end.
  const std::size_t first = proxy_.chains.size();
  std::string name;
  auto direction = model::Direction::Unspecified;
  Address address;
  each_member(object, [&](std::string_view key, DumpValue& member) {
    if (key == "name") {
      name = string_of(member, "the name of a listener");
    } else if (key == "address") {
      address = read_address(member);
    } else if (spells(key, "udp_listener_config")) {
      proxy_.has_udp_listener = true;
    } else if (spells(key, "traffic_direction")) {
      direction = direction_of(member);
    } else if (spells(key, "filter_chains")) {
      const DumpPath chains{&at, key};
      each_element(member, "filter_chains", [&](std::size_t index, DumpValue& one) {
        proxy_.chains.push_back(read_chain(one, {&chains, {}, index}));
      });
    } else if (spells(key, "default_filter_chain")) {
      proxy_.chains.push_back(read_chain(member, {&at, key}));
    }
  });
  if (address.udp) proxy_.has_udp_listener = true;
  for (std::size_t i = first; i < proxy_.chains.size(); ++i) {
    ObservedChain& chain = proxy_.chains[i];
    chain.listener = name;
    chain.direction = direction;
    chain.state = state;
    chain.listener_port = address.port;
  }
  return name;
}

void DumpListeners::read_static(simdjson::ondemand::object object, const DumpPath& at) {
  each_member(object, [&](std::string_view key, DumpValue& member) {
    if (key == "listener") read_listener(object_of(member, "a listener"), {&at, key}, model::ListenerState::Static);
  });
}

void DumpListeners::read_dynamic(simdjson::ondemand::object object, const DumpPath& at) {
  const auto read_state = [&](std::string_view state_key, DumpValue& of, model::ListenerState state) {
    const DumpPath path{&at, state_key};
    each_member(of, "the state of a listener", [&](std::string_view key, DumpValue& member) {
      if (key == "listener") read_listener(object_of(member, "a listener"), {&path, key}, state);
    });
  };
  std::string name;
  std::optional<Failure> failure;
  each_member(object, [&](std::string_view key, DumpValue& member) {
    if (key == "name") name = string_of(member, "the name of a listener");
    else if (spells(key, "active_state")) read_state(key, member, model::ListenerState::Active);
    else if (spells(key, "warming_state")) read_state(key, member, model::ListenerState::Warming);
    else if (spells(key, "draining_state")) read_state(key, member, model::ListenerState::Draining);
    else if (spells(key, "error_state")) read_error(member, {&at, key}, failure.emplace());
  });
  if (!failure) return;
  failure->named = !name.empty();
  if (failure->named) failure->what.listener = std::move(name);
  failures_.push_back(std::move(*failure));
}

void DumpListeners::read_error(DumpValue& value, const DumpPath& at, Failure& failure) {
  failure.first_chain = proxy_.chains.size();
  each_member(value, "error_state", [&](std::string_view key, DumpValue& member) {
    if (key == "details")
      failure.what.details = string_of(member, "details");
    else if (spells(key, "failed_configuration"))
      failure.what.listener = read_listener(object_of(member, "a listener"), {&at, key}, model::ListenerState::Error);
  });
  failure.end_chain = proxy_.chains.size();
}

void DumpListeners::drop_repeated_failures() {
  const auto says_again = [&](const Failure& failure) {
    return !failure.named && std::ranges::any_of(failures_, [&](const Failure& other) {
      return (other.named || &other < &failure) && other.what == failure.what;
    });
  };
  // From the back, so that the numbers of the chains before stay true.
  std::vector<model::ListenerFailure> kept;
  for (auto failure = failures_.rbegin(); failure != failures_.rend(); ++failure) {
    if (!says_again(*failure)) {
      kept.push_back(failure->what);
      continue;
    }
    const auto chains = proxy_.chains.begin();
    proxy_.chains.erase(chains + static_cast<std::ptrdiff_t>(failure->first_chain),
                        chains + static_cast<std::ptrdiff_t>(failure->end_chain));
  }
  proxy_.failures.assign(kept.rbegin(), kept.rend());
}

}  // namespace harness

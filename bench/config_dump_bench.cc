// How fast a dump of 50 MB is read whose bulk is clusters, routes and endpoints, as in a large mesh, against a DOM
// of nlohmann-json alone (it would still have to be walked).
#include <benchmark/benchmark.h>

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/config_dump.h"

namespace {

constexpr std::size_t kSize = 50'000'000;

// One element of each bulk section, printed as Envoy does, one member a line.
std::string cluster(std::size_t number) {
  return fmt::format(R"(    {{
     "version_info": "2026-01-01T00:00:00Z/7",
     "cluster": {{
      "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
      "name": "outbound|80||service-{0}.shop.svc.cluster.local",
      "type": "EDS",
      "eds_cluster_config": {{
       "eds_config": {{
        "ads": {{}},
        "initial_fetch_timeout": "0s",
        "resource_api_version": "V3"
       }},
       "service_name": "outbound|80||service-{0}.shop.svc.cluster.local"
      }},
      "connect_timeout": "10s",
      "circuit_breakers": {{
       "thresholds": [
        {{
         "max_connections": 4294967295,
         "max_pending_requests": 4294967295,
         "max_requests": 4294967295,
         "max_retries": 4294967295,
         "track_remaining": true
        }}
       ]
      }},
      "metadata": {{
       "filter_metadata": {{
        "istio": {{
         "services": [
          {{
           "host": "service-{0}.shop.svc.cluster.local",
           "name": "service-{0}",
           "namespace": "shop"
          }}
         ]
        }}
       }}
      }}
     }},
     "last_updated": "2026-01-01T00:00:00.000Z"
    }})", number);
}

std::string route(std::size_t number) {
  return fmt::format(R"(    {{
     "version_info": "2026-01-01T00:00:00Z/7",
     "route_config": {{
      "@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
      "name": "{0}",
      "virtual_hosts": [
       {{
        "name": "service-{0}.shop.svc.cluster.local:80",
        "domains": [
         "service-{0}.shop.svc.cluster.local",
         "service-{0}.shop",
         "service-{0}"
        ],
        "routes": [
         {{
          "match": {{
           "prefix": "/"
          }},
          "route": {{
           "cluster": "outbound|80||service-{0}.shop.svc.cluster.local",
           "timeout": "0s",
           "retry_policy": {{
            "retry_on": "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
            "num_retries": 2
           }}
          }}
         }}
        ]
       }}
      ],
      "validate_clusters": false
     }}
    }})", number);
}

std::string listener(std::size_t number) {
  return fmt::format(R"(    {{
     "name": "0.0.0.0_{0}",
     "active_state": {{
      "listener": {{
       "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
       "name": "0.0.0.0_{0}",
       "address": {{
        "socket_address": {{
         "address": "0.0.0.0",
         "port_value": {0}
        }}
       }},
       "filter_chains": [
        {{
         "filters": [
          {{
           "name": "envoy.filters.network.http_connection_manager",
           "typed_config": {{
            "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "outbound_0.0.0.0_{0}",
            "http_filters": [
             {{
              "name": "extensions.istio.io/wasmplugin/shop.jwt",
              "config_discovery": {{
               "config_source": {{
                "ads": {{}}
               }},
               "type_urls": [
                "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
                "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC"
               ]
              }}
             }},
             {{
              "name": "envoy.filters.http.router",
              "typed_config": {{
               "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
              }}
             }}
            ]
           }}
          }}
         ]
        }}
       ],
       "traffic_direction": "OUTBOUND"
      }}
     }}
    }})", number);
}

// A section whose list grows until it has `size` bytes.
template <class Element>
std::string section(const char* type, const char* list, Element element, std::size_t size) {
  std::string text = fmt::format("  {{\n   \"@type\": \"type.googleapis.com/envoy.admin.v3.{}\",\n   \"{}\": [\n", type, list);
  text += element(1);
  for (std::size_t number = 2; text.size() < size; ++number) text += ",\n" + element(number);
  return text + "\n   ]\n  }";
}

const std::string& dump() {
  static const std::string text =
      "{\n \"configs\": [\n" +
      section("ClustersConfigDump", "dynamic_active_clusters", cluster, kSize / 2) + ",\n" +
      section("ListenersConfigDump", "dynamic_listeners", listener, kSize / 50) + ",\n" +
      section("RoutesConfigDump", "dynamic_route_configs", route, kSize / 2 - kSize / 50) + "\n ]\n}\n";
  return text;
}

void told_in_bytes(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(dump().size()));
}

void BM_ConfigDump(benchmark::State& state) {
  const harness::SourceFile file("dump.json", dump());
  for (auto _ : state) {
    const auto read = harness::read_config_dump(file);
    if (!std::holds_alternative<model::ObservedProxy>(read) ||
        std::get<model::ObservedProxy>(read).chains.size() < 100)
      state.SkipWithError("the dump was not read");
    benchmark::DoNotOptimize(read);
  }
  told_in_bytes(state);
}
BENCHMARK(BM_ConfigDump)->Unit(benchmark::kMillisecond);

void BM_ConfigDumpNaive(benchmark::State& state) {
  for (auto _ : state) {
    const auto dom = nlohmann::json::parse(dump());
    if (dom.at("configs").size() != 3) state.SkipWithError("the dump was not read");
    benchmark::DoNotOptimize(dom);
  }
  told_in_bytes(state);
}
BENCHMARK(BM_ConfigDumpNaive)->Unit(benchmark::kMillisecond);

}  // namespace

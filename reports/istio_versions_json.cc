#include "reports/istio_versions_json.h"

#include "reports/istio_expectation_json.h"

namespace reports {

void append_versions_json(std::string& out, const model::Cluster& cluster, const model::istio::Mesh& mesh,
                          const std::string& workload, const std::string& documented, const WorkloadVersions& versions) {
  const IstioFilterJson filters(mesh);
  JsonWriter json(out);
  json.begin_object();
  json.key("apiVersion").string("plumbline.dev/v1");
  json.key("kind").string("Versions");
  json.key("profile").string("all");
  json.key("workload").string(workload);
  json.key("documented").raw(documented);
  json.key("versions").begin_array();
  for (const VersionRow& row : versions.rows) {
    json.line().begin_object();
    json.key("from").string(to_string(row.first));
    json.key("to").string(to_string(row.last));
    json.key("verdict").string(row.chains.not_modelled ? "not modelled" : "modelled");
    if (row.chains.not_modelled) {
      json.key("reason").string(row.chains.not_modelled->reason);
      append_place_json(json, cluster, row.chains.not_modelled->place);
    }
    filters.append(out, row.chains.chains);
    json.key("changes").begin_array();
    for (const RuleChange& change : row.changes) {
      json.begin_object().key("effect").string(to_string(change.effect));
      for (const auto& [key, rule] : {std::pair("after", change.after), std::pair("before", change.before)}) {
        json.key(key);
        if (!rule) {
          json.null();
          continue;
        }
        json.begin_object().key("rule").string(rule->id).key("sentence").string(rule->sentence);
        json.key("source").string(rule->source).end_object();
      }
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  json.key("names").begin_array();
  for (const NameRow& row : versions.names) {
    json.begin_object().key("from").string(to_string(row.first));
    json.key("rule").string(row.rule->id).key("sentence").string(row.rule->sentence).end_object();
  }
  json.end_array().end_object();
  out += '\n';
}

}  // namespace reports

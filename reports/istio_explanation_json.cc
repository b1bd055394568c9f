#include "reports/istio_explanation_json.h"

#include "reports/istio_expectation_json.h"
#include "reports/istio_explanation.h"

namespace reports {
namespace {

using model::istio::Extension;

void write_workload(JsonWriter& json, const model::Cluster& cluster, const model::Workload& workload) {
  json.key("workload").begin_object();
  json.key("namespace").string(cluster.namespaces[workload.ns]);
  json.key("name").string(workload.name);
  json.key("kind").string(to_string(workload.kind));
  json.key("proxy").string(to_string(workload.proxy));
  json.key("labels").begin_object();
  for (const model::LabelId id : cluster.labels.set(workload.labels)) {
    const model::Label label = cluster.labels.label(id);
    json.any_key(label.key).string(label.value);
  }
  json.end_object();
  append_place_json(json, cluster, workload.place);
  json.end_object();
}

void write_plugin(JsonWriter& json, const IstioExpectation& expectation, const IstioExplainedPlugin& told) {
  const Extension& one = expectation.mesh().extensions[told.extension];
  json.line().begin_object();
  json.key("plugin").string(to_string(one.meta.id));
  json.key("kind").string(one.kind == model::istio::ExtensionKind::WasmPlugin ? "WasmPlugin" : "TrafficExtension");
  json.key("standing").string(to_string(told.standing));
  json.key("rule").string(told.rule);
  json.key("reason").string(told.reason);
  json.key("change").string_or_null(told.change);
  json.key("phase").string(to_string(one.phase));
  json.key("priority");
  if (one.priority)
    json.number(*one.priority);
  else
    json.null();
  json.key("listeners").begin_array();
  for (const std::string& listener : told.listeners) json.string(listener);
  json.end_array().key("absences").begin_array();
  for (const IstioAbsence& absence : told.absences) {
    json.begin_object().key("listener").string(absence.listener).key("rule").string(absence.rule);
    json.key("reason").string(absence.reason).end_object();
  }
  json.end_array();
  append_place_json(json, expectation.cluster(), told.place);
  json.end_object();
}

}  // namespace

void append_istio_explanation_json(std::string& out, IstioExpectation& expectation, std::size_t index) {
  const model::Workload& workload = expectation.cluster().workloads[index];
  const bool proxy = workload.proxy != model::Proxy::None;
  const IstioExplanation told = proxy ? explain(expectation, index) : IstioExplanation{};
  const auto& unmodelled = told.chains.not_modelled;
  JsonWriter json(out);
  json.begin_object();
  json.key("apiVersion").string("plumbline.dev/v1");
  json.key("kind").string("Explanation");
  append_istio_head_json(json, expectation);
  write_workload(json, expectation.cluster(), workload);
  json.key("verdict").string(unmodelled ? "not modelled" : "modelled");
  json.key("reason").string_or_null(unmodelled ? unmodelled->reason : "");
  json.key("plugins").begin_array();
  for (const IstioExplainedPlugin& plugin : told.plugins) write_plugin(json, expectation, plugin);
  json.end_array().key("order").begin_array();
  for (const IstioExplainedChain& chain : told.explained)
    for (const IstioPair& pair : chain.pairs) {
      json.line().begin_object();
      json.key("listener").string(chain.listener);
      json.key("before").string(pair.before);
      json.key("after").string(pair.after);
      json.key("rule").string(pair.rule);
      json.key("reason").string(pair.reason);
      json.key("unsure").boolean(pair.unsure);
      json.end_object();
    }
  json.end_array();
  append_unused_json(out, expectation);
  json.key("cited").begin_object();
  for (const model::istio::Rule* rule : told.rules) {
    json.key(rule->id).begin_object();
    json.key("sentence").string(rule->sentence).key("source").string(rule->source).end_object();
  }
  json.end_object().end_object();
  out += '\n';
}

}  // namespace reports

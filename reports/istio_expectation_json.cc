#include "reports/istio_expectation_json.h"

namespace reports {
namespace {

using model::istio::Extension;
using model::istio::ExtensionKind;
using model::istio::ListenerOutline;
using model::istio::OutlineFilter;

class Writer {
 public:
  Writer(std::string& out, const IstioView& view, const Drain& drain)
      : out_(out), json_(out), view_(view), cluster_(view.expectation.cluster()), drain_(drain),
        filters_(view.expectation.regime(), view.expectation.mesh()) {}

  void write() {
    json_.begin_object();
    json_.key("apiVersion").string("plumbline.dev/v1");
    json_.key("kind").string("Expectation");
    append_istio_head_json(json_, view_.expectation);
    append_unused_json(out_, view_.expectation);
    json_.key("workloads").begin_array();
    bool first = true;
    for (const std::uint32_t index : shown_workloads(cluster_, view_.workloads, view_.proxyless)) {
      out_ += first ? "\n" : ",\n";  // not by the last byte, which may have been drained
      first = false;
      write_workload(index);
      if (drain_ && out_.size() > kDrainAt) drain_(out_);
    }
    json_.end_array().end_object();
    out_ += '\n';
  }

 private:
  void write_workload(std::uint32_t index) {
    const model::Workload& workload = cluster_.workloads[index];
    json_.begin_object();
    json_.key("namespace").string(cluster_.namespaces[workload.ns]);
    json_.key("name").string(workload.name);
    json_.key("kind").string(to_string(workload.kind));
    json_.key("proxy").string(to_string(workload.proxy));
    if (workload.proxy == model::Proxy::None) {
      json_.key("verdict").string("modelled").key("chains").begin_array().end_array();
    } else {
      write_chains(view_.expectation.chains_of(index));
    }
    if (!workload.owner.empty()) json_.key("owner").string(workload.owner);
    if (!workload.pods.empty()) {
      json_.key("pods").begin_array();
      for (const std::string& pod : workload.pods) json_.string(pod);
      json_.end_array();
    }
    json_.end_object();
  }

  void write_chains(const WorkloadChains& chains) {
    json_.key("verdict").string(chains.not_modelled ? "not modelled" : "modelled");
    if (chains.not_modelled) {
      json_.key("reason").string(chains.not_modelled->reason);
      append_place_json(json_, cluster_, chains.not_modelled->place);
    }
    filters_.append(out_, chains.chains);
    if (!chains.unmodelled_listener) return;
    json_.key("notModelled").begin_array().begin_object();
    json_.key("direction").string(direction_of(*chains.unmodelled_listener));
    json_.key("class").string(class_of(*chains.unmodelled_listener));
    json_.end_object().end_array();
  }

  std::string& out_;
  JsonWriter json_;
  const IstioView& view_;
  const model::Cluster& cluster_;
  const Drain& drain_;
  const IstioFilterJson filters_;
};

void append_unused(JsonWriter& json, const IstioExpectation& expectation, std::string_view key,
                   const std::vector<UnusedExtension>& unused) {
  json.key(key).begin_array();
  for (const UnusedExtension& one : unused) {
    const Extension& extension = expectation.mesh().extensions[one.extension];
    json.begin_object();
    json.key("plugin").string(to_string(extension.meta.id));
    json.key("kind").string(extension.kind == ExtensionKind::WasmPlugin ? "WasmPlugin" : "TrafficExtension");
    json.key("rule").string(one.why.rule);
    json.key("reason").string(one.why.reason);
    append_place_json(json, expectation.cluster(), one.why.place);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

IstioFilterJson::IstioFilterJson(const model::istio::Regime& regime, const model::istio::Mesh& mesh) { prepare(&regime, mesh); }

IstioFilterJson::IstioFilterJson(const model::istio::Mesh& mesh) { prepare(nullptr, mesh); }

void IstioFilterJson::prepare(const model::istio::Regime* regime, const model::istio::Mesh& mesh) {
  for (const Extension& extension : mesh.extensions) {
    std::string text;
    JsonWriter json(text);
    json.begin_object();
    json.key("plugin").string(to_string(extension.meta.id));
    if (extension.kind == ExtensionKind::TrafficExtension) json.key("kind").string("TrafficExtension");
    if (regime) json.key("filter").string(filter_name(*regime, extension.meta.id, extension.kind));
    json.key("phase").string(to_string(extension.phase));
    json.key("priority");
    if (extension.priority)
      json.number(*extension.priority);
    else
      json.null();
    json.end_object();
    plugins_.push_back(std::move(text));
  }
}

void IstioFilterJson::append(std::string& out, std::string_view key, const std::vector<OutlineFilter>& filters) const {
  out.append(",\"").append(key).append("\":[");
  bool first = true;
  for (const OutlineFilter& filter : filters) {
    if (!first) out += ',';
    first = false;
    if (filter.extension)
      out += plugins_[*filter.extension];
    else
      out.append("{\"filter\":\"").append(filter.built_in).append("\"}");
  }
  out += ']';
}

void IstioFilterJson::append(std::string& out, const ListenerOutline& chain) const {
  JsonWriter json(out);
  json.begin_object();
  json.key("direction").string(direction_of(chain.kind));
  json.key("class").string(class_of(chain.kind));
  if (chain.port) json.key("port").number(*chain.port);
  if (chain.service) json.key("service").string(chain.service->ns + "/" + chain.service->name);
  if (is_http(chain.kind)) {
    append(out, "filters", chain.filters.http);
    append(out, "networkFilters", chain.filters.network);
    if (chain.network_plugins_in_first_only) json.key("networkPluginsInFirstChainOnly").boolean(true);
  } else {
    append(out, "filters", chain.filters.network);
  }
  json.end_object();
}

void IstioFilterJson::append(std::string& out, const std::vector<ListenerOutline>& chains) const {
  JsonWriter json(out);
  json.key("chains").begin_array();
  for (const ListenerOutline& chain : chains) append(out, chain);
  json.end_array();
}

void append_unused_json(std::string& out, const IstioExpectation& expectation) {
  JsonWriter json(out);
  append_unused(json, expectation, "discarded", expectation.discarded());
  append_unused(json, expectation, "refused", expectation.refused());
}

void append_istio_head_json(JsonWriter& json, const IstioExpectation& expectation) {
  const model::Cluster& cluster = expectation.cluster();
  json.key("profile").string(expectation.profile().name);
  json.key("rules").string(to_string(expectation.regime().since));
  json.key("assumptions").begin_array();
  for (const std::string& assumption : expectation.assumptions()) json.string(assumption);
  json.end_array();
  json.key("rootNamespace").string(cluster.root_namespace);
  json.key("rootNamespaceFrom").string(to_string(cluster.root_namespace_from));
}

void append_place_json(JsonWriter& json, const model::Cluster& cluster, model::Place place) {
  const bool known = place && place.file < cluster.files.size();
  json.key("file").string_or_null(known ? cluster.files[place.file] : "");
  json.key("line").number(known ? place.line : 0);
  json.key("column").number(known ? place.column : 0);
}

void append_istio_expectation_json(std::string& out, const IstioView& view, const Drain& drain) {
  Writer(out, view, drain).write();
}

}  // namespace reports

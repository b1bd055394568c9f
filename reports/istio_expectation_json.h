// `plumbline expect --profile istio-X.Y -o json`: schemas/expectation.schema.json. Written without a tree; one workload a line.
#pragma once

#include <string>

#include "reports/istio_expectation_text.h"
#include "reports/json_text.h"

namespace reports {

// Appends the document, with a newline at its end. With `drain`, hands over what is written from time to time.
void append_istio_expectation_json(std::string& out, const IstioView& view, const Drain& drain = {});

// Filters as JSON, those of plugins prepared once for a mesh.
class IstioFilterJson {
 public:
  IstioFilterJson(const model::istio::Regime& regime, const model::istio::Mesh& mesh);
  // Without the names of plugins' filters: for several versions at once.
  explicit IstioFilterJson(const model::istio::Mesh& mesh);

  // "chains":[...]
  void append(std::string& out, const std::vector<model::istio::ListenerOutline>& chains) const;

 private:
  void prepare(const model::istio::Regime* regime, const model::istio::Mesh& mesh);
  void append(std::string& out, const model::istio::ListenerOutline& chain) const;
  void append(std::string& out, std::string_view key, const std::vector<model::istio::OutlineFilter>& filters) const;

  std::vector<std::string> plugins_;  // of each, as JSON
};

// "discarded":[...],"refused":[...], each with its rule and place.
void append_unused_json(std::string& out, const IstioExpectation& expectation);

// "profile", "rules", "rootNamespace", "rootNamespaceFrom" and "assumptions".
void append_istio_head_json(JsonWriter& json, const IstioExpectation& expectation);

// "file", "line" and "column"; null and 0 where it is unknown.
void append_place_json(JsonWriter& json, const model::Cluster& cluster, model::Place place);

}  // namespace reports

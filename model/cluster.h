// A cluster, as far as WasmPlugins are concerned: the input of every question that the model answers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"
#include "model/place.h"
#include "model/wasm_plugin.h"
#include "model/workload.h"

namespace model {

// Where the root namespace was learnt from.
enum class RootNamespaceFrom : std::uint8_t { Flag, MeshConfig, Default };

// "flag", "mesh config", "default".
std::string_view to_string(RootNamespaceFrom from);

inline constexpr std::string_view kDefaultRootNamespace = "istio-system";

// A manifest whose effect on filter chains is not modelled (an EnvoyFilter): the workloads that it reaches
// are shown before its patches, and are not judged against a dump.
struct ChainPatch {
  ObjectName id;                       // of the EnvoyFilter
  std::vector<LabelId> match_labels;   // workloadSelector.labels; empty: every workload of its scope
  std::vector<std::string> anchors;    // the names of filters that its patches look for, each once
  Place place;
};

// A patch of an EnvoyFilter that looks for a filter by its name, whatever it does there: it misses where a version of Istio
// spells the name otherwise.
struct FilterReference {
  ObjectName envoy_filter;
  std::string filter;
  Place place;  // of the name
};

struct Cluster {
  LabelTable labels;
  Symbols namespaces;
  std::vector<Workload> workloads;      // in the order of the documents, each once
  std::vector<WasmPlugin> plugins;      // accepted, in the order of the documents, each name once
  std::vector<Refusal> refused;
  std::vector<ChainPatch> patches;
  std::vector<FilterReference> filter_references;
  std::map<std::string, std::size_t> skipped;  // documents of other kinds, by kind
  std::string root_namespace{kDefaultRootNamespace};  // "": none is configured (SEL-9)
  RootNamespaceFrom root_namespace_from = RootNamespaceFrom::Default;
  std::vector<std::string> files;       // what Place::file indexes; "-" is standard input
};

// "namespace/name" of a workload.
std::string name_of(const Cluster& cluster, const Workload& workload);

}  // namespace model

#include "reports/istio_plugins.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "reports/expectation_view.h"
#include "reports/istio_expectation_json.h"
#include "reports/istio_expectation_text.h"
#include "reports/plain_text.h"
#include "reports/text_table.h"

namespace reports {
namespace {

using model::istio::Extension;
using model::istio::ExtensionIndex;
using model::istio::ExtensionKind;
using model::istio::ExtensionType;

std::string asked_text(const Extension& extension) {
  std::string text;
  const auto add = [&](const std::string& one) { text += (text.empty() ? "" : ",") + plain(one); };
  if (extension.attachment.selector)
    for (const auto& [key, value] : *extension.attachment.selector) add(key + "=" + (value.empty() ? "\"\"" : value));
  for (const auto& ref : extension.attachment.target_refs) add(ref.kind + "/" + ref.name);
  if (extension.attachment.target_ref) add(extension.attachment.target_ref->kind + "/" + extension.attachment.target_ref->name);
  return text.empty() ? "-" : text;
}

std::vector<ExtensionIndex> by_name(const model::istio::Mesh& mesh, std::span<const ExtensionIndex> plugins) {
  std::vector<ExtensionIndex> sorted(plugins.begin(), plugins.end());
  std::ranges::stable_sort(sorted, {}, [&](ExtensionIndex i) -> const model::ObjectName& { return mesh.extensions[i].meta.id; });
  return sorted;
}

}  // namespace

ExtensionReach reach_of(IstioExpectation& expectation) {
  const model::Cluster& cluster = expectation.cluster();
  ExtensionReach reach;
  reach.workloads.assign(expectation.mesh().extensions.size(), 0);
  const auto shown = shown_workloads(cluster, all_workloads(cluster), Proxyless::Counted);
  for (auto begin = shown.begin(); begin != shown.end();) {
    // Chains are kept for one namespace.
    const auto ns = cluster.workloads[*begin].ns;
    const auto end = std::find_if(begin, shown.end(), [&](std::uint32_t i) { return cluster.workloads[i].ns != ns; });
    std::unordered_map<const WorkloadChains*, std::size_t> alike;
    for (; begin != end; ++begin) ++alike[&expectation.chains_of(*begin)];
    for (const auto& [chains, workloads] : alike) {
      if (chains->not_modelled) reach.not_modelled += workloads;
      std::set<ExtensionIndex> reached;
      for (const auto& chain : chains->chains)
        for (const auto* filters : {&chain.filters.http, &chain.filters.network})
          for (const auto& filter : *filters)
            if (filter.extension) reached.insert(*filter.extension);
      for (const ExtensionIndex i : reached) reach.workloads[i] += workloads;
    }
  }
  return reach;
}

void append_istio_plugins_text(std::string& out, IstioExpectation& expectation, std::span<const ExtensionIndex> plugins,
                               const Paint& paint) {
  const auto& mesh = expectation.mesh();
  const ExtensionReach reach = reach_of(expectation);
  append_istio_head(out, expectation, "", paint);
  out += '\n';
  const bool kinds = std::ranges::any_of(plugins, [&](ExtensionIndex i) { return mesh.extensions[i].kind != ExtensionKind::WasmPlugin; });
  std::vector<Row> rows{{{"NAMESPACE"}, {"NAME"}, {"PHASE"}, {"PRIORITY"}, {"WORKLOADS"}, {"TYPE"}, {"ASKS FOR"}, {"MODULE"}}};
  if (kinds) rows.front().insert(rows.front().begin() + 2, Cell{"KIND"});
  for (const ExtensionIndex i : by_name(mesh, plugins)) {
    const Extension& one = mesh.extensions[i];
    const std::size_t workloads = reach.workloads[i];
    Row row{{plain(one.meta.id.ns)},
            {plain(one.meta.id.name)},
            {std::string(to_string(one.phase))},
            {one.priority ? fmt::format("{}", *one.priority) : "-"},
            {fmt::format("{}", workloads), workloads == 0 ? Ink::Doubtful : Ink::Plain},
            {type_of(expectation.regime(), one) == ExtensionType::Http ? "HTTP" : "NETWORK"},
            {asked_text(one)},
            {is_lua(one) ? "Lua" : one.url.empty() ? "no url" : plain(one.url)}};
    if (kinds) row.insert(row.begin() + 2, Cell{one.kind == ExtensionKind::WasmPlugin ? "WasmPlugin" : "TrafficExtension"});
    rows.push_back(std::move(row));
  }
  if (rows.size() == 1)
    out += "no plugin\n";
  else if (kinds)
    append_table(out, rows, paint, {false, false, false, false, true, true});
  else
    append_table(out, rows, paint, {false, false, false, true, true});
  if (reach.not_modelled > 0)
    out += "\n" + paint(Ink::Doubtful, counted(reach.not_modelled, "workload")) + " not modelled, and not counted\n";
  append_unused(out, expectation, paint);
}

void append_istio_plugins_json(std::string& out, IstioExpectation& expectation, std::span<const ExtensionIndex> plugins) {
  const auto& mesh = expectation.mesh();
  const ExtensionReach reach = reach_of(expectation);
  JsonWriter json(out);
  json.begin_object();
  json.key("apiVersion").string("plumbline.dev/v1");
  json.key("kind").string("Plugins");
  append_istio_head_json(json, expectation);
  json.key("plugins").begin_array();
  for (const ExtensionIndex i : by_name(mesh, plugins)) {
    const Extension& one = mesh.extensions[i];
    json.line().begin_object();
    json.key("namespace").string(one.meta.id.ns);
    json.key("name").string(one.meta.id.name);
    json.key("kind").string(one.kind == ExtensionKind::WasmPlugin ? "WasmPlugin" : "TrafficExtension");
    json.key("filter").string(filter_name(expectation.regime(), one.meta.id, one.kind));
    json.key("phase").string(to_string(one.phase));
    json.key("priority");
    if (one.priority)
      json.number(*one.priority);
    else
      json.null();
    json.key("type").string(type_of(expectation.regime(), one) == ExtensionType::Http ? "HTTP" : "NETWORK");
    json.key("url").string(one.url);
    json.key("workloads").number(reach.workloads[i]);
    json.end_object();
  }
  json.end_array();
  json.key("workloadsNotModelled").number(reach.not_modelled);
  append_unused_json(out, expectation);
  json.end_object();
  out += '\n';
}

}  // namespace reports

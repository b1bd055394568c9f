#include "harness/golden.h"

#include <algorithm>
#include <array>

#include "harness/document.h"

namespace harness {
namespace {

using model::operator""_clause;

std::string name_of(const model::Cluster& cluster, const model::ChainLink& link) {
  if (const auto* plugin = link.plugin()) return to_string(cluster.plugins[*plugin].id);
  return std::string(to_string(*link.anchor()));
}

std::vector<std::string> names(const model::Cluster& cluster,
                               const std::vector<model::ChainLink>& links) {
  std::vector<std::string> names;
  for (const model::ChainLink& link : links) names.push_back(name_of(cluster, link));
  return names;
}

// "shop/jwt has match and type; shop/x has targetRefs".
std::string later_fields(const model::Cluster& cluster,
                         const std::vector<model::PluginIndex>& plugins) {
  std::string text;
  for (const model::PluginIndex index : plugins) {
    const model::WasmPlugin& plugin = cluster.plugins[index];
    text += (text.empty() ? "" : "; ") + to_string(plugin.id) + " has ";
    std::string fields;
    for (const model::LaterField& field : plugin.later)
      if (field.bears_on_membership) fields += (fields.empty() ? "" : " and ") + field.name;
    text += fields;
  }
  return text;
}

GoldenWorkload promise_workload(const model::Expectation& expectation,
                                const model::Workload& workload,
                                model::ChainDirection direction, model::AnchorSet anchors) {
  const model::Cluster& cluster = expectation.cluster();
  const model::ExpectedChain chain = expectation.chain(workload);
  GoldenWorkload golden;
  if (!chain.not_modelled.empty()) {
    golden.not_modelled = later_fields(cluster, chain.not_modelled);
    return golden;
  }
  golden.direction = to_string(direction);
  golden.chain = names(cluster, expectation.links(chain, anchors));
  if (auto latest = names(cluster, expectation.latest_links(chain, anchors)); latest != golden.chain)
    golden.latest = std::move(latest);
  for (const model::TieGroup& group : ties(cluster, chain.plugins, expectation.rules())) {
    auto& tie = golden.ties.emplace_back();
    for (std::size_t i = group.begin; i < group.begin + group.size; ++i)
      tie.push_back(to_string(cluster.plugins[chain.plugins[i]].id));
  }
  for (const model::OpenMember& member : chain.open)
    golden.open.emplace_back(to_string(cluster.plugins[member.plugin].id), member.clause->id);
  for (model::PluginIndex i = 0; i < cluster.plugins.size(); ++i) {
    if (expectation.modules()[i].refusal) continue;
    const auto member = expectation.membership(i, workload);
    if (member.standing == model::Standing::Out)
      golden.excluded.emplace_back(to_string(cluster.plugins[i].id), member.clause->id);
  }
  const auto by_plugin = [](const auto& pair) -> std::string_view { return pair.first; };
  std::ranges::sort(golden.excluded, ByNamespaceThenName(), by_plugin);
  std::ranges::sort(golden.open, ByNamespaceThenName(), by_plugin);
  return golden;
}

bool tells_modules(const Scenario& scenario) {
  constexpr std::array families = std::to_array<std::string_view>(
      {"URL-", "SHA-", "PUL-", "SEC-", "KEY-", "CFG-"});
  return std::ranges::any_of(scenario.clauses, [&](model::ClauseId clause) {
    return std::ranges::any_of(families,
                               [&](std::string_view family) { return clause->id.starts_with(family); });
  });
}

Pairs promise_module(const model::WasmPlugin& plugin, const model::Module& module,
                     const model::Rules& rules) {
  Pairs pairs{{"source", std::string(to_string(module.source))}, {"reference", module.reference}};
  const std::string policy =
      module.pull_policy ? std::string(to_string(*module.pull_policy)) : "does not matter";
  pairs.emplace_back("pull", policy + " (" + std::string(module.pull_policy_clause->id) + ")");
  if (!module.checksum.empty()) pairs.emplace_back("sha256", module.checksum);
  if (module.pull_secret) pairs.emplace_back("secret", to_string(*module.pull_secret));
  if (!plugin.verification_key.empty()) pairs.emplace_back("verificationKey", "PEM");
  if (!module.plugin_name.empty()) pairs.emplace_back("pluginName", module.plugin_name);
  if (plugin.plugin_config && rules.hold("CFG-1"_clause))
    pairs.emplace_back("pluginConfig", *plugin.plugin_config);
  return pairs;
}

std::string refusal_name(const model::Refusal& refusal) {
  return refusal.clause ? std::string((*refusal.clause)->id) : "invalid";
}

void write_list(std::string& out, std::string_view key, const std::vector<std::string>& list) {
  out.append("    ").append(key).append(":\n");
  for (const std::string& item : list) out.append("      - ").append(item).append("\n");
}

void write_pairs(std::string& out, std::string_view key, const Pairs& pairs) {
  if (pairs.empty()) return;
  out.append("    ").append(key).append(":\n");
  for (const auto& [name, value] : pairs)
    out.append("      ").append(name).append(": ").append(value).append("\n");
}

// The readers of one golden file.
class GoldenReader {
 public:
  GoldenReader(const Document& document, Diagnostics& diagnostics) : nodes_(document, diagnostics) {}

  std::optional<Golden> read() {
    Golden golden;
    if (!nodes_.is(nodes_.root(), NodeKind::Object, "the golden file")) return std::nullopt;
    for (const Node& section : members(&nodes_.root())) {
      if (!nodes_.is(section, NodeKind::Object, section.key)) continue;
      for (const Node& entry : members(&section)) {
        const std::string name(entry.key);
        if (section.key == "workloads")
          golden.workloads[name] = read_workload(entry);
        else if (section.key == "modules")
          golden.modules[name] = nodes_.pairs(entry);
        else if (section.key == "refused")
          golden.refused[name] = nodes_.text(entry);
      }
      if (section.key != "workloads" && section.key != "modules" && section.key != "refused")
        nodes_.refuse(section, "a golden file has no section '" + std::string(section.key) + "'",
                      "its sections are workloads, modules and refused");
    }
    if (!nodes_.root().find("workloads"))
      nodes_.refuse(nodes_.root(), "the golden file has no section 'workloads'", "see docs/scenarios.md");
    return nodes_.sound() ? std::optional(std::move(golden)) : std::nullopt;
  }

 private:
  GoldenWorkload read_workload(const Node& entry) {
    GoldenWorkload workload;
    if (!nodes_.is(entry, NodeKind::Object, entry.key)) return workload;
    for (const Node& field : members(&entry)) {
      if (field.key == "not modelled") {
        workload.not_modelled = nodes_.text(field);
      } else if (field.key == "inbound" || field.key == "gateway") {
        workload.direction = field.key;
        workload.chain = nodes_.names(field);
      } else if (field.key == "ties") {
        if (nodes_.is(field, NodeKind::Array, field.key))
          for (const Node& group : members(&field)) workload.ties.push_back(nodes_.names(group));
      } else if (field.key == "open") {
        workload.open = nodes_.pairs(field);
      } else if (field.key == "excluded") {
        workload.excluded = nodes_.pairs(field);
      } else {
        nodes_.refuse(field, "a workload of a golden file has no field '" + std::string(field.key) + "'",
                      "its fields are inbound or gateway, ties, open, excluded; or 'not modelled'");
      }
    }
    if (workload.direction.empty() == workload.not_modelled.empty())
      nodes_.refuse(entry, "the workload has neither a chain nor 'not modelled', or both",
                    "write inbound, gateway or 'not modelled'");
    return workload;
  }

  GoldenNodes nodes_;
};

}  // namespace

Golden promise(const Scenario& scenario, const model::Rules& rules) {
  const model::Cluster& cluster = scenario.manifests.cluster;
  const model::Expectation expectation(cluster, rules);
  Golden golden;
  for (const model::Workload& workload : cluster.workloads) {
    const std::string name = name_of(cluster, workload);
    if (workload.proxy == model::Proxy::Waypoint)
      golden.workloads[name].not_modelled = "a waypoint (SEL-11)";
    else if (const auto direction = direction_of(workload, rules))
      golden.workloads[name] =
          promise_workload(expectation, workload, *direction, scenario.anchors);
  }
  for (const model::Refusal& refusal : cluster.refused)
    if (!refusal.clause || rules.hold(*refusal.clause))
      golden.refused[to_string(refusal.plugin)] = refusal_name(refusal);
  for (model::PluginIndex i = 0; i < cluster.plugins.size(); ++i) {
    const model::ModuleVerdict& verdict = expectation.modules()[i];
    const std::string name = to_string(cluster.plugins[i].id);
    if (verdict.refusal)
      golden.refused[name] = refusal_name(*verdict.refusal);
    else if (verdict.module && tells_modules(scenario))
      golden.modules[name] = promise_module(cluster.plugins[i], *verdict.module, rules);
  }
  return golden;
}

std::string to_yaml(const Golden& golden) {
  std::string out = golden.workloads.empty() ? "workloads: {}\n" : "workloads:\n";
  for (const auto& [name, workload] : golden.workloads) {
    out.append("  ").append(name).append(":\n");
    if (!workload.not_modelled.empty()) {
      out.append("    not modelled: ").append(workload.not_modelled).append("\n");
      continue;
    }
    write_list(out, workload.direction, workload.chain);
    if (!workload.latest.empty()) write_list(out, "latest", workload.latest);
    if (!workload.ties.empty()) out.append("    ties:\n");
    for (const auto& tie : workload.ties) {
      out.append("      - [");
      for (std::size_t i = 0; i < tie.size(); ++i) out.append(i ? ", " : "").append(tie[i]);
      out.append("]\n");
    }
    write_pairs(out, "open", workload.open);
    write_pairs(out, "excluded", workload.excluded);
  }
  if (!golden.modules.empty()) out.append("modules:\n");
  for (const auto& [name, pairs] : golden.modules) {
    out.append("  ").append(name).append(":\n");
    for (const auto& [key, value] : pairs)
      out.append("    ").append(key).append(": ").append(yaml_scalar(value)).append("\n");
  }
  if (!golden.refused.empty()) out.append("refused:\n");
  for (const auto& [name, clause] : golden.refused)
    out.append("  ").append(name).append(": ").append(clause).append("\n");
  return out;
}

std::optional<Golden> read_golden(const SourceFile& file, Diagnostics& diagnostics) {
  std::optional<Golden> golden;
  const bool sound = read_golden_document(
      file, [&](const Document& document) { golden = GoldenReader(document, diagnostics).read(); }, diagnostics);
  return sound ? golden : std::nullopt;
}

}  // namespace harness

#include "reports/plugins_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/expectation_view.h"
#include "reports/plain_text.h"
#include "reports/text_table.h"

namespace reports {
namespace {

std::string selector_text(const model::Cluster& cluster, const model::WasmPlugin& plugin) {
  if (!plugin.selector) return "-";
  if (plugin.selector->match_labels.empty()) return "{} (SEL-7)";
  std::string text;
  for (const model::LabelId id : plugin.selector->match_labels) {
    const model::Label label = cluster.labels.label(id);
    text += (text.empty() ? "" : ",") + plain(label.key) + "=" +
            (label.value.empty() ? "\"\"" : plain(label.value));
  }
  return text;
}

std::string module_text(const model::WasmPlugin& plugin, const model::ModuleVerdict& verdict) {
  if (verdict.module) return plain(plugin.url);
  const std::string url = plugin.url.empty() ? "no url" : plain(plugin.url);
  return verdict.left_open ? fmt::format("{} ({})", url, (*verdict.left_open)->id) : url;
}

std::string pull_text(const model::ModuleVerdict& verdict) {
  if (!verdict.module || !verdict.module->pull_policy) return "-";
  return std::string(to_string(*verdict.module->pull_policy));
}

// What a later field makes of a plugin is not modelled: no number would be true.
std::string reach_text(const model::WasmPlugin& plugin, std::size_t reach) {
  for (const model::LaterField& field : plugin.later)
    if (field.bears_on_membership) return fmt::format("? ({})", plain(field.name));
  return fmt::format("{}", reach);
}

void append_refused(std::string& out, const model::Expectation& expectation, const Paint& paint) {
  const auto refused = refusals(expectation);
  if (refused.empty()) return;
  out += "\n" + paint(Ink::Bad, counted(refused.size(), "WasmPlugin") + " refused") + ":\n";
  for (const model::Refusal* refusal : refused) {
    const std::string place = place_text(expectation.cluster(), refusal->place);
    out += fmt::format("  {}  {}", plain(to_string(refusal->plugin)), plain(refusal->reason));
    if (refusal->clause) out += fmt::format(" ({})", (*refusal->clause)->id);
    if (!place.empty()) out += "  " + paint(Ink::Faint, place);
    out += '\n';
    if (!refusal->hint.empty()) out += "    " + plain(refusal->hint) + "\n";
  }
}

}  // namespace

void append_plugins_text(std::string& out, const model::Expectation& expectation,
                         std::span<const model::PluginIndex> plugins,
                         std::span<const std::size_t> reach, const Paint& paint) {
  const model::Cluster& cluster = expectation.cluster();
  std::vector<Row> rows{{{"NAMESPACE"}, {"NAME"}, {"PHASE"}, {"PRIORITY"}, {"WORKLOADS"},
                         {"SELECTOR"}, {"PULL"}, {"MODULE"}}};
  std::vector<model::PluginIndex> sorted(plugins.begin(), plugins.end());
  std::ranges::sort(sorted, {}, [&](model::PluginIndex index) -> const model::ObjectName& {
    return cluster.plugins[index].id;
  });
  for (const model::PluginIndex index : sorted) {
    const model::WasmPlugin& plugin = cluster.plugins[index];
    const model::ModuleVerdict& module = expectation.modules()[index];
    if (module.refusal) continue;
    rows.push_back({{plain(plugin.id.ns)},
                    {plain(plugin.id.name)},
                    {std::string(to_string(plugin.effective_phase()))},
                    {plugin.priority ? fmt::format("{}", *plugin.priority) : "-"},
                    {reach_text(plugin, reach[index]),
                     reach[index] == 0 ? Ink::Doubtful : Ink::Plain},
                    {selector_text(cluster, plugin)},
                    {pull_text(module)},
                    {module_text(plugin, module)}});
  }
  if (rows.size() == 1)
    out += "no WasmPlugin\n";
  else
    append_table(out, rows, paint, {false, false, false, true, true});
  append_refused(out, expectation, paint);
  if (cluster.skipped.empty()) return;
  out += "\nskipped:";
  std::string_view between = " ";
  for (const auto& [kind, count] : cluster.skipped) {
    out += fmt::format("{}{} {}", between, count, plain(kind));
    between = ", ";
  }
  out += '\n';
}

}  // namespace reports

#include "reports/plugins_json.h"

#include "reports/json_text.h"
#include "reports/refusal_json.h"

namespace reports {
namespace {

class Writer {
 public:
  Writer(std::string& out, const model::Expectation& expectation)
      : json_(out), expectation_(expectation), cluster_(expectation.cluster()) {}

  void write_plugin(model::PluginIndex index, std::size_t reach) {
    const model::WasmPlugin& plugin = cluster_.plugins[index];
    json_.begin_object();
    json_.key("namespace").string(plugin.id.ns);
    json_.key("namespaceGiven").boolean(plugin.namespace_given);
    json_.key("name").string(plugin.id.name);
    json_.key("phase").string(to_string(plugin.effective_phase()));
    json_.key("priority");
    if (plugin.priority)
      json_.number(*plugin.priority);
    else
      json_.null();
    json_.key("selector");
    write_selector(plugin);
    json_.key("url").string(plugin.url);
    json_.key("sha256").string(plugin.sha256);
    json_.key("imagePullPolicy")
        .string(to_string(plugin.pull_policy.value_or(model::PullPolicy::Unspecified)));
    json_.key("imagePullSecret").string(plugin.image_pull_secret);
    json_.key("verificationKey").string(plugin.verification_key);
    json_.key("pluginName").string(plugin.plugin_name);
    json_.key("pluginConfig").raw(plugin.plugin_config ? *plugin.plugin_config : "null");
    json_.key("module");
    write_module(expectation_.modules()[index]);
    if (!plugin.later.empty()) write_later(plugin);
    json_.key("workloads").number(reach);
    json_.end_object();
  }

 private:
  void write_selector(const model::WasmPlugin& plugin) {
    if (!plugin.selector) {
      json_.null();
      return;
    }
    json_.begin_object().key("matchLabels").begin_object();
    for (const model::LabelId id : plugin.selector->match_labels) {
      const model::Label label = cluster_.labels.label(id);
      json_.any_key(label.key).string(label.value);
    }
    json_.end_object().end_object();
  }

  void write_module(const model::ModuleVerdict& verdict) {
    if (!verdict.module) {
      json_.null();
      return;
    }
    const model::Module& module = *verdict.module;
    json_.begin_object();
    json_.key("source").string(to_string(module.source));
    json_.key("reference").string(module.reference);
    json_.key("pullPolicy")
        .string_or_null(module.pull_policy ? to_string(*module.pull_policy) : "");
    json_.key("pullPolicyReason").string(module.pull_policy_reason);
    json_.key("pullPolicyClause").string(module.pull_policy_clause->id);
    json_.key("sha256").string_or_null(module.checksum);
    json_.key("secret").string_or_null(module.pull_secret ? to_string(*module.pull_secret) : "");
    if (verdict.left_open) json_.key("open").string((*verdict.left_open)->id);
    json_.end_object();
  }

  void write_later(const model::WasmPlugin& plugin) {
    json_.key("laterFields").begin_array();
    for (const model::LaterField& field : plugin.later) json_.string(field.name);
    json_.end_array();
  }

  JsonWriter json_;
  const model::Expectation& expectation_;
  const model::Cluster& cluster_;
};

}  // namespace

void append_plugins_json(std::string& out, const model::Expectation& expectation,
                         std::span<const model::PluginIndex> plugins,
                         std::span<const std::size_t> reach) {
  JsonWriter json(out);
  json.begin_object();
  json.key("apiVersion").string("plumbline.dev/v1");
  json.key("kind").string("Plugins");
  json.key("profile").string("documented");
  json.key("plugins").begin_array();
  Writer writer(out, expectation);
  for (const model::PluginIndex plugin : plugins) {
    if (expectation.modules()[plugin].refusal) continue;
    json.line();
    writer.write_plugin(plugin, reach[plugin]);
  }
  json.end_array();
  append_refused_json(out, expectation);
  json.key("skipped").begin_object();
  for (const auto& [kind, count] : expectation.cluster().skipped) json.any_key(kind).number(count);
  json.end_object().end_object();
  out += '\n';
}

}  // namespace reports

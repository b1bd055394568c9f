#include "reports/explanation_json.h"

#include "reports/explanation.h"
#include "reports/json_text.h"
#include "reports/refusal_json.h"

namespace reports {
namespace {

class Writer {
 public:
  Writer(std::string& out, const model::Expectation& expectation, std::size_t workload)
      : out_(out), json_(out), expectation_(expectation), cluster_(expectation.cluster()),
        workload_(cluster_.workloads[workload]), told_(explain(expectation, workload)) {}

  void write() {
    json_.begin_object();
    json_.key("apiVersion").string("plumbline.dev/v1");
    json_.key("kind").string("Explanation");
    json_.key("profile").string("documented");
    json_.key("rootNamespace").string(cluster_.root_namespace);
    json_.key("rootNamespaceFrom").string(to_string(cluster_.root_namespace_from));
    json_.key("workload");
    write_workload();
    json_.key("verdict").string(told_.not_modelled.empty() ? "modelled" : "not modelled");
    json_.key("reason").string_or_null(told_.not_modelled);
    json_.key("direction").string_or_null(told_.direction ? to_string(*told_.direction) : "");
    json_.key("plugins").begin_array();
    for (const auto* list : {&told_.in, &told_.open, &told_.unmodelled, &told_.out})
      for (const ExplainedPlugin& plugin : *list) write_plugin(plugin);
    json_.end_array();
    json_.key("order").begin_array();
    for (const ExplainedPair& pair : told_.pairs) write_pair(pair);
    json_.end_array();
    json_.key("patchedBy").begin_array();
    for (const model::ChainPatch* patch : told_.patches) {
      json_.begin_object().key("envoyFilter").string(to_string(patch->id));
      write_place(patch->place);
      json_.end_object();
    }
    json_.end_array();
    append_refused_json(out_, expectation_);
    json_.key("clauses").begin_object();
    for (const model::ClauseId clause : told_.clauses) {
      json_.key(clause->id).begin_object();
      json_.key("level").string(to_string(clause->level));
      json_.key("text").string(clause->text);
      json_.key("quote").string(clause->quote);
      json_.end_object();
    }
    json_.end_object().end_object();
    out_ += '\n';
  }

 private:
  void write_place(model::Place place) {
    const bool known = place && place.file < cluster_.files.size();
    json_.key("file").string_or_null(known ? cluster_.files[place.file] : "");
    json_.key("line").number(known ? place.line : 0);
    json_.key("column").number(known ? place.column : 0);
  }

  void write_workload() {
    json_.begin_object();
    json_.key("namespace").string(cluster_.namespaces[workload_.ns]);
    json_.key("name").string(workload_.name);
    json_.key("kind").string(to_string(workload_.kind));
    json_.key("proxy").string(to_string(workload_.proxy));
    json_.key("labels").begin_object();
    for (const model::LabelId id : cluster_.labels.set(workload_.labels)) {
      const model::Label label = cluster_.labels.label(id);
      json_.any_key(label.key).string(label.value);
    }
    json_.end_object();
    write_place(workload_.place);
    json_.end_object();
  }

  static std::string_view standing(model::Standing standing) {
    switch (standing) {
      case model::Standing::In: return "in";
      case model::Standing::Out: return "out";
      case model::Standing::Open: return "open";
      case model::Standing::NotModelled: return "not modelled";
    }
    return {};
  }

  void write_plugin(const ExplainedPlugin& explained) {
    const model::WasmPlugin& plugin = cluster_.plugins[explained.plugin];
    const bool unmodelled = explained.membership.standing == model::Standing::NotModelled;
    json_.line().begin_object();
    json_.key("plugin").string(to_string(plugin.id));
    json_.key("standing").string(standing(explained.membership.standing));
    json_.key("clause").string_or_null(unmodelled ? "" : explained.membership.clause->id);
    json_.key("reason").string(explained.reason);
    json_.key("change").string_or_null(explained.change);
    json_.key("phase").string(to_string(plugin.effective_phase()));
    json_.key("priority");
    if (plugin.priority)
      json_.number(*plugin.priority);
    else
      json_.null();
    write_place(explained.place);
    json_.end_object();
  }

  void write_pair(const ExplainedPair& pair) {
    json_.line().begin_object();
    json_.key("before").string(pair.before);
    json_.key("after").string(pair.after);
    json_.key("tied").boolean(pair.tied);
    json_.key("clauses").begin_array();
    for (const model::ClauseId clause : pair.clauses) json_.string(clause->id);
    json_.end_array().end_object();
  }

  std::string& out_;
  JsonWriter json_;
  const model::Expectation& expectation_;
  const model::Cluster& cluster_;
  const model::Workload& workload_;
  const Explanation told_;
};

}  // namespace

void append_explanation_json(std::string& out, const model::Expectation& expectation,
                             std::size_t workload) {
  Writer(out, expectation, workload).write();
}

}  // namespace reports

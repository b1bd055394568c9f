#include "reports/profile_table_json.h"

#include "reports/json_text.h"
#include "reports/profile_table.h"

namespace reports {
namespace {

using model::istio::Regime;
using model::istio::Rule;

void write_rule(JsonWriter& json, const Rule& rule) {
  json.key("rule").string(rule.id);
  json.key("about").string(rule.about);
  json.key("sentence").string(rule.sentence);
  json.key("source").string(rule.source);
}

void write_changes(JsonWriter& json, const std::vector<RuleChange>& changes) {
  json.key("changes").begin_array();
  for (const RuleChange& change : changes) {
    json.line().begin_object();
    json.key("effect").string(to_string(change.effect));
    for (const auto& [key, rule] : {std::pair("after", change.after), std::pair("before", change.before)}) {
      json.key(key);
      if (!rule) {
        json.null();
        continue;
      }
      json.begin_object();
      write_rule(json, *rule);
      json.end_object();
    }
    json.end_object();
  }
  json.end_array();
}

void begin(JsonWriter& json, std::string_view profile) {
  json.begin_object();
  json.key("apiVersion").string("plumbline.dev/v1");
  json.key("kind").string("Profiles");
  json.key("profile").string(profile);
  json.key("profiles").begin_array();
}

void end(std::string& out, JsonWriter& json) {
  json.end_array().end_object();
  out += '\n';
}

}  // namespace

void append_profile_table_json(std::string& out) {
  JsonWriter json(out);
  begin(json, "all");
  json.line().begin_object().key("name").string("documented").key("since").null().key("changes").begin_array().end_array();
  json.end_object();
  for (const ProfileRow& row : profile_rows()) {
    json.line().begin_object();
    json.key("name").string(row.name);
    json.key("since").string(to_string(row.regime->since));
    write_changes(json, row.changes);
    json.end_object();
  }
  end(out, json);
}

void append_profile_json(std::string& out, std::string_view name, const Regime& regime) {
  JsonWriter json(out);
  begin(json, name);
  json.line().begin_object();
  json.key("name").string(name);
  json.key("since").string(to_string(regime.since));
  json.key("rules").begin_array();
  for (const Rule* rule : rules_of(regime)) {
    json.line().begin_object();
    json.key("effect").string(to_string(effect_of(rule->about)));
    write_rule(json, *rule);
    json.end_object();
  }
  json.end_array().end_object();
  end(out, json);
}

void append_profile_change_json(std::string& out, std::string_view from, const Regime& before, std::string_view to,
                                const Regime& after) {
  JsonWriter json(out);
  begin(json, to);
  json.line().begin_object();
  json.key("name").string(to);
  json.key("since").string(to_string(after.since));
  json.key("from").string(from);
  write_changes(json, changes_between(before, after));
  json.end_object();
  end(out, json);
}

}  // namespace reports

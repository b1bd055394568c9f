#include "reports/report_json.h"

#include <nlohmann/json.hpp>

#include "model/istio/rules.h"
#include "reports/json_text.h"

namespace reports {
namespace {

template <class Texts>
void write_texts(JsonWriter& json, std::string_view key, const Texts& texts) {
  json.key(key).begin_array();
  for (const auto& text : texts) json.string(text);
  json.end_array();
}

// Values of settings are JSON; but a dump may hold what is none, and that is told as text.
void write_value(JsonWriter& json, std::string_view key, const std::string& value) {
  json.key(key);
  if (value.empty())
    json.null();
  else if (nlohmann::json::accept(value))
    json.raw(value);
  else
    json.string(value);
}

void write_rules(JsonWriter& json, const std::vector<std::string_view>& ids) {
  json.key("rules").begin_array();
  for (const std::string_view id : ids) {
    const model::istio::Rule& rule = model::istio::rule(id);
    json.begin_object();
    json.key("id").string(rule.id);
    json.key("sentence").string(rule.sentence);
    json.key("source").string(rule.source);
    json.end_object();
  }
  json.end_array();
}

void write_difference(JsonWriter& json, const Difference& difference) {
  const model::Difference& found = difference.found;
  json.begin_object();
  json.key("kind").string(to_string(found.kind));
  json.key("level").string(to_string(found.level));
  json.key("plugins").begin_array();
  for (const model::ObjectName& plugin : found.plugins) json.string(to_string(plugin));
  json.end_array();
  write_texts(json, "filters", found.filters);
  json.key("clauses").begin_array();
  for (const model::ClauseId clause : found.clauses) json.string(clause->id);
  json.end_array();
  if (!found.rules.empty()) write_rules(json, found.rules);
  if (found.network) json.key("layer").string("network");
  json.key("listener").string_or_null(found.listener);
  json.key("pointer").string(found.pointer);
  write_value(json, "expected", found.expected);
  write_value(json, "actual", found.actual);
  json.key("reason").string(found.reason);
  json.key("where").string_or_null(difference.where);
  json.key("chains").number(found.chains);
  json.end_object();
}

void write_links(JsonWriter& json, std::string_view key, const std::vector<ShownLink>& links) {
  json.key(key).begin_array();
  for (const ShownLink& link : links) {
    json.begin_object();
    json.key(link.anchor ? "anchor" : "filter").string(link.label);
    if (!link.envoy.empty()) json.key("envoy").string(link.envoy);
    json.end_object();
  }
  json.end_array();
}

void write_result(JsonWriter& json, const Result& result) {
  json.begin_object();
  json.key("scenario");
  if (result.scenario)
    json.string(*result.scenario);
  else
    json.null();
  json.key("workload").string_or_null(result.workload);
  json.key("implementation").string_or_null(result.implementation);
  json.key("source").string_or_null(result.source);
  if (!result.profile.empty()) json.key("profile").string(result.profile);
  if (!result.version.empty()) json.key("version").string(result.version);
  if (!result.spelling.empty()) json.key("namedAsBy").string(result.spelling);
  json.key("verdict").string(to_string(result.verdict));
  json.key("reason").string(result.reason);
  json.key("where").string_or_null(result.where);
  json.key("chains").number(result.chains);
  json.key("ownChains").number(result.own_chains);
  json.key("outboundChains").number(result.outbound_chains);
  json.key("differences").begin_array();
  for (const Difference& difference : result.differences) write_difference(json, difference);
  json.end_array();
  if (result.shown) {
    json.key("shown").begin_object();
    json.key("listener").string_or_null(result.shown->listener);
    write_links(json, "expected", result.shown->expected);
    write_links(json, "actual", result.shown->actual);
    json.end_object();
  }
  if (!result.notes.empty()) write_texts(json, "notes", result.notes);
  json.end_object();
}

}  // namespace

void append_report_json(std::string& out, const Report& report) {
  const Summary summary = summarise(report);
  JsonWriter json(out);
  json.begin_object();
  json.key("apiVersion").string("plumbline.dev/v1");
  json.key("kind").string("Report");
  json.key("profile").string(report.profile);
  json.key("implementation").string_or_null(report.implementation);
  json.key("version").string_or_null(report.version);
  json.key("scenarios").number(report.scenarios);
  json.key("summary").begin_object();
  json.key("conforms").number(summary.conforms);
  json.key("differs").number(summary.differs);
  json.key("notModelled").number(summary.not_modelled);
  json.key("error").number(summary.error);
  json.key("badScenario").number(summary.bad_scenario);
  json.end_object();
  write_texts(json, "hygiene", report.hygiene);
  write_texts(json, "noDump", report.no_dump);
  write_texts(json, "notRun", report.not_run);
  write_texts(json, "notes", report.notes);
  json.key("results").begin_array();
  for (const Result& result : report.results) {
    json.line();
    write_result(json, result);
  }
  json.end_array().end_object();
  out += '\n';
}

}  // namespace reports

#include "reports/lint_json.h"

#include "reports/json_text.h"

namespace reports {

void append_lint_json(std::string& out, const Findings& findings, std::size_t plugins) {
  JsonWriter json(out);
  json.begin_object();
  json.key("apiVersion").string("plumbline.dev/v1");
  json.key("kind").string("Findings");
  json.key("profile").string("documented");
  json.key("plugins").number(plugins);
  json.key("findings").begin_array();
  for (const Finding& finding : findings) {
    json.line().begin_object();
    json.key("file").string(finding.file);
    json.key("line").number(finding.line);
    json.key("column").number(finding.column);
    json.key("plugin").string_or_null(finding.plugin);
    json.key("problem").string(finding.problem);
    json.key("hint").string_or_null(finding.hint);
    json.key("clause").string_or_null(finding.clause);
    json.end_object();
  }
  json.end_array().end_object();
  out += '\n';
}

}  // namespace reports

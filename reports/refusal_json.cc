#include "reports/refusal_json.h"

#include "reports/expectation_view.h"
#include "reports/json_text.h"

namespace reports {

void append_refused_json(std::string& out, const model::Expectation& expectation) {
  const model::Cluster& cluster = expectation.cluster();
  JsonWriter json(out);
  json.key("refused").begin_array();
  for (const model::Refusal* refusal : refusals(expectation)) {
    const model::Place place = refusal->place;
    json.begin_object();
    json.key("file").string(place.file < cluster.files.size() ? cluster.files[place.file] : "-");
    json.key("line").number(place.line);
    json.key("column").number(place.column);
    json.key("namespace").string(refusal->plugin.ns);
    json.key("name").string(refusal->plugin.name);
    json.key("reason").string(refusal->reason);
    json.key("hint").string(refusal->hint);
    json.key("clause").string_or_null(refusal->clause ? (*refusal->clause)->id : "");
    json.end_object();
  }
  json.end_array();
}

}  // namespace reports

#include "reports/chain_changes_json.h"

#include "reports/json_text.h"

namespace reports {
namespace {

class Writer {
 public:
  explicit Writer(std::string& out) : json_(out) {}

  void write(const ChainChanges& changes) {
    json_.begin_object();
    json_.key("apiVersion").string("plumbline.dev/v1");
    json_.key("kind").string(changes.kind);
    json_.key("profile").string(changes.profile);
    json_.key("before").string(changes.before);
    json_.key("after").string(changes.after);
    strings("notes", changes.notes);
    json_.key("summary").begin_object();
    json_.key("workloads").number(changes.workloads);
    json_.key("changed").number(changes.changed);
    std::size_t not_modelled = 0;
    for (const NotModelledWorkloads& one : changes.not_modelled) not_modelled += one.workloads.names.size();
    json_.key("notModelled").number(not_modelled);
    json_.end_object();
    json_.key("causes").begin_array();
    for (const ChangeCause& cause : changes.causes) write(cause);
    json_.end_array();
    json_.key("edits").begin_array();
    for (const ShownOrderEdit& edit : changes.edits) write(edit);
    json_.end_array();
    json_.key("notices").begin_array();
    for (const ChangeNotice& notice : changes.notices) write(notice);
    json_.end_array();
    json_.key("remarks").begin_array();
    for (const ChangeNotice& remark : changes.remarks) write(remark);
    json_.end_array();
    json_.key("notModelled").begin_array();
    for (const NotModelledWorkloads& one : changes.not_modelled) {
      json_.line().begin_object();
      json_.key("reason").string(one.reason);
      json_.key("where").string_or_null(one.where);
      strings("workloads", one.workloads.names);
      json_.end_object();
    }
    json_.end_array().end_object();
  }

 private:
  void strings(std::string_view key, const std::vector<std::string>& texts) {
    json_.key(key).begin_array();
    for (const std::string& text : texts) json_.string(text);
    json_.end_array();
  }

  void rules(const std::vector<CitedRule>& rules) {
    json_.key("rules").begin_array();
    for (const CitedRule& one : rules) {
      json_.begin_object();
      json_.key("id").string(one.id);
      json_.key("sentence").string(one.sentence);
      json_.key("source").string_or_null(one.source);
      json_.key("holds").string(one.holds_before ? "before" : "after");
      json_.end_object();
    }
    json_.end_array();
  }

  void filters(std::string_view key, const std::vector<ShownLink>& links) {
    json_.key(key).begin_array();
    for (const ShownLink& link : links) {
      json_.begin_object();
      json_.key(link.anchor ? "filter" : "plugin").string(link.label);
      json_.end_object();
    }
    json_.end_array();
  }

  void write(const ChangeCause& cause) {
    json_.line().begin_object();
    json_.key("title").string(cause.title);
    rules(cause.rules);
    json_.key("changes").begin_array();
    for (const ChangedAlike& way : cause.ways) {
      json_.line().begin_object();
      strings("what", way.what);
      strings("workloads", way.workloads.names);
      json_.key("chains").begin_array();
      for (const ChangedListing& one : way.listings) {
        json_.begin_object();
        strings("listeners", one.listeners);
        filters("before", one.before);
        filters("after", one.after);
        json_.end_object();
      }
      json_.end_array().end_object();
    }
    json_.end_array().end_object();
  }

  void write(const ShownOrderEdit& edit) {
    json_.line().begin_object();
    strings("plugins", edit.plugins);
    json_.key("obstacle").string_or_null(edit.obstacle);
    json_.key("priorities").begin_array();
    for (const ShownEdit& one : edit.edits) {
      json_.begin_object();
      json_.key("plugin").string(one.plugin);
      json_.key("before");
      if (one.before.empty()) json_.null();
      else json_.raw(one.before);
      json_.key("after").raw(one.after);
      json_.key("where").string_or_null(one.where);
      json_.end_object();
    }
    json_.end_array().end_object();
  }

  void write(const ChangeNotice& notice) {
    json_.line().begin_object();
    json_.key("code").string(notice.code);
    json_.key("title").string(notice.title);
    rules(notice.rules);
    json_.key("lines").begin_array();
    for (const ChangeNotice::Line& line : notice.lines) {
      json_.begin_object();
      json_.key("text").string(line.text);
      json_.key("where").string_or_null(line.where);
      json_.key("hint").string_or_null(line.hint);
      json_.end_object();
    }
    json_.end_array();
    strings("workloads", notice.workloads.names);
    json_.end_object();
  }

  JsonWriter json_;
};

}  // namespace

void append_chain_changes_json(std::string& out, const ChainChanges& changes) {
  Writer(out).write(changes);
  out += '\n';
}

}  // namespace reports

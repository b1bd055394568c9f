// What changes in the chains of a mesh, told by `upgrade` (from one version of Istio to another) and by `diff` (from one state of the
// manifests to another): values that the three writers turn into text, JSON and Markdown.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "reports/report.h"

namespace reports {

// A rule or a clause that is cited.
struct CitedRule {
  std::string id;
  std::string sentence;
  std::string source;        // of a rule: file and version; "" for a clause
  bool holds_before = false; // it held before, and holds no longer
};

// Workloads: all of their names, and how a person reads them: replicas of one owner in one ("shop/web-1 x3").
struct WorkloadList {
  std::vector<std::string> names;
  std::vector<std::string> folded;
};

// One list of filters, before and after, and the listeners that have it.
struct ChangedListing {
  std::vector<std::string> listeners;  // "inbound http", "outbound http, port 8080"
  std::vector<ShownLink> before;
  std::vector<ShownLink> after;
};

// Workloads that change alike; the lists are those of the first of them.
struct ChangedAlike {
  std::vector<std::string> what;  // "shop/waf and shop/waf-v2 change places"
  WorkloadList workloads;
  std::vector<ChangedListing> listings;
};

// All that has one cause.
struct ChangeCause {
  std::string title;  // "order of plugins that tie"
  std::vector<CitedRule> rules;
  std::vector<ChangedAlike> ways;
};

struct ShownEdit {
  std::string plugin;
  std::string before;  // "5"; "" where none is set
  std::string after;
  std::string where;   // of the document
};

// The smallest edit that keeps the order of plugins that tie.
struct ShownOrderEdit {
  std::vector<std::string> plugins;  // those that change places, in today's order
  std::vector<ShownEdit> edits;
  std::string obstacle;              // why there is none; "" where there is
};

// What changes beside chains.
struct ChangeNotice {
  struct Line {
    std::string text;   // "shop/waf: spec.url is empty"
    std::string where;  // "mesh/waf.yaml:3:7"; may be empty
    std::string hint;   // what to do; may be empty
  };
  std::string code;   // "renamed", "reference", "refused", "accepted", "not-served", "served", "field", "setting", "workloads", "remark"
  std::string title;  // "5 plugins get filters of another name"
  std::vector<CitedRule> rules;
  std::vector<Line> lines;
  WorkloadList workloads;  // may be empty
};

struct NotModelledWorkloads {
  std::string reason;
  std::string where;
  WorkloadList workloads;
};

struct ChainChanges {
  std::string kind;     // of the JSON document: "Upgrade", "Diff"
  std::string profile;  // "istio-1.30", "documented"
  std::string before;   // what stands over the left side: "istio-1.29", "base/"
  std::string after;
  std::vector<std::string> notes;  // "istio-1.30 has the rules of 1.30.3"
  std::size_t workloads = 0;       // with a proxy, of both sides
  std::size_t changed = 0;
  std::vector<ChangeCause> causes;
  std::vector<ShownOrderEdit> edits;
  std::vector<ChangeNotice> notices;  // what changes
  std::vector<ChangeNotice> remarks;  // what is worth knowing, and changes nothing that is asked for here
  std::vector<NotModelledWorkloads> not_modelled;

  bool changes() const { return changed > 0 || !notices.empty(); }
};

WorkloadList workload_list(const model::Cluster& cluster, const std::vector<std::uint32_t>& workloads);

// "3 of 42 workloads change", "no chain of 42 workloads changes", "no workload with a proxy was read".
std::string summary(const ChainChanges& changes);

}  // namespace reports

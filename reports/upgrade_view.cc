#include "reports/upgrade_view.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "model/istio/extension_order.h"
#include "reports/plain_text.h"

namespace reports {
namespace {

using namespace model::istio;  // the values that are told

std::string_view title_of(Aspect aspect) {
  switch (aspect) {
    case Aspect::Kinds: return "TrafficExtensions";
    case Aspect::EmptyUrls: return "plugins without a url";
    case Aspect::FailStrategies: return "failStrategy";
    case Aspect::PriorityWidth: return "width of priorities";
    case Aspect::Match: return "match";
    case Aspect::Labels: return "labels that selectors see";
    case Aspect::Topology: return "labels that Istio adds";
    case Aspect::EmptyValues: return "selectors with an empty value";
    case Aspect::Attachment: return "attachment of plugins";
    case Aspect::HttpChain: return "places of filters in HTTP chains";
    case Aspect::NetworkChain: return "places of filters in network chains";
    case Aspect::Type: return "plugins of type NETWORK";
    case Aspect::NamespaceOrder: return "order of namespaces at equal priority";
    case Aspect::TieOrder: return "order of plugins that tie";
  }
  return {};
}

CitedRule cited(const Rule& rule, bool before) {
  return {std::string(rule.id), std::string(rule.sentence), std::string(rule.source), before};
}

void cite(std::vector<CitedRule>& rules, const Rule* before, const Rule* after) {
  if (after) rules.push_back(cited(*after, false));
  if (before) rules.push_back(cited(*before, true));
}

std::string listener_name(const ChangedChain& chain) {
  std::string name = fmt::format("{} {}", direction_of(chain.kind), class_of(chain.kind));
  if (chain.service) name += fmt::format(" of {}/{}", chain.service->ns, chain.service->name);
  if (chain.port) name += fmt::format(", port {}", *chain.port);
  if (chain.network && is_http(chain.kind)) name += ", network filters";
  return name;
}

std::string note_of(const Extension& extension) {
  return fmt::format("{}, {}", to_string(extension.phase),
                     extension.priority ? fmt::format("priority {}", *extension.priority) : "no priority");
}

std::vector<ShownLink> links(const std::vector<NamedFilter>& filters, const Mesh* notes) {
  std::vector<ShownLink> shown;
  for (const NamedFilter& one : filters) {
    ShownLink link{.label = one.name, .note = {}, .envoy = {}, .anchor = !one.plugin};
    if (notes && one.plugin) {
      const auto found = std::ranges::find(notes->extensions, one.name, shown_name);
      if (found != notes->extensions.end()) link.note = note_of(*found);
    }
    shown.push_back(std::move(link));
  }
  return shown;
}

class View {
 public:
  View(const Upgrade& upgrade, const model::Cluster& cluster, const Mesh& mesh, std::string from, std::string to)
      : upgrade_(upgrade), cluster_(cluster), mesh_(mesh) {
    changes_.kind = "Upgrade";
    changes_.profile = to;
    changes_.before = std::move(from);
    changes_.after = std::move(to);
  }

  ChainChanges all() {
    changes_.workloads = upgrade_.workloads;
    changes_.changed = upgrade_.changed.size();
    for (const ChangeGroup& group : upgrade_.groups) add(group);
    for (const OrderEdit& edit : upgrade_.edits) add(edit);
    add_services();
    add_acceptances();
    add_fields();
    add_references();
    add_renaming();
    for (const Cause& one : upgrade_.remarks) {
      ChangeNotice remark{"remark", std::string(one.after->about), {}, {}, {}};
      cite(remark.rules, one.before, one.after);
      changes_.remarks.push_back(std::move(remark));
    }
    for (const NotModelled& one : upgrade_.not_modelled)
      changes_.not_modelled.push_back(
          {one.why.reason, place_text(cluster_, one.why.place), workload_list(cluster_, one.workloads)});
    return std::move(changes_);
  }

 private:
  std::string name(ExtensionIndex i) const { return shown_name(mesh_.extensions[i]); }
  std::string where(ExtensionIndex i) const { return place_text(cluster_, mesh_.extensions[i].meta.place); }

  void add(const ChangeGroup& group) {
    ChangeCause cause;
    for (const Cause& one : group.causes) {
      cause.title += (cause.title.empty() ? "" : ", ") + std::string(title_of(one.aspect));
      cite(cause.rules, one.before, one.after);
    }
    for (const ChangedWorkloads& way : group.ways)
      cause.ways.push_back({sentences_of(way.chains), workload_list(cluster_, way.workloads), listings_of(way.chains, mesh_)});
    changes_.causes.push_back(std::move(cause));
  }

  void add(const OrderEdit& edit) {
    ShownOrderEdit shown{{}, {}, edit.obstacle};
    for (const ExtensionIndex i : edit.plugins) shown.plugins.push_back(name(i));
    for (const PriorityEdit& one : edit.edits) {
      const auto& before = mesh_.extensions[one.extension].priority;
      shown.edits.push_back({name(one.extension), before ? std::to_string(*before) : std::string(),
                             std::to_string(one.priority), where(one.extension)});
    }
    changes_.edits.push_back(std::move(shown));
  }

  void add_services() {
    for (const ServiceChange& one : upgrade_.services) {
      ChangeNotice notice;
      notice.code = one.served_after ? "served" : "not-served";
      notice.title = fmt::format("the configuration of {} is {}", name(one.extension),
                                 one.served_after ? "served, and was not"
                                                  : "not served any more: the proxy waits for it, and is never ready");
      cite(notice.rules, one.before, one.after);
      notice.lines.push_back({name(one.extension), where(one.extension), {}});
      notice.workloads = workload_list(cluster_, one.workloads);
      changes_.notices.push_back(std::move(notice));
    }
  }

  void add_acceptances() {
    struct Sort {
      bool by_admission;
      bool accepted_before;
      const char* code;
      const char* title;
    };
    constexpr Sort kSorts[] = {
        {false, true, "discarded", "passed over by istiod, and not today"},
        {true, true, "refused", "refused by an API server when applied again, and not today"},
        {false, false, "used", "used by istiod, and passed over today"},
        {true, false, "accepted", "accepted by an API server, and refused today"},
    };
    for (const Sort& sort : kSorts) {
      ChangeNotice notice;
      notice.code = sort.code;
      for (const AcceptanceChange& one : upgrade_.acceptances) {
        if (one.by_admission != sort.by_admission || one.accepted_before != sort.accepted_before) continue;
        const Rule& found = rule(one.denial.rule);
        if (std::ranges::find(notice.rules, found.id, &CitedRule::id) == notice.rules.end())
          notice.rules.push_back(cited(found, !one.accepted_before));
        notice.lines.push_back({fmt::format("{}: {} ({})", name(one.extension), one.denial.reason, found.id),
                                place_text(cluster_, one.denial.place), {}});
      }
      if (notice.lines.empty()) continue;
      notice.title = fmt::format("{} {}", counted(notice.lines.size(), "plugin"), sort.title);
      changes_.notices.push_back(std::move(notice));
    }
  }

  void add_fields() {
    for (const FieldChange& one : upgrade_.fields) {
      ChangeNotice notice;
      notice.code = "field";
      notice.title = fmt::format("a field of {} {}", counted(one.extensions.size(), "plugin"),
                                 one.known_after ? "takes effect, and was ignored" : "is ignored, and took effect");
      cite(notice.rules, one.known_after ? nullptr : one.rule, one.known_after ? one.rule : nullptr);
      for (const ExtensionIndex i : one.extensions) notice.lines.push_back({name(i), where(i), {}});
      changes_.notices.push_back(std::move(notice));
    }
  }

  void add_references() {
    for (const bool found_before : {true, false}) {
      ChangeNotice notice;
      notice.code = found_before ? "reference-lost" : "reference-found";
      for (const LostReference& one : upgrade_.references) {
        if (one.found_before != found_before) continue;
        const model::FilterReference& reference = cluster_.filter_references[one.reference];
        notice.lines.push_back(
            {fmt::format("EnvoyFilter {} looks for {}", to_string(reference.envoy_filter), reference.filter),
             place_text(cluster_, reference.place),
             found_before ? fmt::format("on {} its name is {}", changes_.after, one.other_name)
                          : fmt::format("on {} its name is {}", changes_.before, one.other_name)});
      }
      if (notice.lines.empty()) continue;
      const std::size_t patches = notice.lines.size();
      notice.title = patches == 1
                         ? fmt::format("1 patch of an EnvoyFilter {}", found_before ? "misses its filter, in silence" : "finds its filter, and did not")
                         : fmt::format("{} patches of EnvoyFilters {}", patches,
                                       found_before ? "miss their filters, in silence" : "find their filters, and did not");
      changes_.notices.push_back(std::move(notice));
    }
  }

  void add_renaming() {
    if (!upgrade_.renaming) return;
    const Renaming& found = *upgrade_.renaming;
    ChangeNotice notice;
    notice.code = "renamed";
    notice.title = fmt::format("filters of {} get other names, on {}", counted(found.extensions.size(), "plugin"),
                               counted(found.workloads.size(), "workload"));
    cite(notice.rules, found.before, found.after);
    for (const ExtensionIndex i : found.extensions) notice.lines.push_back({name(i), where(i), {}});
    notice.workloads = workload_list(cluster_, found.workloads);
    changes_.notices.push_back(std::move(notice));
  }

  const Upgrade& upgrade_;
  const model::Cluster& cluster_;
  const Mesh& mesh_;
  ChainChanges changes_;
};

}  // namespace

std::vector<ChangedListing> listings_of(const std::vector<ChangedChain>& chains, const Mesh& mesh) {
  std::vector<ChangedListing> listings;
  for (const ChangedChain& chain : chains) {
    ChangedListing listing{{listener_name(chain)}, links(chain.before, &mesh), links(chain.after, nullptr)};
    const auto alike = std::ranges::find_if(listings, [&](const ChangedListing& one) {
      return one.before == listing.before && one.after == listing.after;
    });
    if (alike != listings.end()) alike->listeners.push_back(listing.listeners.front());
    else listings.push_back(std::move(listing));
  }
  return listings;
}

std::vector<std::string> sentences_of(const std::vector<ChangedChain>& chains) {
  std::vector<std::string> sentences;
  const auto add = [&](std::string sentence) {
    if (std::ranges::find(sentences, sentence) == sentences.end()) sentences.push_back(std::move(sentence));
  };
  for (const ChangedChain& chain : chains) {
    const Shift shift = shift_of(chain.before, chain.after);
    // "shop/jwt AUTHN" gone and "shop/jwt AUTHZ" new is one plugin of another phase.
    const auto plugin = [](const std::string& text) { return text.substr(0, text.rfind(' ')); };
    const auto phase = [](const std::string& text) { return text.substr(text.rfind(' ') + 1); };
    const auto in = [&](const std::vector<std::string>& names, const std::string& text) {
      if (text.find(' ') == std::string::npos) return names.end();
      return std::ranges::find_if(names, [&](const std::string& one) { return plugin(one) == plugin(text); });
    };
    for (const std::string& name : shift.removed)
      if (in(shift.added, name) == shift.added.end()) add(name + " is gone");
    for (const std::string& name : shift.added) {
      const auto was = in(shift.removed, name);
      if (was == shift.removed.end()) add(name + " is new");
      else add(plugin(name) + " goes from " + phase(*was) + " to " + phase(name));
    }
    for (const auto& [first, second] : shift.swapped) add(first + " and " + second + " change places");
  }
  return sentences;
}

ChainChanges upgrade_changes(const Upgrade& upgrade, const model::Cluster& cluster, const Mesh& mesh, const std::string& from,
                             const std::string& to) {
  return View(upgrade, cluster, mesh, from, to).all();
}

}  // namespace reports

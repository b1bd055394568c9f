#include "reports/istio_expectation_text.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "reports/plain_text.h"
#include "reports/workload_names.h"

namespace reports {
namespace {

std::string at(const model::Cluster& cluster, model::Place place, const Paint& paint) {
  const std::string text = place_text(cluster, place);
  return text.empty() ? text : "  " + paint(Ink::Faint, text);
}

// Workloads of one namespace that run the same, under one copy of it.
struct Group {
  std::vector<std::uint32_t> workloads;
  std::string chains;
};

class Writer {
 public:
  Writer(std::string& out, const IstioView& view, const Paint& paint, const Drain& drain)
      : out_(out), view_(view), cluster_(view.expectation.cluster()), paint_(paint), drain_(drain),
        chains_(view.expectation.regime(), view.expectation.mesh(), paint) {}

  void write() {
    const auto shown = shown_workloads(cluster_, view_.workloads, view_.proxyless);
    write_head(shown);
    for (auto begin = shown.begin(); begin != shown.end();) {
      const auto ns = cluster_.workloads[*begin].ns;
      const auto end = std::find_if(begin, shown.end(), [&](std::uint32_t i) { return cluster_.workloads[i].ns != ns; });
      write_namespace({begin, end});
      begin = end;
    }
    if (chains_.is_unsure()) out_ += "\n" + std::string(kAgeLegend);
    append_unused(out_, view_.expectation, paint_);
    write_proxyless();
  }

 private:
  void write_head(const std::vector<std::uint32_t>& shown) {
    std::size_t namespaces = 0;
    for (std::size_t i = 0; i < shown.size(); ++i)
      namespaces += i == 0 || cluster_.workloads[shown[i]].ns != cluster_.workloads[shown[i - 1]].ns;
    append_istio_head(out_, view_.expectation,
                      counted(shown.size(), "workload") + " in " + counted(namespaces, "namespace"), paint_);
  }

  void write_namespace(std::span<const std::uint32_t> workloads) {
    std::vector<Group> groups;
    std::unordered_map<const WorkloadChains*, std::size_t> by_chains;
    std::map<std::string, std::size_t> by_text;
    for (const std::uint32_t index : workloads) {
      const bool none = cluster_.workloads[index].proxy == model::Proxy::None;
      const WorkloadChains* chains = none ? nullptr : &view_.expectation.chains_of(index);
      const auto [known, fresh] = by_chains.try_emplace(chains, groups.size());
      if (fresh) {
        std::string text;
        if (chains)
          append_workload_chains(text, view_.expectation, *chains, chains_, paint_);
        else
          text = "  runs no plugin: no proxy stands beside it\n";
        const auto [same, first] = by_text.try_emplace(text, groups.size());
        known->second = same->second;
        if (first) groups.push_back({{}, std::move(text)});
      }
      groups[known->second].workloads.push_back(index);
    }
    for (const Group& group : groups) {
      out_ += '\n';
      append_workload_names(out_, cluster_, group.workloads, paint_);
      out_ += group.chains;
      if (drain_ && out_.size() > kDrainAt) drain_(out_);
    }
  }

  void write_proxyless() {
    if (view_.proxyless == Proxyless::Shown) return;
    const auto hidden = static_cast<std::size_t>(std::ranges::count_if(view_.workloads, [&](std::uint32_t index) {
      return cluster_.workloads[index].proxy == model::Proxy::None;
    }));
    if (hidden == 0) return;
    out_ += fmt::format("\n{} without a proxy not shown (--all-pods shows {})\n", counted(hidden, "workload"),
                        hidden == 1 ? "it" : "them");
  }

  std::string& out_;
  const IstioView& view_;
  const model::Cluster& cluster_;
  const Paint& paint_;
  const Drain& drain_;
  ChainText chains_;
};

void append_unused(std::string& out, const IstioExpectation& expectation, const std::vector<UnusedExtension>& unused,
                   std::string_view what, const Paint& paint) {
  if (unused.empty()) return;
  out += "\n" + paint(Ink::Bad, counted(unused.size(), "plugin")) + " " + std::string(what) + ":\n";
  for (const UnusedExtension& one : unused)
    out += fmt::format("  {}  {} ({}){}\n", plain(extension_name(expectation.mesh().extensions[one.extension])),
                       plain(one.why.reason), one.why.rule, at(expectation.cluster(), one.why.place, paint));
}

}  // namespace

void append_istio_head(std::string& out, const IstioExpectation& expectation, const std::string& shown, const Paint& paint) {
  const model::Cluster& cluster = expectation.cluster();
  const IstioProfile& profile = expectation.profile();
  out += fmt::format("{}: {}{}; root namespace: {} ({})\n", paint(Ink::Strong, profile.name),
                     shown.empty() ? "" : shown + ", ", counted(expectation.mesh().extensions.size(), "plugin"),
                     cluster.root_namespace.empty() ? "none configured" : plain(cluster.root_namespace),
                     to_string(cluster.root_namespace_from));
  if (!profile.note.empty()) out += profile.note + "\n";
  for (const std::string& assumption : expectation.assumptions()) out += "assumed: " + assumption + "\n";
}

void append_workload_chains(std::string& out, const IstioExpectation& expectation, const WorkloadChains& chains,
                            ChainText& text, const Paint& paint) {
  if (chains.not_modelled) {
    out += "  " + paint(Ink::Doubtful, "not modelled: " + plain(chains.not_modelled->reason)) +
           at(expectation.cluster(), chains.not_modelled->place, paint) + "\n";
    return;
  }
  if (chains.chains.empty()) {
    out += "  runs no plugin: this version of Istio knows no waypoints\n";
    return;
  }
  std::vector<FilterList> lists;
  for (const auto& chain : chains.chains)
    for (FilterList& list : filter_lists(chain)) lists.push_back(std::move(list));
  std::size_t width = 0;
  for (const FilterList& list : lists)
    if (!list.has_plugin) width = std::max(width, list.title.size());
  for (const FilterList& list : lists) {
    if (list.has_plugin) {
      out += "  " + list.title + "\n";
      text.append(out, list.filters, 2);
    } else {
      out += fmt::format("  {:<{}}  no plugin  {}\n", list.title, width, paint(Ink::Faint, joined_names(list.filters)));
    }
  }
  if (chains.unmodelled_listener)
    out += "  " + paint(Ink::Doubtful, fmt::format("{} {} not modelled: nothing is recorded of it in this version",
                                                   direction_of(*chains.unmodelled_listener),
                                                   class_of(*chains.unmodelled_listener))) + "\n";
}

void append_unused(std::string& out, const IstioExpectation& expectation, const Paint& paint) {
  append_unused(out, expectation, expectation.discarded(), "of which istiod makes nothing", paint);
  append_refused(out, expectation, paint);
}

void append_refused(std::string& out, const IstioExpectation& expectation, const Paint& paint) {
  append_unused(out, expectation, expectation.refused(),
                "that the API server of this version refuses (shown as istiod reads them where they are there already)", paint);
}

void append_istio_expectation_text(std::string& out, const IstioView& view, const Paint& paint, const Drain& drain) {
  Writer(out, view, paint, drain).write();
}

}  // namespace reports

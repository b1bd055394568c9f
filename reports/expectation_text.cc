#include "reports/expectation_text.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "reports/plain_text.h"
#include "reports/workload_names.h"

namespace reports {
namespace {

// Workloads of one namespace that run the same, under one copy of it.
struct Group {
  std::vector<std::uint32_t> workloads;
  std::string chain;  // the text below their names
};

class Writer {
 public:
  Writer(std::string& out, const ExpectationView& view, const Paint& paint, const Drain& drain)
      : out_(out), view_(view), cluster_(view.expectation.cluster()), paint_(paint),
        drain_(drain) {}

  void write() {
    const auto shown = shown_workloads(view_);
    write_summary(shown);
    for (auto begin = shown.begin(); begin != shown.end();) {
      const auto ns = cluster_.workloads[*begin].ns;
      const auto end = std::find_if(begin, shown.end(), [&](std::uint32_t index) {
        return cluster_.workloads[index].ns != ns;
      });
      write_namespace({begin, end});
      begin = end;
    }
    write_legend();
    write_refused();
    write_proxyless();
  }

 private:
  void write_summary(const std::vector<std::uint32_t>& shown) {
    const std::string root =
        cluster_.root_namespace.empty()
            ? std::string("none configured")
            : plain(cluster_.root_namespace);
    std::size_t namespaces = 0;
    for (std::size_t i = 0; i < shown.size(); ++i)
      namespaces += i == 0 || cluster_.workloads[shown[i]].ns != cluster_.workloads[shown[i - 1]].ns;
    out_ += fmt::format("{} in {}, {}; root namespace: {} ({})\n", counted(shown.size(), "workload"),
                        counted(namespaces, "namespace"),
                        counted(cluster_.plugins.size(), "WasmPlugin"), root,
                        to_string(cluster_.root_namespace_from));
  }

  void write_namespace(std::span<const std::uint32_t> workloads) {
    std::vector<Group> groups;
    std::unordered_map<std::uint64_t, std::size_t> by_class;
    std::map<std::string, std::size_t> by_text;
    for (const std::uint32_t index : workloads) {
      const model::Workload& workload = cluster_.workloads[index];
      // What decides the text: the labels of the workload, and its proxy. (Two classes may still look alike.)
      const std::uint64_t key = std::uint64_t{workload.labels} << 8 |
                                std::uint64_t{static_cast<std::uint8_t>(workload.proxy)};
      const auto [known, fresh] = by_class.try_emplace(key, groups.size());
      if (fresh) {
        std::string text = chain_text(index);
        const auto [same, first] = by_text.try_emplace(text, groups.size());
        known->second = same->second;
        if (first) groups.push_back({{}, std::move(text)});
      }
      groups[known->second].workloads.push_back(index);
    }
    for (const Group& group : groups) {
      out_ += '\n';
      append_workload_names(out_, cluster_, group.workloads, paint_);
      out_ += group.chain;
      if (drain_ && out_.size() > kDrainAt) drain_(out_);
    }
  }

  // What stands below the names of the workloads that run this.
  std::string chain_text(std::uint32_t index) {
    const model::Workload& workload = cluster_.workloads[index];
    if (workload.proxy == model::Proxy::None) return "  runs no plugin: no proxy stands beside it\n";
    if (!model::direction_of(workload)) return "  not modelled: a waypoint (SEL-11)\n";
    const model::ExpectedChain chain = view_.chains.chain_of(index);
    std::string text;
    for (const model::PluginIndex plugin : chain.not_modelled) {
      const Unmodelled why = unmodelled(cluster_, plugin);
      text += "  " + paint_(Ink::Doubtful, "not modelled: " + plain(why.reason)) +
              at(why.place) + "\n";
    }
    if (chain.not_modelled.empty()) {
      append_links(text, chain);
      append_open(text, chain, workload);
    }
    for (const model::ChainPatch* patch : patches_of(cluster_, workload))
      text += "  " + paint_(Ink::Doubtful, "chain before EnvoyFilter " + plain(to_string(patch->id))) +
              at(patch->place) + "\n";
    return text;
  }

  std::string at(model::Place place) const {
    const std::string text = place_text(cluster_, place);
    return text.empty() ? text : "  " + paint_(Ink::Faint, text);
  }

  std::string name(model::PluginIndex plugin) const {
    return plain(to_string(cluster_.plugins[plugin].id));
  }

  void append_links(std::string& text, const model::ExpectedChain& chain) {
    if (chain.plugins.empty()) {
      text += chain.open.empty() ? "  no plugin\n" : "  no plugin for certain\n";
      return;
    }
    std::size_t width = 0;
    std::size_t phase_width = 0;
    for (const model::PluginIndex plugin : chain.plugins) {
      width = std::max(width, columns_of(name(plugin)));
      phase_width =
          std::max(phase_width, to_string(cluster_.plugins[plugin].effective_phase()).size());
    }
    const auto groups = model::ties(cluster_, chain.plugins);
    auto group = groups.begin();
    std::size_t phase = 0;
    const auto pass_anchors = [&](std::size_t until) {
      std::string anchors;
      for (; phase < until; ++phase)
        anchors += (anchors.empty() ? "" : ", ") +
                   std::string(to_string(static_cast<model::Anchor>(phase)));
      if (anchors.empty()) return;
      text += "      " + paint_(Ink::Faint, anchors) + "\n";
    };
    for (std::size_t i = 0; i < chain.plugins.size(); ++i) {
      const model::WasmPlugin& plugin = cluster_.plugins[chain.plugins[i]];
      pass_anchors(static_cast<std::size_t>(plugin.effective_phase()));
      if (group != groups.end() && i == group->begin + group->size) ++group;
      const bool tied = group != groups.end() && i >= group->begin;
      ties_shown_ |= tied;
      const std::size_t rank = (tied ? group->begin : i) + 1;
      text += fmt::format(" {:>3}{} {}  {:<{}}  {}\n", rank, tied ? "=" : " ",
                          padded(name(chain.plugins[i]), width),
                          to_string(plugin.effective_phase()), phase_width,
                          plugin.priority ? fmt::format("priority {}", *plugin.priority)
                                          : "no priority (0)");
    }
    pass_anchors(model::kAnchors);
  }

  void append_open(std::string& text, const model::ExpectedChain& chain,
                   const model::Workload& workload) {
    for (const model::OpenMember& member : chain.open) {
      open_shown_ = true;
      const std::string why = standing_reason(view_.expectation, member.plugin, workload,
                                              {model::Standing::Open, member.clause});
      text += fmt::format("   {}  {}  {}: {}{}\n", paint_(Ink::Doubtful, "?"), name(member.plugin),
                          member.clause->id, plain(why),
                          at(cluster_.plugins[member.plugin].place));
    }
  }

  void write_legend() {
    if (!ties_shown_ && !open_shown_) return;
    out_ += '\n';
    if (ties_shown_)
      out_ += "=  same phase and priority: which comes first is not promised, only that it is always "
              "the same (PRI-3)\n";
    if (open_shown_) out_ += "?  the API text leaves open whether it is in the chain\n";
  }

  void write_refused() {
    const auto refused = refusals(view_.expectation);
    if (refused.empty()) return;
    out_ += "\n" + paint_(Ink::Bad, counted(refused.size(), "WasmPlugin") + " refused") +
            ", on no workload:\n";
    for (const model::Refusal* refusal : refused) {
      out_ += fmt::format("  {}  {}", plain(to_string(refusal->plugin)), plain(refusal->reason));
      if (refusal->clause) out_ += fmt::format(" ({})", (*refusal->clause)->id);
      out_ += at(refusal->place);
      out_ += '\n';
      if (!refusal->hint.empty()) out_ += "    " + plain(refusal->hint) + "\n";
    }
  }

  void write_proxyless() {
    if (view_.proxyless == Proxyless::Shown) return;
    const auto hidden = std::ranges::count_if(view_.workloads, [&](std::uint32_t index) {
      return cluster_.workloads[index].proxy == model::Proxy::None;
    });
    if (hidden == 0) return;
    out_ += fmt::format("\n{} without a proxy not shown (--all-pods shows {})\n",
                        counted(static_cast<std::size_t>(hidden), "workload"),
                        hidden == 1 ? "it" : "them");
  }

  std::string& out_;
  const ExpectationView& view_;
  const model::Cluster& cluster_;
  const Paint& paint_;
  const Drain& drain_;
  bool ties_shown_ = false;
  bool open_shown_ = false;
};

}  // namespace

void append_expectation_text(std::string& out, const ExpectationView& view, const Paint& paint,
                             const Drain& drain) {
  Writer(out, view, paint, drain).write();
}

}  // namespace reports

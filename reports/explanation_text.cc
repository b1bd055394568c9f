#include "reports/explanation_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/expectation_view.h"
#include "reports/explanation.h"
#include "reports/plain_text.h"

namespace reports {
namespace {

std::string joined(const std::vector<model::ClauseId>& clauses, std::string_view between) {
  std::string text;
  for (const model::ClauseId clause : clauses)
    text += (text.empty() ? "" : std::string(between)) + std::string(clause->id);
  return text;
}

class Writer {
 public:
  Writer(std::string& out, const model::Expectation& expectation, std::size_t workload,
         const Paint& paint)
      : out_(out), expectation_(expectation), cluster_(expectation.cluster()),
        workload_(cluster_.workloads[workload]), told_(explain(expectation, workload)),
        paint_(paint) {}

  void write() {
    write_head();
    if (!told_.direction) return;
    write_chain();
    write_others("The API text leaves open whether these are in the chain", told_.open);
    write_others("Not modelled, since a field of a later API decides", told_.unmodelled);
    write_out();
    write_refused();
    write_clauses();
  }

 private:
  std::string name(model::PluginIndex plugin) const {
    return plain(to_string(cluster_.plugins[plugin].id));
  }

  std::string at(model::Place place) const {
    const std::string text = place_text(cluster_, place);
    return text.empty() ? text : "  " + paint_(Ink::Faint, text);
  }

  void write_head() {
    out_ += paint_(Ink::Strong, plain(told_.workload)) + "  " +
            std::string(to_string(workload_.kind)) + ", ";
    switch (workload_.proxy) {
      case model::Proxy::Unknown: out_ += "taken for a sidecar: nothing says which proxy it has"; break;
      case model::Proxy::None: out_ += "no proxy: it runs no plugin"; break;
      default: out_ += to_string(workload_.proxy);
    }
    out_ += at(workload_.place) + "\n";
    if (!workload_.pods.empty()) {
      std::string pods;
      for (const std::string& pod : workload_.pods) pods += (pods.empty() ? "" : ", ") + plain(pod);
      for (const std::string& line : wrapped("Pods: " + pods, kTextWidth)) out_ += line + "\n";
    }
    std::string labels;
    for (const model::LabelId id : cluster_.labels.set(workload_.labels)) {
      const model::Label label = cluster_.labels.label(id);
      labels += (labels.empty() ? "" : ", ") + plain(label.key) + "=" + plain(label.value);
    }
    out_ += "labels: " + (labels.empty() ? "none" : labels) + "\n";
    out_ += fmt::format("root namespace: {} ({})\n",
                        cluster_.root_namespace.empty() ? "none configured"
                                                        : plain(cluster_.root_namespace),
                        to_string(cluster_.root_namespace_from));
    if (!told_.not_modelled.empty())
      out_ += paint_(Ink::Doubtful, "not modelled: " + plain(told_.not_modelled)) + "\n";
    for (const model::ChainPatch* patch : told_.patches)
      out_ += paint_(Ink::Doubtful, "chain before EnvoyFilter " + plain(to_string(patch->id))) +
              at(patch->place) + "\n";
  }

  void write_chain() {
    if (!told_.not_modelled.empty()) return write_others("In", told_.in);
    out_ += told_.in.empty() ? "\nNo plugin is in the chain.\n" : "\nIn the chain, in order:\n";
    if (told_.in.empty()) return;
    std::size_t position = 0;
    for (std::size_t i = 0; i < told_.links.size(); ++i) {
      const auto* pair = i == 0 ? nullptr : pair_of(told_.links[i - 1], told_.links[i]);
      if (const auto* plugin = told_.links[i].plugin()) {
        write_member(++position, *plugin, pair);
      } else {
        out_ += "     " + paint_(Ink::Faint, to_string(*told_.links[i].anchor()));
        if (pair) out_ += ", " + why(*pair);
        out_ += '\n';
      }
    }
  }

  std::string link_name(const model::ChainLink& link) const {
    if (const auto* plugin = link.plugin()) return to_string(cluster_.plugins[*plugin].id);
    return std::string(to_string(*link.anchor()));
  }

  const ExplainedPair* pair_of(const model::ChainLink& before, const model::ChainLink& after) const {
    const auto pair = std::ranges::find_if(told_.pairs, [&](const ExplainedPair& candidate) {
      return candidate.before == link_name(before) && candidate.after == link_name(after);
    });
    return pair == told_.pairs.end() ? nullptr : &*pair;
  }

  // Why the second of the pair stands behind the first.
  std::string why(const ExplainedPair& pair) const {
    const std::string before = plain(pair.before);
    if (pair.tied)
      return paint_(Ink::Doubtful, "tied with " + before) +
             ": same phase and priority, which comes first is not promised (PRI-3)";
    if (pair.clauses.empty()) return "after " + before + ": no clause asks for it";
    return "after " + before + ": " + joined(pair.clauses, ", ");
  }

  void write_member(std::size_t position, model::PluginIndex index, const ExplainedPair* pair) {
    const model::WasmPlugin& plugin = cluster_.plugins[index];
    const auto& explained = *std::ranges::find(told_.in, index, &ExplainedPlugin::plugin);
    out_ += fmt::format(
        "{:>3}  {}  {}, {}\n", position, paint_(Ink::Strong, name(index)),
        plugin.phase ? to_string(*plugin.phase) : "no phase (UNSPECIFIED_PHASE)",
        plugin.priority ? fmt::format("priority {}", *plugin.priority) : "no priority (0)");
    out_ += fmt::format("     in: {} ({}){}\n", plain(explained.reason),
                        explained.membership.clause->id, at(explained.place));
    if (pair) out_ += "     " + why(*pair) + "\n";
    write_module(index);
  }

  void write_module(model::PluginIndex index) {
    const auto& module = expectation_.modules()[index].module;
    if (!module) return;
    out_ += fmt::format("     module: {} {}", to_string(module->source), plain(module->reference));
    out_ += fmt::format(", pull policy {} ({})",
                        module->pull_policy ? to_string(*module->pull_policy) : "does not matter",
                        module->pull_policy_clause->id);
    if (!module->checksum.empty()) out_ += ", sha256 " + shortened(plain(module->checksum), 14);
    if (module->pull_secret) out_ += ", secret " + plain(to_string(*module->pull_secret));
    out_ += '\n';
  }

  void write_others(std::string_view title, const std::vector<ExplainedPlugin>& plugins) {
    if (plugins.empty()) return;
    out_ += fmt::format("\n{}:\n", title);
    for (const ExplainedPlugin& explained : plugins)
      out_ += fmt::format("  {}  {}{}{}\n", name(explained.plugin), plain(explained.reason),
                          explained.membership.standing == model::Standing::NotModelled
                              ? std::string()
                              : fmt::format(" ({})", explained.membership.clause->id),
                          at(explained.place));
  }

  void write_out() {
    if (told_.out.empty()) return;
    out_ += "\nNot in the chain:\n";
    for (const ExplainedPlugin& explained : told_.out) {
      out_ += fmt::format("  {}  {} ({}){}\n", name(explained.plugin), plain(explained.reason),
                          explained.membership.clause->id, at(explained.place));
      if (explained.change.empty()) continue;
      for (const std::string& line :
           wrapped("to select it: " + plain(explained.change), kTextWidth - 4))
        out_ += "    " + line + "\n";
    }
  }

  void write_refused() {
    const auto refused = refusals(expectation_);
    if (refused.empty()) return;
    out_ += "\nRefused, on no workload:\n";
    for (const model::Refusal* refusal : refused)
      out_ += fmt::format("  {}  {}{}{}\n", plain(to_string(refusal->plugin)),
                          plain(refusal->reason),
                          refusal->clause ? fmt::format(" ({})", (*refusal->clause)->id) : "",
                          at(refusal->place));
  }

  void write_clauses() {
    if (told_.clauses.empty()) return;
    out_ += "\nThe API text, clause by clause:\n";
    for (const model::ClauseId clause : told_.clauses) {
      const auto lines = wrapped(fmt::format("\"{}\"", clause->quote), kTextWidth - 18);
      for (std::size_t i = 0; i < lines.size(); ++i)
        out_ += fmt::format("  {:<6}  {:<6}  {}\n", i == 0 ? clause->id : "",
                            i == 0 ? to_string(clause->level) : "", lines[i]);
    }
  }

  std::string& out_;
  const model::Expectation& expectation_;
  const model::Cluster& cluster_;
  const model::Workload& workload_;
  const Explanation told_;
  const Paint& paint_;
};

}  // namespace

void append_explanation_text(std::string& out, const model::Expectation& expectation,
                             std::size_t workload, const Paint& paint) {
  Writer(out, expectation, workload, paint).write();
}

}  // namespace reports

#include "reports/istio_explanation_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/istio_expectation_text.h"
#include "reports/istio_explanation.h"
#include "reports/plain_text.h"

namespace reports {
namespace {

using model::istio::Extension;
using model::istio::OutlineFilter;

class Writer {
 public:
  Writer(std::string& out, IstioExpectation& expectation, std::size_t workload, const Paint& paint)
      : out_(out), expectation_(expectation), cluster_(expectation.cluster()), mesh_(expectation.mesh()),
        workload_(cluster_.workloads[workload]), index_(workload), paint_(paint) {}

  void write() {
    write_head();
    if (workload_.proxy == model::Proxy::None) return;
    told_ = explain(expectation_, index_);
    write_chains();
    write_others(IstioStanding::Attached, told_.chains.not_modelled ? "Attached" : "Attached, but in no chain of it");
    write_others(IstioStanding::Out, "Not attached");
    write_others(IstioStanding::Discarded, "Of which istiod makes nothing");
    append_refused(out_, expectation_, paint_);
    write_rules();
  }

 private:
  std::string at(model::Place place) const {
    const std::string text = place_text(cluster_, place);
    return text.empty() ? text : "  " + paint_(Ink::Faint, text);
  }

  void write_head() {
    out_ += paint_(Ink::Strong, plain(name_of(cluster_, workload_))) + "  " + std::string(to_string(workload_.kind)) + ", ";
    switch (workload_.proxy) {
      case model::Proxy::Unknown: out_ += "taken for a sidecar: nothing says which proxy it has"; break;
      case model::Proxy::None: out_ += "no proxy: it runs no plugin"; break;
      default: out_ += to_string(workload_.proxy);
    }
    out_ += at(workload_.place) + "\n";
    std::string labels;
    for (const model::LabelId id : cluster_.labels.set(workload_.labels)) {
      const model::Label label = cluster_.labels.label(id);
      labels += (labels.empty() ? "" : ", ") + plain(label.key) + "=" + plain(label.value);
    }
    out_ += "labels: " + (labels.empty() ? "none" : labels) + "\n";
    append_istio_head(out_, expectation_, "", paint_);
  }

  const IstioExplainedPlugin& explained(model::istio::ExtensionIndex extension) const {
    return *std::ranges::find(told_.plugins, extension, &IstioExplainedPlugin::extension);
  }

  void write_chains() {
    if (told_.chains.not_modelled) {
      out_ += paint_(Ink::Doubtful, "not modelled: " + plain(told_.chains.not_modelled->reason)) +
              at(told_.chains.not_modelled->place) + "\n";
      return;
    }
    if (told_.explained.empty()) out_ += "\nNo plugin is in any chain.\n";
    for (const IstioExplainedChain& chain : told_.explained) {
      out_ += "\n" + paint_(Ink::Strong, chain.listener) + "\n";
      write_chain(chain);
    }
  }

  void write_chain(const IstioExplainedChain& chain) {
    std::size_t number = 0;
    std::string built_in;  // those not told yet
    const auto flush = [&] {
      for (const std::string& line : wrapped(built_in, kTextWidth - 6)) out_ += "      " + paint_(Ink::Faint, line) + "\n";
      built_in.clear();
    };
    for (std::size_t i = 0; i < chain.filters.size(); ++i) {
      const OutlineFilter& filter = chain.filters[i];
      if (!filter.extension) {
        built_in += (built_in.empty() ? "" : ", ") + std::string(short_name(filter.built_in));
        continue;
      }
      flush();
      write_member(chain, i, ++number);
    }
    flush();
  }

  void write_member(const IstioExplainedChain& chain, std::size_t i, std::size_t number) {
    const auto index = *chain.filters[i].extension;
    const Extension& one = mesh_.extensions[index];
    out_ += fmt::format("{:>4}  {}  {}, {}\n", number, paint_(Ink::Strong, plain(extension_name(one))), to_string(one.phase),
                        priority_text(one));
    const IstioExplainedPlugin& why = explained(index);
    if (why.listeners.front() == chain.listener) {
      out_ += fmt::format("      in: {} ({}){}\n", plain(why.reason), why.rule, at(why.place));
      for (const IstioAbsence& absence : why.absences)
        out_ += fmt::format("      not {}: {} ({})\n", plain(absence.listener), plain(absence.reason), absence.rule);
    }
    if (i == 0) return;
    const IstioPair& pair = *std::ranges::find_if(chain.pairs, [&](const IstioPair& one_pair) {
      return one_pair.before == name(chain.filters[i - 1]) && one_pair.after == name(chain.filters[i]);
    });
    const std::string text = fmt::format("after {}: {} ({})", plain(std::string(short_name(pair.before))), plain(pair.reason), pair.rule);
    out_ += "      " + (pair.unsure ? paint_(Ink::Doubtful, text) : text) + "\n";
  }

  std::string name(const OutlineFilter& filter) const {
    return filter.extension ? extension_name(mesh_.extensions[*filter.extension]) : std::string(filter.built_in);
  }

  void write_others(IstioStanding standing, std::string_view title) {
    bool first = true;
    for (const IstioExplainedPlugin& plugin : told_.plugins) {
      if (plugin.standing != standing) continue;
      if (first) out_ += fmt::format("\n{}:\n", title);
      first = false;
      out_ += fmt::format("  {}  {} ({}){}\n", plain(extension_name(mesh_.extensions[plugin.extension])), plain(plugin.reason),
                          plugin.rule, at(plugin.place));
      for (const IstioAbsence& absence : plugin.absences)
        out_ += fmt::format("    not {}: {} ({})\n", plain(absence.listener), plain(absence.reason), absence.rule);
      if (plugin.change.empty()) continue;
      for (const std::string& line : wrapped("to select it: " + plain(plugin.change), kTextWidth - 4)) out_ += "    " + line + "\n";
    }
  }

  void write_rules() {
    if (told_.rules.empty()) return;
    out_ += "\nThe rules of " + expectation_.profile().name + ":\n";
    std::size_t width = 0;
    for (const model::istio::Rule* rule : told_.rules) width = std::max(width, rule->id.size());
    for (const model::istio::Rule* rule : told_.rules) {
      const auto lines = wrapped(rule->sentence, kTextWidth - width - 4);
      for (std::size_t i = 0; i < lines.size(); ++i)
        out_ += "  " + padded(i == 0 ? rule->id : "", width + 2) + lines[i] + "\n";
      out_ += std::string(width + 4, ' ') + paint_(Ink::Faint, rule->source) + "\n";
    }
  }

  std::string& out_;
  IstioExpectation& expectation_;
  const model::Cluster& cluster_;
  const model::istio::Mesh& mesh_;
  const model::Workload& workload_;
  const std::size_t index_;
  const Paint& paint_;
  IstioExplanation told_;
};

}  // namespace

void append_istio_explanation_text(std::string& out, IstioExpectation& expectation, std::size_t workload, const Paint& paint) {
  Writer(out, expectation, workload, paint).write();
}

}  // namespace reports

#include "reports/expectation_json.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "reports/json_text.h"
#include "reports/refusal_json.h"

namespace reports {
namespace {

using model::operator""_clause;

class Writer {
 public:
  Writer(std::string& out, const ExpectationView& view, const Drain& drain)
      : out_(out), json_(out), view_(view), cluster_(view.expectation.cluster()), drain_(drain) {
    for (const model::WasmPlugin& plugin : cluster_.plugins) {
      std::string name;
      append_json_string(name, to_string(plugin.id));
      names_.push_back(std::move(name));
    }
    by_name_.resize(cluster_.plugins.size());
    for (model::PluginIndex i = 0; i < by_name_.size(); ++i) by_name_[i] = i;
    std::ranges::sort(by_name_, {}, [&](model::PluginIndex i) -> const model::ObjectName& {
      return cluster_.plugins[i].id;
    });
  }

  void write() {
    json_.begin_object();
    json_.key("apiVersion").string("plumbline.dev/v1");
    json_.key("kind").string("Expectation");
    json_.key("profile").string("documented");
    json_.key("rootNamespace").string(cluster_.root_namespace);
    json_.key("rootNamespaceFrom").string(to_string(cluster_.root_namespace_from));
    append_refused_json(out_, view_.expectation);
    json_.key("workloads").begin_array();
    bool first = true;
    for (const std::uint32_t index : shown_workloads(view_)) {
      out_ += first ? "\n" : ",\n";  // not by the last byte, which may have been drained
      first = false;
      write_workload(index);
      if (drain_ && out_.size() > kDrainAt) drain_(out_);
    }
    json_.end_array().end_object();
    out_ += '\n';
  }

  void write_workload(std::uint32_t index) {
    const model::Workload& workload = cluster_.workloads[index];
    json_.begin_object();
    json_.key("namespace").string(cluster_.namespaces[workload.ns]);
    json_.key("name").string(workload.name);
    json_.key("kind").string(to_string(workload.kind));
    json_.key("proxy").string(to_string(workload.proxy));
    write_chains(index, workload);
    if (!workload.owner.empty()) json_.key("owner").string(workload.owner);
    if (!workload.pods.empty()) {
      json_.key("pods").begin_array();
      for (const std::string& pod : workload.pods) json_.string(pod);
      json_.end_array();
    }
    write_patches(workload);
    write_excluded(workload);
    json_.end_object();
  }

 private:
  // The exclusions of one namespace: text that is the same for all of its workloads (plugins of other namespaces),
  // and between the texts the plugins whose membership depends on the workload.
  struct Piece {
    std::string text;
    std::optional<model::PluginIndex> then;
  };

  void write_chains(std::uint32_t index, const model::Workload& workload) {
    const auto direction = model::direction_of(workload);
    const model::ExpectedChain chain =
        direction ? view_.chains.chain_of(index) : model::ExpectedChain{};
    std::string why;
    if (workload.proxy == model::Proxy::Waypoint) why = "a waypoint (SEL-11)";
    if (!chain.not_modelled.empty()) why = unmodelled(cluster_, chain.not_modelled.front()).reason;
    json_.key("verdict").string(why.empty() ? "modelled" : "not modelled");
    if (!why.empty()) json_.key("reason").string(why);
    json_.key("chains").begin_array();
    if (direction && why.empty()) write_chain(*direction, chain, workload);
    json_.end_array();
  }

  void write_chain(model::ChainDirection direction, const model::ExpectedChain& chain,
                   const model::Workload& workload) {
    json_.begin_object();
    json_.key("direction").string(to_string(direction));
    json_.key("filters").begin_array();
    std::size_t phase = 0;
    const auto pass_anchors = [&](std::size_t until) {
      for (; phase < until; ++phase)
        json_.begin_object().key("anchor").string(to_string(static_cast<model::Anchor>(phase)))
            .end_object();
    };
    for (const model::PluginIndex plugin : chain.plugins) {
      const model::Phase own = cluster_.plugins[plugin].effective_phase();
      pass_anchors(static_cast<std::size_t>(own));
      json_.begin_object().key("plugin").raw(names_[plugin]);
      json_.key("phase").string(to_string(own));
      json_.key("priority").number(cluster_.plugins[plugin].effective_priority()).end_object();
    }
    pass_anchors(model::kAnchors);
    json_.end_array();
    json_.key("ties").begin_array();
    for (const model::TieGroup& group : model::ties(cluster_, chain.plugins)) {
      json_.begin_array();
      for (std::size_t i = 0; i < group.size; ++i)
        json_.raw(names_[chain.plugins[group.begin + i]]);
      json_.end_array();
    }
    json_.end_array();
    json_.key("open").begin_array();
    for (const model::OpenMember& member : chain.open) {
      json_.begin_object().key("plugin").raw(names_[member.plugin]);
      json_.key("clause").string(member.clause->id);
      json_.key("reason").string(standing_reason(view_.expectation, member.plugin, workload,
                                                 {model::Standing::Open, member.clause}));
      json_.end_object();
    }
    json_.end_array().end_object();
  }

  void write_patches(const model::Workload& workload) {
    const auto patches = model::patches_of(cluster_, workload);
    if (patches.empty()) return;
    json_.key("patchedBy").begin_array();
    for (const model::ChainPatch* patch : patches) {
      json_.begin_object().key("envoyFilter").string(to_string(patch->id));
      json_.key("file").string(
          patch->place.file < cluster_.files.size() ? cluster_.files[patch->place.file] : "");
      json_.key("line").number(patch->place.line).end_object();
    }
    json_.end_array();
  }

  void write_excluded(const model::Workload& workload) {
    json_.key("excluded").begin_array();
    if (model::direction_of(workload)) {
      for (const Piece& piece : pieces_of(workload)) {
        if (!piece.text.empty()) json_.raw(piece.text);
        if (!piece.then) continue;
        const auto member = view_.expectation.membership(*piece.then, workload);
        if (member.standing == model::Standing::Out)
          write_exclusion(json_, *piece.then, workload, member);
      }
    }
    json_.end_array();
  }

  void write_exclusion(JsonWriter& json, model::PluginIndex plugin,
                       const model::Workload& workload, const model::Membership& member) const {
    json.begin_object().key("plugin").raw(names_[plugin]);
    json.key("reason").string(standing_reason(view_.expectation, plugin, workload, member));
    json.key("clause").string(member.clause->id).end_object();
  }

  const std::vector<Piece>& pieces_of(const model::Workload& workload) {
    if (pieces_namespace_ == workload.ns) return pieces_;
    pieces_namespace_ = workload.ns;
    pieces_.assign(1, {});
    for (const model::PluginIndex plugin : by_name_) {
      if (view_.expectation.modules()[plugin].refusal) continue;
      const auto member = view_.expectation.membership(plugin, workload);
      if (member.clause == "SEL-5"_clause) {
        JsonWriter json(pieces_.back().text);
        write_exclusion(json, plugin, workload, member);
      } else {
        pieces_.back().then = plugin;
        pieces_.emplace_back();
      }
    }
    return pieces_;
  }

  std::string& out_;
  JsonWriter json_;
  const ExpectationView& view_;
  const model::Cluster& cluster_;
  const Drain drain_;
  std::vector<std::string> names_;           // of each plugin, as JSON
  std::vector<model::PluginIndex> by_name_;  // the plugins by namespace and name
  std::vector<Piece> pieces_;
  std::optional<model::NamespaceId> pieces_namespace_;
};

}  // namespace

void append_expectation_json(std::string& out, const ExpectationView& view, const Drain& drain) {
  Writer(out, view, drain).write();
}

void append_documented_workload_json(std::string& out, const ExpectationView& view, std::uint32_t workload) {
  Writer(out, view, {}).write_workload(workload);
}

}  // namespace reports

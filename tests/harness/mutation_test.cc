// Every recorded dump that conforms, changed in one place: a change that breaks a MUST differs, one that breaks only
// PHA-6 conforms and differs with --strict, one of what the text leaves open conforms.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>

#include "tests/harness/recorded_suite.h"

using model::Anchor;
using model::DifferenceKind;
using model::FilterKind;
using model::Level;
using model::ObservedChain;
using model::ObservedFilter;
using model::ObservedProxy;
using model::Phase;
using reports::Verdict;

namespace {

using Filters = std::vector<ObservedFilter>;

// A proxy whose dump conforms, and the first of its chains that is judged.
struct Specimen {
  std::string name;  // for messages
  harness::Judge& judge;
  const harness::Actual& actual;
  const ObservedProxy& proxy;
  std::size_t chain;

  const Filters& filters() const { return proxy.chains[chain].filters; }
  const model::Cluster& cluster() const { return judge.expectation().cluster(); }
  const model::WasmPlugin* plugin(const ObservedFilter& filter) const {
    if (filter.kind != FilterKind::Plugin) return nullptr;
    const auto found = std::ranges::find(cluster().plugins, *filter.plugin, &model::WasmPlugin::id);
    return found == cluster().plugins.end() ? nullptr : &*found;
  }
  Phase phase(const ObservedFilter& filter) const { return plugin(filter)->effective_phase(); }

  // Whether the text leaves open that it stands in the chain.
  bool is_open(const ObservedFilter& filter) const {
    const auto* one = plugin(filter);
    const auto index = static_cast<model::PluginIndex>(one - cluster().plugins.data());
    return !one->open_spellings.empty() || membership(index).standing == model::Standing::Open;
  }
  model::Membership membership(model::PluginIndex index) const {
    const auto workload = judge.find(*actual.workload);
    return judge.expectation().membership(index, cluster().workloads[workload.value()]);
  }

  ObservedProxy with(Filters filters) const {
    ObservedProxy changed = proxy;
    changed.chains[chain].filters = std::move(filters);
    return changed;
  }
  // The same, without the other chains of its kind.
  ObservedProxy with_only(Filters filters) const {
    ObservedProxy changed = with(std::move(filters));
    const ObservedChain kept = changed.chains[chain];
    std::erase_if(changed.chains, [&](const ObservedChain& one) { return one.direction == kept.direction; });
    changed.chains.push_back(kept);
    return changed;
  }
};

bool is_judged(const ObservedProxy& proxy, const ObservedChain& chain) {
  const auto direction =
      proxy.node.type == model::NodeType::Router ? model::Direction::Outbound : model::Direction::Inbound;
  return chain.protocol == model::ChainProtocol::Http && chain.state == model::ListenerState::Active &&
         chain.direction == direction;
}

enum class Strictness { Plain, Strict };

void for_each_specimen(Strictness strictness, const std::function<void(const Specimen&)>& with) {
  auto& recorded = tests::recorded_suite();
  for (harness::Scenario& scenario : recorded.suite.scenarios) {
    harness::Judge plain(scenario.manifests.cluster, {});
    harness::Judge strict(scenario.manifests.cluster, {.strict = true});
    for (const auto& subject : recorded.subjects) {
      const auto actuals = subject->run(scenario.name);
      if (!actuals) continue;
      for (const harness::Actual& actual : *actuals) {
        model::TieLedger ledger;
        if (plain.judge(actual, ledger, "here").verdict != Verdict::Conforms) continue;
        const auto& proxy = std::get<ObservedProxy>(actual.proxy);
        const auto chain = std::ranges::find_if(
            proxy.chains, [&](const ObservedChain& one) { return is_judged(proxy, one); });
        if (chain == proxy.chains.end()) continue;
        with({subject->name() + " " + scenario.name + " " + to_string(*actual.workload),
              strictness == Strictness::Strict ? strict : plain, actual, proxy,
              static_cast<std::size_t>(chain - proxy.chains.begin())});
      }
    }
  }
}

reports::Result judge(const Specimen& specimen, ObservedProxy changed) {
  model::TieLedger ledger;
  harness::Actual actual = specimen.actual;
  actual.proxy = std::move(changed);
  return specimen.judge.judge(actual, ledger, "here");
}

bool tells(const reports::Result& result, DifferenceKind kind, Level level = Level::Must) {
  return std::ranges::any_of(result.differences, [&](const auto& difference) {
    return difference.found.kind == kind && difference.found.level == level;
  });
}

bool tells_of(const reports::Result& result, DifferenceKind kind, const model::ObjectName& plugin) {
  return std::ranges::any_of(result.differences, [&](const auto& difference) {
    return difference.found.kind == kind && difference.found.level == Level::Must &&
           std::ranges::find(difference.found.plugins, plugin) != difference.found.plugins.end();
  });
}

// Something moved: told as that, and never as a plugin that is missing here and extra there.
bool tells_a_move(const reports::Result& result) {
  return (tells(result, DifferenceKind::Order) || tells(result, DifferenceKind::Placement)) &&
         !tells(result, DifferenceKind::Missing) && !tells(result, DifferenceKind::Extra);
}

std::string text(const Filters& filters) {
  std::string text;
  for (const ObservedFilter& filter : filters) text += " " + filter.name;
  return text;
}

// Counts the mutations of each class; a mutation that is not told as it must be fails the test.
class Tally {
 public:
  void add(const std::string& kind, const Specimen& specimen, const Filters& filters, bool told) {
    ++counts_[kind];
    if (told) return;
    if (++failures_ <= 10) FAIL_CHECK(kind << ", " << specimen.name << ":" << text(filters));
  }
  std::size_t operator[](const std::string& kind) const {
    const auto found = counts_.find(kind);
    return found == counts_.end() ? 0 : found->second;
  }
  void tell() const {
    std::string counts;
    for (const auto& [kind, count] : counts_) counts += kind + ": " + std::to_string(count) + "\n";
    INFO(counts << failures_ << " of them were not told as they must be");
    CHECK(failures_ == 0);
  }

 private:
  std::map<std::string, std::size_t> counts_;
  std::size_t failures_ = 0;
};

Filters moved(Filters filters, std::size_t from, std::size_t to) {
  const ObservedFilter one = filters[from];
  filters.erase(filters.begin() + static_cast<std::ptrdiff_t>(from));
  filters.insert(filters.begin() + static_cast<std::ptrdiff_t>(from < to ? to - 1 : to), one);
  return filters;
}

Filters swapped(Filters filters, std::size_t i, std::size_t j) {
  std::swap(filters[i], filters[j]);
  return filters;
}

Filters inserted(Filters filters, std::size_t at, const ObservedFilter& filter) {
  filters.insert(filters.begin() + static_cast<std::ptrdiff_t>(at), filter);
  return filters;
}

struct Span {
  std::size_t first;
  std::size_t behind;
};

// Where the filters of an anchor stand.
std::optional<Span> find(const Filters& filters, Anchor anchor) {
  std::optional<Span> span;
  for (std::size_t i = 0; i < filters.size(); ++i)
    if (filters[i].kind == FilterKind::Anchor && filters[i].anchor == anchor)
      span = Span{span ? span->first : i, i + 1};
  return span;
}

ObservedFilter filter_of(const model::ObjectName& plugin) {
  ObservedFilter filter;
  filter.kind = FilterKind::Plugin;
  filter.plugin = plugin;
  filter.name = "extensions.istio.io/wasmplugin/" + to_string(plugin);
  filter.type_urls = {"type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm"};
  return filter;
}

// The resource that serves such a filter.
model::ObservedExtension resource_of(const model::WasmPlugin& plugin) {
  model::ObservedExtension extension;
  extension.name = filter_of(plugin.id).name;
  extension.plugin = plugin.id;
  extension.type_url = filter_of(plugin.id).type_urls.front();
  extension.root_id = plugin.plugin_name;
  extension.configuration = plugin.plugin_config;
  return extension;
}

}  // namespace

TEST_CASE("a conforming dump that loses, gains or doubles a plugin differs") {
  Tally tally;
  const model::ObjectName stranger{"elsewhere", "stranger"};
  for_each_specimen(Strictness::Plain, [&](const Specimen& specimen) {
    const Filters& filters = specimen.filters();
    const auto router = find(filters, Anchor::Router);
    REQUIRE(router);
    const auto more = inserted(filters, router->first, filter_of(stranger));
    const auto gained = judge(specimen, specimen.with(more));
    tally.add("added", specimen, more,
              gained.verdict == Verdict::Differs && tells_of(gained, DifferenceKind::Extra, stranger));
    for (std::size_t i = 0; i < filters.size(); ++i) {
      if (!specimen.plugin(filters[i])) continue;
      const auto doubled = inserted(filters, i, filters[i]);
      const auto twice = judge(specimen, specimen.with(doubled));
      tally.add("doubled", specimen, doubled,
                twice.verdict == Verdict::Differs &&
                    tells_of(twice, DifferenceKind::Duplicate, *filters[i].plugin));
      if (specimen.is_open(filters[i])) continue;
      Filters fewer = filters;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      const auto lost = judge(specimen, specimen.with(fewer));
      tally.add("removed", specimen, fewer,
                lost.verdict == Verdict::Differs && tells_of(lost, DifferenceKind::Missing, *filters[i].plugin) &&
                    !tells(lost, DifferenceKind::Extra));
    }
  });
  tally.tell();
  CHECK(tally["added"] > 1000);
  CHECK(tally["doubled"] > 1000);
  CHECK(tally["removed"] > 1000);
}

TEST_CASE("a conforming dump with two plugins of one phase swapped across priorities differs", "[PRI-1][PRI-2]") {
  Tally tally;
  for_each_specimen(Strictness::Plain, [&](const Specimen& specimen) {
    const Filters& filters = specimen.filters();
    for (std::size_t i = 0; i < filters.size(); ++i) {
      for (std::size_t j = i + 1; j < filters.size(); ++j) {
        const auto* a = specimen.plugin(filters[i]);
        const auto* b = specimen.plugin(filters[j]);
        if (!a || !b || a->effective_phase() != b->effective_phase() ||
            a->effective_priority() == b->effective_priority())
          continue;
        const auto changed = swapped(filters, i, j);
        const auto result = judge(specimen, specimen.with(changed));
        tally.add("swapped", specimen, changed, result.verdict == Verdict::Differs && tells_a_move(result));
      }
    }
  });
  tally.tell();
  CHECK(tally["swapped"] > 100);
}

TEST_CASE("a conforming dump with a plugin moved over an anchor differs",
          "[PHA-1][PHA-2][PHA-3][PHA-4][PHA-5][PHA-8]") {
  Tally tally;
  for_each_specimen(Strictness::Plain, [&](const Specimen& specimen) {
    const Filters& filters = specimen.filters();
    const auto move = [&](const std::string& kind, std::size_t from, std::size_t to) {
      const auto changed = moved(filters, from, to);
      const auto result = judge(specimen, specimen.with(changed));
      tally.add(kind, specimen, changed, result.verdict == Verdict::Differs && tells_a_move(result));
    };
    const auto authn = find(filters, Anchor::Authn), authz = find(filters, Anchor::Authz),
               stats = find(filters, Anchor::Stats);
    for (std::size_t i = 0; i < filters.size(); ++i) {
      if (!specimen.plugin(filters[i])) continue;
      move("PHA-8", i, filters.size());
      switch (specimen.phase(filters[i])) {
        case Phase::Authn:
          if (authn) move("PHA-1", i, authn->behind);
          break;
        case Phase::Authz:
          if (authn) move("PHA-2", i, authn->first);
          if (authz) move("PHA-3", i, authz->behind);
          break;
        case Phase::Stats:
          if (authz) move("PHA-4", i, authz->first);
          if (stats) move("PHA-5", i, stats->behind);
          break;
        case Phase::Unspecified: break;
      }
    }
  });
  tally.tell();
  for (const char* kind : {"PHA-1", "PHA-2", "PHA-3", "PHA-4", "PHA-5", "PHA-8"}) {
    CAPTURE(kind);
    CHECK(tally[kind] > 20);
  }
}

TEST_CASE("a dump that breaks only PHA-6 conforms, and differs with --strict", "[PHA-6]") {
  // No recorded dump meets PHA-6, so each is mended first, and then broken again in one place.
  const auto mended = [](const Specimen& specimen) {
    Filters rest, last;
    for (const ObservedFilter& filter : specimen.filters()) {
      const bool unspecified = specimen.plugin(filter) && specimen.phase(filter) == Phase::Unspecified;
      (unspecified ? last : rest).push_back(filter);
    }
    rest.insert(rest.begin() + static_cast<std::ptrdiff_t>(find(rest, Anchor::Router)->first), last.begin(), last.end());
    return rest;
  };
  std::map<Strictness, Tally> tallies;
  for (const auto strictness : {Strictness::Plain, Strictness::Strict}) {
    Tally& tally = tallies[strictness];
    const Verdict broken = strictness == Strictness::Strict ? Verdict::Differs : Verdict::Conforms;
    for_each_specimen(strictness, [&](const Specimen& specimen) {
      const Filters filters = mended(specimen);
      const auto unspecified = std::ranges::find_if(filters, [&](const ObservedFilter& filter) {
        return specimen.plugin(filter) && specimen.phase(filter) == Phase::Unspecified;
      });
      if (unspecified == filters.end()) return;
      const auto whole = judge(specimen, specimen.with_only(filters));
      tally.add("mended", specimen, filters,
                whole.verdict == Verdict::Conforms && !tells(whole, DifferenceKind::Placement, Level::Should));
      const auto is_told = [&](const Filters& changed) {
        const auto result = judge(specimen, specimen.with_only(changed));
        const bool must = std::ranges::any_of(result.differences, [](const auto& difference) {
          return difference.found.level == Level::Must;
        });
        return result.verdict == broken && !must && tells(result, DifferenceKind::Placement, Level::Should);
      };
      const std::size_t router = find(filters, Anchor::Router)->first;
      for (std::size_t i = 0; i < router; ++i) {
        if (filters[i].kind != FilterKind::Other) continue;
        const auto changed = moved(filters, i, router);
        tally.add("other filter behind", specimen, changed, is_told(changed));
      }
      const auto at = static_cast<std::size_t>(unspecified - filters.begin());
      if (at == 0) return;
      const auto changed = moved(filters, at, 0);
      tally.add("plugin to the front", specimen, changed, is_told(changed));
    });
    tally.tell();
    for (const char* kind : {"mended", "other filter behind", "plugin to the front"}) {
      CAPTURE(kind);
      CHECK(tally[kind] > 500);
    }
  }
}

TEST_CASE("a change of what the text leaves open conforms", "[PRI-3][SEL-7][SEL-8][SEL-9][PHA-9]") {
  Tally tally;
  for_each_specimen(Strictness::Plain, [&](const Specimen& specimen) {
    const Filters& filters = specimen.filters();
    const auto conforms = [&](const std::string& kind, const Filters& changed, const ObservedProxy& proxy) {
      const auto result = judge(specimen, proxy);
      tally.add(kind, specimen, changed, result.verdict == Verdict::Conforms);
    };
    for (std::size_t i = 0; i < filters.size(); ++i) {
      const ObservedFilter& filter = filters[i];
      if (filter.kind == FilterKind::Other && i > 0) {
        const auto changed = moved(filters, i, 0);
        conforms("other filter to the front", changed, specimen.with(changed));
      }
      if (filter.kind == FilterKind::ExternalAuthorization) {
        const auto changed = moved(filters, i, 0);
        conforms("external authorization to the front", changed, specimen.with(changed));
      }
      const auto* a = specimen.plugin(filter);
      if (!a) continue;
      if (specimen.is_open(filter)) {
        Filters fewer = filters;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        conforms("open member removed", fewer, specimen.with(fewer));
      }
      for (std::size_t j = i + 1; j < filters.size(); ++j) {
        const auto* b = specimen.plugin(filters[j]);
        if (!b || a->effective_phase() != b->effective_phase() ||
            a->effective_priority() != b->effective_priority())
          continue;
        const auto changed = swapped(filters, i, j);
        conforms("tied plugins swapped", changed, specimen.with_only(changed));
      }
    }
    for (model::PluginIndex index = 0; index < specimen.cluster().plugins.size(); ++index) {
      const model::WasmPlugin& plugin = specimen.cluster().plugins[index];
      const bool there = std::ranges::any_of(
          filters, [&](const ObservedFilter& filter) { return filter.plugin == plugin.id; });
      if (there || specimen.membership(index).standing != model::Standing::Open) continue;
      const auto changed = inserted(filters, find(filters, Anchor::Router)->first, filter_of(plugin.id));
      auto proxy = specimen.with(changed);
      if (proxy.has_extensions_section) proxy.extensions.push_back(resource_of(plugin));
      conforms("open member added", changed, proxy);
    }
  });
  tally.tell();
  CHECK(tally["tied plugins swapped"] > 500);
  CHECK(tally["open member removed"] > 20);
  CHECK(tally["open member added"] > 20);
  CHECK(tally["other filter to the front"] > 1000);
  CHECK(tally["external authorization to the front"] > 20);
}

TEST_CASE("tied plugins that are swapped on one chain of several differ by PRI-3", "[PRI-3]") {
  Tally tally;
  for_each_specimen(Strictness::Plain, [&](const Specimen& specimen) {
    const Filters& filters = specimen.filters();
    const auto others = [&](const ObservedFilter& a, const ObservedFilter& b) {
      std::size_t with_both = 0;
      for (const ObservedChain& chain : specimen.proxy.chains)
        with_both += is_judged(specimen.proxy, chain) &&
                     std::ranges::find(chain.filters, a) != chain.filters.end() &&
                     std::ranges::find(chain.filters, b) != chain.filters.end();
      return with_both - 1;
    };
    for (std::size_t i = 0; i + 1 < filters.size(); ++i) {
      const auto* a = specimen.plugin(filters[i]);
      const auto* b = specimen.plugin(filters[i + 1]);
      if (!a || !b || a->effective_phase() != b->effective_phase() ||
          a->effective_priority() != b->effective_priority() || others(filters[i], filters[i + 1]) == 0)
        continue;
      const auto changed = swapped(filters, i, i + 1);
      const auto result = judge(specimen, specimen.with(changed));
      const bool told = std::ranges::any_of(result.differences, [](const auto& difference) {
        return difference.found.clauses == std::vector{*model::find_clause("PRI-3")};
      });
      tally.add("swapped on one chain", specimen, changed, result.verdict == Verdict::Differs && told);
    }
  });
  tally.tell();
  CHECK(tally["swapped on one chain"] > 100);
}

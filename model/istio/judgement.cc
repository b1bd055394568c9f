#include "model/istio/judgement.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "model/differences.h"
#include "model/istio/admission.h"
#include "model/istio/chain_place.h"
#include "model/istio/extension_order.h"
#include "model/istio/payload.h"
#include "model/istio/rules.h"
#include "model/istio/unmodelled.h"

namespace model::istio {
namespace {

using RuleIds = std::vector<std::string_view>;

// What the filters of a chain follow from.
struct Basis {
  const Regime& regime;
  const Mesh& mesh;
  const ProxyNode& proxy;
};

// A text as JSON.
std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string value_of(std::string_view text) { return text.empty() ? "null" : quoted(text); }

std::string quoted(const std::vector<std::string>& list) {
  std::string out = "[";
  for (const std::string& one : list) out += (out.size() > 1 ? "," : "") + quoted(one);
  return out + "]";
}

std::string quoted(const std::map<std::string, std::string>& pairs) {
  std::string out = "{";
  for (const auto& [key, value] : pairs) out += (out.size() > 1 ? "," : "") + quoted(key) + ":" + quoted(value);
  return out + "}";
}

// What asks for one of Istio's filters that is not in every chain; "" of others.
std::string_view asking_kind(std::string_view filter, bool network) {
  // The network filter of that name stands in every chain of the versions that have it.
  if (filter.ends_with(".jwt_authn") || (filter == "istio_authn" && !network)) return "a RequestAuthentication";
  if (filter.ends_with(".rbac")) return "an AuthorizationPolicy";
  if (filter.ends_with(".ext_authz")) return "an AuthorizationPolicy of action CUSTOM";
  if (filter == "istio.stats") return "a Telemetry or default provider of metrics";
  return {};
}

std::string times(std::size_t count) {
  return count == 1 ? "once" : count == 2 ? "twice" : std::to_string(count) + " times";
}

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Judges the filters of one layer of one chain.
class FilterJudge {
 public:
  FilterJudge(const Basis& basis, const ChainPlace& place, const ObservedChain& chain, bool network, Compared compared,
              std::vector<Difference>& differences)
      : basis_(basis),
        place_(place),
        chain_(chain),
        network_(network),
        compared_(compared),
        differences_(differences) {}

  void judge(const std::vector<ChainFilter>& expected, const std::vector<ObservedFilter>& seen) {
    const auto agrees = [](const ChainFilter& a, const ObservedFilter& b) { return a.name == b.name && a.type_urls == b.type_urls; };
    if (std::ranges::equal(expected, seen, agrees)) return;
    for (const ChainFilter& one : expected)
      if (compared_ == Compared::AllFilters || one.extension) expected_.push_back(&one);
    for (const ObservedFilter& one : seen)
      if (compared_ == Compared::AllFilters || one.plugin || is_expected_name(one.name)) seen_.push_back(&one);
    pair_up();
    judge_presence();
    judge_order();
    judge_settings();
  }

 private:
  // Found for differences alone: most chains have none.
  const Target& target() {
    if (!target_) target_ = target_of(basis_.regime, basis_.proxy, place_.services);
    return *target_;
  }

  bool is_expected_name(const std::string& name) const {
    return std::ranges::any_of(expected_, [&](const ChainFilter* one) { return one->name == name; });
  }

  const Extension& extension(const ChainFilter& filter) const { return basis_.mesh.extensions[*filter.extension]; }

  static bool same_name(const ChainFilter& expected, const ObservedFilter& seen) { return expected.name == seen.name; }

  bool same_plugin(const ChainFilter& expected, const ObservedFilter& seen) const {
    return expected.extension && seen.plugin && *seen.plugin == extension(expected).meta.id;
  }

  // Which filter of either side is which of the other: as many as possible in order, the rest by name, and last plugins
  // whose names are spelt in another way.
  void pair_up() {
    of_expected_.assign(expected_.size(), kNone);
    of_seen_.assign(seen_.size(), kNone);
    const auto pair = [&](std::size_t i, std::size_t j) {
      of_expected_[i] = j;
      of_seen_[j] = i;
    };
    std::vector lengths(expected_.size() + 1, std::vector<std::size_t>(seen_.size() + 1));
    for (std::size_t i = expected_.size(); i-- > 0;)
      for (std::size_t j = seen_.size(); j-- > 0;)
        lengths[i][j] = same_name(*expected_[i], *seen_[j]) ? lengths[i + 1][j + 1] + 1
                                                            : std::max(lengths[i + 1][j], lengths[i][j + 1]);
    for (std::size_t i = 0, j = 0; i < expected_.size() && j < seen_.size();) {
      if (same_name(*expected_[i], *seen_[j])) pair(i++, j++);
      else if (lengths[i + 1][j] >= lengths[i][j + 1]) ++i;
      else ++j;
    }
    const auto pair_rest = [&](const auto& same) {
      for (std::size_t i = 0; i < expected_.size(); ++i)
        for (std::size_t j = 0; j < seen_.size() && of_expected_[i] == kNone; ++j)
          if (of_seen_[j] == kNone && same(*expected_[i], *seen_[j])) pair(i, j);
    };
    pair_rest(same_name);
    pair_rest([&](const ChainFilter& a, const ObservedFilter& b) { return same_plugin(a, b); });
  }

  Difference& add(DifferenceKind kind, RuleIds rules, std::string reason) {
    Difference difference;
    difference.kind = kind;
    difference.rules = std::move(rules);
    difference.reason = std::move(reason);
    difference.listener = chain_.listener;
    difference.pointer = chain_.pointer;
    difference.network = network_;
    return differences_.emplace_back(std::move(difference));
  }

  void about(Difference& difference, const ChainFilter& filter) const {
    if (!filter.extension) return difference.filters.push_back(filter.name);
    difference.plugins.push_back(extension(filter).meta.id);
    if (!difference.place) difference.place = extension(filter).meta.place;
  }

  // The rule by which filters stand where they stand.
  std::string_view chain_rule() const {
    return network_ ? rule_of(*basis_.regime.network).id : rule_of(*basis_.regime.http).id;
  }

  void tell_missing(const ChainFilter& missing) {
    if (!missing.extension) {
      const std::string_view kind = asking_kind(missing.name, network_);
      about(add(DifferenceKind::Missing, {chain_rule()},
                kind.empty() ? "this version of Istio puts it into the chain" : std::string(kind) + " of the manifests asks for it"),
            missing);
      return;
    }
    const Extension& plugin = extension(missing);
    RuleIds rules{rule_of(basis_.regime.attachment).id};
    std::string why = why_attached(plugin);
    if (basis_.regime.fields.has(Field::Match) && !plugin.match.empty()) {
      rules.emplace_back("MATCH");
      why += ", and its match fits the listener";
    }
    // istiod takes what an older or absent webhook has let pass; but the usual cause is here.
    if (const auto denied = denial(basis_.regime, basis_.mesh, plugin)) {
      rules.push_back(denied->rule);
      why += "; but an API server of this version refuses it: " + denied->reason;
    }
    about(add(DifferenceKind::Missing, std::move(rules), std::move(why)), missing);
  }

  std::string why_attached(const Extension& plugin) {
    const bool own = plugin.meta.id.ns == target().ns;
    const bool root = plugin.meta.id.ns == basis_.mesh.root_namespace;
    const std::string ns = own ? "it is of the workload's namespace" : root ? "it is of the root namespace" : "it is of a service's namespace";
    const bool by_target = basis_.regime.fields.has(Field::TargetRef) &&
                           (plugin.attachment.target_ref || !plugin.attachment.target_refs.empty());
    if (by_target) return ns + ", and its target is the workload's";
    if (plugin.attachment.selector && !plugin.attachment.selector->empty()) return ns + ", and its selector fits";
    return ns + ", and has no selector";
  }

  void judge_presence() {
    for (std::size_t i = 0; i < expected_.size(); ++i) {
      if (of_expected_[i] != kNone) continue;
      tell_missing(*expected_[i]);
    }
    std::map<std::string, std::size_t> surplus;
    for (std::size_t j = 0; j < seen_.size(); ++j)
      if (of_seen_[j] == kNone) judge_surplus(*seen_[j], surplus);
    for (const auto& [name, count] : surplus) tell_surplus(name, count);
  }

  // Of a name that is expected the chain may hold more than it must: told once.
  void judge_surplus(const ObservedFilter& seen, std::map<std::string, std::size_t>& surplus) {
    const auto twin = std::ranges::find_if(expected_, [&](const ChainFilter* one) {
      return same_name(*one, seen) || same_plugin(*one, seen);
    });
    if (twin != expected_.end()) {
      ++surplus[(*twin)->name];
      return;
    }
    if (seen.plugin) return judge_stranger(*seen.plugin);
    const std::string_view kind = asking_kind(seen.name, network_);
    add(DifferenceKind::Extra, {chain_rule()},
        kind.empty() ? "this version of Istio puts none there" : "no" + std::string(kind.substr(kind.find(' '))) + " of the manifests asks for it")
        .filters = {seen.name};
  }

  void tell_surplus(const std::string& name, std::size_t count) {
    std::size_t wanted = 0;
    const ChainFilter* filter = nullptr;
    for (const ChainFilter* one : expected_)
      if (one->name == name) ++wanted, filter = one;
    auto& difference = add(DifferenceKind::Duplicate, {chain_rule()},
                           "it stands " + times(wanted + count) + " in one chain, and must stand " + times(wanted));
    about(difference, *filter);
  }

  void judge_stranger(const ObjectName& name) {
    const Extension* found = nullptr;
    for (const Extension& one : basis_.mesh.extensions)
      if (one.meta.id == name && (!found || one.kind == ExtensionKind::WasmPlugin)) found = &one;
    if (!found) {
      add(DifferenceKind::Extra, {}, "the manifests have no plugin of this name").plugins = {name};
      return;
    }
    if (const auto denied = discarded(basis_.regime, basis_.mesh, *found)) {
      auto& difference = add(DifferenceKind::Extra, {denied->rule}, "this version of Istio passes it over: " + denied->reason);
      difference.plugins = {name};
      difference.place = denied->place;
      return;
    }
    auto [rules, why] = why_not(*found);
    auto& difference = add(DifferenceKind::Extra, std::move(rules), std::move(why));
    difference.plugins = {name};
    difference.place = found->meta.place;
  }

  std::pair<RuleIds, std::string> why_not(const Extension& one) {
    const Regime& regime = basis_.regime;
    const std::string& ns = one.meta.id.ns;
    const auto namespaces = namespaces_for(regime, basis_.mesh.root_namespace, target());
    if (std::ranges::find(namespaces, ns) == namespaces.end())
      return {{rule_of(regime.namespaces).id}, "it is of namespace " + ns + ", which is not looked up for the workload"};
    if (!reaches(regime, basis_.mesh.root_namespace, one.attachment, ns, target()))
      return {{rule_of(regime.attachment).id}, why_not_attached(one)};
    const bool is_network = type_of(regime, one) == ExtensionType::Network;
    if (network_ && !regime.fields.has(Field::Type))
      return {{chain_rule()}, "this version of Istio puts no plugin among network filters"};
    if (is_network != network_)
      return {{"FIELD-type"}, is_network ? "its type is NETWORK, and these are HTTP filters"
                                         : "its type is HTTP, and these are network filters"};
    const Traffic traffic = traffic_of(place_, type_of(regime, one));
    if (!matches(regime, one, traffic)) return {{"MATCH"}, "its match does not fit the listener"};
    return {{chain_rule()}, "no plugin stands in such a chain"};
  }

  static std::string why_not_attached(const Extension& one) {
    if (one.attachment.target_ref || !one.attachment.target_refs.empty()) return "its targets are not the workload's";
    if (one.attachment.selector && !one.attachment.selector->empty()) return "its selector does not fit";
    return "it has no target, which it needs for this kind of proxy";
  }

  void judge_order() {
    std::vector<std::size_t> paired;  // places in the chain as seen
    for (std::size_t j = 0; j < seen_.size(); ++j)
      if (of_seen_[j] != kNone) paired.push_back(j);
    const auto expected_at = [&](std::size_t k) { return of_seen_[paired[k]]; };
    Contradictions wrong;
    Contradictions open;
    for (std::size_t k = 0; k < paired.size(); ++k)
      for (std::size_t l = k + 1; l < paired.size(); ++l)
        if (expected_at(k) > expected_at(l))
          (age_is_unknown(*expected_[expected_at(k)], *expected_[expected_at(l)]) ? open : wrong).emplace_back(k, l);
    for (const auto& [k, l] : nearest(wrong)) {
      const ChainFilter& late = *expected_[expected_at(k)];
      const ChainFilter& early = *expected_[expected_at(l)];
      const bool plugins = late.extension && early.extension;
      auto& difference = add(plugins ? DifferenceKind::Order : DifferenceKind::Placement, {rule_between(early, late)},
                             label(early) + " must stand before " + label(late));
      about(difference, early);
      about(difference, late);
    }
    for (const auto& [k, l] : nearest(open)) {
      const ChainFilter& first = *expected_[expected_at(k)];
      const ChainFilter& second = *expected_[expected_at(l)];
      auto& difference = add(DifferenceKind::Order, {"AGE"},
                             label(first) + " stands before " + label(second) +
                                 ", and the manifests do not tell which of them is older");
      difference.level = Level::Info;
      about(difference, first);
      about(difference, second);
    }
  }

  std::string label(const ChainFilter& filter) const {
    return filter.extension ? to_string(extension(filter).meta.id) : filter.name;
  }

  bool are_of_one_phase(const ChainFilter& a, const ChainFilter& b) const {
    return a.extension && b.extension && extension(a).phase == extension(b).phase;
  }

  bool are_of_one_priority(const ChainFilter& a, const ChainFilter& b) const {
    return by_priority(basis_.regime, extension(a), extension(b)) == 0;
  }

  // Whether nothing but age orders two plugins, and the manifests do not tell it.
  bool age_is_unknown(const ChainFilter& a, const ChainFilter& b) const {
    return are_of_one_phase(a, b) && are_of_one_priority(a, b) && extension(a).meta.id.ns == extension(b).meta.id.ns &&
           !(extension(a).meta.created && extension(b).meta.created);
  }

  // Why the first stands before the second.
  std::string_view rule_between(const ChainFilter& a, const ChainFilter& b) const {
    if (!are_of_one_phase(a, b)) return chain_rule();
    if (!are_of_one_priority(a, b)) {
      const bool one_is_unset = !extension(a).priority || !extension(b).priority;
      return one_is_unset ? rule_of(basis_.regime.unset_priority).id : "PRI";
    }
    if (extension(a).meta.id.ns != extension(b).meta.id.ns) return rule_of(basis_.regime.namespaces).id;
    return are_of_one_instant(extension(a).meta, extension(b).meta) ? rule_of(basis_.regime.ties).id : "AGE";
  }

  static bool are_of_one_instant(const ObjectMeta& a, const ObjectMeta& b) {
    return a.created && b.created && a.created->seconds == b.created->seconds &&
           a.created->nanoseconds == b.created->nanoseconds;
  }

  void judge_settings() {
    for (std::size_t j = 0; j < seen_.size(); ++j) {
      if (of_seen_[j] == kNone) continue;
      const ChainFilter& wanted = *expected_[of_seen_[j]];
      const ObservedFilter& seen = *seen_[j];
      const auto setting = [&](std::string_view rule, std::string expected, std::string actual, std::string reason) {
        auto& difference = add(DifferenceKind::Setting, {}, std::move(reason));
        if (!rule.empty()) difference.rules = {rule};
        about(difference, wanted);
        difference.filters = {seen.name};
        difference.expected = std::move(expected);
        difference.actual = std::move(actual);
      };
      if (wanted.name != seen.name)
        setting(rule_of(basis_.regime.names).id, quoted(wanted.name), quoted(seen.name),
                "its filter is called by another name");
      // What stands in its place is told as a fallback.
      if (seen.kind != FilterKind::Fallback && wanted.type_urls != seen.type_urls)
        setting(wanted.extension ? rule_of(basis_.regime.type_urls).id : "", quoted(wanted.type_urls),
                quoted(seen.type_urls), "other type_urls are asked for");
    }
  }

  const Basis& basis_;
  const ChainPlace& place_;
  const ObservedChain& chain_;
  const bool network_;
  const Compared compared_;
  std::optional<Target> target_;  // once it is asked for
  std::vector<Difference>& differences_;
  std::vector<const ChainFilter*> expected_;
  std::vector<const ObservedFilter*> seen_;
  std::vector<std::size_t> of_expected_;  // the place of the other side, or kNone
  std::vector<std::size_t> of_seen_;
};

// The chains of one proxy: most are alike, and are computed and judged once.
class ChainTable {
 public:
  ChainTable(const Basis& basis, Compared compared) : basis_(basis), compared_(compared) {
    for (const Extension& one : basis.mesh.extensions)
      for (const TrafficMatch& match : one.match) ports_.insert(match.ports.begin(), match.ports.end());
  }

  // The place of a chain's filters among all that are computed.
  std::size_t of(ChainPlace place) {
    // A port that no match names is to all of them as any other.
    if (!ports_.contains(place.http_port)) place.http_port = 0;
    if (!ports_.contains(place.network_port)) place.network_port = 0;
    const auto known = std::ranges::find(computed_, place, &Computed::place);
    if (known != computed_.end()) return static_cast<std::size_t>(known - computed_.begin());
    FilterChain filters = filter_chain(basis_.regime, basis_.mesh, basis_.proxy, place);
    computed_.push_back({std::move(place), std::move(filters)});
    return computed_.size() - 1;
  }

  // The differences of a chain from the one computed. Valid until the next call.
  const std::vector<Difference>& judge(std::size_t computed, const ObservedChain& chain) {
    for (const Judged& known : judged_) {
      if (known.computed != computed || known.chain->protocol != chain.protocol || known.chain->filters != chain.filters ||
          known.chain->network_filters != chain.network_filters)
        continue;
      return known.differences;
    }
    const Computed& one = computed_[computed];
    const bool http = chain.protocol == ChainProtocol::Http;
    Judged& fresh = judged_.emplace_back(Judged{computed, &chain, {}});
    FilterJudge(basis_, one.place, chain, false, compared_, fresh.differences)
        .judge(one.filters.http, http ? chain.filters : no_filters_);
    FilterJudge(basis_, one.place, chain, true, compared_, fresh.differences)
        .judge(one.filters.network, http ? chain.network_filters : chain.filters);
    return fresh.differences;
  }

  std::vector<FilterChain> take() && {
    std::vector<FilterChain> all;
    for (Computed& one : computed_) all.push_back(std::move(one.filters));
    return all;
  }

 private:
  struct Computed {
    ChainPlace place;
    FilterChain filters;
  };
  struct Judged {
    std::size_t computed;
    const ObservedChain* chain;  // the first of those that are alike
    std::vector<Difference> differences;
  };

  const Basis& basis_;
  const Compared compared_;
  std::set<std::uint32_t> ports_;  // that a match of some plugin names
  std::vector<Computed> computed_;
  std::vector<Judged> judged_;
  const std::vector<ObservedFilter> no_filters_;
};

// Whether the agent has fetched the module: then a file stands where Istio sent a url.
bool is_converted(const Payload& wanted, const ObservedExtension& seen) {
  return !wanted.url.remote.empty() && seen.url.empty() && !seen.local_file.empty();
}

bool is_agents(std::string_view variable) { return variable.starts_with("ISTIO_META_"); }

// What the agent leaves of an environment when it converts: it takes its own variables out, older ones the secret alone.
std::map<std::string, std::string> behind_agent(std::map<std::string, std::string> env, const ProxyNode& proxy) {
  const bool keeps = proxy.version && *proxy.version < kFirstAgentThatStripsEnvironment;
  std::erase_if(env, [&](const auto& pair) { return keeps ? pair.first == kPullSecretVariable : is_agents(pair.first); });
  return env;
}

// The version of the object is what an API server made of it, and the secret is none of ours: that they are there is compared.
std::map<std::string, std::string> masked(std::map<std::string, std::string> env) {
  for (auto& [key, value] : env)
    if (key == kResourceVersionVariable || key == kPullSecretVariable) value = "...";
  return env;
}

// The agent's files are called DIRECTORY/CHECKSUM.wasm.
bool is_module_file(std::string_view file, const std::string& checksum) {
  constexpr std::string_view kEnding = ".wasm";
  constexpr std::size_t kDigits = 64;
  if (!file.ends_with(kEnding)) return false;
  file.remove_suffix(kEnding.size());
  const std::string_view stem = file.substr(file.rfind('/') + 1);
  if (stem.size() != kDigits || stem.find_first_not_of("0123456789abcdef") != std::string_view::npos) return false;
  return checksum.empty() || stem == checksum;
}

struct SettingFault {
  std::string_view field;
  std::string_view rule;  // "" where no rule speaks of it
  std::string expected;
  std::string actual;
  std::string reason;
};

// How a configuration differs from the one that Istio sends, field by field.
std::vector<SettingFault> faults(const Basis& basis, const Payload& wanted, const ObservedExtension& seen) {
  std::vector<SettingFault> found;
  const auto compare = [&](std::string_view field, std::string_view rule, std::string expected, std::string actual,
                           std::string reason) {
    if (expected != actual) found.push_back({field, rule, std::move(expected), std::move(actual), std::move(reason)});
  };
  const bool converted = is_converted(wanted, seen);
  compare("type_url", "", quoted(wanted.type_url), quoted(seen.type_url), "its configuration is of another type");
  compare("name", rule_of(basis.regime.names).id, quoted(wanted.config_name), quoted(seen.config_name),
          "its configuration bears another name");
  compare("root_id", "", value_of(wanted.root_id), value_of(seen.root_id), "another plugin name (root id) is configured");
  const auto given = [](const std::optional<std::string>& config) { return config && *config != "{}" ? *config : "null"; };
  compare("configuration", "", given(wanted.configuration), given(seen.configuration),
          "another pluginConfig reaches the plugin");
  if (converted) {
    if (!is_module_file(seen.local_file, wanted.sha256))
      found.push_back({"url", "", quoted(wanted.url.remote), quoted(seen.local_file),
                       "its module is a file that is none of the agent's, or of another checksum"});
  } else {
    compare("url", "", quoted(wanted.url.remote + wanted.url.local), quoted(seen.url + seen.local_file),
            "another module is configured");
    compare("sha256", "", value_of(wanted.sha256), value_of(seen.sha256), "another checksum is configured");
  }
  compare("environment_variables", "", quoted(masked(converted ? behind_agent(wanted.env, basis.proxy) : wanted.env)),
          quoted(masked(seen.env)), "it gets other environment variables");
  compare("host_env_keys", "", quoted(wanted.host_env), quoted(seen.host_env),
          "it gets other environment variables of its host");
  compare("failure_policy", rule_of(basis.regime.fail).id, value_of(wanted.fail), value_of(seen.fail),
          "another failure policy is configured");
  return found;
}

// The extension whose filter that is: by this version's name, else by the plugin's.
const Extension* extension_of(const Basis& basis, const ServedPlugin& served) {
  const Extension* found = nullptr;
  for (const Extension& one : basis.mesh.extensions) {
    if (!(one.meta.id == served.plugin) || !is_usable(basis.regime, basis.mesh, one)) continue;
    if (filter_name(basis.regime, one.meta.id, one.kind) == served.filter->name) return &one;
    found = &one;
  }
  return found;
}

void judge_configurations(const Basis& basis, const std::vector<ServedPlugin>& served, ProxyJudgement& judgement) {
  for (const ServedPlugin& one : served) {
    const Extension* extension = extension_of(basis, one);
    if (!extension) continue;
    const Payload wanted = payload(basis.regime, *extension, basis.proxy);
    if (one.resources.size() > 1)
      judgement.notes.push_back("the dump holds " + std::to_string(one.resources.size()) + " configurations of the name " +
                                one.filter->name);
    const ObservedExtension* resource = one.resources.front();
    for (const ObservedExtension* candidate : one.resources)
      if (faults(basis, wanted, *candidate).empty()) resource = candidate;
    for (SettingFault& fault : faults(basis, wanted, *resource)) {
      Difference wrong;
      wrong.kind = DifferenceKind::Setting;
      wrong.plugins = {one.plugin};
      wrong.filters = {one.filter->name};
      if (!fault.rule.empty()) wrong.rules = {fault.rule};
      wrong.network = one.network;
      wrong.pointer = resource->pointer + "/" + std::string(fault.field);
      wrong.expected = std::move(fault.expected);
      wrong.actual = std::move(fault.actual);
      wrong.reason = std::move(fault.reason);
      wrong.place = extension->meta.place;
      add_once(judgement.differences, std::move(wrong));
    }
  }
}

// What Istio lets a chain ask for and then refuses.
void note_refusals(const Basis& basis, const std::vector<FilterChain>& chains, std::vector<std::string>& notes) {
  std::set<ExtensionIndex> told;
  for (const FilterChain& chain : chains)
    for (const auto* filters : {&chain.http, &chain.network})
      for (const ChainFilter& one : *filters) {
        if (!one.extension || !told.insert(*one.extension).second) continue;
        const Extension& extension = basis.mesh.extensions[*one.extension];
        if (is_served(basis.regime, basis.mesh, extension, basis.proxy)) continue;
        notes.push_back("this version of Istio puts " + to_string(extension.meta.id) +
                        " into the chain and refuses its configuration: the proxy waits for it (" +
                        std::string(rule_of(basis.regime.served).id) + ")");
      }
}

// Where Istio itself refuses a configuration that the chain asks for, that is what is to be told.
void name_refusals(const Basis& basis, std::vector<Difference>& differences) {
  for (Difference& difference : differences) {
    if (difference.kind != DifferenceKind::NotInForce || difference.reason != "no-resource" || difference.plugins.empty())
      continue;
    for (const Extension& one : basis.mesh.extensions) {
      if (!(one.meta.id == difference.plugins.front()) || is_served(basis.regime, basis.mesh, one, basis.proxy)) continue;
      difference.rules = {rule_of(basis.regime.served).id};
      difference.place = one.meta.place;
    }
  }
}

std::optional<Unmodelled> unmodelled_listener(const Features& features, const ProxyNode& proxy, const ObservedProxy& observed) {
  if (observed.has_udp_listener && !features.quic_listeners)
    return Unmodelled{"it has a UDP listener, which istiod makes with PILOT_ENABLE_QUIC_LISTENERS=true: give that setting", {}};
  const bool inner = std::ranges::any_of(
      observed.chains, [](const ObservedChain& chain) { return chain.listener == "main_internal"; });
  if (proxy.type == NodeType::Sidecar && inner && !features.hbone && !features.ambient)
    return Unmodelled{"it has the listener main_internal, which istiod makes with PILOT_ENABLE_AMBIENT=true or, in older "
                      "versions, PILOT_ENABLE_HBONE=true: give that setting",
                      {}};
  return std::nullopt;
}

// A ServiceEntry knows its proxies by their addresses, and from it come the ports and protocols of their listeners.
std::optional<Unmodelled> unknown_address(const Mesh& mesh, const ProxyNode& proxy) {
  if (!proxy.addresses.empty() || proxy.type == NodeType::Waypoint) return std::nullopt;
  const auto entry = std::ranges::find_if(mesh.services, [&](const Service& one) {
    return one.meta.id.ns == proxy.ns && !one.endpoints.empty();
  });
  if (entry == mesh.services.end()) return std::nullopt;
  return Unmodelled{"the dump does not tell the address of its proxy, which ServiceEntry " + to_string(entry->meta.id) +
                        " goes by: take the whole config_dump",
                    entry->meta.place};
}

std::string name_of(const ObservedChain& chain) {
  std::string name = "listener " + chain.listener;
  if (!chain.chain.empty()) name += ", chain " + chain.chain;
  return name;
}

bool fails(const std::vector<Difference>& differences) {
  return std::ranges::any_of(differences, [](const Difference& one) { return one.level == Level::Must; });
}

}  // namespace

JudgedProxy judge_proxy(const Regime& regime, const Cluster& cluster, const Mesh& mesh, const Workload& workload,
                        const ProxyNode& proxy, const ObservedProxy& observed, Compared compared) {
  JudgedProxy judged;
  ProxyJudgement& judgement = judged.judgement;
  const auto answer = [&](ProxyVerdict verdict, std::string reason) {
    judgement.verdict = verdict;
    judgement.reason = std::move(reason);
    return std::move(judged);
  };
  if (!observed.has_listeners)
    return answer(ProxyVerdict::Error, "the dump holds no listener at all: take it again when the proxy is ready");
  if (workload.proxy == Proxy::None)
    return answer(ProxyVerdict::NotModelled, "the manifests say that no proxy runs beside it");

  const Basis basis{regime, mesh, proxy};
  std::vector<const ObservedChain*> active;
  std::vector<const ObservedChain*> asking;
  for (const ObservedChain& chain : observed.chains) {
    judgement.own_chains += chain.state == ListenerState::Static;
    if (chain.state == ListenerState::Active || chain.state == ListenerState::Warming) asking.push_back(&chain);
    if (chain.state == ListenerState::Active) active.push_back(&chain);
  }
  judge_listeners(observed, [](const ObservedChain&) { return true; }, judgement.differences);
  const auto served = judge_service(observed, asking, {}, judgement.differences);
  name_refusals(basis, judgement.differences);
  judgement.notes = refusal_notes(observed, asking);

  auto obstacle = unmodelled(cluster, mesh, workload);
  if (!obstacle) obstacle = unmodelled_listener(mesh.features, proxy, observed);
  if (!obstacle) obstacle = unknown_address(mesh, proxy);
  if (!obstacle) obstacle = OpenQuestions(regime, mesh).of(proxy);
  if (obstacle) {
    judgement.place = obstacle->place;
    return answer(judgement.differences.empty() ? ProxyVerdict::NotModelled : ProxyVerdict::Differs, obstacle->reason);
  }

  std::vector<Difference> found;
  std::string unplaced;
  ChainTable table(basis, compared);
  const auto places = place_chains(regime, mesh, proxy, active);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const ObservedChain& chain = *active[i];
    const auto* place = std::get_if<ChainPlace>(&places[i]);
    if (!place) {
      if (unplaced.empty()) unplaced = name_of(chain) + ": " + std::get<Unplaced>(places[i]).reason;
      continue;
    }
    const std::size_t computed = table.of(*place);
    for (const Difference& one : table.judge(computed, chain)) add_once(found, one);
    judgement.judged.push_back(&chain);
    judged.expected.push_back(computed);
  }
  judged.computed = std::move(table).take();
  judge_configurations(basis, served, judgement);
  note_refusals(basis, judged.computed, judgement.notes);
  judgement.chains = judgement.judged.size();
  judgement.differences.insert(judgement.differences.begin(), std::make_move_iterator(found.begin()),
                               std::make_move_iterator(found.end()));

  if (fails(judgement.differences)) {
    if (!unplaced.empty()) judgement.notes.push_back("not modelled: " + unplaced);
    return answer(ProxyVerdict::Differs, "");
  }
  if (!unplaced.empty()) return answer(ProxyVerdict::NotModelled, unplaced);
  if (judgement.judged.empty())
    return answer(ProxyVerdict::NotModelled, "the dump has listeners, but no chain of the kind that is judged");
  return answer(ProxyVerdict::Conforms, "");
}

}  // namespace model::istio

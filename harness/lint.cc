#include "harness/lint.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "harness/public_key.h"
#include "model/module.h"
#include "model/selection.h"

namespace harness {
namespace {

using model::operator""_clause;
using model::ModuleSource;
using model::PullPolicy;

using Findings = std::vector<Finding>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// One plugin, and what its url resolves to.
struct Subject {
  const model::Cluster& cluster;
  const model::WasmPlugin& plugin;
  const model::ModuleVerdict& verdict;

  const model::Module* module() const { return verdict.module ? &*verdict.module : nullptr; }
  bool is_image() const { return module() && module()->source == ModuleSource::Oci; }

  Finding finding(model::Place place, std::string problem, std::string hint,
                  std::optional<model::ClauseId> clause = std::nullopt) const {
    return {place ? place : plugin.name_place, plugin.id, std::move(problem), std::move(hint),
            clause};
  }
};

// What one plugin shows by itself.

void look_at_open_url(const Subject& subject, Findings& findings) {
  const auto& verdict = subject.verdict;
  if (!verdict.left_open) return;
  const bool checksum = *verdict.left_open == "SHA-4"_clause;
  findings.push_back(subject.finding(
      checksum ? subject.plugin.sha256_place : subject.plugin.url_place,
      verdict.left_open_reason + ", and nothing says whether the plugin is accepted",
      checksum ? "write 64 lower-case hexadecimal digits and nothing else"
               : "write oci://REGISTRY/REPOSITORY:TAG, file:///PATH or https://HOST/PATH",
      verdict.left_open));
}

// Go's net/url, by which Istio takes a url apart, sees a scheme before the first ':', or a fault
// where no scheme can stand there (getScheme and parse in url.go).
void look_at_colon_in_bare_reference(const Subject& subject, Findings& findings) {
  const std::string& url = subject.plugin.url;
  if (!subject.is_image() || url.find("://") != std::string::npos) return;
  const std::size_t colon = url.find(':');
  if (colon == std::string::npos || colon > url.find('/')) return;
  const bool has_registry = url.find('/') != std::string::npos;
  findings.push_back(subject.finding(
      subject.plugin.url_place,
      "Istio takes '" + url.substr(0, colon) + "' for a scheme, and refuses or drops the plugin",
      has_registry ? "write 'oci://" + url + "'" : "write 'oci://docker.io/library/" + url + "'",
      "URL-1"_clause));
}

// The same parser wants a number behind the ':' of a host.
void look_at_tag_in_place_of_a_port(const Subject& subject, Findings& findings) {
  const std::string& url = subject.plugin.url;
  constexpr std::string_view kOci = "oci://";
  if (!subject.is_image() || !url.starts_with(kOci)) return;
  const std::string_view reference = std::string_view(url).substr(kOci.size());
  const std::string_view host = reference.substr(0, reference.find('/'));
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return;
  if (std::ranges::all_of(host.substr(colon + 1), is_digit)) return;
  findings.push_back(subject.finding(
      subject.plugin.url_place,
      "Istio takes '" + std::string(host.substr(colon + 1)) + "' for a port, and drops the plugin",
      "write 'oci://docker.io/library/" + std::string(reference) + "'", "URL-2"_clause));
}

void look_at_unpinned_image(const Subject& subject, Findings& findings) {
  if (!subject.is_image() || !subject.module()->checksum.empty()) return;
  const model::ImageReference& image = *subject.module()->image;
  if (!image.digest.empty() || (!image.tag.empty() && image.tag != "latest")) return;
  const bool untagged = image.tag.empty();
  findings.push_back(subject.finding(
      subject.plugin.url_place,
      untagged ? "the image has neither tag nor digest, so what runs depends on when it is pulled"
               : "the image is the latest one, so what runs depends on when it is pulled",
      "name a version and its digest: REPOSITORY:TAG@sha256:DIGEST",
      untagged ? "PUL-8"_clause : "PUL-2"_clause));
}

void look_at_unchecked_download(const Subject& subject, Findings& findings) {
  if (!subject.plugin.url.starts_with("http://") || !subject.plugin.sha256.empty()) return;
  if (!subject.module()) return;
  findings.push_back(subject.finding(
      subject.plugin.url_place,
      "the module comes over plain http and without a checksum: anyone on the way can replace it",
      "give its sha256, or use https"));
}

void look_at_checksum_of_file(const Subject& subject, Findings& findings) {
  if (!subject.module() || subject.module()->source != ModuleSource::File) return;
  if (subject.plugin.sha256.empty()) return;
  findings.push_back(subject.finding(
      subject.plugin.sha256_place, "Istio does not check the sha256 of a file in the proxy",
      "do not rely on it: check the file where the proxy's image is built", "SHA-1"_clause));
}

void look_at_idle_pull_policy(const Subject& subject, Findings& findings) {
  const auto policy = subject.plugin.pull_policy;
  if (!subject.module() || !policy || *policy == PullPolicy::Unspecified) return;
  if (subject.module()->pull_policy) return;
  findings.push_back(subject.finding(
      subject.plugin.pull_policy_place,
      "imagePullPolicy does nothing here: " + subject.module()->pull_policy_reason, "remove it",
      subject.module()->pull_policy_clause));
}

void look_at_pull_secret(const Subject& subject, Findings& findings) {
  const std::string& secret = subject.plugin.image_pull_secret;
  if (!subject.module() || secret.empty()) return;
  if (!subject.is_image())
    findings.push_back(subject.finding(
        {}, "imagePullSecret does nothing here: the module is a file, not an image", "remove it",
        "SEC-2"_clause));
  else if (secret.find('/') != std::string::npos)
    findings.push_back(subject.finding(
        {},
        "imagePullSecret '" + secret +
            "' seems to name a namespace, but the Secret is looked for in " + subject.plugin.id.ns +
            " only",
        "write '" + secret.substr(secret.rfind('/') + 1) + "', and keep that Secret in " +
            subject.plugin.id.ns,
        "SEC-1"_clause));
}

void look_at_verification_key(const Subject& subject, Findings& findings) {
  if (subject.plugin.verification_key.empty()) return;
  findings.push_back(subject.finding(
      subject.plugin.verification_key_place,
      "no implementation is known to verify a signature by verificationKey",
      "do not rely on it: name the image by digest, and verify that before it is deployed",
      "KEY-2"_clause));
}

void look_at_spellings(const Subject& subject, Findings& findings) {
  for (const model::OpenSpelling& spelling : subject.plugin.open_spellings) {
    const bool priority = spelling.clause == "PRI-7"_clause;
    findings.push_back(subject.finding(
        spelling.place,
        priority ? "the priority is not written as plain digits, which a cluster refuses"
                 : "an enum is written as its number, which a cluster refuses",
        priority ? "write " + std::to_string(subject.plugin.effective_priority())
                 : "write its name",
        spelling.clause));
  }
}

void look_at_wide_priority(const Subject& subject, Findings& findings) {
  using Narrow = std::numeric_limits<std::int32_t>;
  const std::int64_t priority = subject.plugin.effective_priority();
  if (priority >= Narrow::min() && priority <= Narrow::max()) return;
  findings.push_back(subject.finding(
      subject.plugin.priority_place,
      "priority " + std::to_string(priority) +
          " does not fit into 32 bits: Istio refuses it since 1.19",
      "use one from -2147483648 to 2147483647", "PRI-5"_clause));
}

void look_at_selector(const Subject& subject, Findings& findings) {
  const auto& selector = subject.plugin.selector;
  if (!selector) return;
  if (selector->match_labels.empty())
    findings.push_back(subject.finding(
        selector->place,
        "the selector names no label: Istio applies the plugin as if there were no selector",
        "name labels, or remove the selector if every workload is meant", "SEL-7"_clause));
  for (const model::LabelId id : selector->match_labels) {
    const model::Label label = subject.cluster.labels.label(id);
    const std::string pair = std::string(label.key) + "=" + std::string(label.value);
    if (pair.find('*') != std::string::npos)
      findings.push_back(subject.finding(
          selector->place, "'" + pair + "' matches nothing: a selector has no wildcards",
          "write the label in full", "SEL-1"_clause));
    else if (label.value.empty())
      findings.push_back(subject.finding(
          selector->place,
          "'" + pair + "' wants an empty label, and whether a missing one will do is open",
          "write the value that is meant", "SEL-8"_clause));
  }
}

// ValidateWasmPlugin: at most one of them, since 1.20.
void look_at_selector_beside_target(const Subject& subject, Findings& findings) {
  const auto& later = subject.plugin.later;
  const auto target = std::ranges::find_if(later, &model::LaterField::is_target_reference);
  if (!subject.plugin.selector || target == later.end()) return;
  findings.push_back(subject.finding(
      target->place,
      "a selector stands beside " + target->name + ", which Istio refuses since 1.20",
      "remove one of them"));
}

constexpr std::array kLooks = {
    &look_at_selector,
    &look_at_selector_beside_target,
    &look_at_open_url,
    &look_at_colon_in_bare_reference,
    &look_at_tag_in_place_of_a_port,
    &look_at_unpinned_image,
    &look_at_unchecked_download,
    &look_at_checksum_of_file,
    &look_at_idle_pull_policy,
    &look_at_pull_secret,
    &look_at_verification_key,
    &look_at_spellings,
    &look_at_wide_priority,
};

// What plugins and workloads show together. Workloads that no selector can tell apart are looked at
// once, by the first of them.

using PluginIndex = std::size_t;

bool runs_plugins(const model::Workload& workload) {
  return workload.proxy != model::Proxy::None && workload.proxy != model::Proxy::Waypoint;
}

std::vector<const model::Workload*> distinct_workloads(const model::Cluster& cluster) {
  std::vector<const model::Workload*> distinct;
  std::set<std::pair<model::NamespaceId, model::LabelSetId>> seen;
  for (const model::Workload& workload : cluster.workloads)
    if (runs_plugins(workload) && seen.insert({workload.ns, workload.labels}).second)
      distinct.push_back(&workload);
  return distinct;
}

std::string enumeration(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

class Reach {
 public:
  Reach(const model::Cluster& cluster, Findings& findings)
      : cluster_(cluster), findings_(findings), workloads_(distinct_workloads(cluster)) {
    for (PluginIndex i = 0; i < cluster.plugins.size(); ++i)
      by_namespace_[cluster.plugins[i].id.ns].push_back(i);
  }

  void look() {
    std::vector<bool> reaches(cluster_.plugins.size(), false);
    for (const model::Workload* workload : workloads_) {
      std::vector<PluginIndex> in;
      for (const PluginIndex i : candidates(*workload)) {
        const auto membership = model::membership(cluster_, cluster_.plugins[i], *workload);
        if (membership.standing != model::Standing::Out) reaches[i] = true;
        if (membership.standing == model::Standing::In) in.push_back(i);
      }
      look_at_ties(*workload, std::move(in));
    }
    report_ties();
    for (PluginIndex i = 0; i < cluster_.plugins.size(); ++i)
      if (!reaches[i]) look_at_miss(cluster_.plugins[i]);
  }

 private:
  // The plugins that may reach the workload: those of its namespace and of the root namespace.
  std::vector<PluginIndex> candidates(const model::Workload& workload) const {
    std::vector<PluginIndex> found;
    const auto add = [&](std::string_view ns) {
      if (const auto at = by_namespace_.find(std::string(ns)); at != by_namespace_.end())
        found.insert(found.end(), at->second.begin(), at->second.end());
    };
    const std::string_view own = cluster_.namespaces[workload.ns];
    add(own);
    if (cluster_.root_namespace != own) add(cluster_.root_namespace);
    return found;
  }

  void look_at_ties(const model::Workload& workload, std::vector<PluginIndex> in) {
    std::map<std::pair<model::Phase, std::int64_t>, std::vector<PluginIndex>> groups;
    for (const PluginIndex i : in) {
      const model::WasmPlugin& plugin = cluster_.plugins[i];
      groups[{plugin.effective_phase(), plugin.effective_priority()}].push_back(i);
      if (!plugin.priority) look_at_unset_priority(plugin, in, workload);
    }
    for (auto& [key, group] : groups) {
      if (group.size() < 2) continue;
      std::ranges::sort(group, {}, [&](PluginIndex i) { return cluster_.plugins[i].id; });
      ties_.emplace(std::move(group), &workload);
    }
  }

  void look_at_unset_priority(const model::WasmPlugin& plugin, const std::vector<PluginIndex>& in,
                              const model::Workload& workload) {
    const auto below = std::ranges::find_if(in, [&](PluginIndex i) {
      const model::WasmPlugin& other = cluster_.plugins[i];
      return other.effective_phase() == plugin.effective_phase() && other.priority &&
             *other.priority <= 0;
    });
    if (below == in.end() || !unset_told_.insert(plugin.id).second) return;
    const model::WasmPlugin& other = cluster_.plugins[*below];
    findings_.push_back(
        {plugin.name_place, plugin.id,
         "no priority is given, which Istio puts behind priority " +
             std::to_string(*other.priority) + " of " + to_string(other.id) + " on " +
             name_of(cluster_, workload),
         "write the priority: 0 is what the API text promises", "PRI-2"_clause});
  }

  // A tie that is part of a larger one is told with that.
  void report_ties() {
    for (const auto& [group, workload] : ties_) {
      const bool part = std::ranges::any_of(ties_, [&](const auto& other) {
        return other.first.size() > group.size() &&
               std::ranges::all_of(group, [&](PluginIndex i) {
                 return std::ranges::find(other.first, i) != other.first.end();
               });
      });
      if (!part) report_tie(group, *workload);
    }
  }

  void report_tie(const std::vector<PluginIndex>& group, const model::Workload& workload) {
    std::vector<std::string> others;
    for (const PluginIndex i : std::span(group).subspan(1))
      others.push_back(to_string(cluster_.plugins[i].id));
    const model::WasmPlugin& plugin = cluster_.plugins[group.front()];
    findings_.push_back(
        {plugin.priority_place ? plugin.priority_place : plugin.name_place, plugin.id,
         "phase " + std::string(to_string(plugin.effective_phase())) + " and priority " +
             std::to_string(plugin.effective_priority()) + " are those of " + enumeration(others) +
             " too, on " + name_of(cluster_, workload) +
             ": their order is up to the implementation, and Istio's goes by their age first",
         "give each its own priority", "PRI-4"_clause});
  }

  // A selector that matches none of the workloads given. Without any, nothing is certain: they may
  // stand in manifests that were not given.
  void look_at_miss(const model::WasmPlugin& plugin) {
    if (!plugin.selector || plugin.selector->match_labels.empty()) return;
    const bool everywhere = plugin.id.ns == cluster_.root_namespace;
    const model::Workload* nearest = nullptr;
    const model::Workload* elsewhere = nullptr;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (const model::Workload* workload : workloads_) {
      const std::size_t count = model::misses(cluster_, plugin, *workload).size();
      if (!everywhere && cluster_.namespaces[workload->ns] != plugin.id.ns) {
        if (count == 0 && !elsewhere) elsewhere = workload;
        continue;
      }
      if (count >= fewest) continue;
      fewest = count;
      nearest = workload;
    }
    if (elsewhere)
      findings_.push_back({plugin.selector->place, plugin.id,
                           "the selector matches " + name_of(cluster_, *elsewhere) +
                               ", but a plugin of " + plugin.id.ns + " reaches its namespace only",
                           "put the plugin where the workload is, or into the root namespace",
                           "SEL-5"_clause});
    else if (nearest)
      findings_.push_back({plugin.selector->place, plugin.id,
                           "the selector matches no workload of the input",
                           told_misses(plugin, *nearest), "SEL-1"_clause});
  }

  // "the nearest is shop/web-1, which has app=api, not app=web, and lacks the label tier".
  std::string told_misses(const model::WasmPlugin& plugin, const model::Workload& workload) const {
    std::string text = "the nearest is " + name_of(cluster_, workload) + ", which ";
    bool first = true;
    for (const model::LabelMiss& miss : model::misses(cluster_, plugin, workload)) {
      if (!first) text += ", and ";
      first = false;
      const std::string key(miss.wanted.key);
      const std::string wanted = key + "=" + std::string(miss.wanted.value);
      text += miss.actual ? "has " + key + "=" + std::string(*miss.actual) + ", not " + wanted
                          : "lacks " + wanted;
    }
    return text;
  }

  const model::Cluster& cluster_;
  Findings& findings_;
  std::vector<const model::Workload*> workloads_;
  std::unordered_map<std::string, std::vector<PluginIndex>> by_namespace_;
  std::map<std::vector<PluginIndex>, const model::Workload*> ties_;
  std::set<model::ObjectName> unset_told_;
};

}  // namespace

std::vector<Finding> lint(const model::Cluster& cluster) {
  Findings findings;
  for (const model::WasmPlugin& plugin : cluster.plugins) {
    const auto verdict = model::resolve_module(plugin, is_public_key);
    const Subject subject{cluster, plugin, verdict};
    for (const auto look : kLooks) look(subject, findings);
  }
  Reach(cluster, findings).look();
  std::ranges::stable_sort(findings, {}, &Finding::place);
  return findings;
}

}  // namespace harness

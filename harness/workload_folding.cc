#include "harness/workload_folding.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace harness {
namespace {

using model::Proxy;
using model::Workload;
using model::WorkloadKind;

constexpr std::uint32_t kNone = WorkloadDraft::kNone;

bool is_owner(WorkloadKind kind) {
  return kind != WorkloadKind::Pod && kind != WorkloadKind::WorkloadEntry &&
         kind != WorkloadKind::ServiceEntry;
}

// "NAMESPACE/KIND/NAME" apart.
struct KeyParts {
  std::string_view ns;
  std::string_view kind_and_name;
};

KeyParts parts_of(std::string_view key) {
  const auto slash = key.find('/');
  return {key.substr(0, slash), key.substr(slash + 1)};
}

// What the Pods of one owner have in common.
struct PodsOfOwner {
  model::LabelSetId labels = 0;
  Proxy proxy = Proxy::Unknown;
  bool alike = true;  // all have these labels and this kind of proxy
  std::vector<std::string> names = {};
};

class WorkloadFolding {
 public:
  WorkloadFolding(WorkloadDrafts drafts, model::Cluster& cluster)
      : drafts_(std::move(drafts)), cluster_(cluster) {}

  void fold() {
    settle_proxies();
    find_owners();
    gather_pods();
    gather_addresses();
    std::vector<Workload>& all = drafts_.workloads;
    std::size_t listed = 0;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      if (!is_listed(i)) continue;
      if (listed != i) all[listed] = std::move(all[i]);
      ++listed;
    }
    all.resize(listed);
    cluster_.workloads = std::move(all);
  }

 private:
  // Of two documents of one name the later counts.
  bool counts(std::uint32_t draft) const {
    return drafts_.draft_of_key[drafts_.drafts[draft].key] == draft;
  }

  std::uint32_t draft_of(std::uint32_t key) const {
    return key == kNone ? kNone : drafts_.draft_of_key[key];
  }

  void settle_proxies() {
    std::vector<bool> injects(cluster_.namespaces.size());
    for (std::uint32_t ns = 0; ns < injects.size(); ++ns)
      injects[ns] = drafts_.injecting_namespaces.contains(cluster_.namespaces[ns]);
    for (std::uint32_t i = 0; i < drafts_.drafts.size(); ++i) {
      Workload& workload = drafts_.workloads[i];
      if (drafts_.drafts[i].namespace_decides && injects[workload.ns])
        workload.proxy = Proxy::Sidecar;
    }
  }

  // The owner that an owner's name tells of, where the owner itself is not in the input.
  std::uint32_t owner_by_name(std::uint32_t key, const Workload& pod) const {
    const auto [ns, kind_and_name] = parts_of(drafts_.keys[key]);
    std::string owner(ns);
    if (kind_and_name.starts_with("ReplicaSet/")) {
      const auto hash = cluster_.labels.value_of(pod.labels, "pod-template-hash");
      if (!hash || hash->empty()) return kNone;
      std::string_view name = kind_and_name.substr(sizeof "ReplicaSet/" - 1);
      std::string ending(1, '-');
      ending.append(*hash);
      if (!name.ends_with(ending)) return kNone;
      name.remove_suffix(ending.size());
      owner.append("/Deployment/").append(name);
    } else if (kind_and_name.starts_with("Job/")) {
      std::string_view name = kind_and_name.substr(sizeof "Job/" - 1);
      const auto stem = name.find_last_not_of("0123456789");
      if (stem == std::string_view::npos || stem + 1 == name.size() || name[stem] != '-')
        return kNone;
      owner.append("/CronJob/").append(name.substr(0, stem));
    }
    const auto found = drafts_.keys.find(owner);
    return found ? draft_of(*found) : kNone;
  }

  // The topmost owner in the input of something that names `key` as its owner, or kNone.
  std::uint32_t top_of(std::uint32_t key, const Workload& owned) const {
    std::uint32_t top = kNone;
    // Pod, ReplicaSet, Deployment: no real chain is longer; references in a circle end here.
    for (int step = 0; step < 3 && key != kNone; ++step) {
      std::uint32_t owner = draft_of(key);
      if (owner == kNone && top == kNone) owner = owner_by_name(key, owned);
      if (owner == kNone || !is_owner(drafts_.workloads[owner].kind)) break;
      top = owner;
      key = drafts_.drafts[owner].owner;
    }
    return top;
  }

  void find_owners() {
    tops_.assign(drafts_.drafts.size(), kNone);
    // Pods of one owner share its topmost owner; kUnknown: not looked for yet.
    constexpr std::uint32_t kUnknown = kNone - 1;
    std::vector<std::uint32_t> of_key(drafts_.keys.size(), kUnknown);
    for (std::uint32_t i = 0; i < drafts_.drafts.size(); ++i) {
      const WorkloadDraft& draft = drafts_.drafts[i];
      if (draft.owner == kNone) continue;
      std::uint32_t& top = of_key[draft.owner];
      if (top == kUnknown) top = top_of(draft.owner, drafts_.workloads[i]);
      tops_[i] = top == i ? kNone : top;
    }
  }

  void gather_pods() {
    owners_.assign(drafts_.drafts.size(), kNone);
    for (std::uint32_t i = 0; i < drafts_.drafts.size(); ++i) {
      const Workload& pod = drafts_.workloads[i];
      if (pod.kind != WorkloadKind::Pod || tops_[i] == kNone || !counts(i)) continue;
      std::uint32_t& owner = owners_[tops_[i]];
      if (owner == kNone) {
        owner = static_cast<std::uint32_t>(pods_.size());
        pods_.push_back({.labels = pod.labels, .proxy = pod.proxy});
      }
      PodsOfOwner& pods = pods_[owner];
      pods.alike = pods.alike && pods.labels == pod.labels && pods.proxy == pod.proxy;
      pods.names.push_back(pod.name);
    }
  }

  bool is_entry(std::uint32_t i) const {
    const WorkloadKind kind = drafts_.workloads[i].kind;
    return kind == WorkloadKind::WorkloadEntry || kind == WorkloadKind::ServiceEntry;
  }

  // Only the addresses that entries ask for are looked up among the Pods': mostly there are none.
  void gather_addresses() {
    for (std::uint32_t i = 0; i < drafts_.drafts.size(); ++i)
      if (is_entry(i) && drafts_.drafts[i].addresses > 0 && counts(i))
        at_address_.try_emplace(address_key(i, 0));
    if (at_address_.empty()) return;
    for (std::uint32_t i = 0; i < drafts_.drafts.size(); ++i) {
      const Workload& workload = drafts_.workloads[i];
      if (workload.kind == WorkloadKind::ServiceEntry || !counts(i)) continue;
      for (std::uint32_t n = 0; n < drafts_.drafts[i].addresses; ++n) {
        const auto at = at_address_.find(address_key(i, n));
        if (at == at_address_.end()) continue;
        if (workload.kind == WorkloadKind::Pod) at->second.pod = true;
        if (workload.kind == WorkloadKind::WorkloadEntry) at->second.sets.insert(workload.labels);
      }
    }
  }

  std::string address_key(std::uint32_t i, std::uint32_t n) const {
    std::string key(cluster_.namespaces[drafts_.workloads[i].ns]);
    return key.append("/").append(
        drafts_.address(drafts_.addresses[drafts_.drafts[i].first_address + n]));
  }

  bool is_listed_elsewhere(std::uint32_t i) {
    if (drafts_.drafts[i].addresses == 0) return false;
    AtAddress& at = at_address_.at(address_key(i, 0));
    if (at.pod) return true;
    const Workload& entry = drafts_.workloads[i];
    return entry.kind == WorkloadKind::ServiceEntry && !at.sets.insert(entry.labels).second;
  }

  // Whether the draft is a workload of its own; if so, it is made whole.
  bool is_listed(std::uint32_t i) {
    if (!counts(i)) return false;
    if (is_entry(i)) return !is_listed_elsewhere(i);
    if (is_owner(drafts_.workloads[i].kind)) return is_owner_listed(i);
    const std::uint32_t top = tops_[i];
    if (top != kNone && pods_[owners_[top]].alike) return false;
    const std::uint32_t owner = drafts_.drafts[i].owner;
    if (owner != kNone) drafts_.workloads[i].owner = parts_of(drafts_.keys[owner]).kind_and_name;
    return true;
  }

  bool is_owner_listed(std::uint32_t i) {
    if (owners_[i] == kNone) return tops_[i] == kNone;
    PodsOfOwner& pods = pods_[owners_[i]];
    if (!pods.alike) return false;
    Workload& workload = drafts_.workloads[i];
    workload.labels = pods.labels;
    workload.proxy = pods.proxy;
    workload.pods = std::move(pods.names);
    return true;
  }

  struct AtAddress {
    bool pod = false;
    std::unordered_set<model::LabelSetId> sets;  // of entries, listed or to be
  };

  WorkloadDrafts drafts_;
  model::Cluster& cluster_;
  std::vector<std::uint32_t> tops_;  // of each draft: the draft of its topmost owner
  std::vector<std::uint32_t> owners_;  // of each draft that is such an owner: in pods_
  std::vector<PodsOfOwner> pods_;
  std::unordered_map<std::string, AtAddress> at_address_;
};

}  // namespace

void fold_workloads(WorkloadDrafts drafts, model::Cluster& cluster) {
  WorkloadFolding(std::move(drafts), cluster).fold();
}

}  // namespace harness

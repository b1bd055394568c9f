// The expected chains of a whole mesh at once. Workloads that no selector can tell apart (one namespace, one set of
// labels) share one chain, and those of namespaces without plugins share theirs across namespaces. It computes
// by index and merge what expectation.h defines one by one; a test over all small worlds proves the two equal.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "model/expectation.h"

namespace model {

using ChainClass = std::uint32_t;  // dense, from 0

class ExpectedChains {
 public:
  // Requires that the expectation's rules are the documented ones.
  explicit ExpectedChains(const Expectation& expectation);

  std::size_t classes() const { return classes_.size(); }
  ChainClass class_of(std::size_t workload) const { return class_of_[workload]; }
  // The plugins of a chain, in the order of ExpectedChain::plugins.
  std::span<const PluginIndex> plugins(ChainClass chain) const {
    return std::span(members_).subspan(classes_[chain].begin, classes_[chain].size);
  }
  // The whole chain, with what is open and what is not modelled.
  ExpectedChain chain(ChainClass chain) const;
  ExpectedChain chain_of(std::size_t workload) const { return chain(class_of_[workload]); }

  // For each plugin, how many workloads with a proxy that is judged have it in their chain.
  std::vector<std::size_t> reach() const;

 private:
  struct Class {
    std::size_t begin;
    std::size_t size;
  };
  struct Exceptions {
    std::vector<OpenMember> open;
    std::vector<PluginIndex> not_modelled;
  };

  const Cluster* cluster_;
  std::vector<PluginIndex> members_;
  std::vector<Class> classes_;
  std::unordered_map<ChainClass, Exceptions> exceptions_;  // of the few chains that have any
  std::vector<ChainClass> class_of_;
};

}  // namespace model

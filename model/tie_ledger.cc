#include "model/tie_ledger.h"

#include <algorithm>

namespace model {

std::vector<TieBreach> TieLedger::note(const SeenTie& seen, const std::string& where) {
  std::vector<TieBreach> breaches;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for (std::size_t j = i + 1; j < seen.size(); ++j) {
      auto& steps = before_[seen[i]];
      if (const auto known = steps.find(seen[j]); known != steps.end()) {
        seen_again_ += !known->second.again;
        known->second.again = true;
        continue;
      }
      auto earlier = way(seen[j], seen[i]);
      if (!earlier.empty()) {
        const std::string& before = before_.at(earlier[0]).at(earlier[1]).where;
        breaches.push_back({seen[i], seen[j], std::move(earlier), where, before});
        ++seen_again_;
        continue;  // the first sight stays, so that a breach is told against one place
      }
      before_[seen[i]].emplace(seen[j], Step{where});
      ++pairs_;
    }
  }
  // One pair tells it: of d, a, b, c against a, b, c, d that d stands before a.
  std::erase_if(breaches, [&](const TieBreach& breach) {
    const auto at = [&](const ObjectName& name) { return std::ranges::find(seen, name); };
    return at(breach.second) - at(breach.first) > 1 &&
           std::ranges::any_of(breaches, [&](const TieBreach& nearer) {
             return &nearer != &breach && at(nearer.first) >= at(breach.first) &&
                    at(nearer.second) <= at(breach.second);
           });
  });
  return breaches;
}

std::vector<ObjectName> TieLedger::way(const ObjectName& from, const ObjectName& to) const {
  std::map<ObjectName, ObjectName> by;  // reached from
  std::vector<ObjectName> queue{from};
  for (std::size_t at = 0; at < queue.size(); ++at) {
    const ObjectName here = queue[at];
    const auto steps = before_.find(here);
    if (steps == before_.end()) continue;
    for (const auto& [next, step] : steps->second) {
      if (next == from || !by.emplace(next, here).second) continue;
      queue.push_back(next);
      if (next != to) continue;
      std::vector<ObjectName> way{to};
      while (way.back() != from) way.push_back(by.at(way.back()));
      std::ranges::reverse(way);
      return way;
    }
  }
  return {};
}

}  // namespace model

#include "model/tie_ledger.h"

#include <algorithm>

namespace model {

std::vector<TieBreach> TieLedger::note(const SeenTie& seen, const std::string& where) {
  std::vector<TieBreach> breaches;
  // What this chain shows is noted behind the search, so that a breach is told by what was seen elsewhere.
  std::vector<std::pair<ObjectName, ObjectName>> fresh;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for (std::size_t j = i + 1; j < seen.size(); ++j) {
      auto& steps = before_[seen[i]];
      if (const auto known = steps.find(seen[j]); known != steps.end()) {
        seen_again_ += !known->second.again;
        known->second.again = true;
        continue;
      }
      auto earlier = way(seen[j], seen[i]);
      if (earlier.empty()) {
        fresh.emplace_back(seen[i], seen[j]);
        continue;
      }
      std::vector<std::string> before;
      for (std::size_t step = 0; step + 1 < earlier.size(); ++step)
        before.push_back(before_.at(earlier[step]).at(earlier[step + 1]).where);
      // The first sight stays, so that a breach is told against one place.
      breaches.push_back({seen[i], seen[j], std::move(earlier), where, std::move(before)});
      ++seen_again_;
    }
  }
  for (const auto& [first, second] : fresh) before_[first].emplace(second, Step{where});
  pairs_ += fresh.size();
  // One pair tells it: of d, a, b, c against a, b, c, d that d stands before a.
  const auto at = [&](const ObjectName& name) { return std::ranges::find(seen, name); };
  std::vector<TieBreach> nearest;
  for (const TieBreach& breach : breaches) {
    const bool nearer_one_tells = std::ranges::any_of(breaches, [&](const TieBreach& nearer) {
      return &nearer != &breach && at(nearer.first) >= at(breach.first) &&
             at(nearer.second) <= at(breach.second);
    });
    if (!nearer_one_tells) nearest.push_back(breach);
  }
  return nearest;
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

// PRI-3 is a promise about many chains: any two plugins of equal priority stand in one relative order everywhere. The
// ledger keeps, for one implementation, every order in which tied plugins were seen, and where.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/judgement.h"

namespace model {

// Two tied plugins whose order here contradicts what was seen before.
struct TieBreach {
  ObjectName first;    // stands before `second` here
  ObjectName second;
  std::vector<ObjectName> earlier;  // second, ..., first, as seen before: of two a reversed pair, of more a cycle
  std::string where;                // here
  std::vector<std::string> before;  // where each step of `earlier` was seen
};

class TieLedger {
 public:
  // Notes one tie group as seen on one chain. `where` names the chain for a person.
  std::vector<TieBreach> note(const SeenTie& seen, const std::string& where);

  // How many pairs were seen more than once: with none, PRI-3 was not shown.
  std::size_t pairs_seen_again() const { return seen_again_; }
  std::size_t pairs() const { return pairs_; }

 private:
  struct Step {
    std::string where;
    bool again = false;
  };

  // The shortest way from one plugin to another over the orders seen; empty where there is none.
  std::vector<ObjectName> way(const ObjectName& from, const ObjectName& to) const;

  std::map<ObjectName, std::map<ObjectName, Step>> before_;
  std::size_t pairs_ = 0;
  std::size_t seen_again_ = 0;
};

}  // namespace model

#include "model/tie_ledger.h"

#include <catch2/catch.hpp>

using model::ObjectName;
using model::SeenTie;
using model::TieBreach;
using model::TieLedger;

namespace {

ObjectName shop(const std::string& name) { return {"shop", name}; }

// A tie as seen, one letter a plugin.
SeenTie seen(const std::string& letters) {
  SeenTie tie;
  for (const char letter : letters) tie.push_back(shop(std::string(1, letter)));
  return tie;
}

// "b before a at HERE, but a b at THERE"; of a cycle every step with its place.
std::string told(const TieBreach& breach) {
  REQUIRE(breach.before.size() + 1 == breach.earlier.size());
  std::string text = breach.first.name + " before " + breach.second.name + " at " + breach.where + ", but";
  for (std::size_t step = 0; step < breach.before.size(); ++step)
    text += (step == 0 ? " " : ", ") + breach.earlier[step].name + " " + breach.earlier[step + 1].name + " at " +
            breach.before[step];
  return text;
}

std::vector<std::string> told(const std::vector<TieBreach>& breaches) {
  std::vector<std::string> lines;
  for (const TieBreach& breach : breaches) lines.push_back(told(breach));
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("tied plugins in one order everywhere breach nothing, and count as seen again", "[PRI-3]") {
  TieLedger ledger;
  CHECK(told(ledger.note(seen("ab"), "one")).empty());
  CHECK(ledger.pairs() == 1);
  CHECK(ledger.pairs_seen_again() == 0);
  CHECK(told(ledger.note(seen("acb"), "two")).empty());
  CHECK(ledger.pairs() == 3);
  CHECK(ledger.pairs_seen_again() == 1);
  CHECK(told(ledger.note(seen("ab"), "three")).empty());
  CHECK(ledger.pairs_seen_again() == 1);  // the pair, not the sight
}

TEST_CASE("a reversed pair is a breach that names both places", "[PRI-3]") {
  TieLedger ledger;
  ledger.note(seen("ab"), "one");
  CHECK(told(ledger.note(seen("ba"), "two")) == Lines{"b before a at two, but a b at one"});
  CHECK(ledger.pairs_seen_again() == 1);
}

TEST_CASE("a breach is told against the first sight, whenever it comes", "[PRI-3]") {
  TieLedger ledger;
  ledger.note(seen("ab"), "one");
  ledger.note(seen("ba"), "two");
  CHECK(told(ledger.note(seen("ab"), "three")).empty());
  CHECK(told(ledger.note(seen("ba"), "four")) == Lines{"b before a at four, but a b at one"});
}

TEST_CASE("orders that close a cycle are a breach, although no pair is reversed", "[PRI-3]") {
  TieLedger ledger;
  ledger.note(seen("ab"), "one");
  ledger.note(seen("bc"), "two");
  CHECK(told(ledger.note(seen("ca"), "three")) == Lines{"c before a at three, but a b at one, b c at two"});
}

TEST_CASE("the shortest way that a breach contradicts is told", "[PRI-3]") {
  TieLedger ledger;
  ledger.note(seen("ab"), "long");
  ledger.note(seen("bc"), "long");
  ledger.note(seen("ac"), "short");
  CHECK(told(ledger.note(seen("ca"), "here")) == Lines{"c before a at here, but a c at short"});
}

TEST_CASE("of a plugin that moved, the nearest pairs are told", "[PRI-3]") {
  TieLedger ledger;
  ledger.note(seen("abcd"), "one");
  CHECK(told(ledger.note(seen("dabc"), "two")) == Lines{"d before a at two, but a d at one"});
}

TEST_CASE("a breach is told by what was seen elsewhere, not by the chain that shows it", "[PRI-3]") {
  TieLedger ledger;
  ledger.note(seen("df"), "one");
  // f and e are new to each other: that d f e closes a cycle is no news beside f before d.
  CHECK(told(ledger.note(seen("fed"), "two")) == Lines{"f before d at two, but d f at one"});
  CHECK(told(ledger.note(seen("de"), "three")) == Lines{"d before e at three, but e d at two"});
}

TEST_CASE("plugins of one name in two namespaces are two", "[PRI-3]") {
  TieLedger ledger;
  ledger.note({shop("a"), {"pay", "b"}}, "one");
  CHECK(told(ledger.note({shop("b"), shop("a")}, "two")).empty());
  CHECK(ledger.pairs() == 2);
}

TEST_CASE("without a tie nothing is seen", "[PRI-3]") {
  TieLedger ledger;
  CHECK(told(ledger.note({}, "one")).empty());
  CHECK(told(ledger.note(seen("a"), "two")).empty());
  CHECK(ledger.pairs() == 0);
  CHECK(ledger.pairs_seen_again() == 0);
}

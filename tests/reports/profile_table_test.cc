#include "reports/profile_table.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "reports/profile_table_text.h"

namespace {

using model::istio::Regime;
using model::istio::rule;
using reports::changes_between;
using reports::Effect;

const Regime& row(std::string_view version) {
  return *model::istio::find_regime(model::istio::parse_version(version).value());
}

std::vector<std::string> versions_with(Effect effect) {
  std::vector<std::string> found;
  for (const reports::ProfileRow& one : reports::profile_rows())
    if (std::ranges::find(one.changes, effect, &reports::RuleChange::effect) != one.changes.end())
      found.push_back(to_string(one.regime->since));
  return found;
}

}  // namespace

TEST_CASE("the order of plugins changes at 1.20, 1.23 and 1.30 alone", "[istio]") {
  CHECK(versions_with(Effect::Order) == std::vector<std::string>{"1.20.0", "1.23.0", "1.30.0"});
}

TEST_CASE("filters have new names at 1.21, 1.26 and 1.30 alone", "[istio]") {
  CHECK(versions_with(Effect::Names) == std::vector<std::string>{"1.21.0", "1.26.0", "1.30.0"});
}

TEST_CASE("a change names the rule that it replaces", "[istio]") {
  const auto changes = changes_between(row("1.22.1"), row("1.23.0"));
  REQUIRE(!changes.empty());
  CHECK(changes.front() == reports::RuleChange{&rule("T-A"), &rule("T-B"), Effect::Order});
  // Of the many checks of admission, each replaces one of its own kind.
  const auto targets = changes_between(row("1.20.0"), row("1.22.0"));
  CHECK(std::ranges::find(targets, reports::RuleChange{&rule("ADM-TARGET-A"), &rule("ADM-TARGET-B"), Effect::Api}) !=
        targets.end());
  CHECK(std::ranges::find(targets, reports::RuleChange{nullptr, &rule("FIELD-targetRefs"), Effect::Api}) != targets.end());
}

TEST_CASE("a rule that holds no longer is a change, too", "[istio]") {
  const auto changes = changes_between(row("1.29.0"), row("1.30.0"));
  CHECK(std::ranges::find(changes, reports::RuleChange{&rule("FIELD-url"), nullptr, Effect::Api}) != changes.end());
}

TEST_CASE("looking up more namespaces changes whom plugins reach, not their order", "[istio]") {
  const auto added = changes_between(row("1.24.0"), row("1.25.0"));
  CHECK(std::ranges::find(added, reports::RuleChange{&rule("NS-B"), &rule("NS-C"), Effect::Reach}) != added.end());
  const auto turned = changes_between(row("1.19.0"), row("1.25.0"));
  CHECK(std::ranges::find(turned, reports::RuleChange{&rule("NS-A"), &rule("NS-C"), Effect::Order}) != turned.end());
}

TEST_CASE("neighbours that differ in nothing say so", "[istio]") {
  CHECK(changes_between(row("1.30.3"), row("1.31.0")).empty());
  std::string out;
  reports::append_profile_change_text(out, "istio-1.30", row("1.30.3"), "istio-1.31", row("1.31.0"), reports::Paint(false),
                                      reports::Detail::Brief);
  CHECK(out == "istio-1.30 to istio-1.31: nothing changed\n");
  std::string table;
  reports::append_profile_table_text(table, reports::Paint(false), reports::Detail::Brief);
  CHECK_THAT(table, Catch::Contains("\nistio-1.31.0  nothing changed\n"));
}

TEST_CASE("changes undo themselves on the way back", "[istio]") {
  for (const Regime& from : model::istio::regimes())
    for (const Regime& to : model::istio::regimes()) {
      const auto forth = changes_between(from, to);
      const auto back = changes_between(to, from);
      CHECK(forth.size() == back.size());
      CHECK(forth.empty() == (rules_of(from) == rules_of(to)));
    }
}

TEST_CASE("a sentence that goes on from another is told with it", "[istio]") {
  std::string out;
  reports::append_profile_text(out, "istio-1.17", "", row("1.17.0"), reports::Paint(false));
  const auto h5 = out.find("  H5 ");
  const auto h4 = out.find("  H4 ");
  const auto h3 = out.find("  H3 ");
  CHECK(h5 < h4);
  CHECK(h4 < h3);
  CHECK(h3 != std::string::npos);
}

#include "model/istio/rules.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace model::istio;

TEST_CASE("every rule has an id of its own, a sentence and a source at a tag", "[istio]") {
  std::set<std::string_view> ids;
  for (const Rule& one : rules()) {
    CAPTURE(one.id);
    CHECK(ids.insert(one.id).second);
    CHECK(one.sentence.ends_with('.'));
    CHECK(one.source.find("@1.") != std::string_view::npos);
    CHECK(&rule(one.id) == &one);
  }
}

TEST_CASE("every version's row has one rule a group, and every rule of a row is some version's", "[istio]") {
  std::set<std::string_view> used;
  for (const Regime& regime : regimes()) {
    std::set<std::string_view> groups;
    for (const Rule* one : rules_of(regime)) {
      used.insert(one->id);
      if (one->about != "fields" && one->about != "admission") CHECK(groups.insert(one->about).second);
    }
    CHECK(groups.size() == 14);  // and fields and admission
  }
  // These hold in every version, and so stand in no row.
  for (const std::string_view always : {"AGE", "PRI", "MATCH", "READ", "DISCOVERY", "REV", "URL"}) used.insert(always);
  CHECK(used.size() == rules().size());
}

TEST_CASE("the rules of neighbouring versions differ where the rows do", "[istio]") {
  const auto all = regimes();
  for (std::size_t i = 1; i < all.size(); ++i) {
    Regime moved = all[i];
    moved.since = all[i - 1].since;
    const bool same_row = moved.namespaces == all[i - 1].namespaces && moved.ties == all[i - 1].ties &&
                          moved.unset_priority == all[i - 1].unset_priority && moved.labels == all[i - 1].labels &&
                          moved.topology == all[i - 1].topology &&
                          moved.empty_value == all[i - 1].empty_value && moved.attachment == all[i - 1].attachment &&
                          moved.gateway_label == all[i - 1].gateway_label && moved.http == all[i - 1].http &&
                          moved.network == all[i - 1].network && moved.names == all[i - 1].names &&
                          moved.type_urls == all[i - 1].type_urls && moved.fail == all[i - 1].fail &&
                          moved.served == all[i - 1].served && moved.checks == all[i - 1].checks &&
                          moved.fields == all[i - 1].fields;
    CHECK((rules_of(all[i]) == rules_of(all[i - 1])) == same_row);
  }
}

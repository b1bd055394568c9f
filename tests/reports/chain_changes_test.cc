#include <catch2/catch.hpp>

#include "reports/chain_changes_json.h"
#include "reports/chain_changes_markdown.h"
#include "reports/chain_changes_text.h"

using namespace reports;

namespace {

ShownLink plugin(const std::string& name, const std::string& note = {}) { return {.label = name, .note = note, .envoy = {}}; }
ShownLink built_in(const std::string& name) { return {.label = name, .note = {}, .envoy = {}, .anchor = true}; }

// An upgrade with a bit of everything.
ChainChanges flip() {
  ChainChanges changes;
  changes.kind = "Upgrade";
  changes.profile = changes.after = "istio-1.30";
  changes.before = "istio-1.29";
  changes.workloads = 4;
  changes.changed = 2;
  ChangeCause cause{"order of plugins that tie", {{"T-C", "By name.", "file.go:1@1.30.0", false}, {"T-B", "Otherwise.", "", true}}, {}};
  ChangedAlike way{{"shop/a and shop/a2 change places"}, {{"shop/web-1", "shop/web-2"}, {"shop/web-1 x2"}}, {}};
  way.listings.push_back({{"inbound http", "outbound http"},
                          {built_in("mx"), plugin("shop/a", "AUTHN, priority 1"), plugin("shop/a2", "AUTHN, priority 1"), built_in("router")},
                          {built_in("mx"), plugin("shop/a2"), plugin("shop/a"), built_in("router")}});
  cause.ways.push_back(way);
  changes.causes.push_back(cause);
  changes.edits.push_back({{"shop/a", "shop/a2"}, {{"shop/a", "1", "2", "mesh.yaml:1:1"}}, ""});
  changes.notices.push_back({"renamed", "filters of 1 plugin get other names", {}, {{"shop/<a>", "mesh.yaml:1:1", "use the new one"}}, {}});
  changes.remarks.push_back({"remark", "fail field", {{"FAIL-C", "Sent.", "", false}}, {}, {}});
  changes.not_modelled.push_back({"EnvoyFilter shop/lua can change its chains", "lua.yaml:1:1", {{"shop/db"}, {"shop/db"}}});
  return changes;
}

}  // namespace

TEST_CASE("changes of chains are told as causes, with rules, workloads and both sides") {
  std::string out;
  append_chain_changes_text(out, flip(), Paint(false));
  CHECK(out ==
        "istio-1.29 -> istio-1.30: 2 of 4 workloads change\n"
        "\n"
        "Order of plugins that tie\n"
        "  T-C  By name.\n"
        "       file.go:1@1.30.0\n"
        "  was T-B  Otherwise.\n"
        "\n"
        "  2 workloads: shop/web-1 x2\n"
        "    shop/a and shop/a2 change places\n"
        "    istio-1.29                    istio-1.30  inbound http; outbound http\n"
        "    mx                            mx\n"
        "  ~ shop/a  AUTHN, priority 1\n"
        "    shop/a2  AUTHN, priority 1    shop/a2\n"
        "                                ~ shop/a  moved\n"
        "    router                        router\n"
        "\n"
        "To keep today's order\n"
        "  shop/a  priority: 2  now 1  mesh.yaml:1:1\n"
        "  With it every chain has today's order on both versions (computed again); --fix prints a patch.\n"
        "\n"
        "Filters of 1 plugin get other names\n"
        "    shop/<a>  mesh.yaml:1:1\n"
        "      use the new one\n"
        "\n"
        "Fail field\n"
        "  FAIL-C  Sent.\n"
        "\n"
        "Not modelled: EnvoyFilter shop/lua can change its chains  lua.yaml:1:1\n"
        "  1 workload: shop/db\n");
}

TEST_CASE("changes of chains in JSON name plugins and Istio's own filters apart") {
  std::string out;
  append_chain_changes_json(out, flip());
  CHECK(out ==
        "{\"apiVersion\":\"plumbline.dev/v1\",\"kind\":\"Upgrade\",\"profile\":\"istio-1.30\",\"before\":\"istio-1.29\","
        "\"after\":\"istio-1.30\",\"notes\":[],\"summary\":{\"workloads\":4,\"changed\":2,\"notModelled\":1},\"causes\":[\n"
        "{\"title\":\"order of plugins that tie\",\"rules\":[{\"id\":\"T-C\",\"sentence\":\"By name.\",\"source\":\"file.go:1@1.30.0\","
        "\"holds\":\"after\"},{\"id\":\"T-B\",\"sentence\":\"Otherwise.\",\"source\":null,\"holds\":\"before\"}],\"changes\":[\n"
        "{\"what\":[\"shop/a and shop/a2 change places\"],\"workloads\":[\"shop/web-1\",\"shop/web-2\"],\"chains\":[{\"listeners\":"
        "[\"inbound http\",\"outbound http\"],\"before\":[{\"filter\":\"mx\"},{\"plugin\":\"shop/a\"},{\"plugin\":\"shop/a2\"},"
        "{\"filter\":\"router\"}],\"after\":[{\"filter\":\"mx\"},{\"plugin\":\"shop/a2\"},{\"plugin\":\"shop/a\"},{\"filter\":\"router\"}]}]}]}],"
        "\"edits\":[\n"
        "{\"plugins\":[\"shop/a\",\"shop/a2\"],\"obstacle\":null,\"priorities\":[{\"plugin\":\"shop/a\",\"before\":1,\"after\":2,"
        "\"where\":\"mesh.yaml:1:1\"}]}],\"notices\":[\n"
        "{\"code\":\"renamed\",\"title\":\"filters of 1 plugin get other names\",\"rules\":[],\"lines\":[{\"text\":\"shop/<a>\","
        "\"where\":\"mesh.yaml:1:1\",\"hint\":\"use the new one\"}],\"workloads\":[]}],\"remarks\":[\n"
        "{\"code\":\"remark\",\"title\":\"fail field\",\"rules\":[{\"id\":\"FAIL-C\",\"sentence\":\"Sent.\",\"source\":null,"
        "\"holds\":\"after\"}],\"lines\":[],\"workloads\":[]}],\"notModelled\":[\n"
        "{\"reason\":\"EnvoyFilter shop/lua can change its chains\",\"where\":\"lua.yaml:1:1\",\"workloads\":[\"shop/db\"]}]}\n");
}

TEST_CASE("changes of chains in Markdown have a summary, a table, and the chains folded away") {
  std::string out;
  append_chain_changes_markdown(out, flip());
  CHECK(out ==
        "**istio-1.29 -&gt; istio-1.30: 2 of 4 workloads change**\n"
        "\n"
        "| workloads | cause | what changes |\n"
        "|---|---|---|\n"
        "| 2: shop/web-1 x2 | order of plugins that tie (T-C) | shop/a and shop/a2 change places |\n"
        "\n"
        "To keep today's order:\n"
        "\n"
        "- shop/a: `priority: 2` (now 1) mesh.yaml:1:1\n"
        "\n"
        "<details><summary>filters of 1 plugin get other names</summary>\n"
        "\n"
        "- shop/&lt;a&gt; mesh.yaml:1:1: use the new one\n"
        "\n"
        "</details>\n"
        "\n"
        "<details><summary>order of plugins that tie: shop/web-1 x2</summary>\n"
        "\n"
        "- T-C: By name. (file.go:1&#64;1.30.0)\n"
        "- was T-B: Otherwise.\n"
        "\n"
        "inbound http; outbound http\n"
        "\n"
        "```diff\n"
        "  mx\n"
        "- shop/a\n"
        "  shop/a2\n"
        "+ shop/a\n"
        "  router\n"
        "```\n"
        "\n"
        "</details>\n"
        "\n"
        "<details><summary>fail field</summary>\n"
        "\n"
        "- FAIL-C: Sent.\n"
        "\n"
        "</details>\n"
        "\n"
        "Not modelled: EnvoyFilter shop/lua can change its chains lua.yaml:1:1 (1 workload: shop/db)\n");
}

TEST_CASE("Markdown that is too long for a comment is cut between its parts, and says so") {
  ChainChanges changes = flip();
  for (int i = 0; i < 3000; ++i) changes.notices.push_back({"renamed", "notice", {}, {{"a line of some length", "", ""}}, {}});
  std::string out;
  append_chain_changes_markdown(out, changes);
  CHECK(out.size() <= kMarkdownLimit);
  CHECK(out.size() > kMarkdownLimit - 500);
  CHECK_THAT(out, Catch::EndsWith(" parts are left out: a comment holds 60000 bytes. `-o text --verbose` shows all.*\n"));
}

TEST_CASE("names in Markdown cannot steer the page") {
  ChainChanges changes;
  changes.before = "a|b";
  changes.after = "<script>@team";
  std::string out;
  append_chain_changes_markdown(out, changes);
  CHECK(out == "**a\\|b -&gt; &lt;script&gt;&#64;team: no workload with a proxy was read**\n");
}

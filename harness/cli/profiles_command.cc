// plumbline profiles: what each version of Istio does otherwise than the one before.
#include "harness/cli/options.h"
#include "harness/profile.h"
#include "reports/profile_table_json.h"
#include "reports/profile_table_text.h"

namespace harness::cli {
namespace {

reports::ExitCode profiles(const Words& words, Console& console) {
  std::vector<std::string> names;
  std::string output = "text";
  bool verbose = false;
  Options options(kProfiles);
  options.positional(names);
  options.flag("verbose,v", verbose, "with the rule before, and where each is found in Istio's source");
  options.text("output,o", output, "FORMAT", "text (default) or json");
  if (const auto done = options.parse(words, console)) return *done;
  if (output != "text" && output != "json")
    return usage_error(kProfiles, console, "there is no output format '" + output + "'; it is text or json");
  if (names.size() > 2) return usage_error(kProfiles, console, "name one profile for its rules, or two for what changed between them");
  std::vector<Profile> asked;
  for (const std::string& name : names) {
    std::string problem;
    const auto profile = parse_profile(name, problem);
    if (!profile) return usage_error(kProfiles, console, problem);
    if (!profile->istio)
      return usage_error(kProfiles, console, "the documented profile has clauses in the place of rules: plumbline clauses lists them");
    asked.push_back(*profile);
  }

  const reports::Paint paint(console.colour_out);
  const auto detail = verbose ? reports::Detail::Full : reports::Detail::Brief;
  const bool json = output == "json";
  std::string out;
  if (asked.size() == 2) {
    const Profile& from = asked[0];
    const Profile& to = asked[1];
    if (json)
      reports::append_profile_change_json(out, from.name, *from.istio->regime, to.name, *to.istio->regime);
    else
      reports::append_profile_change_text(out, from.name, *from.istio->regime, to.name, *to.istio->regime, paint, detail);
  } else if (asked.size() == 1) {
    const Profile& one = asked.front();
    if (json)
      reports::append_profile_json(out, one.name, *one.istio->regime);
    else
      reports::append_profile_text(out, one.name, one.note(), *one.istio->regime, paint);
  } else if (json) {
    reports::append_profile_table_json(out);
  } else {
    reports::append_profile_table_text(out, paint, detail);
  }
  console.out << out;
  return reports::ExitCode::Ok;
}

}  // namespace

const Command kProfiles{
    "profiles", "list the profiles, and what each version of Istio changes",
    "plumbline profiles [PROFILE [PROFILE]] [flags]",
    "  plumbline profiles\n"
    "  plumbline profiles istio-1.29\n"
    "  plumbline profiles istio-1.22 istio-1.30 -v\n",
    profiles};

}  // namespace harness::cli

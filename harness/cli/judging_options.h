// What the commands that judge have in common: by which profile, how strictly, and how it is told.
#pragma once

#include <string>

#include "harness/cli/options.h"
#include "harness/cli/profile_options.h"
#include "harness/judging.h"
#include "reports/report.h"

namespace harness::cli {

class JudgingFlags {
 public:
  explicit JudgingFlags(ProfileOptions::Also also = ProfileOptions::Auto) : profile_(also) {}

  void declare(Options& options);
  // Opens nothing yet; an exit code if the words are mistaken.
  std::optional<reports::ExitCode> settle(const Command& command, Console& console);

  JudgingOptions judging() const;
  const ProfileOptions& profile() const { return profile_; }

  // Tells a report in the format asked for, writes the JUnit file, and says how the command ends.
  reports::ExitCode tell(reports::Report report, Console& console) const;

 private:
  ProfileOptions profile_;
  bool strict_ = false;
  bool plugins_only_ = false;
  bool allow_not_modelled_ = false;
  bool verbose_ = false;
  std::string output_ = "text";
  std::string junit_;
};

}  // namespace harness::cli

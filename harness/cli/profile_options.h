// Which truth a command asks for, and what is known of istiod's settings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/cli/options.h"
#include "harness/manifests.h"
#include "harness/profile.h"
#include "reports/istio_expectation.h"

namespace harness::cli {

class ProfileOptions {
 public:
  enum Also : unsigned { Nothing = 0, All = 1, Auto = 2, AllAndAuto = 3 };  // which words it takes beside the names of profiles

  explicit ProfileOptions(Also also = Nothing) : also_(also) {}

  // --profile and --istiod-env.
  void declare(Options& options);
  // --istiod-env alone, for a command that takes its profiles otherwise.
  void declare_settings(Options& options);
  // Checks the words that were parsed; an exit code if they are mistaken.
  std::optional<reports::ExitCode> settle(const Command& command, Console& console);

  bool is_all() const { return name_ == "all"; }
  bool is_auto() const { return name_ == "auto"; }
  // As it was written.
  const std::string& name() const { return name_; }
  // The profile asked for; "documented" under all and auto.
  const Profile& profile() const { return profile_; }

  // Sets istiod's settings from the command line, over those of the manifests.
  void set_flags(model::istio::Mesh& mesh) const;

 private:
  struct Setting {
    std::string name;
    std::string value;
  };
  Also also_;
  std::string name_ = "documented";
  Profile profile_;
  std::vector<std::string> env_;
  std::vector<Setting> settings_;
};

// An Istio profile as reports name it.
reports::IstioProfile told(const Profile& profile);

}  // namespace harness::cli

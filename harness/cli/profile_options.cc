#include "harness/cli/profile_options.h"

#include "harness/istiod_settings.h"

namespace harness::cli {

void ProfileOptions::declare(Options& options) {
  const char* help = "documented (default), or what a version of Istio does: istio-1.29, istio-1.29.1";
  if (also_ == All) help = "documented (default), a version of Istio (istio-1.29, istio-1.29.1), or all of them";
  if (also_ == AllAndAuto)
    help = "documented (default), a version of Istio (istio-1.29, istio-1.29.1), all of them, or auto: that of each dump's proxy";
  if (also_ == Auto) help = "documented (default), a version of Istio (istio-1.29), or auto: that of each dump's proxy";
  options.text("profile,p", name_, "NAME", help);
  declare_settings(options);
}

void ProfileOptions::declare_settings(Options& options) {
  options.list("istiod-env", env_, "NAME=VALUE",
               "a setting of istiod that is not its default, for Istio profiles (repeatable)");
}

std::optional<reports::ExitCode> ProfileOptions::settle(const Command& command, Console& console) {
  const bool is_word = (is_all() && (also_ & All)) || (is_auto() && (also_ & Auto));
  if (!is_word) {
    std::string problem;
    const auto profile = parse_profile(name_, problem);
    if (!profile) return usage_error(command, console, problem);
    profile_ = *profile;
  }
  for (const std::string& word : env_) {
    const auto equal = word.find('=');
    if (equal == 0 || equal == std::string::npos)
      return usage_error(command, console, "--istiod-env is '" + word + "'; write NAME=VALUE");
    settings_.push_back({word.substr(0, equal), word.substr(equal + 1)});
  }
  return std::nullopt;
}

void ProfileOptions::set_flags(model::istio::Mesh& mesh) const {
  for (const Setting& setting : settings_) set_istiod_setting(mesh, setting.name, setting.value, {});
}

reports::IstioProfile told(const Profile& profile) {
  return {profile.name, profile.note(), profile.istio->version, profile.istio->regime};
}

}  // namespace harness::cli

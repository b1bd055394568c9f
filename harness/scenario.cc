#include "harness/scenario.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <utility>

#include "harness/document.h"
#include "harness/istiod_settings.h"
#include "harness/manifest_files.h"

namespace harness {
namespace {

// One of istiod's settings, and where it stands.
struct Setting {
  std::string name;
  std::string value;
  LineColumn at;
};

constexpr std::array kShown = std::to_array<std::pair<std::string_view, Shown>>({
    {"chains", Shown::Chains},
    {"plugins", Shown::Plugins},
    {"names", Shown::Names},
    {"types", Shown::Types},
    {"code", Shown::Code},
    {"config", Shown::Config},
    {"env", Shown::Env},
    {"fail", Shown::Fail},
    {"accepted", Shown::Accepted},
});

// The listeners of golden files: classes of HTTP, the network filters in front of each, and classes of TCP.
constexpr std::array<std::string_view, 6> kHttpListeners{"inbound http",  "inbound http-passthrough", "outbound http",
                                                         "gateway http", "waypoint http",            "waypoint http-direct"};
constexpr std::array<std::string_view, 6> kTcpListeners{"inbound tcp", "inbound tcp-passthrough", "outbound tcp",
                                                        "gateway tcp", "waypoint tcp",            "waypoint tcp-direct"};

std::vector<std::string> network_listeners() {
  std::vector<std::string> all(kTcpListeners.begin(), kTcpListeners.end());
  for (const std::string_view http : kHttpListeners) all.push_back(std::string(http) + " network");
  return all;
}

bool is_listener(std::string_view text) {
  const auto network = network_listeners();
  return std::ranges::find(kHttpListeners, text) != kHttpListeners.end() ||
         std::ranges::find(network, text) != network.end();
}

// What a scenario shows that names no listener.
std::vector<std::string> usual_listeners(const model::istio::Mesh& mesh) {
  std::vector<std::string> usual(kHttpListeners.begin(), kHttpListeners.end());
  const bool network = std::ranges::any_of(mesh.extensions, [](const model::istio::Extension& one) {
    return one.type == model::istio::ExtensionType::Network;
  });
  if (network) std::ranges::move(network_listeners(), std::back_inserter(usual));
  return usual;
}

// The head of a scenario file, while its document is at hand.
class HeadReader {
 public:
  HeadReader(const Document& document, Scenario& scenario, ManifestOptions& options, std::vector<Setting>& settings,
             Diagnostics& diagnostics)
      : document_(document), scenario_(scenario), options_(options), settings_(settings), diagnostics_(diagnostics) {}

  void read() {
    for (const Node& field : members(document_.root)) read_field(field);
    demand(!scenario_.name.empty(), "name", "name: the file's stem");
    demand(!scenario_.sentence.empty(), "sentence", "sentence: one sentence in the present tense");
  }

 private:
  void read_field(const Node& field) {
    if (field.key == "apiVersion" || field.key == "kind") return;
    if (field.key == "name") return read_name(field);
    if (field.key == "sentence") return read_text(field, scenario_.sentence);
    if (field.key == "clauses") return read_clauses(field, scenario_.clauses);
    if (field.key == "contradicts") return read_clauses(field, scenario_.contradicts.emplace());
    if (field.key == "shows") return read_shows(field);
    if (field.key == "listeners") return read_listeners(field);
    if (field.key == "nodeLabels") return read_node_labels(field);
    if (field.key == "proxyVersion") return read_proxy_version(field);
    if (field.key == "rootNamespace") return read_text(field, options_.root_namespace.emplace());
    if (field.key == "absent") return read_absent(field);
    if (field.key == "reaches") return read_reaches(field);
    if (field.key == "noDump") {
      for (const Node& item : members(&field)) scenario_.no_dump.emplace_back(item.text);
      return;
    }
    // The Istio versions that a recorded cluster needs.
    if (field.key == "istio") return;
    if (field.key == "istiod") return read_settings(field);
    refuse(document_.key_place(field), "a Scenario has no field '" + std::string(field.key) + "'",
           "its fields are name, sentence, clauses, contradicts, rootNamespace, absent, reaches, noDump, istio, istiod, "
           "shows, listeners, nodeLabels and proxyVersion");
  }

  void read_text(const Node& field, std::string& into) {
    if (field.kind == NodeKind::String)
      into = field.text;
    else
      refuse(document_.place(field),
             "'" + std::string(field.key) + "' is " + std::string(to_string(field.kind)) +
                 ", not a string",
             "");
  }

  void read_name(const Node& field) {
    read_text(field, scenario_.name);
    const std::string stem = std::filesystem::path(scenario_.path).stem().string();
    if (!scenario_.name.empty() && scenario_.name != stem)
      refuse(document_.place(field),
             "the scenario is named '" + scenario_.name + "', and its file '" + stem + "'",
             "give both one name: recorded dumps are found by it");
  }

  void read_clauses(const Node& field, std::vector<model::ClauseId>& into) {
    const std::string key(field.key);
    if (field.kind != NodeKind::Array)
      return refuse(document_.place(field), "'" + key + "' is no list", key + ": [SEL-1]");
    for (const Node& item : members(&field)) {
      if (const auto clause = model::find_clause(item.text))
        into.push_back(*clause);
      else
        scenario_.unknown_clauses.push_back(position(document_.place(item)) +
                                            ": there is no clause '" + std::string(item.text) + "'");
    }
  }

  void read_absent(const Node& field) {
    for (const Node& item : members(&field)) {
      bool known = false;
      for (const auto anchor : {model::Anchor::Authn, model::Anchor::Authz, model::Anchor::Stats}) {
        if (item.text != to_string(anchor)) continue;
        scenario_.anchors.remove(anchor);
        known = true;
      }
      if (!known)
        refuse(document_.place(item), "'" + std::string(item.text) + "' cannot be absent",
               "absent lists some of authn, authz, stats");
    }
  }

  void read_reaches(const Node& field) {
    scenario_.reaches_nothing = field.text == "nothing";
    if (!scenario_.reaches_nothing)
      refuse(document_.place(field), "'reaches' is '" + std::string(field.text) + "'",
             "it says `nothing`, or is left out");
  }

  void read_settings(const Node& field) {
    for (const Node& item : members(&field)) {
      const auto equal = item.text.find('=');
      if (item.kind != NodeKind::String || equal == std::string_view::npos || equal == 0)
        refuse(document_.place(item), "'istiod' lists '" + std::string(item.text) + "'", "write NAME=VALUE");
      else
        settings_.push_back({std::string(item.text.substr(0, equal)), std::string(item.text.substr(equal + 1)),
                             document_.place(item)});
    }
  }

  void read_shows(const Node& field) {
    scenario_.shows.clear();
    for (const Node& item : members(&field)) {
      const auto known = std::ranges::find(kShown, item.text, &std::pair<std::string_view, Shown>::first);
      if (known == kShown.end())
        refuse(document_.place(item), "'" + std::string(item.text) + "' cannot be shown",
               "shows lists some of chains or plugins, names, types, code, config, env, fail, accepted");
      else
        scenario_.shows.insert(known->second);
    }
    if (scenario_.shows.contains(Shown::Chains) && scenario_.shows.contains(Shown::Plugins))
      refuse(document_.place(field), "'shows' lists chains and plugins", "the chains hold the plugins: write one of both");
    if (scenario_.shows.empty())
      refuse(document_.place(field), "'shows' lists nothing", "shows: [chains]");
  }

  void read_listeners(const Node& field) {
    for (const Node& item : members(&field)) {
      if (!is_listener(item.text))
        refuse(document_.place(item), "there is no listener '" + std::string(item.text) + "'",
               "write a direction and a class, as in 'inbound http' or 'inbound http network'");
      scenario_.named_listeners.emplace_back(item.text);
    }
  }

  void read_node_labels(const Node& field) {
    for (const Node& workload : members(&field)) {
      auto& labels = scenario_.node_labels[std::string(workload.key)];
      if (workload.kind != NodeKind::Object)
        refuse(document_.place(workload), "'nodeLabels' of '" + std::string(workload.key) + "' is no object", "write {key: value}");
      for (const Node& label : members(&workload)) read_text(label, labels[std::string(label.key)]);
    }
  }

  void read_proxy_version(const Node& field) {
    scenario_.proxy_version = model::istio::parse_version(field.text);
    if (!scenario_.proxy_version)
      refuse(document_.place(field), "'proxyVersion' is '" + std::string(field.text) + "'", "proxyVersion: \"1.20.0\"");
  }

  void demand(bool given, std::string_view key, std::string_view hint) {
    if (!given)
      refuse(document_.place(*document_.root), "the Scenario has no '" + std::string(key) + "'",
             std::string(hint));
  }

  std::string position(LineColumn at) const {
    return document_.file->name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  }

  void refuse(LineColumn at, std::string problem, std::string hint) {
    diagnostics_.push_back({.severity = Severity::Error,
                            .where = {document_.file->name(), at.line, at.column},
                            .problem = std::move(problem),
                            .hint = std::move(hint),
                            .excerpt = std::string(document_.file->line(at.line))});
  }

  const Document& document_;
  Scenario& scenario_;
  ManifestOptions& options_;
  std::vector<Setting>& settings_;
  Diagnostics& diagnostics_;
};

bool is_scenario(const Document& document) {
  const Node* version = document.root->find("apiVersion");
  const Node* kind = document.root->find("kind");
  return version && kind && version->text == "plumbline.dev/v1" && kind->text == "Scenario";
}

std::string suite_of(const std::filesystem::path& path) {
  std::error_code error;  // what cannot be looked at is told by the reader
  const auto named = std::filesystem::is_directory(path, error) ? path : path.parent_path();
  const auto from = named.empty() ? std::filesystem::path(".") : named;
  for (auto folder = std::filesystem::absolute(from).lexically_normal(); folder.has_relative_path();
       folder = folder.parent_path()) {
    const auto at = folder.filename().empty() ? folder.parent_path() : folder;
    if (at.filename() != "golden" && std::filesystem::is_directory(at.parent_path() / "golden", error))
      return (path.is_absolute() ? at : at.lexically_proximate(std::filesystem::current_path()))
          .generic_string();
  }
  return from.generic_string();
}

}  // namespace

std::optional<Scenario> read_scenario(const std::string& path, const std::string& suite) {
  Scenario scenario;
  scenario.path = path;
  scenario.suite = suite;
  scenario.stem = std::filesystem::absolute(path)
                      .lexically_normal()
                      .lexically_relative(std::filesystem::absolute(suite).lexically_normal())
                      .replace_extension()
                      .generic_string();
  Diagnostics own;
  const auto file = read_manifest_file(path, own);
  ManifestOptions options;
  std::vector<Setting> settings;
  std::size_t scenarios = 0;
  if (file) {
    Diagnostics told_below;  // read_manifests tells what is wrong with the documents
    read_documents(
        *file, {},
        [&](const Document& document) {
          if (!is_scenario(document)) return;
          if (++scenarios == 1) HeadReader(document, scenario, options, settings, own).read();
        },
        told_below);
    if (scenarios == 0 && !has(told_below, Severity::Error)) return std::nullopt;
    scenario.manifests = read_manifests(*file, options);
    for (const Setting& one : settings)
      set_istiod_setting(scenario.manifests.mesh, one.name, one.value, {0, one.at.line, one.at.column});

    scenario.listeners = scenario.named_listeners.empty() ? usual_listeners(scenario.manifests.mesh) : scenario.named_listeners;
  }
  if (scenarios > 1)
    own.push_back({.severity = Severity::Error,
                   .where = {path},
                   .problem = "the file holds several Scenarios",
                   .hint = "write one file for each",
                   .excerpt = {}});
  auto& all = scenario.manifests.diagnostics;
  all.insert(all.begin(), own.begin(), own.end());
  return scenario;
}

std::vector<ScenarioFile> find_scenarios(const std::vector<std::string>& paths,
                                         Diagnostics& diagnostics) {
  std::vector<ScenarioFile> found;
  for (const std::string& path : paths) {
    std::error_code error;
    const bool directory = std::filesystem::is_directory(path, error);
    const std::string suite = suite_of(path);
    Diagnostics own;
    auto files = find_manifest_files({path}, own);
    // A folder without a scenario is a breach of a guard, whatever else it holds.
    if (directory && files.empty() && !has(own, Severity::Io)) own.clear();
    diagnostics.insert(diagnostics.end(), own.begin(), own.end());
    for (std::string& file : files)
      if (!directory || !file.ends_with(".json")) found.push_back({std::move(file), suite});
  }
  return found;
}

}  // namespace harness

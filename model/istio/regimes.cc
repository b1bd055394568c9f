#include "model/istio/regimes.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace model::istio {
namespace {

using enum NamespaceOrder;
using enum TieOrder;
using enum UnsetPriority;
using enum EmptyValue;
using enum TopologyLabels;

constexpr auto kNode = LabelSource::Node;
constexpr auto kRegistry = LabelSource::Registry;
constexpr auto kNone = GatewayLabel::None;
constexpr auto kBare = NameForm::Bare;
constexpr auto kMisspelt = NameForm::Misspelt;
constexpr auto kWasm = TypeUrls::Wasm;
constexpr auto kWasmRbac = TypeUrls::WasmOrRbac;
constexpr auto kAttached = Served::Attached;
constexpr auto kOwnAndRoot = Served::OwnAndRoot;
using Rule = AttachmentRule;

// What each minor's API knows, one more than the last.
constexpr Fields kFields12 = Field::EmptyUrl | Field::Stackdriver;
constexpr Fields kFields14 = kFields12 | Field::Environment | Field::PullPolicy;
constexpr Fields kFields16 = kFields14 | Field::Match;
constexpr Fields kFields19 = kFields16 | Field::FailStrategy;
constexpr Fields kFields20 = kFields19 | Field::Type | Field::TargetRef;
constexpr Fields kFields22 = kFields20 | Field::TargetRefs;
// 1.23 has no filter for Stackdriver.
constexpr Fields kFields23 = Field::EmptyUrl | Field::Environment | Field::PullPolicy | Field::Match | Field::FailStrategy |
                             Field::Type | Field::TargetRef | Field::TargetRefs;
constexpr Fields kFields27 = kFields23 | Field::FailReload | Field::InferencePool;
constexpr Fields kFields28 = kFields27 | Field::DynamicForwardProxy;
// 1.30 drops a plugin without a url.
constexpr Fields kFields30 = Field::Environment | Field::PullPolicy | Field::Match | Field::FailStrategy | Field::Type |
                             Field::TargetRef | Field::TargetRefs | Field::FailReload | Field::TrafficExtension |
                             Field::InferencePool | Field::DynamicForwardProxy | Field::ClientIdentity;

// clang-format off
constexpr std::array kRegimes = std::to_array<Regime>({
    // since       namespaces               ties               unset       labels     topology    "" value        attachment          gateway label                    http   network  names                     type urls  fail                            served               checks                  fields
    {{1, 12, 0}, RootThenOwn,             NameDotNamespace,  LeastInt64, kNode,     OfInstance, MatchesAbsence, Rule::SelectorOnly, kNone,                           &kH1,  &kN12, kBare,                      kWasm,     FailField::None,                kAttached,           Checks::Webhook,        kFields12},
    {{1, 13, 0}, RootThenOwn,             NameDotNamespace,  LeastInt64, kNode,     OfInstance, NeedsKey,       Rule::SelectorOnly, kNone,                           &kH2,  &kN12, kBare,                      kWasm,     FailField::None,                kAttached,           Checks::Webhook,        kFields12},
    {{1, 14, 0}, RootThenOwn,             NameDotNamespace,  LeastInt64, kNode,     OfInstance, NeedsKey,       Rule::SelectorOnly, kNone,                           &kH3,  &kN14, kBare,                      kWasm,     FailField::None,                kAttached,           Checks::Webhook,        kFields14},
    {{1, 14, 6}, RootThenOwn,             NameDotNamespace,  LeastInt64, kNode,     OfInstance, NeedsKey,       Rule::SelectorOnly, kNone,                           &kH3,  &kN14, kBare,                      kWasmRbac, FailField::None,                kAttached,           Checks::Webhook,        kFields14},
    {{1, 15, 0}, RootThenOwn,             NameDotNamespace,  LeastInt64, kNode,     OfInstance, NeedsKey,       Rule::SelectorOnly, kNone,                           &kH3,  &kN14, kBare,                      kWasm,     FailField::None,                kAttached,           Checks::Webhook,        kFields14},
    {{1, 15, 4}, RootThenOwn,             NameDotNamespace,  LeastInt64, kNode,     OfInstance, NeedsKey,       Rule::SelectorOnly, kNone,                           &kH3,  &kN14, kBare,                      kWasmRbac, FailField::None,                kAttached,           Checks::Webhook,        kFields14},
    {{1, 16, 0}, RootThenOwn,             NameDotNamespace,  LeastInt64, kRegistry, OrOfLabel,  NeedsKey,       Rule::SelectorOnly, kNone,                           &kH4,  &kN14, kBare,                      kWasmRbac, FailField::None,                kAttached,           Checks::Webhook,        kFields16},
    {{1, 17, 0}, RootThenOwn,             NameDotNamespace,  LeastInt64, kRegistry, AndHost,    NeedsKey,       Rule::SelectorOnly, kNone,                           &kH5,  &kN17, kBare,                      kWasmRbac, FailField::None,                kAttached,           Checks::Webhook,        kFields16},
    {{1, 18, 0}, RootThenOwn,             NameDotNamespace,  LeastInt64, kRegistry, AndHost,    NeedsKey,       Rule::SelectorOnly, kNone,                           &kH6,  &kN17, kBare,                      kWasmRbac, FailField::None,                kAttached,           Checks::Webhook,        kFields16},
    {{1, 19, 0}, RootThenOwn,             NameDotNamespace,  LeastInt32, kRegistry, AndHost,    NeedsKey,       Rule::SelectorOnly, kNone,                           &kH6b, &kN17, kBare,                      kWasmRbac, FailField::FailOpen,            kAttached,           Checks::Webhook,        kFields19},
    {{1, 20, 0}, OwnThenRoot,             NameDotNamespace,  LeastInt32, kRegistry, OfLabels,   NeedsKey,       Rule::TargetRef,    GatewayLabel::Istio,             &kH6b, &kN20, kBare,                      kWasmRbac, FailField::FailOpen,            kAttached,           Checks::WebhookAndUrls, kFields20},
    {{1, 21, 0}, OwnThenRoot,             NameDotNamespace,  LeastInt32, kRegistry, OfLabels,   NeedsKey,       Rule::TargetRef,    GatewayLabel::GatewayApiOrIstio, &kH7,  &kN20, kMisspelt,                  kWasmRbac, FailField::FailOpen,            kAttached,           Checks::WebhookAndUrls, kFields20},
    {{1, 22, 0}, OwnThenRoot,             NameDotNamespace,  LeastInt32, kRegistry, OfLabels,   NeedsKey,       Rule::TargetRefs,   GatewayLabel::GatewayApiOrIstio, &kH7,  &kN20, kMisspelt,                  kWasmRbac, FailField::FailOpen,            kAttached,           Checks::WebhookAndUrls, kFields22},
    {{1, 22, 1}, OwnThenRoot,             NameDotNamespace,  LeastInt32, kRegistry, OfLabels,   NeedsKey,       Rule::TargetRefs,   GatewayLabel::GatewayApiOrIstio, &kH7,  &kN20, kMisspelt,                  kWasmRbac, FailField::FailOpen,            kOwnAndRoot,         Checks::WebhookAndUrls, kFields22},
    {{1, 23, 0}, OwnThenRoot,             NameThenNamespace, LeastInt32, kRegistry, OfLabels,   NeedsKey,       Rule::TargetRefs,   GatewayLabel::GatewayApiOrIstio, &kH7,  &kN20, kMisspelt,                  kWasmRbac, FailField::FailOpen,            kOwnAndRoot,         Checks::Schema,         kFields23},
    {{1, 24, 0}, OwnThenRoot,             NameThenNamespace, LeastInt32, kRegistry, OfLabels,   NeedsKey,       Rule::OwnedTargets, GatewayLabel::GatewayApi,        &kH8,  &kN20, kMisspelt,                  kWasmRbac, FailField::FailOpen,            kOwnAndRoot,         Checks::Schema,         kFields23},
    {{1, 25, 0}, OwnThenRootThenServices, NameThenNamespace, LeastInt32, kRegistry, OwnNetwork, NeedsKey,       Rule::ManyTargets,  GatewayLabel::GatewayApi,        &kH8,  &kN20, kMisspelt,                  kWasmRbac, FailField::PolicyForNewProxies, kOwnAndRoot,         Checks::Schema,         kFields23},
    {{1, 26, 0}, OwnThenRootThenServices, NameThenNamespace, LeastInt32, kRegistry, OwnNetwork, NeedsKey,       Rule::ManyTargets,  GatewayLabel::GatewayApi,        &kH8,  &kN20, NameForm::WasmPlugin,       kWasmRbac, FailField::PolicyForNewProxies, kOwnAndRoot,         Checks::Schema,         kFields23},
    {{1, 27, 0}, OwnThenRootThenServices, NameThenNamespace, LeastInt32, kRegistry, OwnNetwork, NeedsKey,       Rule::ManyTargets,  GatewayLabel::GatewayApi,        &kH9,  &kN20, NameForm::WasmPlugin,       kWasmRbac, FailField::PolicyForNewProxies, kOwnAndRoot,         Checks::Schema,         kFields27},
    {{1, 28, 0}, OwnThenRootThenServices, NameThenNamespace, LeastInt32, kRegistry, OwnNetwork, NeedsKey,       Rule::ManyTargets,  GatewayLabel::GatewayApi,        &kH9,  &kN20, NameForm::WasmPlugin,       kWasmRbac, FailField::PolicyForNewProxies, kOwnAndRoot,         Checks::Schema,         kFields28},
    {{1, 29, 0}, OwnThenRootThenServices, NameThenNamespace, LeastInt32, kRegistry, OwnNetwork, NeedsKey,       Rule::ManyTargets,  GatewayLabel::GatewayApi,        &kH9,  &kN20, NameForm::WasmPlugin,       kWasmRbac, FailField::Policy,              kOwnAndRoot,         Checks::Schema,         kFields28},
    {{1, 30, 0}, OwnThenRootThenServices, SortedName,        LeastInt32, kRegistry, OwnNetwork, NeedsKey,       Rule::ManyTargets,  GatewayLabel::GatewayApi,        &kH9,  &kN20, NameForm::TrafficExtension, kWasmRbac, FailField::Policy,              kOwnAndRoot,         Checks::Schema,         kFields30},
    {{1, 30, 3}, OwnThenRootThenServices, SortedName,        LeastInt32, kRegistry, OwnNetwork, NeedsKey,       Rule::ManyTargets,  GatewayLabel::GatewayApi,        &kH9,  &kN20, NameForm::TrafficExtension, kWasmRbac, FailField::Policy,              Served::ServicesToo, Checks::Schema,         kFields30},
    {{1, 31, 0}, OwnThenRootThenServices, SortedName,        LeastInt32, kRegistry, OwnNetwork, NeedsKey,       Rule::ManyTargets,  GatewayLabel::GatewayApi,        &kH9,  &kN20, NameForm::TrafficExtension, kWasmRbac, FailField::Policy,              Served::ServicesToo, Checks::Schema,         kFields30},
});
// clang-format on

constexpr std::string_view kTranslated = "~istio-translated-wasmplugin";

std::string dotted(const ObjectName& id) { return id.ns + "." + id.name; }

std::uint32_t take_number(std::string_view& text, bool& good) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  good = error == std::errc{};
  if (good) text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

}  // namespace

std::string to_string(const Version& version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
         std::to_string(version.patch);
}

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  bool good = false;
  version.major = take_number(text, good);
  if (!good || !text.starts_with('.')) return std::nullopt;
  text.remove_prefix(1);
  version.minor = take_number(text, good);
  if (!good) return std::nullopt;
  if (!text.starts_with('.')) return version;
  text.remove_prefix(1);
  version.patch = take_number(text, good);
  return version;
}

std::span<const Regime> regimes() { return kRegimes; }

const Regime* find_regime(const Version& version, bool* exact) {
  const auto after = std::ranges::upper_bound(kRegimes, version, {}, &Regime::since);
  if (after == kRegimes.begin()) return nullptr;
  const Regime& found = *std::prev(after);
  if (exact)
    *exact = found.since.major == version.major && found.since.minor == version.minor;
  return &found;
}

std::string config_name(const Regime& regime, const ObjectName& id, ExtensionKind kind) {
  std::string name = dotted(id);
  if (regime.names == NameForm::TrafficExtension && kind == ExtensionKind::WasmPlugin) name += kTranslated;
  return name;
}

std::string filter_name(const Regime& regime, const ObjectName& id, ExtensionKind kind) {
  std::string name = config_name(regime, id, kind);
  switch (regime.names) {
    case NameForm::Bare:
      break;
    case NameForm::Misspelt:
      name.insert(0, "extenstions.istio.io/wasmplugin/");  // Istio's own misspelling
      break;
    case NameForm::WasmPlugin:
      name.insert(0, "extensions.istio.io/wasmplugin/");
      break;
    case NameForm::TrafficExtension:
      name.insert(0, "extensions.istio.io/trafficextension/");
      break;
  }
  return name;
}

std::vector<std::string> type_urls(const Regime& regime, ExtensionType type) {
  const std::string prefix = type == ExtensionType::Http
                                 ? "type.googleapis.com/envoy.extensions.filters.http."
                                 : "type.googleapis.com/envoy.extensions.filters.network.";
  std::vector<std::string> urls{prefix + "wasm.v3.Wasm"};
  if (regime.type_urls == TypeUrls::WasmOrRbac) urls.push_back(prefix + "rbac.v3.RBAC");
  return urls;
}

}  // namespace model::istio

// A chain of an Istio profile as lines for a person.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "model/istio/listener_chains.h"
#include "reports/paint.h"

namespace reports {

// "inbound http", "inbound http, port 8080", "waypoint http, service shop/cart".
std::string chain_title(const model::istio::ListenerOutline& chain);

// Envoy's name without what goes without saying in its list: "rbac" for "envoy.filters.http.rbac".
std::string_view short_name(std::string_view built_in);

// "priority 10", "no priority".
std::string priority_text(const model::istio::Extension& extension);

// One filter list of a listener, where it says something: the HTTP filters of an HTTP chain, its network filters if a plugin
// is among them, the network filters of another chain.
struct FilterList {
  std::string title;
  std::span<const model::istio::OutlineFilter> filters;
  bool has_plugin = false;
};
std::vector<FilterList> filter_lists(const model::istio::ListenerOutline& chain);

// Writes chains of one mesh: what is said of each plugin is prepared once. It refers to the regime, the mesh and the paint.
class ChainText {
 public:
  ChainText(const model::istio::Regime& regime, const model::istio::Mesh& mesh, const Paint& paint);

  // Each plugin on a numbered line of its own, the built-in filters between them joined, indented by `indent`. Plugins that only
  // their age orders although the manifests do not tell it have a "~" beside the number.
  void append(std::string& out, std::span<const model::istio::OutlineFilter> filters, std::size_t indent);

  // Whether a "~" was written.
  bool is_unsure() const { return unsure_; }

 private:
  struct Said {
    std::string name;
    std::size_t columns = 0;  // of the name
    std::string_view phase;
    std::string priority;
  };
  const model::istio::Regime& regime_;
  const model::istio::Mesh& mesh_;
  const Paint& paint_;
  std::vector<Said> plugins_;
  bool unsure_ = false;
};

// The built-in filters of a chain, joined by commas.
std::string joined_names(std::span<const model::istio::OutlineFilter> filters);

// Whether nothing but age orders two plugins, and the manifests do not tell it of both.
bool is_age_unknown(const model::istio::Regime& regime, const model::istio::Extension& a, const model::istio::Extension& b);

}  // namespace reports

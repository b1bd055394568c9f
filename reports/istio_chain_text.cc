#include "reports/istio_chain_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/istio_expectation.h"
#include "reports/plain_text.h"

namespace reports {
namespace {

using model::istio::Extension;
using model::istio::ListenerOutline;
using model::istio::OutlineFilter;

bool has_plugin(std::span<const OutlineFilter> filters) {
  return std::ranges::any_of(filters, [](const OutlineFilter& one) { return one.extension.has_value(); });
}

}  // namespace

std::string chain_title(const ListenerOutline& chain) {
  std::string title = std::string(direction_of(chain.kind)) + " " + std::string(class_of(chain.kind));
  if (chain.service) title += ", service " + plain(chain.service->ns + "/" + chain.service->name);
  if (chain.port) title += ", port " + std::to_string(*chain.port);
  return title;
}

std::string_view short_name(std::string_view built_in) {
  for (const std::string_view prefix : {"envoy.filters.http.", "envoy.filters.network."})
    if (built_in.starts_with(prefix)) return built_in.substr(prefix.size());
  return built_in;
}

std::string priority_text(const Extension& extension) {
  return extension.priority ? fmt::format("priority {}", *extension.priority) : "no priority";
}

std::vector<FilterList> filter_lists(const ListenerOutline& chain) {
  std::vector<FilterList> lists;
  const std::string title = chain_title(chain);
  if (!is_http(chain.kind)) return {{title, chain.filters.network, has_plugin(chain.filters.network)}};
  if (has_plugin(chain.filters.network))
    lists.push_back({title + ", network filters" + (chain.network_plugins_in_first_only ? " of a listener's first chain" : ""),
                     chain.filters.network, true});
  lists.push_back({title, chain.filters.http, has_plugin(chain.filters.http)});
  return lists;
}

bool is_age_unknown(const model::istio::Regime& regime, const Extension& a, const Extension& b) {
  return a.phase == b.phase && a.meta.id.ns == b.meta.id.ns && by_priority(regime, a, b) == 0 &&
         !(a.meta.created && b.meta.created);
}

std::string joined_names(std::span<const OutlineFilter> filters) {
  std::string names;
  for (const OutlineFilter& filter : filters) names += (names.empty() ? "" : ", ") + std::string(short_name(filter.built_in));
  return names;
}

ChainText::ChainText(const model::istio::Regime& regime, const model::istio::Mesh& mesh, const Paint& paint)
    : regime_(regime), mesh_(mesh), paint_(paint) {
  for (const Extension& one : mesh.extensions) {
    std::string name = plain(extension_name(one));
    const std::size_t columns = columns_of(name);
    plugins_.push_back({paint(Ink::Strong, name), columns, to_string(one.phase), priority_text(one)});
  }
}

void ChainText::append(std::string& out, std::span<const OutlineFilter> filters, std::size_t indent) {
  std::vector<bool> unsure(filters.size());
  std::size_t width = 0;
  std::size_t phase_width = 0;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    if (!filters[i].extension) continue;
    const Said& said = plugins_[*filters[i].extension];
    width = std::max(width, said.columns);
    phase_width = std::max(phase_width, said.phase.size());
    if (i == 0 || !filters[i - 1].extension) continue;
    if (!is_age_unknown(regime_, mesh_.extensions[*filters[i - 1].extension], mesh_.extensions[*filters[i].extension]))
      continue;
    unsure[i - 1] = unsure[i] = unsure_ = true;
  }
  std::size_t number = 0;
  for (std::size_t i = 0; i < filters.size();) {
    if (!filters[i].extension) {
      const auto begin = filters.begin() + static_cast<std::ptrdiff_t>(i);
      const auto end = std::find_if(begin, filters.end(), [](const OutlineFilter& one) { return one.extension.has_value(); });
      for (const std::string& line : wrapped(joined_names({begin, end}), kTextWidth - indent - 6))
        out.append(indent + 6, ' ').append(paint_(Ink::Faint, line)).append("\n");
      i = static_cast<std::size_t>(end - filters.begin());
      continue;
    }
    const Said& said = plugins_[*filters[i].extension];
    const std::string position = std::to_string(++number);
    out.append(indent + 3 - std::min<std::size_t>(position.size(), 3), ' ').append(position).append(unsure[i] ? "~  " : "   ");
    out.append(said.name).append(width - said.columns + 2, ' ');
    out.append(said.phase).append(phase_width - said.phase.size() + 2, ' ').append(said.priority).append("\n");
    ++i;
  }
}

}  // namespace reports

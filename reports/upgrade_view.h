// An upgrade as the writers of changes tell it.
#pragma once

#include <string>

#include "model/istio/upgrade.h"
#include "reports/chain_changes.h"

namespace reports {

// Names of the two sides: "istio-1.29", "istio-1.30".
ChainChanges upgrade_changes(const model::istio::Upgrade& upgrade, const model::Cluster& cluster,
                             const model::istio::Mesh& mesh, const std::string& from, const std::string& to);

// Lists of filters that differ, those that are alike under one heading; `before` tells phases and priorities.
std::vector<ChangedListing> listings_of(const std::vector<model::istio::ChangedChain>& chains, const model::istio::Mesh& mesh);

// "shop/waf and shop/waf-v2 change places", and the like, each once.
std::vector<std::string> sentences_of(const std::vector<model::istio::ChangedChain>& chains);

}  // namespace reports

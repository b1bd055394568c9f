#include "model/observed_chain.h"

namespace model {

std::string_view to_string(Anchor anchor) {
  switch (anchor) {
    case Anchor::Authn: return "authn";
    case Anchor::Authz: return "authz";
    case Anchor::Stats: return "stats";
    case Anchor::Router: return "router";
  }
  return {};
}

}  // namespace model

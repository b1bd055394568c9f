#include "model/clauses.h"

namespace model {

std::string_view to_string(Level level) {
  switch (level) {
    case Level::Must: return "MUST";
    case Level::Should: return "SHOULD";
    case Level::Info: return "INFO";
  }
  return {};
}

std::string_view to_string(Evidence evidence) {
  switch (evidence) {
    case Evidence::Chain: return "chain";
    case Evidence::Plugin: return "plugin";
    case Evidence::Pull: return "pull";
  }
  return {};
}

}  // namespace model

#include "reports/paint.h"

namespace reports {

std::string Paint::operator()(Ink ink, std::string_view text) const {
  const auto code = [&]() -> std::string_view {
    switch (ink) {
      case Ink::Plain: return "";
      case Ink::Good: return "32";
      case Ink::Bad: return "31";
      case Ink::Doubtful: return "33";
      case Ink::Faint: return "2";
      case Ink::Strong: return "1";
    }
    return "";
  }();
  if (!coloured_ || code.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace reports

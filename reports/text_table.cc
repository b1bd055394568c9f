#include "reports/text_table.h"

#include <algorithm>

#include "reports/plain_text.h"

namespace reports {

void append_table(std::string& out, const std::vector<Row>& rows, const Paint& paint,
                  const std::vector<bool>& to_the_right) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    if (row.size() > widths.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i].text));
  }
  for (const Row& row : rows) {
    std::size_t blanks = 0;  // written only when something follows
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t rest = widths[i] - columns_of(row[i].text);
      const bool right = i < to_the_right.size() && to_the_right[i];
      if (right) blanks += rest;
      if (!row[i].text.empty()) {
        out.append(blanks, ' ');
        out += paint(row[i].ink, row[i].text);
        blanks = 0;
      }
      blanks += (right ? 0 : rest) + 2;
    }
    out += '\n';
  }
}

}  // namespace reports

// Columns of text as kubectl sets them: as wide as their widest cell, two blanks apart.
#pragma once

#include <string>
#include <vector>

#include "reports/paint.h"

namespace reports {

struct Cell {
  std::string text;
  Ink ink = Ink::Plain;
};

using Row = std::vector<Cell>;

// Appends the rows, each ended; the last cell of a row is followed by nothing. Columns named in `to_the_right` (numbers)
// are set flush right.
void append_table(std::string& out, const std::vector<Row>& rows, const Paint& paint,
                  const std::vector<bool>& to_the_right = {});

}  // namespace reports

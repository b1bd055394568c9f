// `plumbline check` and `plumbline run`, for a person: the sum of it first, then each workload that does not plainly
// conform. Where all conform, one line.
#pragma once

#include <cstdint>
#include <string>

#include "reports/paint.h"
#include "reports/report.h"

namespace reports {

enum class Detail : std::uint8_t {
  Brief,    // INFO records are only counted
  Verbose,  // they are told, and so are the chains that were not judged
};

void append_report_text(std::string& out, const Report& report, Detail detail, const Paint& paint);

}  // namespace reports

// The dumps behind the --against of a command line, and whose they are.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/diagnostics.h"
#include "harness/subject.h"
#include "model/cluster.h"

namespace harness {

struct DumpFiles {
  std::vector<Actual> actual;    // in the order of the words; of a directory in byte order of the paths
  std::size_t passed_over = 0;   // files of a directory that are no dump
};

// Each word is a file, a directory (recursive), or NAMESPACE/NAME=FILE. The workload of a dump is the one of its word,
// else its node's, else the one that its file name fits: NAMESPACE.NAME.json or NAME.NAMESPACE.json, if just
// one workload of the cluster does. A named file that is no dump is an Error; one in a directory is passed over.
DumpFiles read_dump_files(const std::vector<std::string>& words, const model::Cluster& cluster,
                          Diagnostics& diagnostics);

}  // namespace harness

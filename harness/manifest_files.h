// Finds the manifest files behind the paths of a command line, and reads them whole.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/diagnostics.h"
#include "harness/source_file.h"

namespace harness {

// The files behind `paths`, each file once, however often and by whatever link it is reached:
//   a file       itself, whatever its name
//   "-"          standard input
//   a directory  its *.yaml, *.yml and *.json, at any depth, in byte order of their paths. Links are followed;
//                a directory that was entered before is not entered again, so that loops end. Directories whose
//                name begins with a dot (.git, .github, the ..data of a mounted ConfigMap) are passed over,
//                unless they are named themselves.
// What cannot be read is an Io diagnostic, a directory without any such file an Error.
std::vector<std::string> find_manifest_files(const std::vector<std::string>& paths,
                                             Diagnostics& diagnostics);

// A file ("-": standard input) and its bytes. Nothing, and a diagnostic, if it cannot be read (Io), or
// holds no text: it is empty, or binary (Error).
std::optional<SourceFile> read_manifest_file(const std::string& path, Diagnostics& diagnostics);

}  // namespace harness

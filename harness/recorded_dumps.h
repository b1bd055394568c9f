// The compact form in which the repository keeps recorded dumps, golden/recorded/CASE.json: one file a case, with what
// every implementation gave each of its proxies, reduced to the normal form and interned. It keeps all that a dump
// says about chains and extensions but where it stood in the dump: the JSON pointers are empty.
//
//   {"apiVersion": "plumbline.dev/v1", "kind": "RecordedDumps", "case": "phase-order",
//    "filters": [...],     distinct filters: a name, or an object where there is more to say
//    "chains": [...],      distinct chains; filters by number
//    "extensions": [...],  distinct extension configurations
//    "nodes": [...],       the proxies of the case
//    "proxies": [...],     distinct views of a proxy: node, chains, extensions by number
//    "runs": [...]}        which implementations gave which views, those that agree together
//
// Classes of filters and plugin names are not kept but made again from the names, so that a change of the
// table of names reaches the recordings.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/config_dump.h"
#include "harness/diagnostics.h"
#include "harness/source_file.h"
#include "model/observed_chain.h"

namespace harness {

struct RecordedDump {
  std::string implementation;  // "istio-1.29.1", "higress-2.0.1"
  std::string variant;         // "" or how else it was taken: "delta" for delta ADS, "istiod" for istiod's view
  model::ObservedProxy proxy;

  bool operator==(const RecordedDump&) const = default;
};

struct RecordedCase {
  std::string name;
  std::vector<RecordedDump> dumps;  // by implementation, variant, then namespace and name of the proxy

  bool operator==(const RecordedCase&) const = default;
};

// What the compact form keeps of a proxy: all but the JSON pointers.
model::ObservedProxy without_pointers(model::ObservedProxy proxy);

std::string to_json(const RecordedCase& recorded);

// The case of a file in compact form; a file that is none adds a diagnostic.
std::optional<RecordedCase> read_recorded_case(const SourceFile& file, Diagnostics& diagnostics);

// A dump among the recordings as they were taken, not yet read.
struct RecordingFile {
  std::string case_name;
  std::string implementation;
  std::string variant;
  std::filesystem::path path;
};

// The dumps of a folder of recordings, sorted by case, implementation, variant and path:
//   IMPLEMENTATION/CASE/NAMESPACE.NAME.json               case CASE
//   live/[faults/]SCENARIO/istio-V/[delta.]envoy[.updateN].config_dump.json
//                                                         case live-[faults-]SCENARIO[-updateN]
//   live/SCENARIO/istio-V/istiod.config_dump.json         the same, variant "istiod", where Envoy took no part
// Left out: implementations that end in "-own", which were given another kind than Istio's WasmPlugin.
std::vector<RecordingFile> find_recordings(const std::filesystem::path& folder);

// Reads a recording, without its pointers. istiod's dump names no proxy: that comes from the istiod.syncz.json beside it.
std::variant<model::ObservedProxy, DumpFailure> read_recording(const RecordingFile& file);

}  // namespace harness

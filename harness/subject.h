// The source of actual chains: whatever is judged, seen through one seam. A subject answers what the proxies of a
// scenario were seen to run; dumps in a folder, recordings, and lambdas in tests are all the same to the runner.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/config_dump.h"
#include "harness/diagnostics.h"
#include "model/observed_chain.h"
#include "model/wasm_plugin.h"

namespace harness {

// What one proxy was seen to run.
struct Actual {
  std::string source;                                     // the file, for a person
  std::optional<model::ObjectName> workload;              // where the subject knows it; else the dump's node says
  std::variant<model::ObservedProxy, DumpFailure> proxy;
};

class Subject {
 public:
  virtual ~Subject() = default;
  // The implementation: "istio-1.29.1".
  virtual const std::string& name() const = 0;
  // The proxies of a scenario, or nothing if the subject has not run it.
  virtual std::optional<std::vector<Actual>> run(const std::string& scenario) = 0;
};

// Dumps as DIR/SCENARIO/NAMESPACE.NAME.json. What cannot be read becomes a diagnostic.
std::unique_ptr<Subject> dump_folder(std::string name, std::string directory,
                                     Diagnostics& diagnostics);

// Every implementation in a folder of recorded cases (recorded_dumps.h), by name.
std::vector<std::unique_ptr<Subject>> recorded_subjects(const std::string& directory,
                                                        Diagnostics& diagnostics);

// Whether a folder holds recorded cases rather than dumps.
bool holds_recorded_cases(const std::string& directory);

}  // namespace harness

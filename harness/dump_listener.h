// The listeners of a dump: from an entry of ListenersConfigDump, or a bare Listener, to observed chains.
// Private to config_dump.cc. Sources: istio-behaviour.md sections 4.2 and 4.3; live.md section 7.
#pragma once

#include <string>
#include <vector>

#include "harness/dump_value.h"
#include "model/observed_chain.h"

namespace harness {

// Collects the listeners of one dump.
class DumpListeners {
 public:
  explicit DumpListeners(model::ObservedProxy& proxy) : proxy_(proxy) {}

  // A Listener; its chains get `state`. Returns its name.
  std::string read_listener(simdjson::ondemand::object object, const DumpPath& at, model::ListenerState state);
  // A DynamicListener: active, warming, draining and error states side by side.
  void read_dynamic(simdjson::ondemand::object object, const DumpPath& at);
  // A StaticListener.
  void read_static(simdjson::ondemand::object object, const DumpPath& at);
  // To be called once, after the last listener. Envoy lists a failed listener twice, the second
  // time without a name: what says the same again is dropped here.
  void drop_repeated_failures();

 private:
  // A failure, with the chains that the refused configuration asked for.
  struct Failure {
    model::ListenerFailure what;
    bool named = false;
    std::size_t first_chain = 0;
    std::size_t end_chain = 0;
  };

  void read_error(DumpValue& value, const DumpPath& at, Failure& failure);

  model::ObservedProxy& proxy_;
  std::vector<Failure> failures_;
};

}  // namespace harness

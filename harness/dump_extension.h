// The extension configurations of a dump (ECDS): what stands behind a plugin's filter name. Private to
// config_dump.cc. Sources: istio-behaviour.md sections 1.9, 2.1 and 4; live.md sections 6 and 7.
#pragma once

#include "harness/dump_value.h"
#include "model/observed_chain.h"

namespace harness {

// An entry of EcdsConfigDump.ecds_filters.
model::ObservedExtension read_ecds_entry(simdjson::ondemand::object object, const DumpPath& at);

// A TypedExtensionConfig, or the Wasm message alone, as istiod prints the HTTP ones.
model::ObservedExtension read_extension(simdjson::ondemand::object object, const DumpPath& at);

// Fills in what follows from the rest: the plugin, network or HTTP, and the configuration in canonical form.
void complete(model::ObservedExtension& extension);

}  // namespace harness

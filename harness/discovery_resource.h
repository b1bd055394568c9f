// An element of istiod's /debug/ecdsz up to 1.24: {"name", "resource": {"type_url", "value"}}, the value a
// protobuf message in base64. Private to config_dump.cc. Field numbers: live.md section 4.
#pragma once

#include "harness/dump_value.h"
#include "model/observed_chain.h"

namespace harness {

model::ObservedExtension read_discovery_resource(simdjson::ondemand::object object, const DumpPath& at);

}  // namespace harness

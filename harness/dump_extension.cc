#include "harness/dump_extension.h"

#include "harness/filter_names.h"
#include "harness/plugin_configuration.h"

namespace harness {
namespace {

using model::ObservedExtension;

void read_code(DumpValue& value, ObservedExtension& extension) {
  each_member(value, "code", [&](std::string_view key, DumpValue& member) {
    if (key == "local") {
      each_member(member, "local", [&](std::string_view inner, DumpValue& of) {
        if (inner == "filename") extension.local_file = string_of(of, "filename");
      });
    } else if (key == "remote") {
      each_member(member, "remote", [&](std::string_view inner, DumpValue& of) {
        if (inner == "sha256") {
          extension.sha256 = string_of(of, "sha256");
        } else if (spells(inner, "http_uri")) {
          each_member(of, "http_uri", [&](std::string_view innermost, DumpValue& uri) {
            if (innermost == "uri") extension.url = string_of(uri, "uri");
          });
        }
      });
    }
  });
}

void read_environment(DumpValue& value, ObservedExtension& extension) {
  each_member(value, "environment_variables", [&](std::string_view key, DumpValue& member) {
    if (spells(key, "host_env_keys")) {
      each_element(member, "host_env_keys", [&](std::size_t, DumpValue& name) {
        extension.host_env.push_back(string_of(name, "a name in host_env_keys"));
      });
    } else if (spells(key, "key_values")) {
      for (auto found : object_of(member, "key_values")) {
        simdjson::ondemand::field pair = std::move(found).take_value();
        const std::string name(pair.unescaped_key().value());
        DumpValue text = pair.value();
        extension.env[name] = string_of(text, "an environment variable");
      }
    }
  });
}

// An Any that holds a StringValue; `{}` where the plugin has no configuration. What somebody else than
// Istio put there may be a Struct, whose value is the configuration itself.
void read_configuration(DumpValue& value, ObservedExtension& extension) {
  each_member(value, "configuration", [&](std::string_view key, DumpValue& member) {
    if (key != "value") return;
    if (member.type() == simdjson::ondemand::json_type::object)
      extension.configuration = std::string(object_of(member, "configuration").raw_json().value());
    else
      extension.configuration = string_of(member, "the value of configuration");
  });
}

void read_plugin_config(DumpValue& value, ObservedExtension& extension) {
  each_member(value, "config", [&](std::string_view key, DumpValue& member) {
    if (key == "name") {
      extension.config_name = string_of(member, "the name of a plugin's configuration");
    } else if (spells(key, "root_id")) {
      extension.root_id = string_of(member, "root_id");
    } else if (key == "configuration") {
      read_configuration(member, extension);
    } else if (spells(key, "fail_open")) {
      if (bool_of(member, "fail_open")) extension.fail = "fail_open";
    } else if (spells(key, "failure_policy")) {
      extension.fail = string_of(member, "failure_policy");
    } else if (spells(key, "vm_config")) {
      each_member(member, "vm_config", [&](std::string_view inner, DumpValue& of) {
        if (inner == "code") read_code(of, extension);
        else if (spells(inner, "environment_variables")) read_environment(of, extension);
      });
    }
  });
}

// What both forms of a resource may hold; the type in front of them says which form it is.
void read_resource(simdjson::ondemand::object object, ObservedExtension& extension) {
  std::string type;
  bool configured = false;
  each_member(object, [&](std::string_view key, DumpValue& member) {
    if (key == "@type") {
      type = string_of(member, "@type");
    } else if (key == "name") {
      extension.name = string_of(member, "the name of an extension configuration");
    } else if (key == "config") {
      read_plugin_config(member, extension);
    } else if (spells(key, "typed_config")) {
      configured = true;
      each_member(member, "typed_config", [&](std::string_view inner, DumpValue& of) {
        if (inner == "@type") extension.type_url = string_of(of, "@type");
        else if (inner == "config") read_plugin_config(of, extension);
      });
    }
  });
  const bool bare = !type.empty() && !type.ends_with(".TypedExtensionConfig");
  if (bare) extension.type_url = type;
  extension.answered = configured || bare;
}

}  // namespace

ObservedExtension read_extension(simdjson::ondemand::object object, const DumpPath& at) {
  ObservedExtension extension;
  read_resource(object, extension);
  complete(extension);
  extension.pointer = at.pointer();
  return extension;
}

ObservedExtension read_ecds_entry(simdjson::ondemand::object object, const DumpPath& at) {
  ObservedExtension extension;
  extension.answered = false;
  extension.pointer = at.pointer();
  ObservedExtension refused;
  each_member(object, [&](std::string_view key, DumpValue& member) {
    if (spells(key, "ecds_filter")) {
      extension.pointer = DumpPath{&at, key}.pointer();
      read_resource(object_of(member, "ecds_filter"), extension);
    } else if (spells(key, "error_state")) {
      each_member(member, "error_state", [&](std::string_view inner, DumpValue& of) {
        if (inner == "details") extension.error = string_of(of, "details");
        else if (spells(inner, "failed_configuration")) read_resource(object_of(of, "failed_configuration"), refused);
      });
    }
  });
  // A resource that was refused before any was accepted is known by what was refused.
  if (extension.name.empty() && extension.config_name.empty()) {
    extension.name = refused.name;
    extension.config_name = refused.config_name;
    extension.type_url = refused.type_url;
  }
  complete(extension);
  return extension;
}

void complete(ObservedExtension& extension) {
  extension.network = extension.type_url.find(".filters.network.") != std::string::npos;
  extension.plugin =
      plugin_of(extension.name.empty() ? extension.config_name : extension.name, true);
  if (!extension.configuration) return;
  const auto canonical = canonical_configuration(*extension.configuration);
  extension.configuration_is_json = canonical.has_value();
  if (canonical) extension.configuration = *canonical;
}

}  // namespace harness

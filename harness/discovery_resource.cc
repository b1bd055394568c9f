#include "harness/discovery_resource.h"

#include <array>
#include <string>
#include <string_view>

#include "harness/dump_extension.h"

namespace harness {
namespace {

using model::ObservedExtension;

constexpr std::string_view kTypedExtensionConfig = ".TypedExtensionConfig";

// The bytes of a text in base64, padded or not; what stands behind the first foreign byte is left out.
std::string from_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) break;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return bytes;
}

// A field of a message in protobuf's wire format.
struct WireField {
  std::uint64_t number = 0;
  std::uint64_t varint = 0;  // of wire type 0
  std::string_view bytes;    // of wire type 2
};

// Takes a message apart, field by field; a message that is cut off or of a foreign wire type ends early.
class WireFields {
 public:
  explicit WireFields(std::string_view message) : rest_(message) {}

  bool next(WireField& field) {
    std::uint64_t tag = 0;
    field = {};
    if (rest_.empty() || !varint(tag)) return false;
    field.number = tag >> 3;
    switch (tag & 7) {
      case 0: return varint(field.varint);
      case 1: return take(8, field.bytes);
      case 2: {
        std::uint64_t length = 0;
        return varint(length) && take(length, field.bytes);
      }
      case 5: return take(4, field.bytes);
      default: return false;
    }
  }

 private:
  bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool take(std::uint64_t length, std::string_view& bytes) {
    if (length > rest_.size()) return false;
    bytes = rest_.substr(0, static_cast<std::size_t>(length));
    rest_.remove_prefix(bytes.size());
    return true;
  }

  std::string_view rest_;
};

// Calls `take(field)` for each field of a message.
template <class Take>
void each_field(std::string_view message, Take take) {
  WireFields fields(message);
  for (WireField field; fields.next(field);) take(field);
}

void read_code(std::string_view message, ObservedExtension& extension) {
  each_field(message, [&](const WireField& source) {  // AsyncDataSource
    each_field(source.bytes, [&](const WireField& field) {
      if (source.number == 1 && field.number == 1) extension.local_file = field.bytes;
      if (source.number == 2 && field.number == 2) extension.sha256 = field.bytes;
      if (source.number != 2 || field.number != 1) return;
      each_field(field.bytes, [&](const WireField& uri) {
        if (uri.number == 1) extension.url = uri.bytes;
      });
    });
  });
}

void read_environment(std::string_view message, ObservedExtension& extension) {
  each_field(message, [&](const WireField& field) {  // EnvironmentVariables
    if (field.number == 1) extension.host_env.emplace_back(field.bytes);
    if (field.number != 2) return;
    std::string name;
    std::string value;
    each_field(field.bytes, [&](const WireField& part) {
      if (part.number == 1) name = part.bytes;
      if (part.number == 2) value = part.bytes;
    });
    extension.env[name] = value;
  });
}

void read_plugin_config(std::string_view message, ObservedExtension& extension) {
  constexpr std::array<std::string_view, 4> kFailurePolicies{"", "FAIL_RELOAD", "FAIL_CLOSED", "FAIL_OPEN"};
  each_field(message, [&](const WireField& field) {
    switch (field.number) {
      case 1: extension.config_name = field.bytes; break;
      case 2: extension.root_id = field.bytes; break;
      case 3:  // VmConfig
        each_field(field.bytes, [&](const WireField& of) {
          if (of.number == 3) read_code(of.bytes, extension);
          if (of.number == 7) read_environment(of.bytes, extension);
        });
        break;
      case 4:  // an Any, which holds a StringValue
        each_field(field.bytes, [&](const WireField& any) {
          if (any.number != 2) return;
          each_field(any.bytes, [&](const WireField& text) {
            if (text.number == 1) extension.configuration = std::string(text.bytes);
          });
        });
        break;
      case 5:
        if (field.varint != 0) extension.fail = "fail_open";
        break;
      case 7:
        if (field.varint < kFailurePolicies.size()) extension.fail = kFailurePolicies[field.varint];
        break;
      default: break;
    }
  });
}

void read_wasm(std::string_view message, ObservedExtension& extension) {
  each_field(message, [&](const WireField& field) {
    if (field.number == 1) read_plugin_config(field.bytes, extension);
  });
}

void read_typed_extension(std::string_view message, ObservedExtension& extension) {
  std::string_view value;
  each_field(message, [&](const WireField& field) {
    if (field.number == 1) extension.name = field.bytes;
    if (field.number != 2) return;
    each_field(field.bytes, [&](const WireField& any) {
      if (any.number == 1) extension.type_url = any.bytes;
      if (any.number == 2) value = any.bytes;
    });
  });
  if (extension.type_url.ends_with(".Wasm")) read_wasm(value, extension);
}

}  // namespace

ObservedExtension read_discovery_resource(simdjson::ondemand::object object, const DumpPath& at) {
  ObservedExtension extension;
  std::string value;
  each_member(object, [&](std::string_view key, DumpValue& member) {
    if (key == "name") {
      extension.name = string_of(member, "the name of a resource");
    } else if (key == "resource") {
      each_member(member, "resource", [&](std::string_view inner, DumpValue& of) {
        if (spells(inner, "type_url") || inner == "@type") extension.type_url = string_of(of, "type_url");
        else if (inner == "value") value = from_base64(string_of(of, "value"));
      });
    }
  });
  if (extension.type_url.ends_with(kTypedExtensionConfig)) {
    extension.type_url.clear();
    read_typed_extension(value, extension);
  } else if (extension.type_url.ends_with(".Wasm")) {
    read_wasm(value, extension);
  }
  extension.pointer = at.pointer();
  complete(extension);
  return extension;
}

}  // namespace harness

// Whether a text is a public key: all that verificationKey needs of cryptography (KEY-1).
#pragma once

#include <string_view>

namespace harness {

// True for one public key in PEM, blanks around it allowed: "PUBLIC KEY" (SubjectPublicKeyInfo, RFC
// 7468 section 13) or "RSA PUBLIC KEY" (PKCS#1, RFC 8017 appendix A.1.1). False for anything else:
// private keys, certificates, several blocks, other text, a truncated block. Asks for no password.
bool is_public_key(std::string_view pem);

}  // namespace harness

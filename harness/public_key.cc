#include "harness/public_key.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>

namespace harness {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";
constexpr std::size_t kLongestPem = 1 << 20;  // a key of 16,384 bits takes 3 kB

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(char* text) const { OPENSSL_free(text); }
  void operator()(unsigned char* data) const { OPENSSL_free(data); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Whether the DER bytes are a key of that kind, and nothing follows it.
bool is_key(std::string_view kind, const unsigned char* der, long size) {
  const unsigned char* at = der;
  Owned<EVP_PKEY> key;
  if (kind == PEM_STRING_PUBLIC) key.reset(d2i_PUBKEY(nullptr, &at, size));
  if (kind == PEM_STRING_RSA_PUBLIC)
    key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size));
  return key && at == der + size;
}

}  // namespace

bool is_public_key(std::string_view pem) {
  const std::string_view text = trimmed(pem);
  // OpenSSL skips text before a block; the API asks for a key, not for a text with a key in it.
  if (text.size() > kLongestPem || !text.starts_with("-----BEGIN ")) return false;

  // PEM_read_bio decodes one block and looks no further; the readers of keys would go on to decrypt
  // a block that says it is encrypted, and ask the terminal for its password.
  const Owned<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!bio) return false;
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* der = nullptr;
  long size = 0;
  const bool read = PEM_read_bio(bio.get(), &name, &header, &der, &size) == 1;
  const Owned<char> name_owner(name);
  const Owned<char> header_owner(header);
  const Owned<unsigned char> der_owner(der);
  const bool alone = BIO_pending(bio.get()) == 0;
  const bool found = read && alone && *header == '\0' && is_key(name, der, size);
  ERR_clear_error();
  return found;
}

}  // namespace harness

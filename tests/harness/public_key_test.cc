#include "harness/public_key.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>

using harness::is_public_key;

namespace {

// Keys are made as the test runs: a private key has no place in a repository, not even a test's.
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

Key rsa() { return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024})); }
Key ec() { return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }
Key ed25519() { return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

template <class Write>
std::string written(Write write) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
  REQUIRE(write(bio.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string public_pem(const Key& key) {
  return written([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.get()); });
}

std::string private_pem(const Key& key) {
  return written([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string encrypted_pem(const Key& key) {
  unsigned char password[] = "x";
  return written([&](BIO* bio) {
    return PEM_write_bio_PrivateKey_traditional(bio, key.get(), EVP_aes_128_cbc(), password, 1,
                                                nullptr, nullptr);
  });
}

std::string pkcs1_public_pem(const Key& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PublicKey(key.get(), &der);
  REQUIRE(size > 0);
  const std::string text = written([&](BIO* bio) {
    return PEM_write_bio(bio, PEM_STRING_RSA_PUBLIC, "", der, size) > 0 ? 1 : 0;
  });
  OPENSSL_free(der);
  return text;
}

std::string certificate_pem(const Key& key) {
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
  REQUIRE(X509_set_pubkey(certificate.get(), key.get()) == 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  return written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("a public key in PEM is a public key, whatever its algorithm", "[KEY-1]") {
  CHECK(is_public_key(public_pem(rsa())));
  CHECK(is_public_key(public_pem(ec())));
  CHECK(is_public_key(public_pem(ed25519())));
  CHECK(is_public_key(pkcs1_public_pem(rsa())));
}

TEST_CASE("blanks around a public key and the ends of its lines do not matter", "[KEY-1]") {
  const std::string pem = public_pem(ec());
  CHECK(is_public_key("\n  \t" + pem + "\n\n  "));
  CHECK(is_public_key(replaced(pem, "\n", "\r\n")));
  CHECK(is_public_key(pem.substr(0, pem.size() - 1)));  // as YAML's '|-' leaves it
}

TEST_CASE("anything but one public key is none", "[KEY-1]") {
  const Key key = ec();
  const std::string pem = public_pem(key);
  CHECK_FALSE(is_public_key(""));
  CHECK_FALSE(is_public_key("  \n"));
  CHECK_FALSE(is_public_key("a key"));
  CHECK_FALSE(is_public_key("cosign.pub"));
  CHECK_FALSE(is_public_key("-----BEGIN PUBLIC KEY-----"));
  CHECK_FALSE(is_public_key("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"));
  CHECK_FALSE(is_public_key("-----BEGIN PUBLIC KEY-----\n????\n-----END PUBLIC KEY-----\n"));
  CHECK_FALSE(is_public_key("-----BEGIN PUBLIC KEY-----\naGVsbG8=\n-----END PUBLIC KEY-----\n"));
  CHECK_FALSE(is_public_key(private_pem(key)));
  CHECK_FALSE(is_public_key(private_pem(rsa())));
  CHECK_FALSE(is_public_key(encrypted_pem(key)));  // and no password is asked for
  CHECK_FALSE(is_public_key(certificate_pem(key)));
  CHECK_FALSE(is_public_key(pem + pem));
  CHECK_FALSE(is_public_key(pem + private_pem(key)));
  CHECK_FALSE(is_public_key("my key:\n" + pem));
  CHECK_FALSE(is_public_key(pem + "that was my key"));
  CHECK_FALSE(is_public_key(replaced(pem, "\n", " ")));  // as YAML's '>' folds it
  CHECK_FALSE(is_public_key(replaced(pem, "PUBLIC KEY", "CERTIFICATE")));
  CHECK_FALSE(is_public_key(replaced(pem, "PUBLIC KEY", "RSA PUBLIC KEY")));
  CHECK_FALSE(is_public_key(replaced(public_pem(rsa()), "PUBLIC KEY", "RSA PUBLIC KEY")));
  CHECK_FALSE(is_public_key(std::string(2 << 20, 'A')));
  CHECK_FALSE(is_public_key(pem.substr(0, 30) + '\0' + pem.substr(30)));
}

TEST_CASE("a public key cut anywhere before its end is none", "[KEY-1]") {
  const std::string pem = public_pem(ec());
  const std::size_t end = pem.size() - 1;  // of the last dash; the line end may be missing
  for (std::size_t size = 0; size < end; ++size) {
    CAPTURE(size);
    CHECK_FALSE(is_public_key(pem.substr(0, size)));
  }
}

TEST_CASE("a public key with one byte more in its block is none", "[KEY-1]") {
  const Key key = ec();
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  REQUIRE(size > 0);
  std::string longer(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  longer += '\0';
  const std::string text = written([&](BIO* bio) {
    return PEM_write_bio(bio, PEM_STRING_PUBLIC, "",
                         reinterpret_cast<const unsigned char*>(longer.data()),
                         static_cast<long>(longer.size())) > 0
               ? 1
               : 0;
  });
  CHECK_FALSE(is_public_key(text));
}

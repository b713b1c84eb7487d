#include <openssl/pem.h>

#include "egress/base/error.hpp"
#include "egress/base/x509.hpp"

namespace egress::x509 {
namespace {

void require(bool succeeded) {
  if (!succeeded) throw Error("OpenSSL cannot make the certificate: " + ErrorQueue::reason());
}

/// Positive, as RFC 5280, 4.1.2.2 wants it, and not to be guessed.
void set_random_serial(X509& certificate) {
  const UniquePtr<BIGNUM> serial(BN_new());
  require(serial && BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
          BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(&certificate)) != nullptr);
}

}  // namespace

CertificateAndKey create_certificate(std::chrono::sys_seconds not_before,
                                     std::chrono::sys_seconds not_after) {
  CertificateAndKey result{UniquePtr<X509>(X509_new()), UniquePtr<EVP_PKEY>(EVP_EC_gen("P-256"))};
  require(result.certificate && result.key);
  X509& certificate = *result.certificate;
  require(X509_set_version(&certificate, X509_VERSION_3) == 1 &&
          ASN1_TIME_set(X509_getm_notBefore(&certificate), not_before.time_since_epoch().count()) !=
              nullptr &&
          ASN1_TIME_set(X509_getm_notAfter(&certificate), not_after.time_since_epoch().count()) != nullptr &&
          X509_set_pubkey(&certificate, result.key.get()) == 1);
  set_random_serial(certificate);
  return result;
}

void add_subject_name(X509& certificate, int nid, const std::string& value) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
  require(X509_NAME_add_entry_by_NID(X509_get_subject_name(&certificate), nid, MBSTRING_ASC, bytes,
                                     static_cast<int>(value.size()), -1, 0) == 1);
}

void add_extension(X509& certificate, X509& issuer, int nid, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const UniquePtr<X509_EXTENSION> extension(X509V3_EXT_nconf_nid(nullptr, &context, nid, value.c_str()));
  require(extension && X509_add_ext(&certificate, extension.get(), -1) == 1);
}

void sign(X509& certificate, const CertificateAndKey& issuer) {
  require(X509_set_issuer_name(&certificate, X509_get_subject_name(issuer.certificate.get())) == 1 &&
          X509_sign(&certificate, issuer.key.get(), EVP_sha256()) > 0);
}

std::string to_pem(X509& certificate) {
  const UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  require(bio && PEM_write_bio_X509(bio.get(), &certificate) == 1);
  return bio_content(*bio);
}

std::string to_pem(const EVP_PKEY& key) {
  const UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  require(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return bio_content(*bio);
}

}  // namespace egress::x509

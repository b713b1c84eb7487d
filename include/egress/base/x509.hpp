#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace egress::x509 {

/// Frees each of OpenSSL's objects with its own function.
struct Deleter {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BIO* stream) const { BIO_free_all(stream); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(NAME_CONSTRAINTS* constraints) const { NAME_CONSTRAINTS_free(constraints); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};

/// One of OpenSSL's objects, freed when its owner goes.
template <typename T>
using UniquePtr = std::unique_ptr<T, Deleter>;

/// This thread's queue of OpenSSL errors. It is cleared at the beginning and at the end, so that errors of
/// different callers (libcurl) are not mixed up.
class ErrorQueue {
 public:
  ErrorQueue();
  ~ErrorQueue();
  ErrorQueue(const ErrorQueue&) = delete;
  ErrorQueue& operator=(const ErrorQueue&) = delete;

  /// The last error in OpenSSL's words, such as "bad base64 decode"; never a piece of the data.
  static std::string reason();
};

/// The first `max_count` certificates of a PEM text, in its order. Throws Error if there is none, if one is
/// invalid, or if the text is larger than 1 MiB.
std::vector<UniquePtr<X509>> read_certificates(std::string_view pem, std::size_t max_count);

/// The first private key of a PEM text; null where there is none that can be read without a passphrase.
UniquePtr<EVP_PKEY> read_key(std::string_view pem);

/// Throws Error where it is no time.
std::chrono::sys_seconds to_time(const ASN1_TIME& time);

/// What was written into a stream that is in memory.
std::string bio_content(BIO& stream);

/// A certificate and the private key that belongs to it.
struct CertificateAndKey {
  UniquePtr<X509> certificate;
  UniquePtr<EVP_PKEY> key;
};

/// A new ECDSA P-256 key, and for it a certificate of version 3 with a random serial number, which still
/// lacks its names, its extensions and its signature. This and what follows throws Error where OpenSSL
/// cannot.
CertificateAndKey create_certificate(std::chrono::sys_seconds not_before, std::chrono::sys_seconds not_after);

/// Adds to the subject, behind what it has. The value is ASCII.
void add_subject_name(X509& certificate, int nid, const std::string& value);

/// Adds an extension in the notation of OpenSSL's x509v3_config, such as "critical,CA:TRUE". The value is not
/// escaped: nothing that was not checked may stand in it.
void add_extension(X509& certificate, X509& issuer, int nid, const std::string& value);

/// Names the issuer and signs with its key. Comes last: what is changed afterwards breaks the signature.
void sign(X509& certificate, const CertificateAndKey& issuer);

/// One "CERTIFICATE" block.
std::string to_pem(X509& certificate);

/// PKCS#8, not encrypted.
std::string to_pem(const EVP_PKEY& key);

}  // namespace egress::x509

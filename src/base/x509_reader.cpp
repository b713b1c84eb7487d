#include "egress/base/x509.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>
#include <new>

#include "egress/base/error.hpp"

namespace egress::x509 {
namespace {

constexpr std::size_t max_size = 1U << 20U;

/// Stands where OpenSSL's own callback would ask on the terminal.
int refuse_passphrase(char*, int, int, void*) {
  return -1;
}

UniquePtr<BIO> memory_bio(std::string_view text) {
  UniquePtr<BIO> stream(BIO_new_mem_buf(text.empty() ? "" : text.data(), static_cast<int>(text.size())));
  if (!stream) throw std::bad_alloc();
  return stream;
}

bool is_at_end() {
  const unsigned long code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

}  // namespace

ErrorQueue::ErrorQueue() {
  ERR_clear_error();
}

ErrorQueue::~ErrorQueue() {
  ERR_clear_error();
}

std::string ErrorQueue::reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "unknown error" : reason;
}

std::vector<UniquePtr<X509>> read_certificates(std::string_view pem, std::size_t max_count) {
  if (pem.size() > max_size) throw Error("the certificates cannot be read: they are larger than 1 MiB");
  const ErrorQueue errors;
  const auto stream = memory_bio(pem);
  std::vector<UniquePtr<X509>> certificates;
  while (certificates.size() < max_count) {
    UniquePtr<X509> next(PEM_read_bio_X509(stream.get(), nullptr, refuse_passphrase, nullptr));
    if (!next && is_at_end()) break;
    const std::string name = "certificate " + std::to_string(certificates.size() + 1);
    if (!next) throw Error(name + " of the PEM text cannot be read: " + ErrorQueue::reason());
    if ((X509_get_extension_flags(next.get()) & EXFLAG_INVALID) != 0)
      throw Error(name + " of the PEM text has an extension that cannot be read");
    certificates.push_back(std::move(next));
  }
  if (certificates.empty())
    throw Error("the text holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
  return certificates;
}

UniquePtr<EVP_PKEY> read_key(std::string_view pem) {
  if (pem.size() > max_size) return nullptr;
  const ErrorQueue errors;
  return UniquePtr<EVP_PKEY>(
      PEM_read_bio_PrivateKey(memory_bio(pem).get(), nullptr, refuse_passphrase, nullptr));
}

std::chrono::sys_seconds to_time(const ASN1_TIME& time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(&time, &parts) != 1) throw Error("the certificate's validity is not a time");
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

std::string bio_content(BIO& stream) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(&stream, &bytes);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace egress::x509

#include <openssl/pem.h>

#include <memory>
#include <new>
#include <string>

#include "egress/base/certificate.hpp"
#include "egress/base/error.hpp"
#include "egress/base/x509.hpp"

namespace egress {
namespace {

/// One block of a PEM text as OpenSSL gives it.
class PemBlock {
 public:
  PemBlock() = default;
  ~PemBlock() {
    OPENSSL_free(name_);
    OPENSSL_free(header_);
    OPENSSL_free(data_);
  }
  PemBlock(const PemBlock&) = delete;
  PemBlock& operator=(const PemBlock&) = delete;

  bool read(BIO& stream) { return PEM_read_bio(&stream, &name_, &header_, &data_, &size_) == 1; }

  bool is_certificate() const { return std::string_view(name_) == "CERTIFICATE" && *header_ == '\0'; }

  x509::UniquePtr<X509> certificate() const {
    const unsigned char* end = data_;
    x509::UniquePtr<X509> result(d2i_X509(nullptr, &end, size_));
    return end == data_ + size_ ? std::move(result) : nullptr;
  }

 private:
  char* name_ = nullptr;
  char* header_ = nullptr;
  unsigned char* data_ = nullptr;
  long size_ = 0;
};

}  // namespace

std::string valid_root_certificates(std::string_view pem) {
  const x509::ErrorQueue errors;
  const x509::UniquePtr<BIO> stream(
      BIO_new_mem_buf(pem.empty() ? "" : pem.data(), static_cast<int>(pem.size())));
  if (!stream) throw std::bad_alloc();
  std::string roots;
  bool has_block = false;
  // A block that cannot be read is passed over with its lines: every turn takes some.
  while (!BIO_eof(stream.get())) {
    PemBlock block;
    if (!block.read(*stream)) continue;
    has_block = true;
    if (!block.is_certificate()) continue;
    if (const auto certificate = block.certificate()) roots += x509::to_pem(*certificate);
  }
  if (roots.empty())
    throw Error(
        std::string("unable to load root certificates: ") +
            (has_block ? "no valid certificate authority data seen" : "unable to parse bytes as PEM block"),
        "Look at certificate-authority of the cluster in the kubeconfig.");
  return roots;
}

}  // namespace egress

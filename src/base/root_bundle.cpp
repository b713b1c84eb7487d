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
class Block {
 public:
  Block() = default;
  ~Block() {
    OPENSSL_free(name_);
    OPENSSL_free(header_);
    OPENSSL_free(data_);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  bool read(BIO& stream) { return PEM_read_bio(&stream, &name_, &header_, &data_, &size_) == 1; }

  bool is_certificate() const { return std::string_view(name_) == "CERTIFICATE" && *header_ == '\0'; }

  x509::Owned<X509> certificate() const {
    const unsigned char* at = data_;
    x509::Owned<X509> read(d2i_X509(nullptr, &at, size_));
    return at == data_ + size_ ? std::move(read) : nullptr;
  }

 private:
  char* name_ = nullptr;
  char* header_ = nullptr;
  unsigned char* data_ = nullptr;
  long size_ = 0;
};

}  // namespace

std::string usable_roots(std::string_view pem) {
  const x509::ErrorQueue errors;
  const x509::Owned<BIO> stream(BIO_new_mem_buf(pem.empty() ? "" : pem.data(), static_cast<int>(pem.size())));
  if (!stream) throw std::bad_alloc();
  std::string roots;
  bool any_block = false;
  // A block that cannot be read is passed over with its lines: every turn takes some.
  while (!BIO_eof(stream.get())) {
    Block block;
    if (!block.read(*stream)) continue;
    any_block = true;
    if (!block.is_certificate()) continue;
    if (const auto certificate = block.certificate()) roots += x509::pem(*certificate);
  }
  if (roots.empty())
    throw Error(
        std::string("unable to load root certificates: ") +
            (any_block ? "no valid certificate authority data seen" : "unable to parse bytes as PEM block"),
        "Look at certificate-authority of the cluster in the kubeconfig.");
  return roots;
}

}  // namespace egress

#pragma once

#include <string>

#include "egress/base/host_match.hpp"

namespace egress {

/// Verifies the certificates of servers where libcurl connects with OpenSSL, and says in the words of Go's
/// crypto/x509, which kubectl's users know, why one is not trusted. As Go does and libcurl does not, it
/// refuses a certificate that says whose it is by its common name alone.
class PeerCheck {
 public:
  /// With a host (a name, or an IP address without brackets) every certificate must be for that one
  /// (base/host_match.hpp), and libcurl need not look. Without one, that is left to libcurl.
  explicit PeerCheck(std::string host = {}) : host_(std::move(host)) {}

  /// True where a certificate that it lets pass is for the host that is wanted.
  bool verifies_host() const { return !host_.empty(); }

  /// Takes its place in the SSL_CTX of a connection that is about to be made, which it must outlive.
  void attach(void* ssl_ctx);

  /// What is wrong with the certificate that was seen last, for a server of that host; untrusted text. Empty
  /// where no certificate was seen.
  std::string verification_error(const std::string& host) const;

 private:
  friend struct PeerCheckAccess;

  /// What a certificate says, and what becomes of it.
  struct Peer {
    std::string chain_error{};  ///< why there is no way from the certificate to a root
    bool has_only_common_name = false;
    CertificateNames names{};
  };

  std::string host_;
  bool has_peer_ = false;
  Peer peer_{};
};

}  // namespace egress

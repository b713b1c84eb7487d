#pragma once

#include <string>
#include <vector>

namespace egress {

/// Verifies the certificates of servers where libcurl connects with OpenSSL, and says in the words of Go's
/// crypto/x509, which kubectl's users know, why one is not trusted. It also refuses, as Go does and libcurl
/// does not, a certificate that says whose it is by its common name alone.
class PeerCheck {
 public:
  /// Takes its place in the SSL_CTX of a connection that is about to be made, which it must outlive.
  void attach(void* ssl_ctx);

  /// What is wrong with the certificate that was seen last, for a server of that host (a name, or an IP
  /// address without brackets); untrusted text. Empty where no certificate was seen.
  std::string complaint(const std::string& host) const;

 private:
  friend struct PeerCheckAccess;

  bool seen_ = false;
  std::string chain_fault_;  ///< why there is no way from the certificate to a root
  bool common_name_only_ = false;
  std::vector<std::string> dns_names_;
  std::vector<std::string> addresses_;
};

}  // namespace egress

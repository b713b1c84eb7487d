#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "egress/kube/authenticator.hpp"

namespace egress::kube {

/// A client certificate and its key in files that somebody else renews: looked at again at most once a second
/// (client-go, transport/cert_rotation.go). A pair that does not fit, as in the midst of a renewal, leaves
/// the last one.
class CertificateFiles : public Authenticator {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// `certificate` and `key` are what was read from the files just now.
  CertificateFiles(std::string certificate_path, std::string key_path, std::string certificate,
                   std::string key, Clock now = std::chrono::steady_clock::now);

  void authenticate(Credentials& credentials) override;
  bool renew() override;

 private:
  bool reload();

  std::string certificate_path_;
  std::string key_path_;
  std::string certificate_;
  std::string key_;
  Clock now_;
  std::chrono::steady_clock::time_point read_at_;
};

/// Throws Error in Go's words (crypto/tls, X509KeyPair) where the PEM texts are no certificate and no key, or
/// do not belong together.
void check_key_pair(const std::string& certificate, const std::string& key);

}  // namespace egress::kube

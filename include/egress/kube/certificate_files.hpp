#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "egress/kube/authenticator.hpp"

namespace egress::kube {

/// A client certificate and its key in files that may be rotated. They are read at most once a second
/// (client-go, transport/cert_rotation.go). A pair that does not match, as during a rotation, is ignored.
class CertificateFiles : public Authenticator {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// `certificate` and `key` are the current contents of the files.
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

/// Throws Error in Go's words (crypto/tls, X509KeyPair) if the PEM texts are not a certificate and its key.
void check_key_pair(const std::string& certificate, const std::string& key);

}  // namespace egress::kube

#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "egress/kube/authenticator.hpp"

namespace egress::kube {

/// A bearer token from a file that somebody else renews, as the kubelet does a ServiceAccount's: read again
/// every 50 seconds (client-go, transport/token_source.go: a period of one minute less ten seconds), and at
/// once where the server does not take it. What cannot be read again leaves the last one.
class TokenFile : public Authenticator {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// Reads it. `fallback_token` is the token where the file cannot be read. Throws Error where it cannot and
  /// there is no other, without what is in it.
  explicit TokenFile(std::string path, const std::string& fallback_token = {},
                     Clock now = std::chrono::steady_clock::now);

  void authenticate(Credentials& credentials) override;
  bool renew() override;

 private:
  bool reload();

  std::string path_;
  Clock now_;
  std::string token_;
  std::chrono::steady_clock::time_point read_at_;
};

/// "Authorization: Bearer …". Throws Error, without the token, where it has a character that no header may
/// have.
std::string bearer_header(const std::string& token);

}  // namespace egress::kube

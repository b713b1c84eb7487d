#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "egress/kube/authenticator.hpp"

namespace egress::kube {

/// A bearer token in a file that may be rotated, as the kubelet does for a ServiceAccount. The file is
/// reloaded every 50 seconds (client-go, transport/token_source.go: one minute minus ten seconds), and
/// immediately if the server rejects the token. If the file cannot be read, the last token stays in use.
class TokenFile : public Authenticator {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// Reads the file, or uses `fallback_token` if the file cannot be read. Throws Error, without the content
  /// of the file, if there is no fallback.
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

/// Returns "Authorization: Bearer …". Throws Error, without the token, if it has a character that a header
/// must not have.
std::string bearer_header(const std::string& token);

}  // namespace egress::kube

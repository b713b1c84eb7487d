#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace egress::kube {

/// What a credential plugin gave: a token, a client certificate with its key (PEM), or both.
struct ExecCredential {
  std::string token;
  std::string client_certificate;
  std::string client_key;
  std::optional<std::chrono::sys_seconds> expires;  ///< without one it is good for as long as this process
};

/// Reads the ExecCredential object, JSON or YAML, that a plugin wrote (client.authentication.k8s.io, v1 and
/// v1beta1). Throws Error, which never holds a piece of the text, where it is none of that version or has
/// nothing to log in with.
ExecCredential read_exec_credential(std::string_view text, const std::string& api_version);

}  // namespace egress::kube

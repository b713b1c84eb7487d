#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace egress::kube {

/// The credentials that a plugin returned: a token, a client certificate with its key (PEM), or both.
struct ExecCredential {
  std::string token;
  std::string client_certificate;
  std::string client_key;
  std::optional<std::chrono::sys_seconds> expires;  ///< empty: valid until the process ends
};

/// Parses the ExecCredential object, JSON or YAML, that a plugin printed (client.authentication.k8s.io, v1
/// and v1beta1). Throws Error, without any of the text, if it is not an ExecCredential of that version or has
/// no credentials.
ExecCredential read_exec_credential(std::string_view text, const std::string& api_version);

}  // namespace egress::kube

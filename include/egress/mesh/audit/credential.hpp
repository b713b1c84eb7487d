#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "egress/mesh/audit_snapshot.hpp"

namespace egress::mesh {

/// A Secret that a gateway refers to, and its expected content.
struct Credential {
  Reference secret;
  std::string role;                ///< "certificate for the exposed hosts"
  bool needs_key_pair = false;     ///< it must have a certificate and its key
  bool needs_ca = false;           ///< it must have CA certificates, itself or in its CA Secret
  std::vector<std::string> hosts;  ///< hosts that the certificate must cover
  bool is_generated = false;       ///< this tool creates it

  /// The Secret NAME-cacert, from which Istio also reads the CA; the Secret itself if there is no other.
  Reference ca_secret() const;
};

/// The credentials of a gateway.
std::vector<Credential> credentials(const Egress& egress);

/// A problem of a credential: its code, and the end of a sentence about the Secret. It contains no secret
/// data.
struct CredentialProblem {
  bool is_warning = false;
  std::string code;
  std::string message;
};

/// Checks the keys and certificates of a Secret, together with its CA Secret (null if there is none), at that
/// time.
std::vector<CredentialProblem> credential_problems(const Credential& credential, const Json& secret,
                                                   const Json* ca_secret, std::chrono::sys_seconds now);

}  // namespace egress::mesh

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "egress/mesh/surroundings.hpp"

namespace egress::mesh {

/// A Secret that a gateway names, and what it is to hold.
struct Credential {
  Reference secret;
  std::string role;                ///< "certificate for the exposed hosts"
  bool pair = false;               ///< a certificate and its key
  bool authority = false;          ///< CA certificates, here or in the Secret beside it
  std::vector<std::string> hosts;  ///< that the certificate must be good for
  bool made = false;               ///< by this tool

  /// Where the CA may stand instead; itself where that is the only place.
  Reference beside() const;
};

/// Those of a gateway.
std::vector<Credential> credentials(const Egress& egress);

/// What is wrong with one that was looked at: a word for it, and the end of a sentence about the Secret.
/// Holds nothing of what is secret in it.
struct CredentialFault {
  bool only_soon = false;
  std::string code;
  std::string why;
};

/// Keys and certificates of the Secret, with the one beside it (null where there is none), at that time.
std::vector<CredentialFault> faults_of(const Credential& credential, const Json& secret, const Json* beside,
                                       std::chrono::sys_seconds now);

}  // namespace egress::mesh

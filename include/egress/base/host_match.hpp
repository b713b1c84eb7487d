#pragma once

#include <string>
#include <vector>

namespace egress {

/// Whom a certificate is for, as its subjectAltName says.
struct CertificateNames {
  std::vector<std::string> dns;
  std::vector<std::string> addresses;  ///< without brackets; an empty text is one that is none
};

/// True if the names contain a host (a name, or an address without brackets) by the rules of Go's crypto/x509
/// (verify.go, VerifyHostname): an address must equal one of the addresses; `*` matches exactly the first
/// label of a name, also before a single label, which libcurl rejects; a name may end with a dot; a name that
/// is invalid in Go must be equal.
bool matches_host(const CertificateNames& names, const std::string& host);

}  // namespace egress

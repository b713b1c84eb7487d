#pragma once

#include <string>
#include <vector>

namespace egress {

/// Whom a certificate is for, as its subjectAltName says.
struct CertificateNames {
  std::vector<std::string> dns;
  std::vector<std::string> addresses;  ///< without brackets; an empty text is one that is none
};

/// True where a host (a name, or an address without brackets) is among them, by the rules of Go's crypto/x509
/// (verify.go, VerifyHostname): an address is equal to one of theirs; `*` stands for exactly the first label
/// of a name, also where but one label is behind it, which libcurl does not take; a name may end with a dot;
/// what is no name by Go's rules must be equal as it stands.
bool matches_host(const CertificateNames& names, const std::string& host);

}  // namespace egress

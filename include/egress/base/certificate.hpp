#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace egress {

/// What a certificate says, as far as somebody who uses it must know. Its texts are untrusted.
struct Certificate {
  std::string subject;                    ///< on one line, as RFC 2253 writes it: "CN=httpbin.org,O=Example"
  std::vector<std::string> dns_names;     ///< the DNS entries of subjectAltName
  std::chrono::sys_seconds not_before{};  ///< the first second at which it is valid
  std::chrono::sys_seconds not_after{};   ///< the last one
  bool is_ca = false;                     ///< by its basicConstraints
};

/// Every certificate of a PEM text, in its order: the server's own stands first, where it has a chain. Other
/// PEM blocks and text between them are skipped. Throws Error where there is no certificate, a broken one, or
/// more than 1 MiB or 1000 of them.
std::vector<Certificate> read_certificates(std::string_view pem);

/// True where the PEM text's first certificate is good for that DNS name: by its subjectAltName alone, as Go
/// and Envoy decide, never by its common name. A wildcard is a whole first label and stands for one label
/// (RFC 6125, 6.4.3). A wildcard host is covered by the same wildcard. Throws as read_certificates does.
bool covers_host(std::string_view certificate_pem, std::string_view host);

/// True where the private key (PEM: PKCS#1, PKCS#8 or SEC1) belongs to the first certificate; false too where
/// the key cannot be read or is encrypted: nobody is asked for a passphrase. Throws as read_certificates
/// does, for the certificate only.
bool key_matches(std::string_view certificate_pem, std::string_view key_pem);

}  // namespace egress

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

/// The certificates of a bundle of roots, in PEM, as Go's x509.CertPool reads it: other blocks, blocks with
/// headers, broken certificates and text between them are left out. Throws Error, in client-go's words
/// (transport/transport.go), where none is left: roots that hold nobody trust nobody.
std::string valid_root_certificates(std::string_view pem);

/// A CA and the server certificate that it signed, all in PEM. The keys (PKCS#8) are secrets.
struct SelfSignedCertificate {
  std::string ca_certificate;
  std::string ca_key;
  std::string certificate;
  std::string key;
};

/// What a server certificate is to be good for.
struct CertificateRequest {
  std::vector<std::string> hosts;  ///< lower-case DNS names, also "*.example.com"; the first is the subject
  std::chrono::sys_seconds now{};
  std::chrono::days valid{365};  ///< from now on, at most 3650: the CA's own life
};

/// Creates a CA and a server certificate for the hosts, with new ECDSA P-256 keys. Both are valid from five
/// minutes before `now`, for clocks that are behind. Critical nameConstraints (RFC 5280, 4.2.1.10) limit the
/// CA to these hosts and their subdomains, to no IP address, and to servers, so that trusting it has no other
/// effect. Throws Error if a host is not a DNS name, if there are no hosts or more than 100, or if `valid` is
/// out of range.
SelfSignedCertificate create_self_signed_certificate(const CertificateRequest& request);

/// Makes a new server key and certificate from the old CA, which stays as it is: who trusts it need do
/// nothing. Throws as create_self_signed_certificate does, and where the CA cannot be read, is not valid now
/// or until the new certificate's end, may not sign for one of the hosts, or where its key is not its own.
SelfSignedCertificate renew_self_signed_certificate(const SelfSignedCertificate& old,
                                                    const CertificateRequest& request);

}  // namespace egress

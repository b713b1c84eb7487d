#include "egress/base/peer_check.hpp"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>

#include "egress/base/address.hpp"
#include "egress/base/text.hpp"
#include "egress/base/x509.hpp"

namespace egress {
namespace {

constexpr std::size_t max_listed_names = 100;

std::string address_text(const ASN1_OCTET_STRING& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int size = ASN1_STRING_length(&bytes);
  if (size != 4 && size != 16) return {};
  inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(&bytes), text.data(), text.size());
  return text.data();
}

/// OpenSSL's reason in the words of Go's crypto/x509.
std::string go_error(int error) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return "x509: certificate signed by unknown authority";
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "x509: certificate has expired or is not yet valid";
    case X509_V_ERR_INVALID_PURPOSE:
      return "x509: certificate specifies an incompatible key usage";
    default:
      return std::string("x509: ") + X509_verify_cert_error_string(error);
  }
}

}  // namespace

/// What OpenSSL's callback may write.
struct PeerCheckAccess {
  static void read_names(PeerCheck::Peer& peer, const X509& certificate) {
    const x509::UniquePtr<GENERAL_NAMES> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
    peer.has_only_common_name = names == nullptr;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
      const GENERAL_NAME& name = *sk_GENERAL_NAME_value(names.get(), i);
      if (name.type == GEN_IPADD) peer.names.addresses.push_back(address_text(*name.d.iPAddress));
      if (name.type != GEN_DNS) continue;
      const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName));
      peer.names.dns.emplace_back(text, static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName)));
    }
  }

  /// Where a certificate has neither, libcurl would take its common name, whatever else it has.
  static bool matches_host(const PeerCheck& check) {
    const CertificateNames& names = check.peer_.names;
    if (names.dns.empty() && names.addresses.empty()) return false;
    return !check.verifies_host() || egress::matches_host(names, check.host_);
  }

  static int verify(X509_STORE_CTX* context, void* self) {
    auto& check = *static_cast<PeerCheck*>(self);
    check.peer_ = {};
    check.has_peer_ = true;
    const X509* certificate = X509_STORE_CTX_get0_cert(context);
    if (certificate != nullptr) read_names(check.peer_, *certificate);
    if (X509_verify_cert(context) != 1) {
      check.peer_.chain_error = go_error(X509_STORE_CTX_get_error(context));
      return 0;
    }
    if (matches_host(check)) return 1;
    X509_STORE_CTX_set_error(context, X509_V_ERR_HOSTNAME_MISMATCH);
    return 0;
  }
};

void PeerCheck::attach(void* ssl_ctx) {
  auto* context = static_cast<SSL_CTX*>(ssl_ctx);
  SSL_CTX_set_cert_verify_callback(context, &PeerCheckAccess::verify, this);
  // Go does not allow a server to renegotiate an existing connection.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
}

std::string PeerCheck::verification_error(const std::string& host) const {
  if (!has_peer_ || !peer_.chain_error.empty()) return peer_.chain_error;
  if (peer_.has_only_common_name)
    return "x509: certificate relies on legacy Common Name field, use SANs instead";
  const bool is_address = parse_address(host).has_value();
  if (is_address && peer_.names.addresses.empty())
    return "x509: cannot validate certificate for " + host + " because it doesn't contain any IP SANs";
  const std::vector<std::string>& names = is_address ? peer_.names.addresses : peer_.names.dns;
  if (names.empty()) return "x509: certificate is not valid for any names, but wanted to match " + host;
  if (names.size() > max_listed_names)
    return "x509: certificate is valid for " + std::to_string(names.size()) + " names, but none matched " +
           host;
  return "x509: certificate is valid for " + join(names, ", ") + ", not " + host;
}

}  // namespace egress

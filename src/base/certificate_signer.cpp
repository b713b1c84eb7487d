#include <algorithm>
#include <ctime>
#include <set>
#include <utility>

#include "egress/base/certificate.hpp"
#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/base/x509.hpp"

namespace egress {
namespace {

using std::chrono::sys_seconds;
using x509::CertificateAndKey;
using x509::ErrorQueue;
using x509::UniquePtr;

constexpr std::chrono::days ca_life{3650};
constexpr std::chrono::minutes clock_skew{5};
constexpr auto organization = "kubectl-egress";
constexpr std::size_t max_hosts = 100;       // OpenSSL and Go give up where names times constraints are many
constexpr std::size_t max_common_name = 64;  // ub-common-name of RFC 5280, appendix A.1

bool is_label(std::string_view text) {
  constexpr std::string_view inner = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         text.find_first_not_of(inner) == std::string_view::npos;
}

/// The name that a CA must be permitted so that it may sign for the host: a wildcard's parent domain.
std::string domain(const std::string& host) {
  return host.starts_with("*.") ? host.substr(2) : host;
}

bool is_dns_name(const std::string& host) {
  const auto labels = split(domain(host), '.');
  // "*.com" is every company, and OpenSSL does not match it.
  if (host.size() > 253 || labels.size() < (host.starts_with("*.") ? 2 : 1)) return false;
  return std::ranges::all_of(labels, is_label) &&
         labels.back().find_first_not_of("0123456789") != std::string::npos;
}

void check(const CertificateRequest& request) {
  if (request.hosts.empty() || request.hosts.size() > max_hosts)
    throw Error("a certificate is made for 1 to " + std::to_string(max_hosts) + " hosts, not for " +
                std::to_string(request.hosts.size()));
  for (const std::string& host : request.hosts)
    if (!is_dns_name(host))
      throw Error("no certificate can be made for '" + printable(host, 253) +
                  "': it is not a lower-case DNS name, such as bin.example.com or *.example.com");
  if (request.valid < std::chrono::days(1) || request.valid > ca_life)
    throw Error("a certificate is made for 1 to " + std::to_string(ca_life.count()) + " days, not for " +
                std::to_string(request.valid.count()));
}

/// OpenSSL's notation of a list of names: "DNS:a.example.com,DNS:b.example.com".
std::string join_names(const std::set<std::string>& names, const std::string& prefix) {
  std::vector<std::string> entries;
  for (const std::string& name : names) entries.push_back(prefix + name);
  return join(entries, ",");
}

/// So that no two CAs in a trust store bear one name.
std::string key_id(const X509& certificate) {
  const ASN1_BIT_STRING* key = X509_get0_pubkey_bitstr(&certificate);
  const std::string_view bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(key)),
                               static_cast<std::size_t>(ASN1_STRING_length(key)));
  return hex(sha256(bytes)).substr(0, 8);
}

CertificateAndKey make_ca(const CertificateRequest& request) {
  CertificateAndKey ca = x509::create_certificate(request.now - clock_skew, request.now + ca_life);
  X509& certificate = *ca.certificate;
  x509::add_subject_name(certificate, NID_organizationName, organization);
  x509::add_subject_name(certificate, NID_commonName, "kubectl-egress CA " + key_id(certificate));

  std::set<std::string> domains;
  for (const std::string& host : request.hosts) domains.insert(domain(host));
  // A permitted DNS name forbids other DNS names only. IP addresses are excluded by name, and what is left
  // (mail, URI) by the extended key usage.
  const std::string constraints =
      "critical," + join_names(domains, "permitted;DNS:") + ",excluded;IP:0.0.0.0/0.0.0.0,excluded;IP:::/::";
  x509::add_extension(certificate, certificate, NID_name_constraints, constraints);
  x509::add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  x509::add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  x509::add_extension(certificate, certificate, NID_ext_key_usage, "serverAuth");
  x509::add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
  x509::sign(certificate, ca);
  return ca;
}

CertificateAndKey make_server(const CertificateAndKey& ca, const CertificateRequest& request) {
  CertificateAndKey server = x509::create_certificate(request.now - clock_skew, request.now + request.valid);
  X509& certificate = *server.certificate;
  X509& issuer = *ca.certificate;
  x509::add_subject_name(certificate, NID_organizationName, organization);
  if (request.hosts.front().size() <= max_common_name)
    x509::add_subject_name(certificate, NID_commonName, request.hosts.front());

  const std::set<std::string> hosts(request.hosts.begin(), request.hosts.end());
  x509::add_extension(certificate, issuer, NID_subject_alt_name, join_names(hosts, "DNS:"));
  x509::add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
  x509::add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature");
  x509::add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth");
  x509::add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  x509::add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  x509::sign(certificate, ca);
  return server;
}

std::string day(sys_seconds time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  char text[32] = "";
  if (gmtime_r(&seconds, &parts) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

void fail_if(bool failed, const std::string& why) {
  if (failed) throw Error("the certificate cannot be renewed: " + why);
}

/// Throws where the CA cannot sign a certificate for that time.
void check(const CertificateAndKey& ca, const CertificateRequest& request) {
  fail_if(!ca.key, "its CA's private key cannot be read");
  X509* certificate = ca.certificate.get();
  fail_if(X509_check_private_key(certificate, ca.key.get()) != 1, "its CA's private key is another's");
  fail_if(X509_check_ca(certificate) != 1, "what should be its CA may not sign certificates");
  const sys_seconds begin = x509::to_time(*X509_get0_notBefore(certificate));
  const sys_seconds end = x509::to_time(*X509_get0_notAfter(certificate));
  fail_if(request.now < begin, "its CA is not valid before " + day(begin));
  fail_if(end < request.now, "its CA expired on " + day(end));
  fail_if(
      end < request.now + request.valid,
      "its CA expires on " + day(end) + ", before the new one would on " + day(request.now + request.valid));
}

/// Throws where the CA is bound to other hosts than the server's.
void check_constraints(const X509& ca, X509& server) {
  const UniquePtr<NAME_CONSTRAINTS> constraints(
      static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(&ca, NID_name_constraints, nullptr, nullptr)));
  X509_check_purpose(&server, -1, 0);  // reads the new names, which OpenSSL compares as it last read them
  fail_if(constraints && NAME_CONSTRAINTS_check(&server, constraints.get()) != X509_V_OK,
          "its CA may not sign for all of its hosts");
}

}  // namespace

SelfSignedCertificate create_self_signed_certificate(const CertificateRequest& request) {
  check(request);
  const ErrorQueue errors;
  const CertificateAndKey ca = make_ca(request);
  const CertificateAndKey server = make_server(ca, request);
  return {x509::to_pem(*ca.certificate), x509::to_pem(*ca.key), x509::to_pem(*server.certificate),
          x509::to_pem(*server.key)};
}

SelfSignedCertificate renew_self_signed_certificate(const SelfSignedCertificate& old,
                                                    const CertificateRequest& request) {
  check(request);
  const CertificateAndKey ca{std::move(x509::read_certificates(old.ca_certificate, 1).front()),
                             x509::read_key(old.ca_key)};
  const ErrorQueue errors;
  check(ca, request);
  const CertificateAndKey server = make_server(ca, request);
  check_constraints(*ca.certificate, *server.certificate);
  return {old.ca_certificate, old.ca_key, x509::to_pem(*server.certificate), x509::to_pem(*server.key)};
}

}  // namespace egress

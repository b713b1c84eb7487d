#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include "egress/base/certificate.hpp"
#include "egress/base/error.hpp"
#include "egress/base/x509.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using x509::CertificateAndKey;
using x509::UniquePtr;

constexpr sys_seconds now = sys_days(2026y / 10 / 1) + 9h;

CertificateRequest wish(const std::vector<std::string>& hosts, sys_seconds when = now,
                        days valid = days(365)) {
  return {.hosts = hosts, .now = when, .valid = valid};
}

/// Without hosts of its own; a test signs with it what the CA would never sign.
CertificateAndKey pair_of(const std::string& certificate, const std::string& key) {
  return {std::move(x509::read_certificates(certificate, 1).front()), x509::read_key(key)};
}

/// What a client says that trusts that CA alone and asks for that host, by OpenSSL's strictest rules; an
/// empty host is not checked.
std::string verdict(const std::string& ca, const std::string& certificate, const std::string& host,
                    sys_seconds when = now) {
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), X509_STORE_free);
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(X509_STORE_CTX_new(),
                                                                                X509_STORE_CTX_free);
  const auto root = std::move(x509::read_certificates(ca, 1).front());
  const auto server = std::move(x509::read_certificates(certificate, 1).front());
  REQUIRE(X509_STORE_add_cert(store.get(), root.get()) == 1);
  REQUIRE(X509_STORE_CTX_init(context.get(), store.get(), server.get(), nullptr) == 1);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  REQUIRE(X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER) == 1);
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
  X509_VERIFY_PARAM_set_time(parameters, when.time_since_epoch().count());
  if (!host.empty()) REQUIRE(X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()) == 1);
  X509_verify_cert(context.get());
  ERR_clear_error();
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

/// A server certificate that the owner of the CA's key could sign.
std::string forged(const SelfSignedCertificate& made, const std::string& common_name,
                   const std::string& san) {
  const CertificateAndKey ca = pair_of(made.ca_certificate, made.ca_key);
  CertificateAndKey server = x509::create_certificate(now, now + days(1));
  if (!common_name.empty()) x509::add_subject_name(*server.certificate, NID_commonName, common_name);
  if (!san.empty())
    x509::add_extension(*server.certificate, *ca.certificate, NID_subject_alt_name,
                        (common_name.empty() ? "critical," : "") + san);
  x509::add_extension(*server.certificate, *ca.certificate, NID_authority_key_identifier, "keyid:always");
  x509::add_extension(*server.certificate, *ca.certificate, NID_subject_key_identifier, "hash");
  x509::sign(*server.certificate, ca);
  return x509::to_pem(*server.certificate);
}

std::string serial(const std::string& certificate) {
  const auto read = std::move(x509::read_certificates(certificate, 1).front());
  const UniquePtr<BIGNUM> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(read.get()), nullptr));
  CHECK_FALSE(BN_is_negative(number.get()));
  CHECK(BN_num_bits(number.get()) == 127);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

/// The extension's value as OpenSSL prints it, with "critical " before one that is.
std::string extension(const std::string& certificate, int nid) {
  const auto read = std::move(x509::read_certificates(certificate, 1).front());
  const int at = X509_get_ext_by_NID(read.get(), nid, -1);
  if (at < 0) return "none";
  X509_EXTENSION* found = X509_get_ext(read.get(), at);
  const UniquePtr<BIO> out(BIO_new(BIO_s_mem()));
  REQUIRE(X509V3_EXT_print(out.get(), found, 0, 0) == 1);
  return (X509_EXTENSION_get_critical(found) != 0 ? "critical " : "") + x509::bio_content(*out);
}

}  // namespace

TEST_CASE("who trusts the CA trusts the server for each of its hosts") {
  const SelfSignedCertificate made =
      create_self_signed_certificate(wish({"bin.example.com", "*.corp.example"}));
  CHECK(verdict(made.ca_certificate, made.certificate, "bin.example.com") == "ok");
  CHECK(verdict(made.ca_certificate, made.certificate, "a.corp.example") == "ok");
  CHECK(verdict(made.ca_certificate, made.certificate, "corp.example") == "hostname mismatch");
  CHECK(verdict(made.ca_certificate, made.certificate, "other.example.com") == "hostname mismatch");
  const SelfSignedCertificate other = create_self_signed_certificate(wish({"bin.example.com"}));
  CHECK(verdict(other.ca_certificate, made.certificate, "bin.example.com") ==
        "unable to get local issuer certificate");
}

TEST_CASE("the certificates say what they are for") {
  const SelfSignedCertificate made =
      create_self_signed_certificate(wish({"b.example.com", "*.example.com", "a.example.com"}));
  const auto server = read_certificates(made.certificate);
  REQUIRE(server.size() == 1);
  CHECK(server[0].subject == "CN=b.example.com,O=kubectl-egress");
  CHECK(server[0].dns_names == std::vector<std::string>{"*.example.com", "a.example.com", "b.example.com"});
  CHECK_FALSE(server[0].is_ca);
  CHECK(extension(made.certificate, NID_key_usage) == "critical Digital Signature");
  CHECK(extension(made.certificate, NID_ext_key_usage) == "TLS Web Server Authentication");
  CHECK(extension(made.certificate, NID_authority_key_identifier) ==
        extension(made.ca_certificate, NID_subject_key_identifier));
  CHECK(extension(made.certificate, NID_subject_key_identifier) != "none");

  const auto ca = read_certificates(made.ca_certificate);
  REQUIRE(ca.size() == 1);
  CHECK(ca[0].subject.starts_with("CN=kubectl-egress CA "));
  CHECK(ca[0].is_ca);
  CHECK(extension(made.ca_certificate, NID_basic_constraints) == "critical CA:TRUE, pathlen:0");
  CHECK(extension(made.ca_certificate, NID_key_usage) == "critical Certificate Sign, CRL Sign");
  CHECK(extension(made.ca_certificate, NID_name_constraints).starts_with("critical Permitted:"));
}

TEST_CASE("the keys belong to their certificates and are new each time") {
  const SelfSignedCertificate made = create_self_signed_certificate(wish({"a.example.com"}));
  CHECK(key_matches(made.certificate, made.key));
  CHECK(key_matches(made.ca_certificate, made.ca_key));
  CHECK_FALSE(key_matches(made.certificate, made.ca_key));
  CHECK(made.key.starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const auto read = std::move(x509::read_certificates(made.certificate, 1).front());
  CHECK(EVP_PKEY_get_security_bits(X509_get0_pubkey(read.get())) == 128);

  const SelfSignedCertificate again = create_self_signed_certificate(wish({"a.example.com"}));
  CHECK(again.key != made.key);
  CHECK(again.ca_key != made.ca_key);
  CHECK(serial(made.certificate) != serial(made.ca_certificate));
  CHECK(serial(made.certificate) != serial(again.certificate));
  CHECK(read_certificates(made.ca_certificate)[0].subject !=
        read_certificates(again.ca_certificate)[0].subject);
}

TEST_CASE("a certificate is valid from five minutes ago until its days are over") {
  const SelfSignedCertificate made = create_self_signed_certificate(wish({"a.example.com"}, now, days(30)));
  CHECK(read_certificates(made.certificate)[0].not_before == now - 5min);
  CHECK(read_certificates(made.certificate)[0].not_after == now + days(30));
  CHECK(read_certificates(made.ca_certificate)[0].not_before == now - 5min);
  CHECK(read_certificates(made.ca_certificate)[0].not_after == now + days(3650));

  const auto at = [&](sys_seconds when) {
    return verdict(made.ca_certificate, made.certificate, "a.example.com", when);
  };
  CHECK(at(now - 5min) == "ok");
  CHECK(at(now - 5min - 1s) == "certificate is not yet valid");
  CHECK(at(now + days(30) - 1s) == "ok");
  CHECK(at(now + days(30) + 1s) == "certificate has expired");
}

TEST_CASE("the CA's key signs for no other host, for no address and for no other CA") {
  const SelfSignedCertificate made =
      create_self_signed_certificate(wish({"bin.example.com", "*.corp.example"}));
  const auto forgery = [&](const std::string& common_name, const std::string& san) {
    return verdict(made.ca_certificate, forged(made, common_name, san), "");
  };
  CHECK(forgery("", "DNS:bin.example.com") == "ok");
  CHECK(forgery("", "DNS:a.bin.example.com") == "ok");
  CHECK(forgery("", "DNS:corp.example") == "ok");
  CHECK(forgery("bin.example.com", "") == "ok");
  for (const std::string san :
       {"DNS:example.com", "DNS:other.example.com", "DNS:xbin.example.com", "DNS:*.example.com",
        "DNS:xcorp.example", "DNS:bin.example.com,DNS:bank.example"})
    CHECK_MESSAGE(forgery("", san) == "permitted subtree violation", san);
  CHECK(forgery("bank.example", "") == "permitted subtree violation");
  CHECK(forgery("", "IP:192.0.2.1") == "excluded subtree violation");
  CHECK(forgery("", "DNS:bin.example.com,IP:2001:db8::1") == "excluded subtree violation");
}

TEST_CASE("the CA is good for servers alone") {
  const SelfSignedCertificate made = create_self_signed_certificate(wish({"bin.example.com"}));
  const auto ca = std::move(x509::read_certificates(made.ca_certificate, 1).front());
  CHECK(X509_check_purpose(ca.get(), X509_PURPOSE_SSL_SERVER, 1) == 1);
  CHECK(X509_check_purpose(ca.get(), X509_PURPOSE_SSL_CLIENT, 1) == 0);
  CHECK(X509_check_purpose(ca.get(), X509_PURPOSE_SMIME_SIGN, 1) == 0);
}

TEST_CASE("a host that is no common name, being too long, is a subjectAltName alone") {
  const std::string host = std::string(60, 'a') + ".example.com";
  const SelfSignedCertificate made = create_self_signed_certificate(wish({host}));
  CHECK(read_certificates(made.certificate)[0].subject == "O=kubectl-egress");
  CHECK(verdict(made.ca_certificate, made.certificate, host) == "ok");
}

TEST_CASE("a hundred of the longest hosts are taken, named twice or not") {
  const std::string label(57, 'a');
  std::vector<std::string> hosts;
  for (int i = 0; i < 100; ++i)
    hosts.push_back(label + "." + label + "." + label + "." + label + "." + std::to_string(i / 2) +
                    ".example.com");
  const SelfSignedCertificate made = create_self_signed_certificate(wish(hosts));
  CHECK(read_certificates(made.certificate)[0].dns_names.size() == 50);
  CHECK(verdict(made.ca_certificate, made.certificate, hosts.back()) == "ok");
  hosts.emplace_back("a.example.com");
  CHECK(testing::mentions(testing::error_of([&] { create_self_signed_certificate(wish(hosts)); }),
                          {"100", "101"}));
}

TEST_CASE("what is no host gets no certificate") {
  CHECK_THROWS_WITH_AS(create_self_signed_certificate(wish({})),
                       "a certificate is made for 1 to 100 hosts, not for 0", Error);
  CHECK_THROWS_WITH_AS(
      create_self_signed_certificate(wish({"a.example.com", "b\x1b.example.com"})),
      "no certificate can be made for 'b^[.example.com': it is not a lower-case DNS name, such "
      "as bin.example.com or *.example.com",
      Error);
  for (const std::string& host :
       {std::string(), std::string("."), std::string("*"), std::string("*."), std::string("*.com"),
        std::string("a.*.example.com"), std::string("*.*.example.com"), std::string("a*.example.com"),
        std::string("a..example.com"), std::string(".example.com"), std::string("a.example.com."),
        std::string("A.example.com"), std::string("192.0.2.1"), std::string("2001:db8::1"),
        std::string("-a.example.com"), std::string("a_b.example.com"),
        std::string("a.example.com,DNS:b.example"), std::string("a.example.com\0", 14),
        std::string(64, 'a') + ".example.com"}) {
    CAPTURE(host);
    CHECK_THROWS_AS(create_self_signed_certificate(wish({host})), Error);
  }
}

TEST_CASE("a certificate lives a day at least and ten years at most") {
  for (const days valid : {days(0), days(-1), days(3651), days::max()}) {
    CAPTURE(valid.count());
    CHECK_THROWS_AS(create_self_signed_certificate(wish({"a.example.com"}, now, valid)), Error);
  }
  const SelfSignedCertificate made = create_self_signed_certificate(wish({"a.example.com"}, now, days(3650)));
  CHECK(verdict(made.ca_certificate, made.certificate, "a.example.com", now + days(3650) - 1s) == "ok");
}

TEST_CASE("a renewed certificate is trusted by who trusted the old one") {
  const SelfSignedCertificate old =
      create_self_signed_certificate(wish({"a.example.com", "*.corp.example"}, now, days(90)));
  const sys_seconds later = now + days(80);
  const SelfSignedCertificate renewed =
      renew_self_signed_certificate(old, wish({"a.example.com", "b.corp.example"}, later, days(90)));
  CHECK(renewed.ca_certificate == old.ca_certificate);
  CHECK(renewed.ca_key == old.ca_key);
  CHECK(renewed.key != old.key);
  CHECK(key_matches(renewed.certificate, renewed.key));
  CHECK(serial(renewed.certificate) != serial(old.certificate));
  const sys_seconds end = later + days(90) - 1s;
  CHECK(verdict(old.ca_certificate, renewed.certificate, "a.example.com", end) == "ok");
  CHECK(verdict(old.ca_certificate, renewed.certificate, "b.corp.example", end) == "ok");
  CHECK(verdict(old.ca_certificate, old.certificate, "a.example.com", end) == "certificate has expired");
}

TEST_CASE("a CA that does not live as long as the new certificate renews nothing") {
  const SelfSignedCertificate old = create_self_signed_certificate(wish({"a.example.com"}));
  CHECK(renew_self_signed_certificate(old, wish({"a.example.com"}, now + days(3650 - 365))).ca_certificate ==
        old.ca_certificate);
  CHECK(testing::mentions(testing::error_of([&] {
                            renew_self_signed_certificate(old,
                                                          wish({"a.example.com"}, now + days(3650 - 364)));
                          }),
                          {"CA", "2036-09-28", "2036-09-29"}));
  CHECK(testing::mentions(testing::error_of([&] {
                            renew_self_signed_certificate(old, wish({"a.example.com"}, now + days(3651)));
                          }),
                          {"CA", "expired", "2036-09-28"}));
  CHECK(testing::mentions(
      testing::error_of([&] { renew_self_signed_certificate(old, wish({"a.example.com"}, now - 6min)); }),
      {"CA", "not valid before", "2026-10-01"}));
}

TEST_CASE("a CA whose key is missing, broken or another's renews nothing") {
  const CertificateRequest again = wish({"a.example.com"});
  SelfSignedCertificate old = create_self_signed_certificate(again);
  old.ca_key = create_self_signed_certificate(again).ca_key;
  CHECK(testing::mentions(testing::error_of([&] { renew_self_signed_certificate(old, again); }),
                          {"CA", "private key", "another's"}));
  old.ca_key.resize(old.ca_key.size() / 2);
  CHECK(testing::mentions(testing::error_of([&] { renew_self_signed_certificate(old, again); }),
                          {"CA", "private key", "cannot be read"}));
  old.ca_certificate = "";
  CHECK_THROWS_AS(renew_self_signed_certificate(old, again), Error);
}

TEST_CASE("what is no CA renews nothing") {
  SelfSignedCertificate old = create_self_signed_certificate(wish({"a.example.com"}));
  old.ca_certificate = old.certificate;
  old.ca_key = old.key;
  CHECK(testing::mentions(
      testing::error_of([&] { renew_self_signed_certificate(old, wish({"a.example.com"})); }),
      {"CA", "may not sign certificates"}));
}

TEST_CASE("a CA renews nothing for a host that it is not bound to") {
  const SelfSignedCertificate old = create_self_signed_certificate(wish({"a.example.com"}));
  CHECK(testing::mentions(testing::error_of([&] {
                            renew_self_signed_certificate(old, wish({"a.example.com", "b.example.com"}));
                          }),
                          {"CA", "hosts"}));
  CHECK(ERR_peek_error() == 0);
}

}  // namespace egress

TEST_SUITE_END();

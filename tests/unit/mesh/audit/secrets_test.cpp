#include <doctest/doctest.h>

#include "egress/base/certificate.hpp"
#include "egress/base/digest.hpp"
#include "support/audit_fixture.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Severity;
using testing::clean_snapshot;
using testing::findings_with_code;
using testing::mentions;
using testing::restricted_gateway;

const std::chrono::sys_seconds today = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);

/// Valid for that long from today on.
SelfSignedCertificate certificate_for(std::vector<std::string> hosts,
                                      std::chrono::days valid = std::chrono::days(365)) {
  return create_self_signed_certificate({.hosts = std::move(hosts), .now = today, .valid = valid});
}

Json secret(std::initializer_list<std::pair<std::string, std::string>> values) {
  Json data;
  for (const auto& [key, value] : values) data.set(key, encode_base64(value));
  return object({{"data", data}});
}

mesh::Reference secret_reference(const std::string& ns, const std::string& name) {
  return {{kube::kinds::secret}, ns, name};
}

mesh::AuditSnapshot with_secret(const mesh::Reference& reference, std::optional<Json> secret_object) {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.set_referenced(reference, std::move(secret_object));
  return snapshot;
}

mesh::Egress with_ca() {
  mesh::Egress egress = restricted_gateway();
  egress.tls.ca_credential = "bank-cacert";
  return egress;
}

mesh::Egress with_client_certificate() {
  mesh::Egress egress = restricted_gateway();
  egress.tls.mode = mesh::TlsMode::mutual;
  egress.tls.credential = "bank";
  return egress;
}

mesh::Egress exposed() {
  mesh::Egress egress = restricted_gateway();
  egress.ingress = mesh::Ingress{.hosts = {"bin.example.com"}, .credential = "bin"};
  return egress;
}

/// The codes of the findings about the exposed hosts' certificate.
std::vector<std::string> finding_codes_for(Json secret_object) {
  return testing::finding_codes(
      mesh::audit(std::vector{exposed()},
                  with_secret(secret_reference("istio-system", "bin"), std::move(secret_object))));
}

}  // namespace

TEST_CASE("the referenced objects of a gateway are those in its settings") {
  CHECK(mesh::referenced_objects(restricted_gateway()).empty());
  CHECK(mesh::referenced_objects(with_ca()) == std::vector{secret_reference("httpbin", "bank-cacert")});
  CHECK(mesh::referenced_objects(with_client_certificate()) ==
        std::vector{secret_reference("httpbin", "bank"), secret_reference("httpbin", "bank-cacert")});
  CHECK(mesh::referenced_objects(exposed()) == std::vector{secret_reference("istio-system", "bin")});
}

TEST_CASE("a missing Secret is an error with the command that creates it") {
  const auto ca = findings_with_code("IST0101", with_ca(),
                                     with_secret(secret_reference("httpbin", "bank-cacert"), std::nullopt));
  REQUIRE(ca.size() == 1);
  CHECK(ca[0].severity == Severity::error);
  CHECK(mentions(ca[0].message, {"Secret", "bank-cacert", "httpbin", "CA"}));
  CHECK(ca[0].fix == "kubectl create secret generic bank-cacert -n httpbin --from-file=ca.crt=ca.crt");

  const auto pair = findings_with_code("IST0101", with_client_certificate(),
                                       with_secret(secret_reference("httpbin", "bank"), std::nullopt));
  CHECK(
      pair.at(0).fix ==
      "kubectl create secret generic bank -n httpbin --from-file=tls.crt=tls.crt --from-file=tls.key=tls.key "
      "--from-file=ca.crt=ca.crt");

  const auto cert = findings_with_code("IST0101", exposed(),
                                       with_secret(secret_reference("istio-system", "bin"), std::nullopt));
  CHECK(cert.at(0).fix == "kubectl create secret tls bin -n istio-system --cert=tls.crt --key=tls.key");
}

TEST_CASE("a Secret that could not be read is no finding") {
  CHECK(mesh::audit(std::vector{with_ca(), exposed()}, clean_snapshot()).size() == 1);
  CHECK(findings_with_code("IST0101", with_ca(), clean_snapshot()).empty());
}

TEST_CASE("a certificate that is valid for its host is no finding") {
  const SelfSignedCertificate valid_certificate = certificate_for({"bin.example.com"});
  CHECK(finding_codes_for(
            secret({{"tls.crt", valid_certificate.certificate}, {"tls.key", valid_certificate.key}}))
            .empty());
  CHECK(finding_codes_for(secret({{"cert", valid_certificate.certificate}, {"key", valid_certificate.key}}))
            .empty());
}

TEST_CASE("a certificate for other hosts, with another key, or that cannot be parsed is an error") {
  const SelfSignedCertificate valid_certificate = certificate_for({"bin.example.com"});
  const SelfSignedCertificate other_certificate = certificate_for({"www.example.com"});
  CHECK(finding_codes_for(
            secret({{"tls.crt", other_certificate.certificate}, {"tls.key", other_certificate.key}})) ==
        std::vector<std::string>{"CertificateHost"});
  CHECK(finding_codes_for(
            secret({{"tls.crt", valid_certificate.certificate}, {"tls.key", other_certificate.key}})) ==
        std::vector<std::string>{"IST0161"});
  CHECK(finding_codes_for(secret({{"tls.crt", "no certificate"}, {"tls.key", other_certificate.key}})) ==
        std::vector<std::string>{"IST0161"});
  CHECK(finding_codes_for(secret({{"certificate", valid_certificate.certificate}})) ==
        std::vector<std::string>{"IST0161"});
}

TEST_CASE("an expired certificate is an error, and one that expires soon a warning") {
  const SelfSignedCertificate expiring = certificate_for({"bin.example.com"}, std::chrono::days(20));
  const Json secret_object = secret({{"tls.crt", expiring.certificate}, {"tls.key", expiring.key}});
  const auto warned = findings_with_code("CertificateExpiring", exposed(),
                                         with_secret(secret_reference("istio-system", "bin"), secret_object));
  REQUIRE(warned.size() == 1);
  CHECK(warned[0].severity == Severity::warning);
  CHECK(mentions(warned[0].message, {"bin", "istio-system", "certificate", "2026-12-13"}));

  mesh::AuditSnapshot later = with_secret(secret_reference("istio-system", "bin"), secret_object);
  later.now = today + std::chrono::days(21);
  CHECK(findings_with_code("CertificateExpired", exposed(), later).at(0).severity == Severity::error);
  later.now = today - std::chrono::days(1);
  CHECK(findings_with_code("CertificateNotYetValid", exposed(), later).size() == 1);
}

TEST_CASE("a CA may be in the Secret itself, or in its CA Secret") {
  const SelfSignedCertificate valid_certificate = certificate_for({"client.example.com"});
  const Json pair = secret({{"tls.crt", valid_certificate.certificate}, {"tls.key", valid_certificate.key}});
  mesh::AuditSnapshot snapshot = with_secret(secret_reference("httpbin", "bank"), pair);
  snapshot.set_referenced(secret_reference("httpbin", "bank-cacert"), std::nullopt);
  CHECK(mentions(findings_with_code("IST0161", with_client_certificate(), snapshot).at(0).message,
                 {"bank", "ca.crt", "cacert"}));
  snapshot.set_referenced(secret_reference("httpbin", "bank-cacert"),
                          secret({{"cacert", valid_certificate.ca_certificate}}));
  CHECK(mesh::audit(std::vector{with_client_certificate()}, snapshot).empty());

  CHECK(
      mesh::audit(std::vector{with_ca()}, with_secret(secret_reference("httpbin", "bank-cacert"),
                                                      secret({{"ca.crt", valid_certificate.ca_certificate}})))
          .empty());
}

TEST_CASE("findings contain no secret data") {
  const SelfSignedCertificate valid_certificate = certificate_for({"bin.example.com"});
  const SelfSignedCertificate other_certificate = certificate_for({"www.example.com"});
  for (const Json& secret_object :
       {secret({{"tls.crt", valid_certificate.certificate}, {"tls.key", other_certificate.key}}),
        secret({{"tls.crt", valid_certificate.key}, {"tls.key", valid_certificate.certificate}})})
    for (const mesh::Finding& finding : mesh::audit(
             std::vector{exposed()}, with_secret(secret_reference("istio-system", "bin"), secret_object))) {
      CHECK(to_json(finding).dump().find("PRIVATE") == std::string::npos);
      CHECK(to_json(finding).dump().find("MII") == std::string::npos);
    }
}

TEST_CASE("a generated Secret is missing only if the gateway exists") {
  mesh::Egress egress = exposed();
  egress.ingress->self_signed = true;
  mesh::AuditSnapshot snapshot = with_secret(secret_reference("istio-system", "bin"), std::nullopt);
  CHECK(findings_with_code("IST0101", egress, snapshot).empty());
  mesh::Record record;
  record.egress = egress;
  const auto standing = mesh::audit(std::vector{record}, snapshot);
  REQUIRE(standing.size() == 1);
  CHECK(standing[0].fix == "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -");
}

TEST_CASE("names of Secrets that an old Istio does not accept are findings") {
  mesh::Egress egress = with_ca();
  egress.tls.ca_credential = "bank";
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.mesh.version = {1, 9, 9};
  CHECK(findings_with_code("SecretName", egress, snapshot).size() == 1);
  snapshot.mesh.version = {1, 10, 0};
  CHECK(findings_with_code("SecretName", egress, snapshot).empty());
  egress.tls.ca_credential = "istio-bank-cacert";
  CHECK(findings_with_code("SecretName", egress, snapshot).empty());
  snapshot.mesh.version = {1, 7, 8};
  CHECK(findings_with_code("SecretName", egress, snapshot).size() == 1);
}

TEST_CASE("a missing ConfigMap with the policy is an error") {
  mesh::Egress egress = restricted_gateway();
  egress.opa = mesh::Opa{.image = "opa", .config_map = "rules", .policy = {}};
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.set_referenced({{kube::kinds::config_map}, "httpbin", "rules"}, std::nullopt);
  CHECK(findings_with_code("IST0101", egress, snapshot).at(0).fix ==
        "kubectl create configmap rules -n httpbin --from-file=policy.rego");
}

}  // namespace egress

TEST_SUITE_END();

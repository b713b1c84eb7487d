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
SelfSignedCertificate made(std::vector<std::string> hosts, std::chrono::days valid = std::chrono::days(365)) {
  return create_self_signed_certificate({.hosts = std::move(hosts), .now = today, .valid = valid});
}

Json secret(std::initializer_list<std::pair<std::string, std::string>> values) {
  Json data;
  for (const auto& [key, value] : values) data.set(key, encode_base64(value));
  return object({{"data", data}});
}

mesh::Reference named(const std::string& ns, const std::string& name) {
  return {{kube::kinds::secret}, ns, name};
}

mesh::AuditSnapshot with_secret(const mesh::Reference& reference, std::optional<Json> one) {
  mesh::AuditSnapshot around = clean_snapshot();
  around.set_referenced(reference, std::move(one));
  return around;
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

/// The codes of what is found of the exposed hosts' certificate.
std::vector<std::string> faults(Json one) {
  return testing::finding_codes(
      mesh::audit(std::vector{exposed()}, with_secret(named("istio-system", "bin"), std::move(one))));
}

}  // namespace

TEST_CASE("what a gateway names is what is looked at") {
  CHECK(mesh::referenced_objects(restricted_gateway()).empty());
  CHECK(mesh::referenced_objects(with_ca()) == std::vector{named("httpbin", "bank-cacert")});
  CHECK(mesh::referenced_objects(with_client_certificate()) ==
        std::vector{named("httpbin", "bank"), named("httpbin", "bank-cacert")});
  CHECK(mesh::referenced_objects(exposed()) == std::vector{named("istio-system", "bin")});
}

TEST_CASE("a Secret that is missing is an error with the command that makes it") {
  const auto ca =
      findings_with_code("IST0101", with_ca(), with_secret(named("httpbin", "bank-cacert"), std::nullopt));
  REQUIRE(ca.size() == 1);
  CHECK(ca[0].severity == Severity::error);
  CHECK(mentions(ca[0].message, {"Secret", "bank-cacert", "httpbin", "CA"}));
  CHECK(ca[0].fix == "kubectl create secret generic bank-cacert -n httpbin --from-file=ca.crt=ca.crt");

  const auto pair = findings_with_code("IST0101", with_client_certificate(),
                                       with_secret(named("httpbin", "bank"), std::nullopt));
  CHECK(
      pair.at(0).fix ==
      "kubectl create secret generic bank -n httpbin --from-file=tls.crt=tls.crt --from-file=tls.key=tls.key "
      "--from-file=ca.crt=ca.crt");

  const auto cert =
      findings_with_code("IST0101", exposed(), with_secret(named("istio-system", "bin"), std::nullopt));
  CHECK(cert.at(0).fix == "kubectl create secret tls bin -n istio-system --cert=tls.crt --key=tls.key");
}

TEST_CASE("a Secret that was not seen is neither missing nor wrong") {
  CHECK(mesh::audit(std::vector{with_ca(), exposed()}, clean_snapshot()).size() == 1);
  CHECK(findings_with_code("IST0101", with_ca(), clean_snapshot()).empty());
}

TEST_CASE("a certificate that is good for its host is no finding") {
  const SelfSignedCertificate good = made({"bin.example.com"});
  CHECK(faults(secret({{"tls.crt", good.certificate}, {"tls.key", good.key}})).empty());
  CHECK(faults(secret({{"cert", good.certificate}, {"key", good.key}})).empty());
}

TEST_CASE("one that is for other hosts, of another key, or no certificate at all is an error") {
  const SelfSignedCertificate good = made({"bin.example.com"});
  const SelfSignedCertificate other = made({"www.example.com"});
  CHECK(faults(secret({{"tls.crt", other.certificate}, {"tls.key", other.key}})) ==
        std::vector<std::string>{"CertificateHost"});
  CHECK(faults(secret({{"tls.crt", good.certificate}, {"tls.key", other.key}})) ==
        std::vector<std::string>{"IST0161"});
  CHECK(faults(secret({{"tls.crt", "no certificate"}, {"tls.key", other.key}})) ==
        std::vector<std::string>{"IST0161"});
  CHECK(faults(secret({{"certificate", good.certificate}})) == std::vector<std::string>{"IST0161"});
}

TEST_CASE("a certificate that has expired is an error, one that soon will a warning") {
  const SelfSignedCertificate soon = made({"bin.example.com"}, std::chrono::days(20));
  const Json one = secret({{"tls.crt", soon.certificate}, {"tls.key", soon.key}});
  const auto warned =
      findings_with_code("CertificateExpiring", exposed(), with_secret(named("istio-system", "bin"), one));
  REQUIRE(warned.size() == 1);
  CHECK(warned[0].severity == Severity::warning);
  CHECK(mentions(warned[0].message, {"bin", "istio-system", "certificate", "2026-12-13"}));

  mesh::AuditSnapshot later = with_secret(named("istio-system", "bin"), one);
  later.now = today + std::chrono::days(21);
  CHECK(findings_with_code("CertificateExpired", exposed(), later).at(0).severity == Severity::error);
  later.now = today - std::chrono::days(1);
  CHECK(findings_with_code("CertificateNotYetValid", exposed(), later).size() == 1);
}

TEST_CASE("a CA may stand in the Secret, or in the one beside it") {
  const SelfSignedCertificate good = made({"client.example.com"});
  const Json pair = secret({{"tls.crt", good.certificate}, {"tls.key", good.key}});
  mesh::AuditSnapshot around = with_secret(named("httpbin", "bank"), pair);
  around.set_referenced(named("httpbin", "bank-cacert"), std::nullopt);
  CHECK(mentions(findings_with_code("IST0161", with_client_certificate(), around).at(0).message,
                 {"bank", "ca.crt", "cacert"}));
  around.set_referenced(named("httpbin", "bank-cacert"), secret({{"cacert", good.ca_certificate}}));
  CHECK(mesh::audit(std::vector{with_client_certificate()}, around).empty());

  CHECK(mesh::audit(std::vector{with_ca()},
                    with_secret(named("httpbin", "bank-cacert"), secret({{"ca.crt", good.ca_certificate}})))
            .empty());
}

TEST_CASE("nothing secret is ever said") {
  const SelfSignedCertificate good = made({"bin.example.com"});
  const SelfSignedCertificate other = made({"www.example.com"});
  for (const Json& one : {secret({{"tls.crt", good.certificate}, {"tls.key", other.key}}),
                          secret({{"tls.crt", good.key}, {"tls.key", good.certificate}})})
    for (const mesh::Finding& finding :
         mesh::audit(std::vector{exposed()}, with_secret(named("istio-system", "bin"), one))) {
      CHECK(to_json(finding).dump().find("PRIVATE") == std::string::npos);
      CHECK(to_json(finding).dump().find("MII") == std::string::npos);
    }
}

TEST_CASE("what this tool makes itself is missing only once the gateway stands") {
  mesh::Egress egress = exposed();
  egress.ingress->self_signed = true;
  mesh::AuditSnapshot around = with_secret(named("istio-system", "bin"), std::nullopt);
  CHECK(findings_with_code("IST0101", egress, around).empty());
  mesh::Record record;
  record.egress = egress;
  const auto standing = mesh::audit(std::vector{record}, around);
  REQUIRE(standing.size() == 1);
  CHECK(standing[0].fix == "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -");
}

TEST_CASE("names that an old Istio does not take are told") {
  mesh::Egress egress = with_ca();
  egress.tls.ca_credential = "bank";
  mesh::AuditSnapshot around = clean_snapshot();
  around.mesh.version = {1, 9, 9};
  CHECK(findings_with_code("SecretName", egress, around).size() == 1);
  around.mesh.version = {1, 10, 0};
  CHECK(findings_with_code("SecretName", egress, around).empty());
  egress.tls.ca_credential = "istio-bank-cacert";
  CHECK(findings_with_code("SecretName", egress, around).empty());
  around.mesh.version = {1, 7, 8};
  CHECK(findings_with_code("SecretName", egress, around).size() == 1);
}

TEST_CASE("a policy's ConfigMap that is missing keeps the pods from starting") {
  mesh::Egress egress = restricted_gateway();
  egress.opa = mesh::Opa{.image = "opa", .config_map = "rules", .policy = {}};
  mesh::AuditSnapshot around = clean_snapshot();
  around.set_referenced({{kube::kinds::config_map}, "httpbin", "rules"}, std::nullopt);
  CHECK(findings_with_code("IST0101", egress, around).at(0).fix ==
        "kubectl create configmap rules -n httpbin --from-file=policy.rego");
}

}  // namespace egress

TEST_SUITE_END();

#include <doctest/doctest.h>

#include "support/audit_fixture.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Severity;
using testing::clean_snapshot;
using testing::findings_with_code;
using testing::httpbin;
using testing::listed_object;
using testing::mentions;
using testing::restricted_gateway;

Json open_sidecar(const std::string& ns, const char* mode) {
  return listed_object(ns, "default", object({{"outboundTrafficPolicy", object({{"mode", mode}})}}));
}

}  // namespace

TEST_CASE("ALLOW_ANY is one warning for the mesh, with or without gateways") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  CHECK(mesh::audit(std::vector<mesh::Egress>{}, snapshot).empty());
  snapshot.mesh.outbound_policy = "ALLOW_ANY";
  const auto findings = mesh::audit(std::vector<mesh::Egress>{}, snapshot);
  REQUIRE(testing::finding_codes(findings) == std::vector<std::string>{"RegistryOnlyMissing"});
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].object.display_name() == "configmap/istio");
  CHECK(findings[0].fix == "kubectl edit configmap/istio -n istio-system");

  snapshot.mesh.revision = "canary";
  CHECK(findings_with_code("RegistryOnlyMissing", restricted_gateway(), snapshot).at(0).object.name ==
        "istio-canary");
}

TEST_CASE("an unknown outboundTrafficPolicy is an error, and one that could not be read an info") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.mesh.outbound_policy = "REGISTER_ONLY";
  const auto unknown = findings_with_code("UnknownOutboundPolicy", restricted_gateway(), snapshot);
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].severity == Severity::error);
  CHECK(mentions(unknown[0].message, {"REGISTER_ONLY"}));
  snapshot.has_mesh_config = false;
  CHECK(findings_with_code("UnknownOutboundPolicy", restricted_gateway(), snapshot).empty());
  CHECK(findings_with_code("Unseen", restricted_gateway(), snapshot).at(0).severity == Severity::info);
}

TEST_CASE("a Sidecar sets the policy of its namespace, or in the root namespace the default policy") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.sidecars = {open_sidecar("web", "ALLOW_ANY"), open_sidecar("shop", "REGISTRY_ONLY")};
  const auto findings = findings_with_code("SidecarAllowsAny", restricted_gateway(), snapshot);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix ==
        "kubectl patch sidecar.networking.istio.io/default -n web --type=merge -p "
        "'{\"spec\":{\"outboundTrafficPolicy\":{\"mode\":\"REGISTRY_ONLY\"}}}'");

  snapshot.mesh.outbound_policy = "ALLOW_ANY";
  CHECK(findings_with_code("RegistryOnlyMissing", restricted_gateway(), snapshot).size() == 1);
  snapshot.sidecars = {open_sidecar("istio-system", "REGISTRY_ONLY")};
  CHECK(findings_with_code("RegistryOnlyMissing", restricted_gateway(), snapshot).empty());
}

TEST_CASE("a gateway without restrictions on its callers is a finding") {
  CHECK(findings_with_code("OpenToAll", restricted_gateway(), clean_snapshot()).empty());
  const auto open = findings_with_code("OpenToAll", httpbin(), clean_snapshot());
  REQUIRE(open.size() == 1);
  CHECK(open[0].fix.empty());
  CHECK(open[0].object.name == "httpbin");

  mesh::AuditSnapshot snapshot = clean_snapshot();
  testing::add_gateway(snapshot, httpbin());
  CHECK(findings_with_code("OpenToAll", httpbin(), snapshot).at(0).fix ==
        "kubectl egress inspect httpbin -n httpbin -o yaml > httpbin.yaml && ${EDITOR:-vi} httpbin.yaml && "
        "kubectl egress apply -f httpbin.yaml");

  mesh::Egress with_network_policy = httpbin();
  with_network_policy.network_policy = true;
  CHECK(findings_with_code("OpenToAll", with_network_policy, clean_snapshot()).empty());
}

TEST_CASE("a plaintext hop, an unverified service and a policy that fails open are findings, too") {
  mesh::Egress egress = httpbin();
  egress.mesh.mutual = false;
  CHECK(findings_with_code("PlaintextHop", egress, clean_snapshot()).at(0).severity == Severity::warning);
  CHECK(findings_with_code("OpenToAll", egress, clean_snapshot()).empty());
  egress.tls.verify = false;
  CHECK(findings_with_code("Unverified", egress, clean_snapshot()).size() == 1);
  egress.opa = mesh::Opa{.image = "opa", .config_map = "rules", .policy = {}, .fail_open = true};
  CHECK(findings_with_code("FailOpen", egress, clean_snapshot()).size() == 1);
  egress.opa->fail_open = false;
  CHECK(findings_with_code("FailOpen", egress, clean_snapshot()).empty());
  egress.hosts = {"*.example.com"};
  egress.server = "www.example.com";
  CHECK(findings_with_code("CallerChosenName", egress, clean_snapshot()).at(0).severity == Severity::info);
}

TEST_CASE("callers without a NetworkPolicy are one finding, if policies could be read") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  mesh::Egress second = restricted_gateway();
  second.name = "second";
  second.hosts = {"example.org"};
  second.mesh.allow = {{"pay", ""}, {"shop", "cart"}};
  auto notes = [&] {
    auto findings = mesh::audit(std::vector{restricted_gateway(), second}, snapshot);
    std::erase_if(findings, [](const mesh::Finding& finding) { return finding.code != "NoEgressPolicy"; });
    return findings;
  };
  REQUIRE(notes().size() == 1);
  CHECK(notes()[0].gateway.empty());
  CHECK(notes()[0].severity == Severity::info);
  CHECK(mentions(notes()[0].message, {"pay", "NetworkPolicy", "egress"}));
  CHECK_FALSE(mentions(notes()[0].message, {"shop"}));

  snapshot.network_policies = {listed_object("shop", "in", object({{"policyTypes", array({"Ingress"})}})),
                               listed_object("pay", "out", object({{"egress", Json(Json::Array{})}}))};
  CHECK(mentions(notes()[0].message, {"shop", "NetworkPolicy", "egress"}));
  CHECK_FALSE(mentions(notes()[0].message, {"pay"}));
  snapshot.unlistable = {{kube::kinds::network_policy, ""}};
  CHECK(notes().empty());
}

TEST_CASE("without spec.mesh.allow a missing NetworkPolicy is a finding only if there is none at all") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  CHECK(findings_with_code("NoEgressPolicy", httpbin(), snapshot).empty());
  snapshot.network_policies.clear();
  CHECK(mentions(findings_with_code("NoEgressPolicy", httpbin(), snapshot).at(0).message,
                 {"no namespace", "NetworkPolicy", "egress"}));
}

TEST_CASE("each kind that may not be listed is one finding") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.unlistable = {
      {kube::kinds::secret, "httpbin"}, {kube::kinds::secret, "shop"}, {kube::kinds::network_policy, ""}};
  const auto findings = findings_with_code("Unseen", restricted_gateway(), snapshot);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].severity == Severity::info);
  CHECK(mentions(findings[0].message, {"secrets", "httpbin", "shop"}));
  CHECK(mentions(findings[1].message, {"networkpolicies", "all namespaces"}));
}

}  // namespace egress

TEST_SUITE_END();

#include <doctest/doctest.h>

#include "support/around.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Severity;
using testing::found;
using testing::httpbin;
using testing::listed;
using testing::mentions;
using testing::modest;
using testing::quiet_surroundings;

Json open_sidecar(const std::string& ns, const char* mode) {
  return listed(ns, "default", object({{"outboundTrafficPolicy", object({{"mode", mode}})}}));
}

}  // namespace

TEST_CASE("a mesh that holds nobody back is a warning, once, gateways or not") {
  mesh::Surroundings around = quiet_surroundings();
  CHECK(mesh::audit(std::vector<mesh::Egress>{}, around).empty());
  around.mesh.outbound_policy = "ALLOW_ANY";
  const auto findings = mesh::audit(std::vector<mesh::Egress>{}, around);
  REQUIRE(testing::codes(findings) == std::vector<std::string>{"RegistryOnlyMissing"});
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].object.label() == "configmap/istio");
  CHECK(findings[0].fix == "kubectl edit configmap/istio -n istio-system");

  around.mesh.revision = "canary";
  CHECK(found("RegistryOnlyMissing", modest(), around).at(0).object.name == "istio-canary");
}

TEST_CASE("a word that Istio does not know is an error, and a policy that was not seen a note") {
  mesh::Surroundings around = quiet_surroundings();
  around.mesh.outbound_policy = "REGISTER_ONLY";
  const auto unknown = found("UnknownOutboundPolicy", modest(), around);
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].severity == Severity::error);
  CHECK(mentions(unknown[0].message, {"REGISTER_ONLY"}));
  around.mesh_config_known = false;
  CHECK(found("UnknownOutboundPolicy", modest(), around).empty());
  CHECK(found("Unseen", modest(), around).at(0).severity == Severity::info);
}

TEST_CASE("a Sidecar decides for its namespace, and the root namespace's for all without one") {
  mesh::Surroundings around = quiet_surroundings();
  around.sidecars = {open_sidecar("web", "ALLOW_ANY"), open_sidecar("shop", "REGISTRY_ONLY")};
  const auto findings = found("SidecarAllowsAny", modest(), around);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix ==
        "kubectl patch sidecar.networking.istio.io/default -n web --type=merge -p "
        "'{\"spec\":{\"outboundTrafficPolicy\":{\"mode\":\"REGISTRY_ONLY\"}}}'");

  around.mesh.outbound_policy = "ALLOW_ANY";
  CHECK(found("RegistryOnlyMissing", modest(), around).size() == 1);
  around.sidecars = {open_sidecar("istio-system", "REGISTRY_ONLY")};
  CHECK(found("RegistryOnlyMissing", modest(), around).empty());
}

TEST_CASE("what the gateway's own settings leave open is said") {
  CHECK(found("OpenToAll", modest(), quiet_surroundings()).empty());
  const auto open = found("OpenToAll", httpbin(), quiet_surroundings());
  REQUIRE(open.size() == 1);
  CHECK(open[0].fix.empty());
  CHECK(open[0].object.name == "httpbin");

  mesh::Surroundings around = quiet_surroundings();
  testing::stand(around, httpbin());
  CHECK(found("OpenToAll", httpbin(), around).at(0).fix ==
        "kubectl egress inspect httpbin -n httpbin -o yaml > httpbin.yaml && ${EDITOR:-vi} httpbin.yaml && "
        "kubectl egress apply -f httpbin.yaml");

  mesh::Egress fenced = httpbin();
  fenced.network_policy = true;
  CHECK(found("OpenToAll", fenced, quiet_surroundings()).empty());
}

TEST_CASE("so is a plaintext hop, a service that is not verified, and whoever fails open") {
  mesh::Egress egress = httpbin();
  egress.mesh.mutual = false;
  CHECK(found("PlaintextHop", egress, quiet_surroundings()).at(0).severity == Severity::warning);
  CHECK(found("OpenToAll", egress, quiet_surroundings()).empty());
  egress.tls.verify = false;
  CHECK(found("Unverified", egress, quiet_surroundings()).size() == 1);
  egress.opa = mesh::Opa{.image = "opa", .config_map = "rules", .policy = {}, .fail_open = true};
  CHECK(found("FailOpen", egress, quiet_surroundings()).size() == 1);
  egress.opa->fail_open = false;
  CHECK(found("FailOpen", egress, quiet_surroundings()).empty());
  egress.hosts = {"*.example.com"};
  egress.server = "www.example.com";
  CHECK(found("CallerChosenName", egress, quiet_surroundings()).at(0).severity == Severity::info);
}

TEST_CASE("callers whom no NetworkPolicy holds are noted once, where policies can be seen") {
  mesh::Surroundings around = quiet_surroundings();
  mesh::Egress second = modest();
  second.name = "second";
  second.hosts = {"example.org"};
  second.mesh.allow = {{"pay", ""}, {"shop", "cart"}};
  auto notes = [&] {
    auto findings = mesh::audit(std::vector{modest(), second}, around);
    std::erase_if(findings, [](const mesh::Finding& one) { return one.code != "NoEgressPolicy"; });
    return findings;
  };
  REQUIRE(notes().size() == 1);
  CHECK(notes()[0].gateway.empty());
  CHECK(notes()[0].severity == Severity::info);
  CHECK(mentions(notes()[0].message, {"pay", "NetworkPolicy", "egress"}));
  CHECK_FALSE(mentions(notes()[0].message, {"shop"}));

  around.network_policies = {listed("shop", "in", object({{"policyTypes", array({"Ingress"})}})),
                             listed("pay", "out", object({{"egress", Json(Json::Array{})}}))};
  CHECK(mentions(notes()[0].message, {"shop", "NetworkPolicy", "egress"}));
  CHECK_FALSE(mentions(notes()[0].message, {"pay"}));
  around.hidden = {{kube::kinds::network_policy, ""}};
  CHECK(notes().empty());
}

TEST_CASE("of gateways for everyone it is said only where no policy limits anybody") {
  mesh::Surroundings around = quiet_surroundings();
  CHECK(found("NoEgressPolicy", httpbin(), around).empty());
  around.network_policies.clear();
  CHECK(mentions(found("NoEgressPolicy", httpbin(), around).at(0).message,
                 {"no namespace", "NetworkPolicy", "egress"}));
}

TEST_CASE("each kind that may not be looked at is one note") {
  mesh::Surroundings around = quiet_surroundings();
  around.hidden = {
      {kube::kinds::secret, "httpbin"}, {kube::kinds::secret, "shop"}, {kube::kinds::network_policy, ""}};
  const auto findings = found("Unseen", modest(), around);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].severity == Severity::info);
  CHECK(mentions(findings[0].message, {"secrets", "httpbin", "shop"}));
  CHECK(mentions(findings[1].message, {"networkpolicies", "all namespaces"}));
}

}  // namespace egress

TEST_SUITE_END();

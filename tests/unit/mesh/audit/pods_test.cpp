#include <doctest/doctest.h>

#include "egress/fleet/audit_transforms.hpp"
#include "support/audit_fixture.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Severity;
using testing::add_gateway;
using testing::clean_snapshot;
using testing::findings_with_code;
using testing::listed_object;
using testing::mentions;
using testing::modify;
using testing::restricted_gateway;

mesh::AuditSnapshot standing() {
  mesh::AuditSnapshot around = clean_snapshot();
  add_gateway(around, restricted_gateway());
  return around;
}

void set_image(JsonText& packed, const std::string& image) {
  modify(packed, [&](Json& pod) {
    pod.edit("spec").set("containers", array({object({{"name", "istio-proxy"}, {"image", image}})}));
  });
}

mesh::AuditSnapshot with_budget(mesh::AuditSnapshot around, Json spec) {
  const Json selector = object({{"matchLabels", object({{"app", "httpbin-egress"}})}});
  if (!spec.has("selector")) spec.set("selector", selector);
  around.disruption_budgets.push_back(listed_object("httpbin", "mine", std::move(spec)));
  return around;
}

constexpr const char* again = "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -";

}  // namespace

TEST_CASE("a gateway that stands as it should is no finding, and one that is only planned neither") {
  CHECK(mesh::audit(std::vector{restricted_gateway()}, standing()).empty());
  CHECK(mesh::audit(std::vector{restricted_gateway()}, clean_snapshot()).empty());
}

TEST_CASE("a pod that no injector saw cannot start") {
  mesh::AuditSnapshot around = standing();
  set_image(around.pods.front(), "auto");
  const auto findings = findings_with_code("IST0147", restricted_gateway(), around);
  REQUIRE(findings.size() == 1);
  CHECK(mentions(findings[0].message, {"1 of 1", "pods"}));
  CHECK(findings[0].is_about_live_state);
  CHECK(findings[0].fix == "kubectl rollout restart deployment.apps/httpbin-egress -n httpbin");

  // What is going away is no matter.
  modify(around.pods.front(),
         [](Json& one) { one.edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z"); });
  CHECK(findings_with_code("IST0147", restricted_gateway(), around).empty());
}

TEST_CASE("proxies of another minor version than their own control plane are told") {
  mesh::AuditSnapshot around = standing();
  set_image(around.pods.front(), "registry:5000/istio/proxyv2:1.29.1-distroless");
  const auto findings = findings_with_code("ProxyVersion", restricted_gateway(), around);
  REQUIRE(findings.size() == 1);
  CHECK(mentions(findings[0].message, {"1.29.1", "control plane", "1.30.3"}));

  set_image(around.pods.front(), "istio/proxyv2:1.30.0");
  CHECK(findings_with_code("ProxyVersion", restricted_gateway(), around).empty());
  set_image(around.pods.front(), "istio/proxyv2@sha256:0123");
  CHECK(findings_with_code("ProxyVersion", restricted_gateway(), around).empty());

  mesh::ControlPlane canary;
  canary.revision = "canary";
  canary.version = mesh::Version{1, 31, 0};
  around.revisions.istiods = {canary};
  modify(around.pods.front(),
         [](Json& one) { one.edit("metadata").edit("labels").set("istio.io/rev", "canary"); });
  set_image(around.pods.front(), "istio/proxyv2:1.31.2");
  CHECK(findings_with_code("ProxyVersion", restricted_gateway(), around).empty());
}

TEST_CASE("pods of a revision that is gone are told, where revisions can be seen") {
  mesh::AuditSnapshot around = standing();
  modify(around.pods.front(),
         [](Json& one) { one.edit("metadata").edit("labels").set("istio.io/rev", "1-28"); });
  CHECK(findings_with_code("RevisionGone", restricted_gateway(), around).at(0).fix == again);
  around.revisions.tags["1-28"] = "default";
  CHECK(findings_with_code("RevisionGone", restricted_gateway(), around).empty());
  around.revisions = {};
  around.revisions.tags_known = false;
  CHECK(findings_with_code("RevisionGone", restricted_gateway(), around).empty());
}

TEST_CASE("the sidecars' own label breaks a plaintext hop, and endangers the other") {
  mesh::AuditSnapshot around = standing();
  CHECK(findings_with_code("TlsModeLabel", restricted_gateway(), around).empty());
  modify(around.pods.front(),
         [](Json& one) { one.edit("metadata").edit("labels").set("security.istio.io/tlsMode", "istio"); });
  CHECK(findings_with_code("TlsModeLabel", restricted_gateway(), around).at(0).severity == Severity::warning);
  mesh::Egress plain = testing::httpbin();
  plain.mesh.mutual = false;
  CHECK(findings_with_code("TlsModeLabel", plain, around).at(0).severity == Severity::error);

  mesh::Egress planned = restricted_gateway();
  planned.workload.labels = object({{"security.istio.io/tlsMode", "istio"}});
  const auto asked_for = findings_with_code("TlsModeLabel", planned, clean_snapshot());
  REQUIRE(asked_for.size() == 1);
  CHECK_FALSE(asked_for[0].is_about_live_state);
}

TEST_CASE("a pod that carries the gateway's label elsewhere would serve its routes") {
  mesh::AuditSnapshot around = standing();
  Json stray = around.pods.front().parse();
  stray.edit("metadata").set("namespace", "shop");
  stray.edit("metadata").edit("labels").set("istio", "egressgateway");
  around.pods.emplace_back(stray);
  const auto findings = findings_with_code("StrayPods", restricted_gateway(), around);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix ==
        "kubectl label pods -n shop -l kubectl-egress/gateway=httpbin.httpbin kubectl-egress/gateway-");
}

TEST_CASE("a classic pod must authenticate as the mesh asks") {
  mesh::AuditSnapshot around = clean_snapshot();
  around.mesh = mesh::assumed_mesh({1, 7, 0});
  around.mesh.outbound_policy = "REGISTRY_ONLY";
  add_gateway(around, restricted_gateway());
  CHECK(mesh::audit(std::vector{restricted_gateway()}, around).empty());
  around.mesh.token_policy = "first-party-jwt";
  around.mesh.certificate_provider = "kubernetes";
  CHECK(findings_with_code("TokenPolicy", restricted_gateway(), around).at(0).fix == again);
  CHECK(findings_with_code("CertificateProvider", restricted_gateway(), around).size() == 1);
}

TEST_CASE("a budget that lets no pod go blocks drains") {
  for (const Json& spec : {object({{"minAvailable", 1}}), object({{"maxUnavailable", 0}}),
                           object({{"minAvailable", "50%"}}), object({{"maxUnavailable", "0%"}})}) {
    CAPTURE(spec.dump());
    const auto findings =
        findings_with_code("DrainBlocked", restricted_gateway(), with_budget(standing(), spec));
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].fix ==
          "kubectl patch poddisruptionbudget.policy/mine -n httpbin --type=merge -p "
          "'{\"spec\":{\"minAvailable\":null,\"maxUnavailable\":1}}'");
    CHECK(findings_with_code("DrainBlocked", restricted_gateway(), with_budget(clean_snapshot(), spec))
              .size() == 1);
  }
}

TEST_CASE("a budget that lets one go, or is for other pods, does not") {
  CHECK(findings_with_code("DrainBlocked", restricted_gateway(),
                           with_budget(standing(), object({{"maxUnavailable", 1}})))
            .empty());
  mesh::Egress two = restricted_gateway();
  two.workload.min_replicas = 2;
  CHECK(findings_with_code("DrainBlocked", two, with_budget(clean_snapshot(), object({{"minAvailable", 1}})))
            .empty());
  const Json other = object({{"matchLabels", object({{"app", "shop"}})}});
  const Json spec = object({{"minAvailable", 1}, {"selector", other}});
  CHECK(findings_with_code("DrainBlocked", restricted_gateway(), with_budget(standing(), spec)).empty());
}

TEST_CASE("of a gateway without pods no drain is blocked") {
  mesh::AuditSnapshot around = with_budget(standing(), object({{"minAvailable", 1}}));
  modify(around.deployments.front(), [](Json& one) { one.edit("spec").edit("replicas") = 0; });
  CHECK(findings_with_code("DrainBlocked", restricted_gateway(), around).empty());
}

TEST_CASE("a budget by expressions is read as one by labels is") {
  const auto in = [](const char* value) {
    const Json app = object({{"key", "app"}, {"operator", "In"}, {"values", array({value})}});
    return object({{"minAvailable", 1}, {"selector", object({{"matchExpressions", array({app})}})}});
  };
  CHECK(
      findings_with_code("DrainBlocked", restricted_gateway(), with_budget(standing(), in("httpbin-egress")))
          .size() == 1);
  CHECK(
      findings_with_code("DrainBlocked", restricted_gateway(), with_budget(standing(), in("shop"))).empty());
}

TEST_CASE("an empty selector is all pods, and in policy/v1beta1 none") {
  const Json spec = object({{"minAvailable", 1}, {"selector", object({})}});
  mesh::AuditSnapshot around = with_budget(standing(), spec);
  modify(around.disruption_budgets.back(), fleet::trim_disruption_budget);
  CHECK(findings_with_code("DrainBlocked", restricted_gateway(), around).size() == 1);
  modify(around.disruption_budgets.back(), fleet::trim_beta_disruption_budget);
  CHECK(findings_with_code("DrainBlocked", restricted_gateway(), around).empty());
}

}  // namespace egress

TEST_SUITE_END();

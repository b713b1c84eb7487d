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
  mesh::AuditSnapshot snapshot = clean_snapshot();
  add_gateway(snapshot, restricted_gateway());
  return snapshot;
}

void set_image(JsonText& json_text, const std::string& image) {
  modify(json_text, [&](Json& pod) {
    pod.edit("spec").set("containers", array({object({{"name", "istio-proxy"}, {"image", image}})}));
  });
}

mesh::AuditSnapshot with_budget(mesh::AuditSnapshot snapshot, Json spec) {
  const Json selector = object({{"matchLabels", object({{"app", "httpbin-egress"}})}});
  if (!spec.has("selector")) spec.set("selector", selector);
  snapshot.disruption_budgets.push_back(listed_object("httpbin", "mine", std::move(spec)));
  return snapshot;
}

constexpr const char* apply_again =
    "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -";

}  // namespace

TEST_CASE("a healthy gateway has no findings, and neither has a planned one") {
  CHECK(mesh::audit(std::vector{restricted_gateway()}, standing()).empty());
  CHECK(mesh::audit(std::vector{restricted_gateway()}, clean_snapshot()).empty());
}

TEST_CASE("a pod that was not injected cannot start") {
  mesh::AuditSnapshot snapshot = standing();
  set_image(snapshot.pods.front(), "auto");
  const auto findings = findings_with_code("IST0147", restricted_gateway(), snapshot);
  REQUIRE(findings.size() == 1);
  CHECK(mentions(findings[0].message, {"1 of 1", "pods"}));
  CHECK(findings[0].is_about_live_state);
  CHECK(findings[0].fix == "kubectl rollout restart deployment.apps/httpbin-egress -n httpbin");

  // What is going away is no matter.
  modify(snapshot.pods.front(),
         [](Json& pod) { pod.edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z"); });
  CHECK(findings_with_code("IST0147", restricted_gateway(), snapshot).empty());
}

TEST_CASE("proxies with another minor version than their control plane are a finding") {
  mesh::AuditSnapshot snapshot = standing();
  set_image(snapshot.pods.front(), "registry:5000/istio/proxyv2:1.29.1-distroless");
  const auto findings = findings_with_code("ProxyVersion", restricted_gateway(), snapshot);
  REQUIRE(findings.size() == 1);
  CHECK(mentions(findings[0].message, {"1.29.1", "control plane", "1.30.3"}));

  set_image(snapshot.pods.front(), "istio/proxyv2:1.30.0");
  CHECK(findings_with_code("ProxyVersion", restricted_gateway(), snapshot).empty());
  set_image(snapshot.pods.front(), "istio/proxyv2@sha256:0123");
  CHECK(findings_with_code("ProxyVersion", restricted_gateway(), snapshot).empty());

  mesh::ControlPlane canary;
  canary.revision = "canary";
  canary.version = mesh::Version{1, 31, 0};
  snapshot.revisions.istiods = {canary};
  modify(snapshot.pods.front(),
         [](Json& pod) { pod.edit("metadata").edit("labels").set("istio.io/rev", "canary"); });
  set_image(snapshot.pods.front(), "istio/proxyv2:1.31.2");
  CHECK(findings_with_code("ProxyVersion", restricted_gateway(), snapshot).empty());
}

TEST_CASE("pods of a deleted revision are a finding, if revisions could be read") {
  mesh::AuditSnapshot snapshot = standing();
  modify(snapshot.pods.front(),
         [](Json& pod) { pod.edit("metadata").edit("labels").set("istio.io/rev", "1-28"); });
  CHECK(findings_with_code("RevisionGone", restricted_gateway(), snapshot).at(0).fix == apply_again);
  snapshot.revisions.tags["1-28"] = "default";
  CHECK(findings_with_code("RevisionGone", restricted_gateway(), snapshot).empty());
  snapshot.revisions = {};
  snapshot.revisions.tags_known = false;
  CHECK(findings_with_code("RevisionGone", restricted_gateway(), snapshot).empty());
}

TEST_CASE("the label tlsMode is an error for plaintext callers, and a warning for mutual TLS") {
  mesh::AuditSnapshot snapshot = standing();
  CHECK(findings_with_code("TlsModeLabel", restricted_gateway(), snapshot).empty());
  modify(snapshot.pods.front(),
         [](Json& pod) { pod.edit("metadata").edit("labels").set("security.istio.io/tlsMode", "istio"); });
  CHECK(findings_with_code("TlsModeLabel", restricted_gateway(), snapshot).at(0).severity ==
        Severity::warning);
  mesh::Egress plain = testing::httpbin();
  plain.mesh.mutual = false;
  CHECK(findings_with_code("TlsModeLabel", plain, snapshot).at(0).severity == Severity::error);

  mesh::Egress planned = restricted_gateway();
  planned.workload.labels = object({{"security.istio.io/tlsMode", "istio"}});
  const auto asked_for = findings_with_code("TlsModeLabel", planned, clean_snapshot());
  REQUIRE(asked_for.size() == 1);
  CHECK_FALSE(asked_for[0].is_about_live_state);
}

TEST_CASE("a pod with the gateway's label in another namespace is a finding") {
  mesh::AuditSnapshot snapshot = standing();
  Json stray = snapshot.pods.front().parse();
  stray.edit("metadata").set("namespace", "shop");
  stray.edit("metadata").edit("labels").set("istio", "egressgateway");
  snapshot.pods.emplace_back(stray);
  const auto findings = findings_with_code("StrayPods", restricted_gateway(), snapshot);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix ==
        "kubectl label pods -n shop -l kubectl-egress/gateway=httpbin.httpbin kubectl-egress/gateway-");
}

TEST_CASE("a pod without gateway injection must authenticate as the mesh requires") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.mesh = mesh::assumed_mesh({1, 7, 0});
  snapshot.mesh.outbound_policy = "REGISTRY_ONLY";
  add_gateway(snapshot, restricted_gateway());
  CHECK(mesh::audit(std::vector{restricted_gateway()}, snapshot).empty());
  snapshot.mesh.token_policy = "first-party-jwt";
  snapshot.mesh.certificate_provider = "kubernetes";
  CHECK(findings_with_code("TokenPolicy", restricted_gateway(), snapshot).at(0).fix == apply_again);
  CHECK(findings_with_code("CertificateProvider", restricted_gateway(), snapshot).size() == 1);
}

TEST_CASE("a disruption budget that allows no eviction blocks drains") {
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

TEST_CASE("a disruption budget that allows an eviction, or selects other pods, does not block drains") {
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

TEST_CASE("a gateway without pods blocks no drain") {
  mesh::AuditSnapshot snapshot = with_budget(standing(), object({{"minAvailable", 1}}));
  modify(snapshot.deployments.front(),
         [](Json& deployment) { deployment.edit("spec").edit("replicas") = 0; });
  CHECK(findings_with_code("DrainBlocked", restricted_gateway(), snapshot).empty());
}

TEST_CASE("a disruption budget may select pods by matchExpressions") {
  const auto selecting_app = [](const char* value) {
    const Json app = object({{"key", "app"}, {"operator", "In"}, {"values", array({value})}});
    return object({{"minAvailable", 1}, {"selector", object({{"matchExpressions", array({app})}})}});
  };
  CHECK(findings_with_code("DrainBlocked", restricted_gateway(),
                           with_budget(standing(), selecting_app("httpbin-egress")))
            .size() == 1);
  CHECK(
      findings_with_code("DrainBlocked", restricted_gateway(), with_budget(standing(), selecting_app("shop")))
          .empty());
}

TEST_CASE("an empty selector selects all pods, but none in policy/v1beta1") {
  const Json spec = object({{"minAvailable", 1}, {"selector", object({})}});
  mesh::AuditSnapshot snapshot = with_budget(standing(), spec);
  modify(snapshot.disruption_budgets.back(), fleet::trim_disruption_budget);
  CHECK(findings_with_code("DrainBlocked", restricted_gateway(), snapshot).size() == 1);
  modify(snapshot.disruption_budgets.back(), fleet::trim_beta_disruption_budget);
  CHECK(findings_with_code("DrainBlocked", restricted_gateway(), snapshot).empty());
}

}  // namespace egress

TEST_SUITE_END();

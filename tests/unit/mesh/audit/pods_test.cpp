#include <doctest/doctest.h>

#include "egress/fleet/audited_part.hpp"
#include "support/around.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Severity;
using testing::change;
using testing::found;
using testing::listed;
using testing::mentions;
using testing::modest;
using testing::quiet_surroundings;
using testing::stand;

mesh::Surroundings standing() {
  mesh::Surroundings around = quiet_surroundings();
  stand(around, modest());
  return around;
}

void set_image(PackedJson& packed, const std::string& image) {
  change(packed, [&](Json& pod) {
    pod.edit("spec").set("containers", array({object({{"name", "istio-proxy"}, {"image", image}})}));
  });
}

mesh::Surroundings with_budget(mesh::Surroundings around, Json spec) {
  const Json selector = object({{"matchLabels", object({{"app", "httpbin-egress"}})}});
  if (!spec.has("selector")) spec.set("selector", selector);
  around.budgets.push_back(listed("httpbin", "mine", std::move(spec)));
  return around;
}

constexpr const char* again = "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -";

}  // namespace

TEST_CASE("a gateway that stands as it should is no finding, and one that is only planned neither") {
  CHECK(mesh::audit(std::vector{modest()}, standing()).empty());
  CHECK(mesh::audit(std::vector{modest()}, quiet_surroundings()).empty());
}

TEST_CASE("a pod that no injector saw cannot start") {
  mesh::Surroundings around = standing();
  set_image(around.pods.front(), "auto");
  const auto findings = found("IST0147", modest(), around);
  REQUIRE(findings.size() == 1);
  CHECK(mentions(findings[0].message, {"1 of 1", "pods"}));
  CHECK(findings[0].at_present);
  CHECK(findings[0].fix == "kubectl rollout restart deployment.apps/httpbin-egress -n httpbin");

  // What is going away is no matter.
  change(around.pods.front(),
         [](Json& one) { one.edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z"); });
  CHECK(found("IST0147", modest(), around).empty());
}

TEST_CASE("proxies of another minor version than their own control plane are told") {
  mesh::Surroundings around = standing();
  set_image(around.pods.front(), "registry:5000/istio/proxyv2:1.29.1-distroless");
  const auto findings = found("ProxyVersion", modest(), around);
  REQUIRE(findings.size() == 1);
  CHECK(mentions(findings[0].message, {"1.29.1", "control plane", "1.30.3"}));

  set_image(around.pods.front(), "istio/proxyv2:1.30.0");
  CHECK(found("ProxyVersion", modest(), around).empty());
  set_image(around.pods.front(), "istio/proxyv2@sha256:0123");
  CHECK(found("ProxyVersion", modest(), around).empty());

  mesh::ControlPlane canary;
  canary.revision = "canary";
  canary.version = mesh::Version{1, 31, 0};
  around.revisions.istiods = {canary};
  change(around.pods.front(),
         [](Json& one) { one.edit("metadata").edit("labels").set("istio.io/rev", "canary"); });
  set_image(around.pods.front(), "istio/proxyv2:1.31.2");
  CHECK(found("ProxyVersion", modest(), around).empty());
}

TEST_CASE("pods of a revision that is gone are told, where revisions can be seen") {
  mesh::Surroundings around = standing();
  change(around.pods.front(),
         [](Json& one) { one.edit("metadata").edit("labels").set("istio.io/rev", "1-28"); });
  CHECK(found("RevisionGone", modest(), around).at(0).fix == again);
  around.revisions.tags["1-28"] = "default";
  CHECK(found("RevisionGone", modest(), around).empty());
  around.revisions = {};
  around.revisions.tags_known = false;
  CHECK(found("RevisionGone", modest(), around).empty());
}

TEST_CASE("the sidecars' own label breaks a plaintext hop, and endangers the other") {
  mesh::Surroundings around = standing();
  CHECK(found("TlsModeLabel", modest(), around).empty());
  change(around.pods.front(),
         [](Json& one) { one.edit("metadata").edit("labels").set("security.istio.io/tlsMode", "istio"); });
  CHECK(found("TlsModeLabel", modest(), around).at(0).severity == Severity::warning);
  mesh::Egress plain = testing::httpbin();
  plain.mesh.mutual = false;
  CHECK(found("TlsModeLabel", plain, around).at(0).severity == Severity::error);

  mesh::Egress planned = modest();
  planned.workload.labels = object({{"security.istio.io/tlsMode", "istio"}});
  const auto asked_for = found("TlsModeLabel", planned, quiet_surroundings());
  REQUIRE(asked_for.size() == 1);
  CHECK_FALSE(asked_for[0].at_present);
}

TEST_CASE("a pod that carries the gateway's label elsewhere would serve its routes") {
  mesh::Surroundings around = standing();
  Json stray = around.pods.front().unpack();
  stray.edit("metadata").set("namespace", "shop");
  stray.edit("metadata").edit("labels").set("istio", "egressgateway");
  around.pods.emplace_back(stray);
  const auto findings = found("StrayPods", modest(), around);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix ==
        "kubectl label pods -n shop -l kubectl-egress/gateway=httpbin.httpbin kubectl-egress/gateway-");
}

TEST_CASE("a classic pod must authenticate as the mesh asks") {
  mesh::Surroundings around = quiet_surroundings();
  around.mesh = mesh::assumed_mesh({1, 7, 0});
  around.mesh.outbound_policy = "REGISTRY_ONLY";
  stand(around, modest());
  CHECK(mesh::audit(std::vector{modest()}, around).empty());
  around.mesh.token_policy = "first-party-jwt";
  around.mesh.certificate_provider = "kubernetes";
  CHECK(found("TokenPolicy", modest(), around).at(0).fix == again);
  CHECK(found("CertificateProvider", modest(), around).size() == 1);
}

TEST_CASE("a budget that lets no pod go blocks drains") {
  for (const Json& spec : {object({{"minAvailable", 1}}), object({{"maxUnavailable", 0}}),
                           object({{"minAvailable", "50%"}}), object({{"maxUnavailable", "0%"}})}) {
    CAPTURE(spec.dump());
    const auto findings = found("DrainBlocked", modest(), with_budget(standing(), spec));
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].fix ==
          "kubectl patch poddisruptionbudget.policy/mine -n httpbin --type=merge -p "
          "'{\"spec\":{\"minAvailable\":null,\"maxUnavailable\":1}}'");
    CHECK(found("DrainBlocked", modest(), with_budget(quiet_surroundings(), spec)).size() == 1);
  }
}

TEST_CASE("a budget that lets one go, or is for other pods, does not") {
  CHECK(found("DrainBlocked", modest(), with_budget(standing(), object({{"maxUnavailable", 1}}))).empty());
  mesh::Egress two = modest();
  two.workload.min_replicas = 2;
  CHECK(found("DrainBlocked", two, with_budget(quiet_surroundings(), object({{"minAvailable", 1}}))).empty());
  const Json other = object({{"matchLabels", object({{"app", "shop"}})}});
  const Json spec = object({{"minAvailable", 1}, {"selector", other}});
  CHECK(found("DrainBlocked", modest(), with_budget(standing(), spec)).empty());
}

TEST_CASE("of a gateway without pods no drain is blocked") {
  mesh::Surroundings around = with_budget(standing(), object({{"minAvailable", 1}}));
  change(around.deployments.front(), [](Json& one) { one.edit("spec").edit("replicas") = 0; });
  CHECK(found("DrainBlocked", modest(), around).empty());
}

TEST_CASE("a budget by expressions is read as one by labels is") {
  const auto in = [](const char* value) {
    const Json app = object({{"key", "app"}, {"operator", "In"}, {"values", array({value})}});
    return object({{"minAvailable", 1}, {"selector", object({{"matchExpressions", array({app})}})}});
  };
  CHECK(found("DrainBlocked", modest(), with_budget(standing(), in("httpbin-egress"))).size() == 1);
  CHECK(found("DrainBlocked", modest(), with_budget(standing(), in("shop"))).empty());
}

TEST_CASE("an empty selector is all pods, and in policy/v1beta1 none") {
  const Json spec = object({{"minAvailable", 1}, {"selector", object({})}});
  mesh::Surroundings around = with_budget(standing(), spec);
  change(around.budgets.back(), fleet::leave_disruption_budget);
  CHECK(found("DrainBlocked", modest(), around).size() == 1);
  change(around.budgets.back(), fleet::leave_beta_disruption_budget);
  CHECK(found("DrainBlocked", modest(), around).empty());
}

}  // namespace egress

TEST_SUITE_END();

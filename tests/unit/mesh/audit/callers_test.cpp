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
using testing::listed_namespace;
using testing::restricted_gateway;

/// The namespaces "httpbin" and "shop", with these labels.
mesh::AuditSnapshot labelled(Json own, Json callers) {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.namespaces = {listed_namespace("httpbin", std::move(own)),
                         listed_namespace("shop", std::move(callers))};
  return snapshot;
}

const Json injected = object({{"istio-injection", "enabled"}});

}  // namespace

TEST_CASE("an allowed namespace that does not exist is a finding, unless namespaces could not be read") {
  mesh::Egress egress = restricted_gateway();
  egress.mesh.allow.push_back({"nowhere", ""});
  mesh::AuditSnapshot snapshot = clean_snapshot();
  const auto findings = findings_with_code("IST0101", egress, snapshot);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].fix == "kubectl create namespace nowhere");
  snapshot.unlistable = {{kube::kinds::namespaces, ""}};
  CHECK(findings_with_code("IST0101", egress, snapshot).empty());
}

TEST_CASE("an allowed namespace without sidecar injection is a finding") {
  const auto findings = findings_with_code("IST0102", restricted_gateway(), labelled({}, {}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].fix == "kubectl label namespace shop --overwrite istio-injection=enabled");
  CHECK(
      findings_with_code("IST0102", restricted_gateway(), labelled({}, object({{"istio.io/rev", "default"}})))
          .empty());
  const auto disabled = findings_with_code("IST0102", restricted_gateway(),
                                           labelled({}, object({{"istio-injection", "disabled"}})));
  CHECK(disabled.at(0).fix == "kubectl label namespace shop --overwrite istio-injection=enabled");

  mesh::AuditSnapshot canary = labelled({}, object({{"istio-injection", "disabled"}}));
  canary.mesh.revision = "canary";
  CHECK(findings_with_code("IST0102", restricted_gateway(), canary).at(0).fix ==
        "kubectl label namespace shop --overwrite istio-injection- istio.io/rev=canary");
}

TEST_CASE("callers in ambient mode are findings, with and without spec.mesh.allow") {
  const auto snapshot = labelled({}, object({{"istio.io/dataplane-mode", "ambient"}}));
  const auto restricted = findings_with_code("AmbientCallers", restricted_gateway(), snapshot);
  REQUIRE(restricted.size() == 1);
  CHECK(restricted[0].gateway == "httpbin/httpbin");
  CHECK(findings_with_code("IST0102", restricted_gateway(), snapshot).empty());
  const auto open = findings_with_code("AmbientCallers", httpbin(), snapshot);
  REQUIRE(open.size() == 1);
  CHECK(open[0].gateway.empty());
  CHECK(testing::mentions(open[0].message, {"shop", "ambient"}));
}

TEST_CASE("an allowed ServiceAccount that does not exist is a finding, unless it could not be read") {
  mesh::Egress egress = restricted_gateway();
  egress.mesh.allow = {{"shop", "cart"}};
  mesh::AuditSnapshot snapshot = clean_snapshot();
  CHECK(findings_with_code("IST0101", egress, snapshot).empty());
  const mesh::Reference account{{kube::kinds::service_account}, "shop", "cart"};
  CHECK(mesh::referenced_objects(egress) == std::vector{account});
  snapshot.set_referenced(account, std::nullopt);
  const auto findings = findings_with_code("IST0101", egress, snapshot);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].fix == "kubectl create serviceaccount cart -n shop");
  snapshot.set_referenced(account, object({}));
  CHECK(findings_with_code("IST0101", egress, snapshot).empty());
}

TEST_CASE("a NetworkPolicy needs the label kubernetes.io/metadata.name, which old clusters do not set") {
  mesh::Egress egress = restricted_gateway();
  CHECK(findings_with_code("NamespaceUnnamed", egress, labelled({}, injected)).empty());
  egress.network_policy = true;
  const auto findings = findings_with_code("NamespaceUnnamed", egress, labelled({}, injected));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].fix == "kubectl label namespace shop --overwrite kubernetes.io/metadata.name=shop");
  Json with_name = injected;
  with_name.set("kubernetes.io/metadata.name", "shop");
  CHECK(findings_with_code("NamespaceUnnamed", egress, labelled({}, with_name)).empty());

  mesh::Egress open = httpbin();
  open.network_policy = true;
  CHECK(findings_with_code("NamespaceUnnamed", open, labelled({}, injected)).empty());
}

TEST_CASE("the gateway's namespace must enable injection, with only one of the two labels") {
  CHECK(findings_with_code("InjectionDisabled", restricted_gateway(), labelled({}, injected)).empty());
  const auto disabled = labelled(object({{"istio-injection", "disabled"}}), injected);
  CHECK(findings_with_code("InjectionDisabled", restricted_gateway(), disabled).at(0).fix ==
        "kubectl label namespace httpbin --overwrite istio-injection-");
  const auto both = labelled(object({{"istio-injection", "enabled"}, {"istio.io/rev", "default"}}), injected);
  CHECK(findings_with_code("IST0123", restricted_gateway(), both).at(0).severity == Severity::error);

  mesh::AuditSnapshot classic = disabled;
  classic.mesh = mesh::assumed_mesh({1, 7, 0});
  CHECK(findings_with_code("InjectionDisabled", restricted_gateway(), classic).empty());
}

TEST_CASE("namespaces that istiod ignores are findings, with the labels that would match") {
  mesh::AuditSnapshot snapshot = labelled({}, injected);
  const Json selector = object({{"matchLabels", object({{"mesh", "on"}, {"team", "a"}})}});
  snapshot.mesh.discovery_selectors = array({selector});
  const auto findings = findings_with_code("NotDiscovered", restricted_gateway(), snapshot);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].fix == "kubectl label namespace httpbin --overwrite mesh=on team=a");
  CHECK(findings[1].severity == Severity::warning);

  snapshot.mesh.discovery_selectors.push(object({{"matchLabels", object({{"istio-injection", "enabled"}})}}));
  CHECK(findings_with_code("NotDiscovered", restricted_gateway(), snapshot).size() == 1);
  // istiod follows none where it cannot read one.
  snapshot.mesh.discovery_selectors.push(object({{"matchExpressions", array({object({{"key", "x"}})})}}));
  CHECK(findings_with_code("NotDiscovered", restricted_gateway(), snapshot).empty());
}

}  // namespace egress

TEST_SUITE_END();

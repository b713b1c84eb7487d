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
  mesh::AuditSnapshot around = clean_snapshot();
  around.namespaces = {listed_namespace("httpbin", std::move(own)),
                       listed_namespace("shop", std::move(callers))};
  return around;
}

const Json injected = object({{"istio-injection", "enabled"}});

}  // namespace

TEST_CASE("a namespace that may call and does not exist is told, unless it may not be seen") {
  mesh::Egress egress = restricted_gateway();
  egress.mesh.allow.push_back({"nowhere", ""});
  mesh::AuditSnapshot around = clean_snapshot();
  const auto findings = findings_with_code("IST0101", egress, around);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].fix == "kubectl create namespace nowhere");
  around.unlistable = {{kube::kinds::namespaces, ""}};
  CHECK(findings_with_code("IST0101", egress, around).empty());
}

TEST_CASE("a namespace whose pods have no sidecar cannot come") {
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

TEST_CASE("ambient callers take no route, named or not") {
  const auto around = labelled({}, object({{"istio.io/dataplane-mode", "ambient"}}));
  const auto named = findings_with_code("AmbientCallers", restricted_gateway(), around);
  REQUIRE(named.size() == 1);
  CHECK(named[0].gateway == "httpbin/httpbin");
  CHECK(findings_with_code("IST0102", restricted_gateway(), around).empty());
  const auto open = findings_with_code("AmbientCallers", httpbin(), around);
  REQUIRE(open.size() == 1);
  CHECK(open[0].gateway.empty());
  CHECK(testing::mentions(open[0].message, {"shop", "ambient"}));
}

TEST_CASE("a service account that may call and is not there is told; one that is not seen is not") {
  mesh::Egress egress = restricted_gateway();
  egress.mesh.allow = {{"shop", "cart"}};
  mesh::AuditSnapshot around = clean_snapshot();
  CHECK(findings_with_code("IST0101", egress, around).empty());
  const mesh::Reference account{{kube::kinds::service_account}, "shop", "cart"};
  CHECK(mesh::referenced_objects(egress) == std::vector{account});
  around.set_referenced(account, std::nullopt);
  const auto findings = findings_with_code("IST0101", egress, around);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].fix == "kubectl create serviceaccount cart -n shop");
  around.set_referenced(account, object({}));
  CHECK(findings_with_code("IST0101", egress, around).empty());
}

TEST_CASE("a NetworkPolicy knows namespaces by a label that old clusters do not set") {
  mesh::Egress egress = restricted_gateway();
  CHECK(findings_with_code("NamespaceUnnamed", egress, labelled({}, injected)).empty());
  egress.network_policy = true;
  const auto findings = findings_with_code("NamespaceUnnamed", egress, labelled({}, injected));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].fix == "kubectl label namespace shop --overwrite kubernetes.io/metadata.name=shop");
  Json named = injected;
  named.set("kubernetes.io/metadata.name", "shop");
  CHECK(findings_with_code("NamespaceUnnamed", egress, labelled({}, named)).empty());

  mesh::Egress open = httpbin();
  open.network_policy = true;
  CHECK(findings_with_code("NamespaceUnnamed", open, labelled({}, injected)).empty());
}

TEST_CASE("the gateway's own namespace must let Istio inject, and with one voice") {
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

TEST_CASE("namespaces that istiod does not look at are told, with the labels that would do") {
  mesh::AuditSnapshot around = labelled({}, injected);
  const Json selector = object({{"matchLabels", object({{"mesh", "on"}, {"team", "a"}})}});
  around.mesh.discovery_selectors = array({selector});
  const auto findings = findings_with_code("NotDiscovered", restricted_gateway(), around);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].fix == "kubectl label namespace httpbin --overwrite mesh=on team=a");
  CHECK(findings[1].severity == Severity::warning);

  around.mesh.discovery_selectors.push(object({{"matchLabels", object({{"istio-injection", "enabled"}})}}));
  CHECK(findings_with_code("NotDiscovered", restricted_gateway(), around).size() == 1);
  // istiod follows none where it cannot read one.
  around.mesh.discovery_selectors.push(object({{"matchExpressions", array({object({{"key", "x"}})})}}));
  CHECK(findings_with_code("NotDiscovered", restricted_gateway(), around).empty());
}

}  // namespace egress

TEST_SUITE_END();

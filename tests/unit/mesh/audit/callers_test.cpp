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
using testing::listed_namespace;
using testing::modest;
using testing::quiet_surroundings;

/// The namespaces "httpbin" and "shop", with these labels.
mesh::Surroundings labelled(Json own, Json callers) {
  mesh::Surroundings around = quiet_surroundings();
  around.namespaces = {listed_namespace("httpbin", std::move(own)),
                       listed_namespace("shop", std::move(callers))};
  return around;
}

const Json injected = object({{"istio-injection", "enabled"}});

}  // namespace

TEST_CASE("a namespace that may call and does not exist is told, unless it may not be seen") {
  mesh::Egress egress = modest();
  egress.mesh.allow.push_back({"nowhere", ""});
  mesh::Surroundings around = quiet_surroundings();
  const auto findings = found("IST0101", egress, around);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].fix == "kubectl create namespace nowhere");
  around.hidden = {{kube::kinds::namespaces, ""}};
  CHECK(found("IST0101", egress, around).empty());
}

TEST_CASE("a namespace whose pods have no sidecar cannot come") {
  const auto findings = found("IST0102", modest(), labelled({}, {}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].fix == "kubectl label namespace shop --overwrite istio-injection=enabled");
  CHECK(found("IST0102", modest(), labelled({}, object({{"istio.io/rev", "default"}}))).empty());
  const auto disabled = found("IST0102", modest(), labelled({}, object({{"istio-injection", "disabled"}})));
  CHECK(disabled.at(0).fix == "kubectl label namespace shop --overwrite istio-injection=enabled");

  mesh::Surroundings canary = labelled({}, object({{"istio-injection", "disabled"}}));
  canary.mesh.revision = "canary";
  CHECK(found("IST0102", modest(), canary).at(0).fix ==
        "kubectl label namespace shop --overwrite istio-injection- istio.io/rev=canary");
}

TEST_CASE("ambient callers take no route, named or not") {
  const auto around = labelled({}, object({{"istio.io/dataplane-mode", "ambient"}}));
  const auto named = found("AmbientCallers", modest(), around);
  REQUIRE(named.size() == 1);
  CHECK(named[0].gateway == "httpbin/httpbin");
  CHECK(found("IST0102", modest(), around).empty());
  const auto open = found("AmbientCallers", httpbin(), around);
  REQUIRE(open.size() == 1);
  CHECK(open[0].gateway.empty());
  CHECK(testing::mentions(open[0].message, {"shop", "ambient"}));
}

TEST_CASE("a service account that may call and is not there is told; one that is not seen is not") {
  mesh::Egress egress = modest();
  egress.mesh.allow = {{"shop", "cart"}};
  mesh::Surroundings around = quiet_surroundings();
  CHECK(found("IST0101", egress, around).empty());
  const mesh::Reference account{{kube::kinds::service_account}, "shop", "cart"};
  CHECK(mesh::named_objects(egress) == std::vector{account});
  around.set_named(account, std::nullopt);
  const auto findings = found("IST0101", egress, around);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].fix == "kubectl create serviceaccount cart -n shop");
  around.set_named(account, object({}));
  CHECK(found("IST0101", egress, around).empty());
}

TEST_CASE("a NetworkPolicy knows namespaces by a label that old clusters do not set") {
  mesh::Egress egress = modest();
  CHECK(found("NamespaceUnnamed", egress, labelled({}, injected)).empty());
  egress.network_policy = true;
  const auto findings = found("NamespaceUnnamed", egress, labelled({}, injected));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].fix == "kubectl label namespace shop --overwrite kubernetes.io/metadata.name=shop");
  Json named = injected;
  named.set("kubernetes.io/metadata.name", "shop");
  CHECK(found("NamespaceUnnamed", egress, labelled({}, named)).empty());

  mesh::Egress open = httpbin();
  open.network_policy = true;
  CHECK(found("NamespaceUnnamed", open, labelled({}, injected)).empty());
}

TEST_CASE("the gateway's own namespace must let Istio inject, and with one voice") {
  CHECK(found("InjectionDisabled", modest(), labelled({}, injected)).empty());
  const auto disabled = labelled(object({{"istio-injection", "disabled"}}), injected);
  CHECK(found("InjectionDisabled", modest(), disabled).at(0).fix ==
        "kubectl label namespace httpbin --overwrite istio-injection-");
  const auto both = labelled(object({{"istio-injection", "enabled"}, {"istio.io/rev", "default"}}), injected);
  CHECK(found("IST0123", modest(), both).at(0).severity == Severity::error);

  mesh::Surroundings classic = disabled;
  classic.mesh = mesh::assumed_mesh({1, 7, 0});
  CHECK(found("InjectionDisabled", modest(), classic).empty());
}

TEST_CASE("namespaces that istiod does not look at are told, with the labels that would do") {
  mesh::Surroundings around = labelled({}, injected);
  const Json selector = object({{"matchLabels", object({{"mesh", "on"}, {"team", "a"}})}});
  around.mesh.discovery_selectors = array({selector});
  const auto findings = found("NotDiscovered", modest(), around);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].fix == "kubectl label namespace httpbin --overwrite mesh=on team=a");
  CHECK(findings[1].severity == Severity::warning);

  around.mesh.discovery_selectors.push(object({{"matchLabels", object({{"istio-injection", "enabled"}})}}));
  CHECK(found("NotDiscovered", modest(), around).size() == 1);
  // istiod follows none where it cannot read one.
  around.mesh.discovery_selectors.push(object({{"matchExpressions", array({object({{"key", "x"}})})}}));
  CHECK(found("NotDiscovered", modest(), around).empty());
}

}  // namespace egress

TEST_SUITE_END();

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

Json sidecar(const std::string& ns, std::initializer_list<Item> hosts) {
  return listed_object(ns, "default", object({{"egress", array({object({{"hosts", array(hosts)}})})}}));
}

mesh::AuditSnapshot with_sidecars(std::initializer_list<JsonText> sidecars) {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.sidecars = sidecars;
  return snapshot;
}

constexpr const char* service = "httpbin/httpbin-egress.httpbin.svc.cluster.local";

}  // namespace

TEST_CASE("a caller's Sidecar that does not import the gateway is a warning") {
  const auto findings = findings_with_code("SidecarNotImporting", restricted_gateway(),
                                           with_sidecars({sidecar("shop", {"./*", "istio-system/*"})}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(mentions(findings[0].message, {"default", "shop", "httpbin/httpbin.org",
                                       "httpbin/httpbin-egress.httpbin.svc.cluster.local"}));
  CHECK(findings[0].fix ==
        "kubectl patch sidecar.networking.istio.io/default -n shop --type=json -p "
        "'[{\"op\":\"add\",\"path\":\"/spec/egress/0/hosts/-\",\"value\":\"httpbin/httpbin.org\"},"
        "{\"op\":\"add\",\"path\":\"/spec/egress/0/hosts/-\",\"value\":\"" +
            std::string(service) + "\"}]'");
}

TEST_CASE("every way to import the hosts and the Service is recognized") {
  CHECK(findings_with_code("SidecarNotImporting", restricted_gateway(),
                           with_sidecars({sidecar("shop", {"*/*"})}))
            .empty());
  CHECK(findings_with_code("SidecarNotImporting", restricted_gateway(),
                           with_sidecars({sidecar("shop", {"httpbin/*"})}))
            .empty());
  CHECK(findings_with_code("SidecarNotImporting", restricted_gateway(),
                           with_sidecars({sidecar("shop", {"httpbin/httpbin.org", "*/*.svc.cluster.local"})}))
            .empty());
  CHECK(findings_with_code("SidecarNotImporting", restricted_gateway(),
                           with_sidecars({sidecar("shop", {"*/httpbin.org", service})}))
            .empty());
  CHECK(findings_with_code("SidecarNotImporting", restricted_gateway(),
                           with_sidecars({listed_object("shop", "default", object({}))}))
            .empty());
  // "." is the Sidecar's own namespace, and "~" none.
  CHECK(findings_with_code("SidecarNotImporting", restricted_gateway(),
                           with_sidecars({sidecar("shop", {"./*"})}))
            .size() == 1);
  CHECK(findings_with_code("SidecarNotImporting", restricted_gateway(),
                           with_sidecars({sidecar("shop", {"~/*"})}))
            .size() == 1);
}

TEST_CASE("a Sidecar that lacks only the Service is an info") {
  const auto findings = findings_with_code("SidecarNotImporting", restricted_gateway(),
                                           with_sidecars({sidecar("shop", {"httpbin/httpbin.org"})}));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::info);
  CHECK(mentions(findings[0].message, {"default", "shop", "listener", "port"}));
}

TEST_CASE("Sidecars of namespaces that are not allowed are no findings") {
  CHECK(findings_with_code("SidecarNotImporting", restricted_gateway(),
                           with_sidecars({sidecar("pay", {"./*"})}))
            .empty());
}

TEST_CASE("Sidecars are reported together for a gateway without spec.mesh.allow") {
  const auto snapshot = with_sidecars(
      {sidecar("pay", {"httpbin/httpbin.org"}), sidecar("shop", {"./*"}), sidecar("web", {"./*"})});
  const auto findings = findings_with_code("SidecarNotImporting", httpbin(), snapshot);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(mentions(findings[0].message, {"default", "shop", "2 more"}));
}

TEST_CASE("the root namespace's Sidecar applies to namespaces without one") {
  const Json root = sidecar("istio-system", {"./*"});
  const auto alone = findings_with_code("SidecarNotImporting", restricted_gateway(), with_sidecars({root}));
  REQUIRE(alone.size() == 1);
  CHECK(mentions(alone[0].message, {"istio-system", "default", "every namespace without a Sidecar"}));
  CHECK(findings_with_code("SidecarNotImporting", restricted_gateway(),
                           with_sidecars({root, sidecar("shop", {"*/*"})}))
            .empty());
}

TEST_CASE("a finding about a Sidecar for some pods says so") {
  Json partial = sidecar("shop", {"./*"});
  partial.edit("spec").set("workloadSelector", object({{"labels", object({{"app", "cart"}})}}));
  const auto findings =
      findings_with_code("SidecarNotImporting", restricted_gateway(), with_sidecars({partial}));
  const auto all = findings_with_code("SidecarNotImporting", restricted_gateway(),
                                      with_sidecars({sidecar("shop", {"./*"})}));
  CHECK(mentions(findings.at(0).message, {"default", "shop", "pods"}));
  CHECK_MESSAGE(findings[0].message != all.at(0).message, "of all pods another thing is said");
}

}  // namespace egress

TEST_SUITE_END();

#include <doctest/doctest.h>

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
using testing::restricted_gateway;

const std::string service = "httpbin-egress.httpbin.svc.cluster.local";

Json rule(const std::string& host, const std::string& ns = "shop", int day = 10) {
  const Json tls = object({{"mode", "DISABLE"}});
  return listed_object(ns, "wide", object({{"host", host}, {"trafficPolicy", object({{"tls", tls}})}}), day);
}

mesh::AuditSnapshot with_rule(Json destination_rule) {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.destination_rules.push_back(std::move(destination_rule));
  return snapshot;
}

}  // namespace

// users.md: 4, 13
TEST_CASE("a rule in a caller's namespace takes precedence over the gateway's own") {
  for (const std::string& host : {service, std::string("*.local"), std::string("*.svc.cluster.local"),
                                  std::string("*.httpbin.svc.cluster.local"), std::string("*")}) {
    CAPTURE(host);
    const auto findings = findings_with_code("ShadowedRule", restricted_gateway(), with_rule(rule(host)));
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::error);
    CHECK(findings[0].object.display_name() == "destinationrule.networking.istio.io/wide");
    CHECK(testing::mentions(findings[0].message, {"wide", host, "shop", "TLS"}));
    CHECK(findings[0].fix == "kubectl edit destinationrule.networking.istio.io/wide -n shop");
  }
}

TEST_CASE("rules for other hosts, including short names, do not take precedence") {
  for (const char* host : {"httpbin-egress", "other.httpbin.svc.cluster.local", "*.example.com",
                           "httpbin-egress.httpbin", "*.shop.svc.cluster.local"}) {
    CAPTURE(host);
    CHECK(findings_with_code("ShadowedRule", restricted_gateway(), with_rule(rule(host))).empty());
  }
}

TEST_CASE(
    "a shadowing rule is a warning without spec.mesh.allow, and no finding in other namespaces with it") {
  CHECK(findings_with_code("ShadowedRule", testing::httpbin(), with_rule(rule("*.local"))).at(0).severity ==
        Severity::warning);
  CHECK(findings_with_code("ShadowedRule", restricted_gateway(), with_rule(rule("*.local", "pay"))).empty());
}

TEST_CASE("a rule in the root namespace, or where the gateway is not visible, shadows nothing") {
  CHECK(findings_with_code("ShadowedRule", testing::httpbin(), with_rule(rule("*.local", "istio-system")))
            .empty());
  mesh::Egress narrow = testing::httpbin();
  narrow.mesh.export_to = {"pay"};
  CHECK(findings_with_code("ShadowedRule", narrow, with_rule(rule("*.local"))).empty());
}

// users.md: 23
TEST_CASE("a rule with the TLS settings of the gateway's own rule shadows nothing") {
  const Json tls = object({{"mode", "ISTIO_MUTUAL"}, {"sni", "httpbin.org"}});
  Json compatible = rule(service);
  compatible.edit("spec").set("trafficPolicy", object({{"tls", tls}}));
  CHECK(findings_with_code("ShadowedRule", restricted_gateway(), with_rule(compatible)).empty());

  // What a port says replaces all else.
  const Json level = object({{"port", object({{"number", 80}})}, {"connectionPool", object({})}});
  compatible.edit("spec").edit("trafficPolicy").set("portLevelSettings", array({level}));
  CHECK(findings_with_code("ShadowedRule", restricted_gateway(), with_rule(compatible)).size() == 1);
}

TEST_CASE("a gateway with plaintext callers is broken by a rule with TLS, not by one without") {
  mesh::Egress plain = testing::httpbin();
  plain.mesh.mutual = false;
  CHECK(findings_with_code("ShadowedRule", plain, with_rule(rule("*.local"))).empty());
  Json tls = rule("*.local");
  tls.edit("spec").edit("trafficPolicy").edit("tls").set("mode", "ISTIO_MUTUAL");
  CHECK(findings_with_code("ShadowedRule", plain, with_rule(tls)).size() == 1);
}

TEST_CASE("a rule for the same host in the gateway's namespace is merged, and the older one wins") {
  CHECK(findings_with_code("MergedRule", restricted_gateway(), with_rule(rule(service, "httpbin")))
            .at(0)
            .severity == Severity::error);
  CHECK(findings_with_code("MergedRule", restricted_gateway(), with_rule(rule("httpbin-egress", "httpbin")))
            .size() == 1);
  mesh::AuditSnapshot younger = with_rule(rule(service, "httpbin", 20));
  add_gateway(younger, restricted_gateway());
  CHECK(findings_with_code("MergedRule", restricted_gateway(), younger).at(0).severity == Severity::warning);
  mesh::AuditSnapshot older = with_rule(rule(service, "httpbin", 1));
  add_gateway(older, restricted_gateway());
  CHECK(findings_with_code("MergedRule", restricted_gateway(), older).at(0).severity == Severity::error);
}

// users.md: 13
TEST_CASE("for the external host Istio 1.14 and later merge only rules for the same pods") {
  mesh::AuditSnapshot snapshot = with_rule(rule("httpbin.org", "httpbin"));
  CHECK(findings_with_code("MergedRule", restricted_gateway(), snapshot).empty());
  snapshot.mesh.version = {1, 13, 9};
  CHECK(findings_with_code("MergedRule", restricted_gateway(), snapshot).size() == 1);

  Json with_selector = rule("httpbin.org", "httpbin");
  with_selector.edit("spec").set("workloadSelector",
                                 object({{"matchLabels", object({{"app", "httpbin-egress"}})}}));
  CHECK(findings_with_code("MergedRule", restricted_gateway(), with_rule(with_selector)).size() == 1);
  with_selector.edit("spec").set("workloadSelector", object({{"matchLabels", object({{"app", "shop"}})}}));
  CHECK(findings_with_code("MergedRule", restricted_gateway(), with_rule(with_selector)).empty());
}

TEST_CASE("a rule for the external host in another namespace is no finding") {
  CHECK(findings_with_code("MergedRule", restricted_gateway(), with_rule(rule("httpbin.org"))).empty());
}

}  // namespace egress

TEST_SUITE_END();

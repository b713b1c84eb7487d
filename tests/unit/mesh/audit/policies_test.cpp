#include <doctest/doctest.h>

#include <set>

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

mesh::AuditSnapshot with_policy(const std::string& ns, Json spec) {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.authorization_policies.push_back(listed_object(ns, "theirs", std::move(spec)));
  return snapshot;
}

mesh::AuditSnapshot with_filter(const std::string& ns, const std::string& name, Json spec) {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.envoy_filters.push_back(listed_object(ns, name, std::move(spec)));
  return snapshot;
}

Json rules() {
  return array({object({{"from", array({object({})})}})});
}

Json patches(const char* context) {
  return array({object({{"applyTo", "HTTP_FILTER"}, {"match", object({{"context", context}})}})});
}

}  // namespace

TEST_CASE("a policy in the root namespace or in the gateway's namespace applies to its pods") {
  const Json deny = object({{"action", "DENY"}, {"rules", rules()}});
  for (const char* ns : {"istio-system", "httpbin"}) {
    CAPTURE(ns);
    const auto findings = findings_with_code("ForeignPolicy", restricted_gateway(), with_policy(ns, deny));
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::warning);
    CHECK(findings[0].object.display_name() == "authorizationpolicy.security.istio.io/theirs");
    CHECK(findings[0].object.ns == ns);
    CHECK(mentions(findings[0].message, {"theirs", ns}));
  }
  CHECK(findings_with_code("ForeignPolicy", restricted_gateway(), with_policy("shop", deny)).empty());
}

TEST_CASE("a policy for other pods, or with targetRefs, does not apply") {
  Json deny = object({{"action", "DENY"}, {"rules", rules()}});
  deny.set("selector", object({{"matchLabels", object({{"app", "shop"}})}}));
  CHECK(findings_with_code("ForeignPolicy", restricted_gateway(), with_policy("httpbin", deny)).empty());
  deny.set("selector", object({{"matchLabels", object({{"app", "httpbin-egress"}})}}));
  CHECK(findings_with_code("ForeignPolicy", restricted_gateway(), with_policy("httpbin", deny)).size() == 1);
  const Json targeted = object({{"targetRefs", array({object({{"kind", "Service"}})})}, {"rules", rules()}});
  CHECK(findings_with_code("ForeignPolicy", restricted_gateway(), with_policy("httpbin", targeted)).empty());
}

TEST_CASE("the effect of a policy depends on its action and on spec.mesh.allow") {
  const auto message = [](const mesh::Egress& egress, const Json& policy) {
    return findings_with_code("ForeignPolicy", egress, with_policy("httpbin", policy)).at(0).message;
  };
  const Json allow = object({{"rules", rules()}});
  const Json deny = object({{"action", "DENY"}, {"rules", rules()}});
  const Json custom = object({{"action", "CUSTOM"}, {"rules", rules()}});
  const std::set<std::string> messages{message(restricted_gateway(), allow), message(httpbin(), allow),
                                       message(restricted_gateway(), deny),
                                       message(restricted_gateway(), custom)};
  CHECK_MESSAGE(messages.size() == 4, "each of the four has another effect");
  CHECK(mentions(message(restricted_gateway(), custom), {"theirs", "provider"}));
  const Json audit = object({{"action", "AUDIT"}, {"rules", rules()}});
  CHECK(findings_with_code("ForeignPolicy", restricted_gateway(), with_policy("httpbin", audit)).empty());
}

TEST_CASE("a policy that allows nothing is an error without spec.mesh.allow, and no finding with it") {
  const auto nothing = with_policy("istio-system", object({}));
  const auto stopped = findings_with_code("ForeignPolicy", httpbin(), nothing);
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0].severity == Severity::error);
  CHECK(mentions(stopped[0].message, {"theirs", "allows nothing"}));
  CHECK(findings_with_code("ForeignPolicy", restricted_gateway(), nothing).empty());
}

TEST_CASE("an EnvoyFilter that applies to gateways is a finding") {
  const auto findings =
      findings_with_code("ForeignFilter", restricted_gateway(),
                         with_filter("istio-system", "lua", object({{"configPatches", patches("GATEWAY")}})));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix == "kubectl edit envoyfilter.networking.istio.io/lua -n istio-system");
  const Json inbound = object({{"configPatches", patches("SIDECAR_INBOUND")}});
  CHECK(findings_with_code("ForeignFilter", restricted_gateway(), with_filter("istio-system", "lua", inbound))
            .empty());
  const Json any = object({{"configPatches", patches("ANY")}});
  CHECK(findings_with_code("ForeignFilter", restricted_gateway(), with_filter("shop", "lua", any)).empty());
  CHECK(
      findings_with_code("ForeignFilter", restricted_gateway(), with_filter("httpbin", "lua", any)).size() ==
      1);
}

TEST_CASE("Istio's telemetry filters and the gateway's own filter are no findings") {
  const Json any = object({{"configPatches", patches("ANY")}});
  for (const char* name : {"stats-filter-1.7", "tcp-metadata-exchange-1.6"})
    CHECK(findings_with_code("ForeignFilter", restricted_gateway(), with_filter("istio-system", name, any))
              .empty());
  mesh::Egress with_opa = restricted_gateway();
  with_opa.opa = mesh::Opa{.image = "opa", .config_map = {}, .policy = "package envoy.authz"};
  mesh::AuditSnapshot snapshot = clean_snapshot();
  testing::add_gateway(snapshot, with_opa);
  CHECK(snapshot.envoy_filters.size() == 1);
  CHECK(findings_with_code("ForeignFilter", with_opa, snapshot).empty());
}

}  // namespace egress

TEST_SUITE_END();

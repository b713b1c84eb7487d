#include <doctest/doctest.h>

#include <set>

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

mesh::Surroundings with_policy(const std::string& ns, Json spec) {
  mesh::Surroundings around = quiet_surroundings();
  around.authorization_policies.push_back(listed(ns, "theirs", std::move(spec)));
  return around;
}

mesh::Surroundings with_filter(const std::string& ns, const std::string& name, Json spec) {
  mesh::Surroundings around = quiet_surroundings();
  around.envoy_filters.push_back(listed(ns, name, std::move(spec)));
  return around;
}

Json rules() {
  return array({object({{"from", array({object({})})}})});
}

Json patches(const char* context) {
  return array({object({{"applyTo", "HTTP_FILTER"}, {"match", object({{"context", context}})}})});
}

}  // namespace

TEST_CASE("a policy of the root namespace, or beside the gateway, holds for its pods") {
  const Json deny = object({{"action", "DENY"}, {"rules", rules()}});
  for (const char* ns : {"istio-system", "httpbin"}) {
    CAPTURE(ns);
    const auto findings = found("ForeignPolicy", modest(), with_policy(ns, deny));
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::warning);
    CHECK(findings[0].object.label() == "authorizationpolicy.security.istio.io/theirs");
    CHECK(findings[0].object.ns == ns);
    CHECK(mentions(findings[0].message, {"theirs", ns}));
  }
  CHECK(found("ForeignPolicy", modest(), with_policy("shop", deny)).empty());
}

TEST_CASE("a policy for other pods, or for what it names by itself, does not") {
  Json deny = object({{"action", "DENY"}, {"rules", rules()}});
  deny.set("selector", object({{"matchLabels", object({{"app", "shop"}})}}));
  CHECK(found("ForeignPolicy", modest(), with_policy("httpbin", deny)).empty());
  deny.set("selector", object({{"matchLabels", object({{"app", "httpbin-egress"}})}}));
  CHECK(found("ForeignPolicy", modest(), with_policy("httpbin", deny)).size() == 1);
  const Json targeted = object({{"targetRefs", array({object({{"kind", "Service"}})})}, {"rules", rules()}});
  CHECK(found("ForeignPolicy", modest(), with_policy("httpbin", targeted)).empty());
}

TEST_CASE("what it comes to depends on its action and on the gateway's own list") {
  const auto message = [](const mesh::Egress& egress, const Json& policy) {
    return found("ForeignPolicy", egress, with_policy("httpbin", policy)).at(0).message;
  };
  const Json allow = object({{"rules", rules()}});
  const Json deny = object({{"action", "DENY"}, {"rules", rules()}});
  const Json custom = object({{"action", "CUSTOM"}, {"rules", rules()}});
  const std::set<std::string> messages{message(modest(), allow), message(httpbin(), allow),
                                       message(modest(), deny), message(modest(), custom)};
  CHECK_MESSAGE(messages.size() == 4, "each of the four has another effect");
  CHECK(mentions(message(modest(), custom), {"theirs", "provider"}));
  const Json audit = object({{"action", "AUDIT"}, {"rules", rules()}});
  CHECK(found("ForeignPolicy", modest(), with_policy("httpbin", audit)).empty());
}

TEST_CASE("a policy that allows nothing stops a gateway for everyone, and not one with a list") {
  const auto nothing = with_policy("istio-system", object({}));
  const auto stopped = found("ForeignPolicy", httpbin(), nothing);
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0].severity == Severity::error);
  CHECK(mentions(stopped[0].message, {"theirs", "allows nothing"}));
  CHECK(found("ForeignPolicy", modest(), nothing).empty());
}

TEST_CASE("a filter of others that reaches gateways may change anything") {
  const auto findings =
      found("ForeignFilter", modest(),
            with_filter("istio-system", "lua", object({{"configPatches", patches("GATEWAY")}})));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix == "kubectl edit envoyfilter.networking.istio.io/lua -n istio-system");
  const Json inbound = object({{"configPatches", patches("SIDECAR_INBOUND")}});
  CHECK(found("ForeignFilter", modest(), with_filter("istio-system", "lua", inbound)).empty());
  const Json any = object({{"configPatches", patches("ANY")}});
  CHECK(found("ForeignFilter", modest(), with_filter("shop", "lua", any)).empty());
  CHECK(found("ForeignFilter", modest(), with_filter("httpbin", "lua", any)).size() == 1);
}

TEST_CASE("Istio's own telemetry filters are no finding, nor is the gateway's own filter") {
  const Json any = object({{"configPatches", patches("ANY")}});
  for (const char* name : {"stats-filter-1.7", "tcp-metadata-exchange-1.6"})
    CHECK(found("ForeignFilter", modest(), with_filter("istio-system", name, any)).empty());
  mesh::Egress with_opa = modest();
  with_opa.opa = mesh::Opa{.image = "opa", .config_map = {}, .policy = "package envoy.authz"};
  mesh::Surroundings around = quiet_surroundings();
  testing::stand(around, with_opa);
  CHECK(around.envoy_filters.size() == 1);
  CHECK(found("ForeignFilter", with_opa, around).empty());
}

}  // namespace egress

TEST_SUITE_END();

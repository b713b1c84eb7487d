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
using testing::listed_object;
using testing::mentions;
using testing::restricted_gateway;

Json server(int number, const std::string& host) {
  return object({
      {"port", object({{"number", number}, {"name", "p"}, {"protocol", "HTTP"}})},
      {"hosts", array({host})},
  });
}

/// Another's Gateway in the namespace "shop".
Json foreign(Json selector, Json servers) {
  return listed_object("shop", "other",
                       object({{"selector", std::move(selector)}, {"servers", std::move(servers)}}));
}

mesh::AuditSnapshot with_gateway(Json gateway) {
  mesh::AuditSnapshot around = clean_snapshot();
  around.gateways.push_back(std::move(gateway));
  return around;
}

}  // namespace

TEST_CASE("a Gateway of others that selects the gateway's pods is an error") {
  const Json app = object({{"app", "httpbin-egress"}});
  const auto findings = findings_with_code("ForeignGateway", restricted_gateway(),
                                           with_gateway(foreign(app, array({server(81, "*")}))));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].object.display_name() == "gateway.networking.istio.io/other");
  CHECK(mentions(findings[0].message, {"other", "shop", "pods"}));
  CHECK_FALSE(mentions(findings[0].message, {"every gateway"}));
  CHECK(findings[0].fix == "kubectl edit gateway.networking.istio.io/other -n shop");
}

TEST_CASE("on the gateway's own port one of the two is dropped, and for its own host it has a code") {
  const Json all = object({});
  const auto port = findings_with_code("ForeignGateway", restricted_gateway(),
                                       with_gateway(foreign(all, array({server(80, "x.org")}))));
  CHECK(mentions(port.at(0).message, {"other", "shop", "every gateway", "port 80"}));
  const auto host = with_gateway(foreign(all, array({server(80, "*/httpbin.org")})));
  CHECK(findings_with_code("IST0145", restricted_gateway(), host).size() == 1);
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), host).empty());
}

TEST_CASE("labels of the user's own make the pods others'") {
  const auto around =
      with_gateway(foreign(object({{"istio", "egressgateway"}}), array({server(443, "x.org")})));
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), around).empty());
  mesh::Egress labelled = restricted_gateway();
  labelled.workload.labels = object({{"istio", "egressgateway"}});
  CHECK(findings_with_code("ForeignGateway", labelled, around).size() == 1);
}

TEST_CASE("labels that only the standing pods have count, too") {
  mesh::AuditSnapshot around = with_gateway(foreign(object({{"team", "a"}}), array({server(443, "x.org")})));
  testing::add_gateway(around, restricted_gateway());
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), around).empty());
  testing::modify(around.pods.front(),
                  [](Json& one) { one.edit("metadata").edit("labels").set("team", "a"); });
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), around).size() == 1);
}

TEST_CASE("a selector that asks for more than the pods have selects none of them") {
  const Json more = object({{"app", "httpbin-egress"}, {"tier", "x"}});
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(),
                           with_gateway(foreign(more, array({server(80, "*")}))))
            .empty());
}

TEST_CASE("the gateways' own Gateways select none but their own pods") {
  mesh::AuditSnapshot around = clean_snapshot();
  mesh::Egress second = restricted_gateway();
  second.name = "second";
  second.hosts = {"example.org"};
  testing::add_gateway(around, restricted_gateway());
  testing::add_gateway(around, second);
  CHECK(mesh::audit(std::vector{restricted_gateway(), second}, around).empty());
}

TEST_CASE("where Istio keeps Gateways to their namespace, others' are no matter") {
  mesh::AuditSnapshot around = with_gateway(foreign(object({}), array({server(80, "*")})));
  mesh::ControlPlane istiod;
  istiod.environment["PILOT_SCOPE_GATEWAY_TO_NAMESPACE"] = "true";
  around.revisions.istiods = {istiod};
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), around).empty());
}

TEST_CASE("an exposed host that another Gateway serves at the same ingress is an error") {
  mesh::Egress exposed = restricted_gateway();
  exposed.ingress = mesh::Ingress{.hosts = {"bin.example.com"}, .credential = "bin"};
  const Json selector = object({{"istio", "ingressgateway"}});
  const auto taken = with_gateway(foreign(selector, array({server(443, "shop/bin.example.com")})));
  CHECK(findings_with_code("IST0145", exposed, taken).size() == 1);
  CHECK(findings_with_code("IST0145", restricted_gateway(), taken).empty());
  const auto other = with_gateway(foreign(selector, array({server(443, "shop.example.com")})));
  CHECK(findings_with_code("IST0145", exposed, other).empty());
}

}  // namespace egress

TEST_SUITE_END();

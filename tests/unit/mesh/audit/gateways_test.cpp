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
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.gateways.push_back(std::move(gateway));
  return snapshot;
}

}  // namespace

TEST_CASE("another Gateway that selects the gateway's pods is an error") {
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

TEST_CASE("a server on the gateway's port is reported, and one for its host with the code IST0145") {
  const Json all = object({});
  const auto port = findings_with_code("ForeignGateway", restricted_gateway(),
                                       with_gateway(foreign(all, array({server(80, "x.org")}))));
  CHECK(mentions(port.at(0).message, {"other", "shop", "every gateway", "port 80"}));
  const auto host = with_gateway(foreign(all, array({server(80, "*/httpbin.org")})));
  CHECK(findings_with_code("IST0145", restricted_gateway(), host).size() == 1);
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), host).empty());
}

TEST_CASE("a Gateway may select the pods by labels that the user added") {
  const auto snapshot =
      with_gateway(foreign(object({{"istio", "egressgateway"}}), array({server(443, "x.org")})));
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), snapshot).empty());
  mesh::Egress labelled = restricted_gateway();
  labelled.workload.labels = object({{"istio", "egressgateway"}});
  CHECK(findings_with_code("ForeignGateway", labelled, snapshot).size() == 1);
}

TEST_CASE("a Gateway may select the pods by labels that only the live pods have") {
  mesh::AuditSnapshot snapshot =
      with_gateway(foreign(object({{"team", "a"}}), array({server(443, "x.org")})));
  testing::add_gateway(snapshot, restricted_gateway());
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), snapshot).empty());
  testing::modify(snapshot.pods.front(),
                  [](Json& pod) { pod.edit("metadata").edit("labels").set("team", "a"); });
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), snapshot).size() == 1);
}

TEST_CASE("a selector with a label that the pods lack does not select them") {
  const Json more = object({{"app", "httpbin-egress"}, {"tier", "x"}});
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(),
                           with_gateway(foreign(more, array({server(80, "*")}))))
            .empty());
}

TEST_CASE("the gateways' own Gateways select only their own pods") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  mesh::Egress second = restricted_gateway();
  second.name = "second";
  second.hosts = {"example.org"};
  testing::add_gateway(snapshot, restricted_gateway());
  testing::add_gateway(snapshot, second);
  CHECK(mesh::audit(std::vector{restricted_gateway(), second}, snapshot).empty());
}

TEST_CASE("Gateways of other namespaces are no findings if Istio scopes Gateways to their namespace") {
  mesh::AuditSnapshot snapshot = with_gateway(foreign(object({}), array({server(80, "*")})));
  mesh::ControlPlane istiod;
  istiod.environment["PILOT_SCOPE_GATEWAY_TO_NAMESPACE"] = "true";
  snapshot.revisions.istiods = {istiod};
  CHECK(findings_with_code("ForeignGateway", restricted_gateway(), snapshot).empty());
}

TEST_CASE("an exposed host that another Gateway serves on the same ingress gateway is an error") {
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

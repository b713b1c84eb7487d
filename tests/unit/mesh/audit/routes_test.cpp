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
using testing::in_namespace;
using testing::listed_object;
using testing::mentions;
using testing::restricted_gateway;

/// Another's VirtualService for the host, on the mesh and for everyone.
Json foreign_route(int day = 10) {
  return listed_object("shop", "old", object({{"hosts", array({"httpbin.org"})}}), day);
}

mesh::AuditSnapshot with_route(Json route) {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.virtual_services.push_back(std::move(route));
  return snapshot;
}

Json with_export(Json route, std::initializer_list<Item> targets) {
  route.edit("spec").set("exportTo", array(targets));
  return route;
}

}  // namespace

// users.md: 11
TEST_CASE("a planned gateway loses to an existing VirtualService, and the finding has a fix") {
  const auto findings = findings_with_code("IST0109", restricted_gateway(), with_route(foreign_route()));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].gateway == "httpbin/httpbin");
  CHECK(findings[0].object.display_name() == "virtualservice.networking.istio.io/old");
  CHECK(mentions(findings[0].message, {"old", "shop", "httpbin.org", "every namespace"}));
  CHECK(findings[0].fix == "kubectl edit virtualservice.networking.istio.io/old -n shop");
}

// users.md: 11
TEST_CASE("the older of two existing VirtualServices wins") {
  mesh::AuditSnapshot older = with_route(foreign_route(1));
  add_gateway(older, restricted_gateway());
  CHECK(findings_with_code("IST0109", restricted_gateway(), older).at(0).severity == Severity::error);

  mesh::AuditSnapshot younger = with_route(foreign_route(20));
  add_gateway(younger, restricted_gateway());
  const auto kept = findings_with_code("IST0109", restricted_gateway(), younger).at(0);
  CHECK(kept.severity == Severity::warning);
  CHECK(mentions(kept.message, {"old", "shop", "httpbin.org"}));
  CHECK_MESSAGE(kept.message != findings_with_code("IST0109", restricted_gateway(), older).at(0).message,
                "the effect is another one");
}

TEST_CASE("the name decides between two VirtualServices of the same second") {
  mesh::AuditSnapshot snapshot = with_route(foreign_route(5));
  add_gateway(snapshot, restricted_gateway());
  CHECK(findings_with_code("IST0109", restricted_gateway(), snapshot).at(0).severity == Severity::warning);
  testing::modify(snapshot.virtual_services.front(),
                  [](Json& route) { route.edit("metadata").set("name", "aaa"); });
  CHECK(findings_with_code("IST0109", restricted_gateway(), snapshot).at(0).severity == Severity::error);
}

TEST_CASE("a private VirtualService takes precedence over a public one, even if it is younger") {
  mesh::AuditSnapshot snapshot = with_route(with_export(foreign_route(20), {"."}));
  add_gateway(snapshot, restricted_gateway());
  const auto lost = findings_with_code("IST0109", restricted_gateway(), snapshot).at(0);
  CHECK(lost.severity == Severity::error);
  CHECK(mentions(lost.message, {"old", in_namespace("shop")}));
  CHECK_FALSE(mentions(lost.message, {"every namespace"}));
}

// users.md: 23
TEST_CASE("VirtualServices that are not visible in the same namespace do not conflict") {
  mesh::Egress narrow = restricted_gateway();
  narrow.mesh.export_to = {"pay"};
  CHECK(findings_with_code("IST0109", narrow, with_route(with_export(foreign_route(), {"."}))).empty());
  CHECK(findings_with_code("IST0109", narrow, with_route(with_export(foreign_route(), {"~"}))).empty());
  // Of everyone's and one exported by name the latter is kept.
  CHECK(findings_with_code("IST0109", narrow, with_route(foreign_route())).at(0).severity ==
        Severity::warning);
}

TEST_CASE("a VirtualService without exportTo has the mesh's default visibility") {
  mesh::AuditSnapshot snapshot = with_route(foreign_route());
  snapshot.mesh.virtual_service_export_to = {"."};
  const auto lost = findings_with_code("IST0109", restricted_gateway(), snapshot);
  CHECK(mentions(lost.at(0).message, {"old", in_namespace("shop")}));
  CHECK_FALSE(mentions(lost.at(0).message, {"every namespace"}));
}

TEST_CASE("a VirtualService for other gateways, for other hosts or without hosts does not conflict") {
  Json on_gateway = foreign_route();
  on_gateway.edit("spec").set("gateways", array({"istio-system/ingress"}));
  CHECK(findings_with_code("IST0109", restricted_gateway(), with_route(on_gateway)).empty());
  on_gateway.edit("spec").set("gateways", array({"istio-system/ingress", "mesh"}));
  CHECK(findings_with_code("IST0109", restricted_gateway(), with_route(on_gateway)).size() == 1);

  CHECK(findings_with_code("IST0109", restricted_gateway(),
                           with_route(listed_object("shop", "x", object({{"hosts", array({"*.org"})}}))))
            .empty());
  CHECK(
      findings_with_code("IST0109", restricted_gateway(), with_route(listed_object("shop", "x", object({}))))
          .empty());
}

TEST_CASE("aliases and exposed hosts can conflict, too") {
  mesh::Egress egress = restricted_gateway();
  egress.aliases = {"bin.corp.example"};
  egress.ingress = mesh::Ingress{.hosts = {"bin.example.com"}, .credential = "bin"};
  const Json hosts = array({"bin.example.com", "bin.corp.example"});
  const auto lost = findings_with_code("IST0109", egress,
                                       with_route(listed_object("shop", "old", object({{"hosts", hosts}}))));
  REQUIRE(lost.size() == 1);
  CHECK(mentions(lost[0].message, {"bin.corp.example", "bin.example.com"}));
}

TEST_CASE("objects of another Istio revision are ignored") {
  Json other = foreign_route();
  other.edit("metadata").set("labels", object({{"istio.io/rev", "canary"}}));
  CHECK(findings_with_code("IST0109", restricted_gateway(), with_route(other)).empty());
  other.edit("metadata").set("labels", object({{"istio.io/rev", "default"}}));
  CHECK(findings_with_code("IST0109", restricted_gateway(), with_route(other)).size() == 1);
}

TEST_CASE("of two gateways with one host the younger one is reported, with the command to delete it") {
  mesh::Egress second = restricted_gateway();
  second.name = "again";
  mesh::AuditSnapshot snapshot = clean_snapshot();
  add_gateway(snapshot, restricted_gateway());
  const auto planned = findings_with_code("IST0109", second, snapshot);
  REQUIRE(planned.size() == 1);
  CHECK(mentions(planned[0].message, {"egressgateway", "httpbin", "httpbin.org"}));
  CHECK(planned[0].fix.empty());

  add_gateway(snapshot, second);
  for (JsonText& json_text : snapshot.virtual_services)
    testing::modify(json_text, [](Json& route) {
      if (route["metadata"]["name"].as_string() == "again-egress")
        route.edit("metadata").set("creationTimestamp", "2026-11-06T00:00:00Z");
    });
  CHECK(findings_with_code("IST0109", second, snapshot).at(0).fix ==
        "kubectl egress delete again -n httpbin");
  CHECK(findings_with_code("IST0109", restricted_gateway(), snapshot).at(0).fix ==
        "kubectl egress delete again -n httpbin");
}

TEST_CASE("the later of two planned gateways with one host is reported") {
  mesh::Egress second = restricted_gateway();
  second.name = "again";
  const auto findings = mesh::audit(std::vector{restricted_gateway(), second}, clean_snapshot());
  REQUIRE(testing::finding_codes(findings) == std::vector<std::string>{"IST0109"});
  CHECK(findings[0].gateway == "httpbin/again");
  second.hosts = {"example.org"};
  CHECK(mesh::audit(std::vector{restricted_gateway(), second}, clean_snapshot()).empty());
}

TEST_CASE("a more specific route takes precedence over a gateway with a wildcard") {
  mesh::Egress wide = restricted_gateway();
  wide.hosts = {"*.example.com"};
  wide.server = "www.example.com";
  const Json narrow = listed_object("shop", "narrow", object({{"hosts", array({"api.example.com"})}}));
  const auto findings = findings_with_code("NarrowerRoute", wide, with_route(narrow));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings_with_code("NarrowerRoute", restricted_gateway(), with_route(narrow)).empty());
}

}  // namespace egress

TEST_SUITE_END();

#include <doctest/doctest.h>

#include "support/around.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Severity;
using testing::found;
using testing::in_namespace;
using testing::listed;
using testing::mentions;
using testing::modest;
using testing::quiet_surroundings;
using testing::stand;

/// Another's VirtualService for the host, on the mesh and for everyone.
Json foreign_route(int day = 10) {
  return listed("shop", "old", object({{"hosts", array({"httpbin.org"})}}), day);
}

mesh::Surroundings with_route(Json route) {
  mesh::Surroundings around = quiet_surroundings();
  around.virtual_services.push_back(std::move(route));
  return around;
}

Json with_export(Json route, std::initializer_list<Item> targets) {
  route.edit("spec").set("exportTo", array(targets));
  return route;
}

}  // namespace

// users.md: 11
TEST_CASE("a planned gateway loses to a VirtualService that is there, and is told how to end that") {
  const auto findings = found("IST0109", modest(), with_route(foreign_route()));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::error);
  CHECK(findings[0].gateway == "httpbin/httpbin");
  CHECK(findings[0].object.label() == "virtualservice.networking.istio.io/old");
  CHECK(mentions(findings[0].message, {"old", "shop", "httpbin.org", "every namespace"}));
  CHECK(findings[0].fix == "kubectl edit virtualservice.networking.istio.io/old -n shop");
}

// users.md: 11
TEST_CASE("of two VirtualServices that stand the older is kept") {
  mesh::Surroundings older = with_route(foreign_route(1));
  stand(older, modest());
  CHECK(found("IST0109", modest(), older).at(0).severity == Severity::error);

  mesh::Surroundings younger = with_route(foreign_route(20));
  stand(younger, modest());
  const auto kept = found("IST0109", modest(), younger).at(0);
  CHECK(kept.severity == Severity::warning);
  CHECK(mentions(kept.message, {"old", "shop", "httpbin.org"}));
  CHECK_MESSAGE(kept.message != found("IST0109", modest(), older).at(0).message, "the effect is another one");
}

TEST_CASE("of two of the same second the name decides") {
  mesh::Surroundings around = with_route(foreign_route(5));
  stand(around, modest());
  CHECK(found("IST0109", modest(), around).at(0).severity == Severity::warning);
  testing::change(around.virtual_services.front(),
                  [](Json& one) { one.edit("metadata").set("name", "aaa"); });
  CHECK(found("IST0109", modest(), around).at(0).severity == Severity::error);
}

TEST_CASE("what is private to a namespace comes before what is for everyone, however young") {
  mesh::Surroundings around = with_route(with_export(foreign_route(20), {"."}));
  stand(around, modest());
  const auto lost = found("IST0109", modest(), around).at(0);
  CHECK(lost.severity == Severity::error);
  CHECK(mentions(lost.message, {"old", in_namespace("shop")}));
  CHECK_FALSE(mentions(lost.message, {"every namespace"}));
}

// users.md: 23
TEST_CASE("VirtualServices that nobody sees together do not meet") {
  mesh::Egress narrow = modest();
  narrow.mesh.export_to = {"pay"};
  CHECK(found("IST0109", narrow, with_route(with_export(foreign_route(), {"."}))).empty());
  CHECK(found("IST0109", narrow, with_route(with_export(foreign_route(), {"~"}))).empty());
  // Of everyone's and one exported by name the latter is kept.
  CHECK(found("IST0109", narrow, with_route(foreign_route())).at(0).severity == Severity::warning);
}

TEST_CASE("the mesh's default says where a VirtualService without exportTo is seen") {
  mesh::Surroundings around = with_route(foreign_route());
  around.mesh.virtual_service_export_to = {"."};
  const auto lost = found("IST0109", modest(), around);
  CHECK(mentions(lost.at(0).message, {"old", in_namespace("shop")}));
  CHECK_FALSE(mentions(lost.at(0).message, {"every namespace"}));
}

TEST_CASE("a VirtualService of other gateways, other hosts or a delegate is no conflict") {
  Json on_gateway = foreign_route();
  on_gateway.edit("spec").set("gateways", array({"istio-system/ingress"}));
  CHECK(found("IST0109", modest(), with_route(on_gateway)).empty());
  on_gateway.edit("spec").set("gateways", array({"istio-system/ingress", "mesh"}));
  CHECK(found("IST0109", modest(), with_route(on_gateway)).size() == 1);

  CHECK(found("IST0109", modest(), with_route(listed("shop", "x", object({{"hosts", array({"*.org"})}}))))
            .empty());
  CHECK(found("IST0109", modest(), with_route(listed("shop", "x", object({})))).empty());
}

TEST_CASE("an alias and an exposed host can be taken, too") {
  mesh::Egress egress = modest();
  egress.aliases = {"bin.corp.example"};
  egress.ingress = mesh::Ingress{.hosts = {"bin.example.com"}, .credential = "bin"};
  const Json hosts = array({"bin.example.com", "bin.corp.example"});
  const auto lost = found("IST0109", egress, with_route(listed("shop", "old", object({{"hosts", hosts}}))));
  REQUIRE(lost.size() == 1);
  CHECK(mentions(lost[0].message, {"bin.corp.example", "bin.example.com"}));
}

TEST_CASE("an object of another revision's istiod is not this mesh's") {
  Json other = foreign_route();
  other.edit("metadata").set("labels", object({{"istio.io/rev", "canary"}}));
  CHECK(found("IST0109", modest(), with_route(other)).empty());
  other.edit("metadata").set("labels", object({{"istio.io/rev", "default"}}));
  CHECK(found("IST0109", modest(), with_route(other)).size() == 1);
}

TEST_CASE("two gateways of this tool for one host: the younger is told, and what to delete") {
  mesh::Egress second = modest();
  second.name = "again";
  mesh::Surroundings around = quiet_surroundings();
  stand(around, modest());
  const auto planned = found("IST0109", second, around);
  REQUIRE(planned.size() == 1);
  CHECK(mentions(planned[0].message, {"egressgateway", "httpbin", "httpbin.org"}));
  CHECK(planned[0].fix.empty());

  stand(around, second);
  for (PackedJson& packed : around.virtual_services)
    testing::change(packed, [](Json& route) {
      if (route["metadata"]["name"].as_string() == "again-egress")
        route.edit("metadata").set("creationTimestamp", "2026-11-06T00:00:00Z");
    });
  CHECK(found("IST0109", second, around).at(0).fix == "kubectl egress delete again -n httpbin");
  CHECK(found("IST0109", modest(), around).at(0).fix == "kubectl egress delete again -n httpbin");
}

TEST_CASE("of two planned gateways for one host the later is told") {
  mesh::Egress second = modest();
  second.name = "again";
  const auto findings = mesh::audit(std::vector{modest(), second}, quiet_surroundings());
  REQUIRE(testing::codes(findings) == std::vector<std::string>{"IST0109"});
  CHECK(findings[0].gateway == "httpbin/again");
  second.hosts = {"example.org"};
  CHECK(mesh::audit(std::vector{modest(), second}, quiet_surroundings()).empty());
}

TEST_CASE("a wildcard gateway loses the names that others name") {
  mesh::Egress wide = modest();
  wide.hosts = {"*.example.com"};
  wide.server = "www.example.com";
  const Json narrow = listed("shop", "narrow", object({{"hosts", array({"api.example.com"})}}));
  const auto findings = found("NarrowerRoute", wide, with_route(narrow));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::warning);
  CHECK(found("NarrowerRoute", modest(), with_route(narrow)).empty());
}

}  // namespace egress

TEST_SUITE_END();

#include "egress/mesh/audit.hpp"

#include <doctest/doctest.h>

#include "support/audit_fixture.hpp"
#include "support/designs.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Severity;
using testing::add_gateway;
using testing::clean_snapshot;
using testing::finding_codes;
using testing::listed_object;
using testing::restricted_gateway;

mesh::Record record_of(const mesh::Egress& egress, const mesh::AuditSnapshot& around) {
  mesh::Record record;
  record.egress = egress;
  const mesh::Design design{egress, around.mesh};
  for (const mesh::Object& one : mesh::manifests(design, kube::ServedResources::newest(mesh::all_kinds())))
    record.members.push_back(one.reference);
  return record;
}

/// Everything that can be wrong with one gateway, and some more.
mesh::AuditSnapshot troubled() {
  mesh::AuditSnapshot around = clean_snapshot();
  around.mesh.outbound_policy = "ALLOW_ANY";
  add_gateway(around, restricted_gateway());
  around.virtual_services.push_back(
      listed_object("shop", "old", object({{"hosts", array({"httpbin.org"})}}), 1));
  around.destination_rules.push_back(listed_object("shop", "wide", object({{"host", "*.local"}})));
  around.gateways.push_back(listed_object("shop", "all", object({})));
  const Json port = object({{"number", 443}, {"protocol", "TLS"}});
  around.service_entries.push_back(
      listed_object("shop", "direct", object({{"hosts", array({"httpbin.org"})}, {"ports", array({port})}})));
  return around;
}

}  // namespace

TEST_CASE("the mesh's findings come first, then each gateway's, the worst in front") {
  mesh::Egress second = restricted_gateway();
  second.name = "abc";
  second.hosts = {"example.org"};
  const auto findings = mesh::audit(std::vector{restricted_gateway(), second}, troubled());
  CHECK(finding_codes(findings) == std::vector<std::string>{"RegistryOnlyMissing", "ForeignGateway",
                                                            "IST0109", "ShadowedRule", "Bypass",
                                                            "ForeignGateway", "ShadowedRule"});
  CHECK(findings[0].gateway.empty());
  CHECK(findings[1].gateway == "httpbin/httpbin");
  CHECK(findings[5].gateway == "httpbin/abc");
}

TEST_CASE("everything that stops or bypasses a gateway says what mends it, in one line") {
  for (const mesh::Finding& one : mesh::audit(std::vector{restricted_gateway()}, troubled())) {
    CAPTURE(one.code);
    CHECK(one.fix.starts_with("kubectl "));
    CHECK(one.fix.find('\n') == std::string::npos);
    CHECK_FALSE(one.message.ends_with("."));
  }
}

TEST_CASE("a gateway that stands and is whole is no finding") {
  mesh::AuditSnapshot around = clean_snapshot();
  add_gateway(around, restricted_gateway());
  CHECK(mesh::audit(std::vector{record_of(restricted_gateway(), around)}, around).empty());
}

TEST_CASE("what is missing of a gateway is told, unless it could not be seen") {
  mesh::AuditSnapshot around = clean_snapshot();
  add_gateway(around, restricted_gateway());
  const mesh::Record record = record_of(restricted_gateway(), around);
  around.service_entries.clear();
  const auto findings = mesh::audit(std::vector{record}, around);
  REQUIRE(finding_codes(findings) == std::vector<std::string>{"Missing"});
  CHECK(findings[0].object.display_name() == "serviceentry.networking.istio.io/httpbin-egress");
  CHECK(findings[0].fix == "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -");
  around.unlistable = {{findings[0].object.resource.kind, ""}};
  CHECK(finding_codes(mesh::audit(std::vector{record}, around)) == std::vector<std::string>{"Unseen"});
}

TEST_CASE("pods that are not ready, and a create or delete that was cut off, are errors") {
  mesh::AuditSnapshot around = clean_snapshot();
  add_gateway(around, restricted_gateway());
  mesh::Record record = record_of(restricted_gateway(), around);
  testing::modify(around.deployments.front(),
                  [](Json& one) { one.edit("status").set("availableReplicas", 0); });
  CHECK(finding_codes(mesh::audit(std::vector{record}, around)) == std::vector<std::string>{"NotReady"});
  record.operation = mesh::Operation::create;
  CHECK(mesh::audit(std::vector{record}, around).at(0).code == "Incomplete");
  record.operation = mesh::Operation::remove;
  CHECK(mesh::audit(std::vector{record}, around).at(0).fix == "kubectl egress delete httpbin -n httpbin");
}

TEST_CASE("a finding is JSON with all that it says") {
  const auto findings = mesh::audit(std::vector{restricted_gateway()}, troubled());
  const Json json = to_json(findings.at(2));
  CHECK(json["severity"].as_string() == "Error");
  CHECK(json["code"].as_string() == "IST0109");
  CHECK(json["gateway"].as_string() == "httpbin/httpbin");
  CHECK(json["object"] == object({
                              {"apiVersion", "networking.istio.io/v1beta1"},
                              {"kind", "VirtualService"},
                              {"namespace", "shop"},
                              {"name", "old"},
                          }));
  CHECK(json["fix"].as_string() == findings[2].fix);
  CHECK_FALSE(to_json(findings.at(0)).has("gateway"));
}

TEST_CASE("many gateways among many objects of others, none of which touches them, are no finding") {
  mesh::AuditSnapshot around = clean_snapshot();
  std::vector<mesh::Egress> gateways;
  for (int i = 0; i < 30; ++i) {
    mesh::Egress egress = restricted_gateway();
    egress.name = "gateway-" + std::to_string(i);
    egress.ns = "egress-" + std::to_string(i % 5);
    egress.hosts = {"host-" + std::to_string(i) + ".example.com"};
    add_gateway(around, egress);
    gateways.push_back(std::move(egress));
  }
  for (int i = 0; i < 100; ++i) testing::add_unrelated_objects(around, i);
  CHECK(finding_codes(mesh::audit(gateways, around)).empty());
}

}  // namespace egress

TEST_SUITE_END();

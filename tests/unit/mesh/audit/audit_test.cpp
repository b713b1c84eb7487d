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

mesh::Record record_of(const mesh::Egress& egress, const mesh::AuditSnapshot& snapshot) {
  mesh::Record record;
  record.egress = egress;
  const mesh::Design design{egress, snapshot.mesh};
  for (const mesh::Object& object : mesh::manifests(design, kube::ServedResources::newest(mesh::all_kinds())))
    record.members.push_back(object.reference);
  return record;
}

/// Everything that can be wrong with one gateway, and some more.
mesh::AuditSnapshot broken_snapshot() {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  snapshot.mesh.outbound_policy = "ALLOW_ANY";
  add_gateway(snapshot, restricted_gateway());
  snapshot.virtual_services.push_back(
      listed_object("shop", "old", object({{"hosts", array({"httpbin.org"})}}), 1));
  snapshot.destination_rules.push_back(listed_object("shop", "wide", object({{"host", "*.local"}})));
  snapshot.gateways.push_back(listed_object("shop", "all", object({})));
  const Json port = object({{"number", 443}, {"protocol", "TLS"}});
  snapshot.service_entries.push_back(
      listed_object("shop", "direct", object({{"hosts", array({"httpbin.org"})}, {"ports", array({port})}})));
  return snapshot;
}

}  // namespace

TEST_CASE("findings of the mesh come first, then those of each gateway, the most severe first") {
  mesh::Egress second = restricted_gateway();
  second.name = "abc";
  second.hosts = {"example.org"};
  const auto findings = mesh::audit(std::vector{restricted_gateway(), second}, broken_snapshot());
  CHECK(finding_codes(findings) == std::vector<std::string>{"RegistryOnlyMissing", "ForeignGateway",
                                                            "IST0109", "ShadowedRule", "Bypass",
                                                            "ForeignGateway", "ShadowedRule"});
  CHECK(findings[0].gateway.empty());
  CHECK(findings[1].gateway == "httpbin/httpbin");
  CHECK(findings[5].gateway == "httpbin/abc");
}

TEST_CASE("every finding about a broken or bypassed gateway has a fix in one line") {
  for (const mesh::Finding& finding : mesh::audit(std::vector{restricted_gateway()}, broken_snapshot())) {
    CAPTURE(finding.code);
    CHECK(finding.fix.starts_with("kubectl "));
    CHECK(finding.fix.find('\n') == std::string::npos);
    CHECK_FALSE(finding.message.ends_with("."));
  }
}

TEST_CASE("a complete gateway has no findings") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  add_gateway(snapshot, restricted_gateway());
  CHECK(mesh::audit(std::vector{record_of(restricted_gateway(), snapshot)}, snapshot).empty());
}

TEST_CASE("a missing object of a gateway is a finding, unless it could not be read") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  add_gateway(snapshot, restricted_gateway());
  const mesh::Record record = record_of(restricted_gateway(), snapshot);
  snapshot.service_entries.clear();
  const auto findings = mesh::audit(std::vector{record}, snapshot);
  REQUIRE(finding_codes(findings) == std::vector<std::string>{"Missing"});
  CHECK(findings[0].object.display_name() == "serviceentry.networking.istio.io/httpbin-egress");
  CHECK(findings[0].fix == "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -");
  snapshot.unlistable = {{findings[0].object.resource.kind, ""}};
  CHECK(finding_codes(mesh::audit(std::vector{record}, snapshot)) == std::vector<std::string>{"Unseen"});
}

TEST_CASE("pods that are not ready and interrupted operations are errors") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  add_gateway(snapshot, restricted_gateway());
  mesh::Record record = record_of(restricted_gateway(), snapshot);
  testing::modify(snapshot.deployments.front(),
                  [](Json& deployment) { deployment.edit("status").set("availableReplicas", 0); });
  CHECK(finding_codes(mesh::audit(std::vector{record}, snapshot)) == std::vector<std::string>{"NotReady"});
  record.operation = mesh::Operation::create;
  CHECK(mesh::audit(std::vector{record}, snapshot).at(0).code == "Incomplete");
  record.operation = mesh::Operation::remove;
  CHECK(mesh::audit(std::vector{record}, snapshot).at(0).fix == "kubectl egress delete httpbin -n httpbin");
}

TEST_CASE("a finding has all of its fields in JSON") {
  const auto findings = mesh::audit(std::vector{restricted_gateway()}, broken_snapshot());
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

TEST_CASE("unrelated objects cause no findings, even with many gateways") {
  mesh::AuditSnapshot snapshot = clean_snapshot();
  std::vector<mesh::Egress> gateways;
  for (int i = 0; i < 30; ++i) {
    mesh::Egress egress = restricted_gateway();
    egress.name = "gateway-" + std::to_string(i);
    egress.ns = "egress-" + std::to_string(i % 5);
    egress.hosts = {"host-" + std::to_string(i) + ".example.com"};
    add_gateway(snapshot, egress);
    gateways.push_back(std::move(egress));
  }
  for (int i = 0; i < 100; ++i) testing::add_unrelated_objects(snapshot, i);
  CHECK(finding_codes(mesh::audit(gateways, snapshot)).empty());
}

}  // namespace egress

TEST_SUITE_END();

#include "egress/mesh/audit.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "support/around.hpp"
#include "support/designs.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::Severity;
using testing::codes;
using testing::listed;
using testing::modest;
using testing::quiet_surroundings;
using testing::stand;

mesh::Record record_of(const mesh::Egress& egress, const mesh::Surroundings& around) {
  mesh::Record record;
  record.egress = egress;
  const mesh::Design design{egress, around.mesh};
  for (const mesh::Object& one : mesh::manifests(design, kube::Served::newest(mesh::all_kinds())))
    record.members.push_back(one.reference);
  return record;
}

/// Everything that can be wrong with one gateway, and some more.
mesh::Surroundings troubled() {
  mesh::Surroundings around = quiet_surroundings();
  around.mesh.outbound_policy = "ALLOW_ANY";
  stand(around, modest());
  around.virtual_services.push_back(listed("shop", "old", object({{"hosts", array({"httpbin.org"})}}), 1));
  around.destination_rules.push_back(listed("shop", "wide", object({{"host", "*.local"}})));
  around.gateways.push_back(listed("shop", "all", object({})));
  const Json port = object({{"number", 443}, {"protocol", "TLS"}});
  around.service_entries.push_back(
      listed("shop", "direct", object({{"hosts", array({"httpbin.org"})}, {"ports", array({port})}})));
  return around;
}

}  // namespace

TEST_CASE("the mesh's findings come first, then each gateway's, the worst in front") {
  mesh::Egress second = modest();
  second.name = "abc";
  second.hosts = {"example.org"};
  const auto findings = mesh::audit(std::vector{modest(), second}, troubled());
  CHECK(codes(findings) == std::vector<std::string>{"RegistryOnlyMissing", "ForeignGateway", "IST0109",
                                                    "ShadowedRule", "Bypass", "ForeignGateway",
                                                    "ShadowedRule"});
  CHECK(findings[0].gateway.empty());
  CHECK(findings[1].gateway == "httpbin/httpbin");
  CHECK(findings[5].gateway == "httpbin/abc");
}

TEST_CASE("everything that stops or bypasses a gateway says what mends it, in one line") {
  for (const mesh::Finding& one : mesh::audit(std::vector{modest()}, troubled())) {
    CAPTURE(one.code);
    CHECK(one.fix.starts_with("kubectl "));
    CHECK(one.fix.find('\n') == std::string::npos);
    CHECK_FALSE(one.message.ends_with("."));
  }
}

TEST_CASE("a gateway that stands and is whole is no finding") {
  mesh::Surroundings around = quiet_surroundings();
  stand(around, modest());
  CHECK(mesh::audit(std::vector{record_of(modest(), around)}, around).empty());
}

TEST_CASE("what is missing of a gateway is told, unless it could not be seen") {
  mesh::Surroundings around = quiet_surroundings();
  stand(around, modest());
  const mesh::Record record = record_of(modest(), around);
  around.service_entries.clear();
  const auto findings = mesh::audit(std::vector{record}, around);
  REQUIRE(codes(findings) == std::vector<std::string>{"Missing"});
  CHECK(findings[0].object.label() == "serviceentry.networking.istio.io/httpbin-egress");
  CHECK(findings[0].fix == "kubectl egress inspect httpbin -n httpbin -o yaml | kubectl egress apply -f -");
  around.hidden = {{findings[0].object.resource.kind, ""}};
  CHECK(codes(mesh::audit(std::vector{record}, around)) == std::vector<std::string>{"Unseen"});
}

TEST_CASE("pods that are not ready, and a create or delete that was cut off, are errors") {
  mesh::Surroundings around = quiet_surroundings();
  stand(around, modest());
  mesh::Record record = record_of(modest(), around);
  testing::change(around.deployments.front(),
                  [](Json& one) { one.edit("status").set("availableReplicas", 0); });
  CHECK(codes(mesh::audit(std::vector{record}, around)) == std::vector<std::string>{"NotReady"});
  record.operation = mesh::Operation::create;
  CHECK(mesh::audit(std::vector{record}, around).at(0).code == "Incomplete");
  record.operation = mesh::Operation::remove;
  CHECK(mesh::audit(std::vector{record}, around).at(0).fix == "kubectl egress delete httpbin -n httpbin");
}

TEST_CASE("a finding is JSON with all that it says") {
  const auto findings = mesh::audit(std::vector{modest()}, troubled());
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

TEST_CASE("hundreds of gateways among thousands of objects are audited in no time") {
  mesh::Surroundings around = quiet_surroundings();
  std::vector<mesh::Egress> gateways;
  for (int i = 0; i < 300; ++i) {
    mesh::Egress egress = modest();
    egress.name = "gateway-" + std::to_string(i);
    egress.ns = "egress-" + std::to_string(i % 20);
    egress.hosts = {"host-" + std::to_string(i) + ".example.com"};
    stand(around, egress);
    gateways.push_back(std::move(egress));
  }
  for (int i = 0; i < 2000; ++i) {
    const std::string n = std::to_string(i);
    const Json hosts = array({"service-" + n + ".example.org"});
    around.virtual_services.push_back(listed("team-" + n, "route", object({{"hosts", hosts}})));
    around.destination_rules.push_back(
        listed("team-" + n, "rule", object({{"host", i % 10 == 0 ? "*.example.net" : "service"}})));
    around.service_entries.push_back(
        listed("team-" + n, "entry", object({{"hosts", hosts}, {"ports", Json(Json::Array{})}})));
    around.gateways.push_back(listed("team-" + n, "gateway", object({{"selector", object({{"app", n}})}})));
    const Json selector = object({{"matchLabels", object({{"app", n}})}});
    around.authorization_policies.push_back(
        listed("egress-" + std::to_string(i % 20), "policy-" + n, object({{"selector", selector}})));
    around.sidecars.push_back(
        listed("team-" + n, "default",
               object({{"egress", array({object({{"hosts", array({"./*", "istio-system/*"})}})})}})));
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto findings = mesh::audit(gateways, around);
  const auto took = std::chrono::steady_clock::now() - begin;
  CHECK(findings.empty());
  MESSAGE("took ", std::chrono::duration_cast<std::chrono::milliseconds>(took).count(), " ms");
  // Well under a second where nothing slows it down; sanitizers do, and other tests beside it.
  CHECK(took < std::chrono::seconds(20));
}

}  // namespace egress

TEST_SUITE_END();

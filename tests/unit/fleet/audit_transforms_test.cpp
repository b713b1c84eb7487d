#include "egress/fleet/audit_transforms.hpp"

#include <doctest/doctest.h>

#include "egress/mesh/audit.hpp"
#include "support/audit_fixture.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::listed_object;
using testing::restricted_gateway;

Json labelled(Json one, const std::string& key, const std::string& value) {
  one.edit("metadata").edit("labels").set(key, value);
  return one;
}

/// Of each kind objects of gateways and of others, with all that an audit could ask of them.
mesh::AuditSnapshot crowded() {
  mesh::AuditSnapshot around = testing::clean_snapshot();
  around.mesh.outbound_policy = "ALLOW_ANY";
  mesh::Egress second = restricted_gateway();
  second.name = "second";
  second.ns = "shop";
  second.network_policy = true;
  testing::add_gateway(around, restricted_gateway());
  testing::add_gateway(around, second);
  const Json port = object({{"number", 443}, {"name", "p"}, {"protocol", "HTTP"}});
  const Json pods = object({{"app", "httpbin-egress"}});
  const Json server = object({{"port", port}, {"hosts", array({"shop/httpbin.org"})}, {"tls", pods}});
  around.virtual_services.push_back(
      listed_object("shop", "old",
                    object({{"hosts", array({"httpbin.org"})}, {"exportTo", array({"*"})}, {"http", pods}})));
  around.destination_rules.push_back(
      listed_object("shop", "wide",
                    object({{"host", "*.local"},
                            {"trafficPolicy", object({{"tls", object({{"mode", "DISABLE"}})},
                                                      {"loadBalancer", object({{"simple", "RANDOM"}})}})}})));
  around.service_entries.push_back(
      listed_object("shop", "direct", object({{"hosts", array({"httpbin.org"})}, {"ports", array({port})}})));
  around.gateways.push_back(
      listed_object("shop", "all", object({{"selector", pods}, {"servers", array({server})}})));
  around.sidecars.push_back(
      listed_object("shop", "default",
                    object({{"egress", array({object({{"hosts", array({"./*"})}, {"bind", "127.0.0.1"}})})},
                            {"outboundTrafficPolicy", object({{"mode", "ALLOW_ANY"}})}})));
  const Json selector = object({{"matchLabels", pods}});
  for (const Json& rules : {Json(Json::Array{}), array({object({{"from", array({pods})}})})})
    around.authorization_policies.push_back(listed_object(
        "httpbin", "policy", object({{"selector", selector}, {"action", "ALLOW"}, {"rules", rules}})));
  const Json patch =
      object({{"applyTo", "LISTENER"}, {"match", object({{"context", "GATEWAY"}, {"proxy", pods}})}});
  around.envoy_filters.push_back(listed_object(
      "httpbin", "filter",
      object({{"workloadSelector", object({{"labels", pods}})}, {"configPatches", array({patch})}})));
  around.network_policies.push_back(listed_object("httpbin", "policy", object({{"egress", array({pods})}})));
  around.disruption_budgets.push_back(
      listed_object("httpbin", "budget", object({{"minAvailable", 5}, {"selector", selector}})));
  around.pods.front() = labelled(around.pods.front().parse(), "istio.io/rev", "gone");
  return around;
}

std::vector<std::string> told(const mesh::AuditSnapshot& around) {
  mesh::Egress open = restricted_gateway();
  open.mesh.allow.clear();
  std::vector<std::string> told;
  for (const mesh::Finding& one : mesh::audit(std::vector{open}, around))
    told.push_back(one.code + ": " + one.message + ": " + one.fix);
  return told;
}

struct Trimmed {
  std::vector<JsonText> mesh::AuditSnapshot::*objects;
  void (*transform)(Json&);
};

const std::vector<Trimmed> kinds{
    {&mesh::AuditSnapshot::namespaces, fleet::trim_to_metadata},
    {&mesh::AuditSnapshot::virtual_services, fleet::trim_virtual_service},
    {&mesh::AuditSnapshot::destination_rules, fleet::trim_destination_rule},
    {&mesh::AuditSnapshot::service_entries, fleet::trim_service_entry},
    {&mesh::AuditSnapshot::gateways, fleet::trim_gateway},
    {&mesh::AuditSnapshot::sidecars, fleet::trim_sidecar},
    {&mesh::AuditSnapshot::authorization_policies, fleet::trim_authorization_policy},
    {&mesh::AuditSnapshot::envoy_filters, fleet::trim_envoy_filter},
    {&mesh::AuditSnapshot::network_policies, fleet::trim_network_policy},
    {&mesh::AuditSnapshot::disruption_budgets, fleet::trim_disruption_budget},
    {&mesh::AuditSnapshot::deployments, fleet::trim_deployment},
    {&mesh::AuditSnapshot::pods, fleet::trim_pod},
};

}  // namespace

TEST_CASE("an audit finds the same in what is left of the objects as in the whole of them") {
  mesh::AuditSnapshot around = crowded();
  const auto whole = told(around);
  CHECK(whole.size() > 10);
  for (const Trimmed& one : kinds)
    for (JsonText& object : around.*one.objects) testing::modify(object, one.transform);
  CHECK(told(around) == whole);
}

TEST_CASE("an object without the expected fields is reduced to little, and nothing is invented") {
  for (const Trimmed& one : kinds)
    for (Json object : {Json(Json::Object{}), egress::object({{"spec", "?"}, {"metadata", 7}}),
                        egress::object({{"spec", array({1})}})}) {
      one.transform(object);
      CHECK_FALSE(object["spec"].has("servers"));
      CHECK(object["status"].is_null());
    }
}

TEST_CASE("the addresses that Istio allots are left, and no other status") {
  Json entry = listed_object("shop", "entry", object({{"hosts", array({"x.org"})}}));
  entry.set("status", object({{"addresses", array({"240.240.0.1"})}, {"conditions", array({"x"})}}));
  fleet::trim_service_entry(entry);
  CHECK(entry["status"] == object({{"addresses", array({"240.240.0.1"})}}));
}

}  // namespace egress

TEST_SUITE_END();

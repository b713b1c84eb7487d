#include "egress/fleet/audited_part.hpp"

#include <doctest/doctest.h>

#include "egress/mesh/audit.hpp"
#include "support/around.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::listed;
using testing::modest;

Json labelled(Json one, const std::string& key, const std::string& value) {
  one.edit("metadata").edit("labels").set(key, value);
  return one;
}

/// Of each kind objects of gateways and of others, with all that an audit could ask of them.
mesh::Surroundings crowded() {
  mesh::Surroundings around = testing::quiet_surroundings();
  around.mesh.outbound_policy = "ALLOW_ANY";
  mesh::Egress second = modest();
  second.name = "second";
  second.ns = "shop";
  second.network_policy = true;
  testing::stand(around, modest());
  testing::stand(around, second);
  const Json port = object({{"number", 443}, {"name", "p"}, {"protocol", "HTTP"}});
  const Json pods = object({{"app", "httpbin-egress"}});
  const Json server = object({{"port", port}, {"hosts", array({"shop/httpbin.org"})}, {"tls", pods}});
  around.virtual_services.push_back(
      listed("shop", "old",
             object({{"hosts", array({"httpbin.org"})}, {"exportTo", array({"*"})}, {"http", pods}})));
  around.destination_rules.push_back(
      listed("shop", "wide",
             object({{"host", "*.local"},
                     {"trafficPolicy", object({{"tls", object({{"mode", "DISABLE"}})},
                                               {"loadBalancer", object({{"simple", "RANDOM"}})}})}})));
  around.service_entries.push_back(
      listed("shop", "direct", object({{"hosts", array({"httpbin.org"})}, {"ports", array({port})}})));
  around.gateways.push_back(
      listed("shop", "all", object({{"selector", pods}, {"servers", array({server})}})));
  around.sidecars.push_back(
      listed("shop", "default",
             object({{"egress", array({object({{"hosts", array({"./*"})}, {"bind", "127.0.0.1"}})})},
                     {"outboundTrafficPolicy", object({{"mode", "ALLOW_ANY"}})}})));
  const Json selector = object({{"matchLabels", pods}});
  for (const Json& rules : {Json(Json::Array{}), array({object({{"from", array({pods})}})})})
    around.authorization_policies.push_back(
        listed("httpbin", "policy", object({{"selector", selector}, {"action", "ALLOW"}, {"rules", rules}})));
  const Json patch =
      object({{"applyTo", "LISTENER"}, {"match", object({{"context", "GATEWAY"}, {"proxy", pods}})}});
  around.envoy_filters.push_back(
      listed("httpbin", "filter",
             object({{"workloadSelector", object({{"labels", pods}})}, {"configPatches", array({patch})}})));
  around.network_policies.push_back(listed("httpbin", "policy", object({{"egress", array({pods})}})));
  around.budgets.push_back(
      listed("httpbin", "budget", object({{"minAvailable", 5}, {"selector", selector}})));
  around.pods.front() = labelled(around.pods.front().unpack(), "istio.io/rev", "gone");
  return around;
}

std::vector<std::string> told(const mesh::Surroundings& around) {
  mesh::Egress open = modest();
  open.mesh.allow.clear();
  std::vector<std::string> told;
  for (const mesh::Finding& one : mesh::audit(std::vector{open}, around))
    told.push_back(one.code + ": " + one.message + ": " + one.fix);
  return told;
}

struct Trimmed {
  std::vector<PackedJson> mesh::Surroundings::*objects;
  void (*trim)(Json&);
};

const std::vector<Trimmed> kinds{
    {&mesh::Surroundings::namespaces, fleet::leave_name_and_labels},
    {&mesh::Surroundings::virtual_services, fleet::leave_virtual_service},
    {&mesh::Surroundings::destination_rules, fleet::leave_destination_rule},
    {&mesh::Surroundings::service_entries, fleet::leave_service_entry},
    {&mesh::Surroundings::gateways, fleet::leave_gateway},
    {&mesh::Surroundings::sidecars, fleet::leave_sidecar},
    {&mesh::Surroundings::authorization_policies, fleet::leave_authorization_policy},
    {&mesh::Surroundings::envoy_filters, fleet::leave_envoy_filter},
    {&mesh::Surroundings::network_policies, fleet::leave_network_policy},
    {&mesh::Surroundings::budgets, fleet::leave_disruption_budget},
    {&mesh::Surroundings::deployments, fleet::leave_deployment},
    {&mesh::Surroundings::pods, fleet::leave_pod},
};

}  // namespace

TEST_CASE("an audit finds the same in what is left of the objects as in the whole of them") {
  mesh::Surroundings around = crowded();
  const auto whole = told(around);
  CHECK(whole.size() > 10);
  for (const Trimmed& one : kinds)
    for (PackedJson& object : around.*one.objects) testing::change(object, one.trim);
  CHECK(told(around) == whole);
}

TEST_CASE("of an object that has nothing of what it should there is little left, and nothing is made up") {
  for (const Trimmed& one : kinds)
    for (Json object : {Json(Json::Object{}), egress::object({{"spec", "?"}, {"metadata", 7}}),
                        egress::object({{"spec", array({1})}})}) {
      one.trim(object);
      CHECK_FALSE(object["spec"].has("servers"));
      CHECK(object["status"].is_null());
    }
}

TEST_CASE("the addresses that Istio allots are left, and no other status") {
  Json entry = listed("shop", "entry", object({{"hosts", array({"x.org"})}}));
  entry.set("status", object({{"addresses", array({"240.240.0.1"})}, {"conditions", array({"x"})}}));
  fleet::leave_service_entry(entry);
  CHECK(entry["status"] == object({{"addresses", array({"240.240.0.1"})}}));
}

}  // namespace egress

TEST_SUITE_END();

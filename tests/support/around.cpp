#include "support/around.hpp"

#include <algorithm>

#include "egress/mesh/istio_kinds.hpp"
#include "support/designs.hpp"

namespace egress::testing {
namespace {

std::string time_of(int day) {
  return std::string("2026-11-") + (day < 10 ? "0" : "") + std::to_string(day) + "T00:00:00Z";
}

/// Where surroundings keep objects of that kind; null where they keep none.
std::vector<PackedJson>* list_for(mesh::Surroundings& surroundings, const kube::Kind& kind) {
  if (kind == mesh::kinds::virtual_service) return &surroundings.virtual_services;
  if (kind == mesh::kinds::destination_rule) return &surroundings.destination_rules;
  if (kind == mesh::kinds::service_entry) return &surroundings.service_entries;
  if (kind == mesh::kinds::gateway) return &surroundings.gateways;
  if (kind == mesh::kinds::authorization_policy) return &surroundings.authorization_policies;
  if (kind == mesh::kinds::envoy_filter) return &surroundings.envoy_filters;
  if (kind == kube::kinds::network_policy) return &surroundings.network_policies;
  if (kind == kube::kinds::disruption_budget) return &surroundings.budgets;
  if (kind == kube::kinds::deployment) return &surroundings.deployments;
  return nullptr;
}

Json pod_of(const Json& deployment, const std::string& ns, const mesh::Mesh& mesh) {
  const Json& pod = deployment["spec"]["template"];
  Json made = listed(ns, deployment["metadata"]["name"].as_string() + "-1", pod["spec"], 5);
  made.edit("metadata").set("labels", pod["metadata"]["labels"]);
  Json proxy = pod["spec"]["containers"].items().front();
  proxy.set("image", "docker.io/istio/proxyv2:" + mesh.version.text());
  made.edit("spec").set("containers", array({proxy}));
  return made;
}

}  // namespace

Json listed(const std::string& ns, const std::string& name, Json spec, int day) {
  return object({
      {"metadata", object({{"name", name}, {"namespace", ns}, {"creationTimestamp", time_of(day)}})},
      {"spec", std::move(spec)},
  });
}

Json listed_namespace(const std::string& name, Json labels) {
  return object({{"metadata", object({{"name", name}, {"labels", std::move(labels)}})}});
}

void change(PackedJson& packed, const std::function<void(Json& object)>& how) {
  Json object = packed.unpack();
  how(object);
  packed = object;
}

mesh::Surroundings quiet_surroundings() {
  mesh::Surroundings quiet;
  quiet.mesh = mesh::assumed_mesh({1, 30, 3});
  quiet.mesh.outbound_policy = "REGISTRY_ONLY";
  quiet.now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  quiet.revisions.injectors = {"default"};
  quiet.namespaces = {
      listed_namespace("httpbin"),
      listed_namespace("shop", object({{"istio-injection", "enabled"}})),
  };
  quiet.network_policies = {listed("shop", "deny-egress", object({{"policyTypes", array({"Egress"})}}))};
  return quiet;
}

mesh::Egress modest() {
  mesh::Egress egress = httpbin();
  egress.mesh.allow = {{"shop", ""}};
  return egress;
}

void stand(mesh::Surroundings& surroundings, const mesh::Egress& egress) {
  const mesh::Design design{egress, surroundings.mesh, "-----BEGIN CERTIFICATE-----\n"};
  for (const mesh::Object& one : mesh::manifests(design, kube::Served::newest(mesh::all_kinds()))) {
    std::vector<PackedJson>* list = list_for(surroundings, one.reference.resource.kind);
    if (list == nullptr) continue;
    Json object = one.json;
    object.edit("metadata").set("creationTimestamp", time_of(5));
    if (one.reference.resource.kind == kube::kinds::deployment) {
      object.set("status", egress::object({{"updatedReplicas", 1}, {"availableReplicas", 1}}));
      surroundings.pods.push_back(pod_of(object, egress.ns, surroundings.mesh));
    }
    list->emplace_back(object);
  }
}

void add_unrelated(mesh::Surroundings& surroundings, int number) {
  const std::string n = std::to_string(number);
  const std::string team = "team-" + n;
  const Json hosts = array({"service-" + n + ".example.org"});
  const Json app = object({{"matchLabels", object({{"app", n}})}});
  surroundings.virtual_services.push_back(listed(team, "route", object({{"hosts", hosts}})));
  surroundings.destination_rules.push_back(
      listed(team, "rule", object({{"host", number % 10 == 0 ? "*.example.net" : "service"}})));
  surroundings.service_entries.push_back(
      listed(team, "entry", object({{"hosts", hosts}, {"ports", Json(Json::Array{})}})));
  surroundings.gateways.push_back(listed(team, "gateway", object({{"selector", object({{"app", n}})}})));
  surroundings.authorization_policies.push_back(
      listed("egress-" + std::to_string(number % 5), "policy-" + n, object({{"selector", app}})));
  const Json imports = array({object({{"hosts", array({"./*", "istio-system/*"})}})});
  surroundings.sidecars.push_back(listed(team, "default", object({{"egress", imports}})));
}

std::vector<mesh::Finding> found(const std::string& code, const mesh::Egress& egress,
                                 const mesh::Surroundings& surroundings) {
  auto findings = mesh::audit(std::vector{egress}, surroundings);
  std::erase_if(findings, [&](const mesh::Finding& one) { return one.code != code; });
  return findings;
}

std::vector<std::string> codes(const std::vector<mesh::Finding>& findings) {
  std::vector<std::string> codes;
  for (const mesh::Finding& one : findings) codes.push_back(one.code);
  return codes;
}

}  // namespace egress::testing

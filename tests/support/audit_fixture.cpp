#include "support/audit_fixture.hpp"

#include <algorithm>

#include "egress/mesh/istio_kinds.hpp"
#include "support/designs.hpp"

namespace egress::testing {
namespace {

std::string timestamp(int day) {
  return std::string("2026-11-") + (day < 10 ? "0" : "") + std::to_string(day) + "T00:00:00Z";
}

/// The snapshot's list for objects of that kind; null if it has none.
std::vector<JsonText>* list_for(mesh::AuditSnapshot& snapshot, const kube::Kind& kind) {
  if (kind == mesh::kinds::virtual_service) return &snapshot.virtual_services;
  if (kind == mesh::kinds::destination_rule) return &snapshot.destination_rules;
  if (kind == mesh::kinds::service_entry) return &snapshot.service_entries;
  if (kind == mesh::kinds::gateway) return &snapshot.gateways;
  if (kind == mesh::kinds::authorization_policy) return &snapshot.authorization_policies;
  if (kind == mesh::kinds::envoy_filter) return &snapshot.envoy_filters;
  if (kind == kube::kinds::network_policy) return &snapshot.network_policies;
  if (kind == kube::kinds::disruption_budget) return &snapshot.disruption_budgets;
  if (kind == kube::kinds::deployment) return &snapshot.deployments;
  return nullptr;
}

Json ready_pod(const Json& deployment, const std::string& ns, const mesh::Mesh& mesh) {
  const Json& pod_template = deployment["spec"]["template"];
  Json result = listed_object(ns, deployment["metadata"]["name"].as_string() + "-1", pod_template["spec"], 5);
  result.edit("metadata").set("labels", pod_template["metadata"]["labels"]);
  Json proxy = pod_template["spec"]["containers"].items().front();
  proxy.set("image", "docker.io/istio/proxyv2:" + mesh.version.text());
  result.edit("spec").set("containers", array({proxy}));
  return result;
}

}  // namespace

Json listed_object(const std::string& ns, const std::string& name, Json spec, int day) {
  return object({
      {"metadata", object({{"name", name}, {"namespace", ns}, {"creationTimestamp", timestamp(day)}})},
      {"spec", std::move(spec)},
  });
}

Json listed_namespace(const std::string& name, Json labels) {
  return object({{"metadata", object({{"name", name}, {"labels", std::move(labels)}})}});
}

void modify(JsonText& packed, const std::function<void(Json& object)>& edit) {
  Json object = packed.parse();
  edit(object);
  packed = object;
}

mesh::AuditSnapshot clean_snapshot() {
  mesh::AuditSnapshot snapshot;
  snapshot.mesh = mesh::assumed_mesh({1, 30, 3});
  snapshot.mesh.outbound_policy = "REGISTRY_ONLY";
  snapshot.now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
  snapshot.revisions.injectors = {"default"};
  snapshot.namespaces = {
      listed_namespace("httpbin"),
      listed_namespace("shop", object({{"istio-injection", "enabled"}})),
  };
  snapshot.network_policies = {
      listed_object("shop", "deny-egress", object({{"policyTypes", array({"Egress"})}}))};
  return snapshot;
}

mesh::Egress restricted_gateway() {
  mesh::Egress egress = httpbin();
  egress.mesh.allow = {{"shop", ""}};
  return egress;
}

void add_gateway(mesh::AuditSnapshot& snapshot, const mesh::Egress& egress) {
  const mesh::Design design{egress, snapshot.mesh, "-----BEGIN CERTIFICATE-----\n"};
  for (const mesh::Object& manifest :
       mesh::manifests(design, kube::ServedResources::newest(mesh::all_kinds()))) {
    std::vector<JsonText>* list = list_for(snapshot, manifest.reference.resource.kind);
    if (list == nullptr) continue;
    Json object = manifest.json;
    object.edit("metadata").set("creationTimestamp", timestamp(5));
    if (manifest.reference.resource.kind == kube::kinds::deployment) {
      object.set("status", egress::object({{"updatedReplicas", 1}, {"availableReplicas", 1}}));
      snapshot.pods.push_back(ready_pod(object, egress.ns, snapshot.mesh));
    }
    list->emplace_back(object);
  }
}

void add_unrelated_objects(mesh::AuditSnapshot& snapshot, int number) {
  const std::string n = std::to_string(number);
  const std::string team = "team-" + n;
  const Json hosts = array({"service-" + n + ".example.org"});
  const Json app = object({{"matchLabels", object({{"app", n}})}});
  snapshot.virtual_services.push_back(listed_object(team, "route", object({{"hosts", hosts}})));
  snapshot.destination_rules.push_back(
      listed_object(team, "rule", object({{"host", number % 10 == 0 ? "*.example.net" : "service"}})));
  snapshot.service_entries.push_back(
      listed_object(team, "entry", object({{"hosts", hosts}, {"ports", Json(Json::Array{})}})));
  snapshot.gateways.push_back(listed_object(team, "gateway", object({{"selector", object({{"app", n}})}})));
  snapshot.authorization_policies.push_back(
      listed_object("egress-" + std::to_string(number % 5), "policy-" + n, object({{"selector", app}})));
  const Json imports = array({object({{"hosts", array({"./*", "istio-system/*"})}})});
  snapshot.sidecars.push_back(listed_object(team, "default", object({{"egress", imports}})));
}

std::vector<mesh::Finding> findings_with_code(const std::string& code, const mesh::Egress& egress,
                                              const mesh::AuditSnapshot& snapshot) {
  auto findings = mesh::audit(std::vector{egress}, snapshot);
  std::erase_if(findings, [&](const mesh::Finding& finding) { return finding.code != code; });
  return findings;
}

std::vector<std::string> finding_codes(const std::vector<mesh::Finding>& findings) {
  std::vector<std::string> codes;
  for (const mesh::Finding& finding : findings) codes.push_back(finding.code);
  return codes;
}

}  // namespace egress::testing

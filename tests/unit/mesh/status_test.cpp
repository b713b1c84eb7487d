#include "egress/mesh/status.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/plan.hpp"
#include "support/create_run.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

mesh::Plan complete_plan() {
  mesh::Plan plan =
      mesh::plan(testing::istio_1_30_design(), kube::ServedResources::newest(mesh::all_kinds()));
  plan.record.operation = mesh::Operation::none;
  return plan;
}

/// Every object of a healthy gateway.
std::vector<Json> live_objects(const mesh::Plan& plan) {
  std::vector<Json> objects;
  for (const mesh::Object& planned : plan.objects) {
    Json json = planned.json;
    if (planned.reference.resource.kind.name == "Deployment")
      json.set("status", object({{"updatedReplicas", 1}, {"readyReplicas", 1}, {"availableReplicas", 1}}));
    objects.push_back(std::move(json));
  }
  return objects;
}

Json& find_deployment(std::vector<Json>& objects) {
  return *std::ranges::find_if(objects,
                               [](const Json& json) { return json["kind"].as_string() == "Deployment"; });
}

}  // namespace

TEST_CASE("a complete gateway with a ready pod is Ready") {
  const auto plan = complete_plan();
  const auto summary = mesh::summarize(plan.record, live_objects(plan));
  CHECK(mesh::text(summary.phase) == "Ready");
  CHECK(summary.ready_replicas == 1);
  CHECK(summary.reasons.empty());
  CHECK(summary.image == "auto");
}

TEST_CASE("a gateway without a ready pod is Progressing, with a reason") {
  const auto plan = complete_plan();
  auto objects = live_objects(plan);
  find_deployment(objects).edit("status").set("availableReplicas", 0);
  find_deployment(objects).edit("status").set("readyReplicas", 0);
  const auto summary = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(summary.phase) == "Progressing");
  REQUIRE(summary.reasons.size() == 1);
  CHECK(testing::mentions(summary.reasons[0], {"0 of 1", "pods", "ready"}));
}

TEST_CASE("a Deployment that the controller has not observed yet is not ready") {
  Json deployment = object({
      {"metadata", object({{"generation", 2}})},
      {"status", object({{"observedGeneration", 1}, {"updatedReplicas", 1}, {"availableReplicas", 1}})},
  });
  CHECK(testing::mentions(mesh::rollout_problem(deployment), {"Deployment"}));
  deployment.edit("status").set("observedGeneration", 2);
  CHECK(mesh::rollout_problem(deployment).empty());
}

TEST_CASE("a rollout past its deadline reports the controller's message") {
  const Json deployment =
      object({{"status", object({{"conditions", array({object({
                                                    {"type", "Progressing"},
                                                    {"reason", "ProgressDeadlineExceeded"},
                                                    {"message", "timed out"},
                                                })})}})}});
  CHECK(
      testing::mentions(mesh::rollout_problem(deployment), {"Deployment", "progress deadline", "timed out"}));
}

TEST_CASE("available old pods do not make a rollout ready") {
  const Json rolling = object({{"status", object({
                                              {"replicas", 2},
                                              {"updatedReplicas", 1},
                                              {"readyReplicas", 1},
                                              {"availableReplicas", 1},
                                          })}});
  CHECK_FALSE(mesh::rollout_problem(rolling).empty());
  Json done = rolling;
  done.edit("status").set("availableReplicas", 2);
  CHECK(mesh::rollout_problem(done).empty());
}

TEST_CASE("a rollout that the controller has given up on is Degraded") {
  const auto plan = complete_plan();
  auto objects = live_objects(plan);
  Json stuck = object({{"type", "Progressing"}, {"reason", "ProgressDeadlineExceeded"}});
  find_deployment(objects).edit("status").set("conditions", array({std::move(stuck)}));
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Degraded");
}

TEST_CASE("a gateway that has lost all ready pods is Degraded") {
  const auto plan = complete_plan();
  auto objects = live_objects(plan);
  Json& status = find_deployment(objects).edit("status");
  status.set("availableReplicas", 0);
  status.set("conditions", array({object({{"type", "Progressing"}, {"reason", "NewReplicaSetAvailable"}})}));
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Degraded");
  // During a new rollout the gateway is Progressing instead.
  status.set("observedGeneration", 1);
  find_deployment(objects).edit("metadata").set("generation", 2);
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Progressing");
}

TEST_CASE("a missing object makes the gateway Degraded, an interrupted operation Incomplete") {
  auto plan = complete_plan();
  auto objects = live_objects(plan);
  objects.pop_back();
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Degraded");
  plan.record.operation = mesh::Operation::create;
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Incomplete");
  plan.record.operation = mesh::Operation::remove;
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Incomplete");
  objects.front().edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z");
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Deleting");
}

TEST_CASE("an object of the same name in another namespace is not a member") {
  const auto plan = complete_plan();
  auto objects = live_objects(plan);
  objects.front().edit("metadata").set("namespace", "elsewhere");
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Degraded");
}

TEST_CASE("drift reports the fields that others changed or added, except allowed ones") {
  auto plan = complete_plan();
  auto objects = live_objects(plan);
  const auto service =
      std::ranges::find(objects, "Service", [](const Json& json) { return json["kind"].as_string(); });
  plan.record.applied_digests.resize(plan.record.members.size());
  const auto index = static_cast<std::size_t>(service - objects.begin());
  Json& metadata = service->edit("metadata");
  const auto set_managed_fields = [&](std::initializer_list<std::pair<const char*, const char*>> fields) {
    Json entries;
    for (const auto& [manager, spec] : fields)
      entries.push(object({{"manager", manager},
                           {"operation", std::string(manager) == "kubectl-egress" ? "Apply" : "Update"},
                           {"fieldsV1", object({{"f:spec", Json::parse(spec)}})}}));
    metadata.set("managedFields", entries);
  };
  set_managed_fields({{"kubectl-egress", R"({"f:ports": {}, "f:type": {}, "f:selector": {"f:app": {}}})"}});
  plan.record.applied_digests[index] = kube::applied_digest(metadata, kube::field_manager);
  CHECK(mesh::summarize(plan.record, objects).reasons.empty());

  set_managed_fields({{"kubectl-egress", R"({"f:ports": {}, "f:type": {}, "f:selector": {"f:app": {}}})"},
                      {"someone", R"({"f:sessionAffinity": {}})"}});
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Ready");

  set_managed_fields(
      {{"kubectl-egress", R"({"f:selector": {"f:app": {}}})"},
       {"kubectl-edit", R"({"f:type": {}, "f:sessionAffinity": {}, "f:selector": {"f:tier": {}}})"},
       {"someone", R"({"f:sessionAffinity": {}})"}});
  const auto changed = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(changed.phase) == "Degraded");
  REQUIRE(changed.reasons.size() == 1);
  CHECK(testing::mentions(changed.reasons[0], {"service/httpbin-egress", "kubectl-edit",
                                               ".spec.selector.tier", ".spec.type", "1"}));
  CHECK_FALSE(testing::mentions(changed.reasons[0], {".spec.sessionAffinity"}));
}

TEST_CASE("extra objects with the gateway's label are Unexpected or Foreign, by their field manager") {
  const auto plan = complete_plan();
  auto objects = live_objects(plan);
  Json stray = objects.front();
  stray.edit("metadata").set("name", "stray");
  stray.edit("metadata").set("managedFields", testing::managed_fields_of("kubectl-egress"));
  objects.push_back(stray);
  auto summary = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(summary.phase) == "Degraded");
  CHECK(summary.objects.back().state == "Unexpected");
  REQUIRE(summary.reasons.size() == 1);
  CHECK(testing::mentions(summary.reasons[0], {"serviceaccount/stray", "label"}));

  objects.back().edit("metadata").set("managedFields", testing::managed_fields_of("kubectl-edit"));
  summary = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(summary.phase) == "Degraded");
  CHECK(summary.objects.back().state == "Foreign");
  REQUIRE(summary.reasons.size() == 1);
  CHECK(testing::mentions(summary.reasons[0],
                          {"kubectl label serviceaccount/stray -n httpbin applyset.kubernetes.io/part-of-"}));
}

TEST_CASE("the JSON is the manifest with status") {
  const auto plan = complete_plan();
  const Json json = mesh::to_json(mesh::summarize(plan.record, live_objects(plan)));
  CHECK(json["kind"].as_string() == "EgressGateway");
  CHECK(json["spec"]["hosts"] == array({"httpbin.org"}));
  CHECK(json["status"]["phase"].as_string() == "Ready");
  CHECK(json["status"]["readyReplicas"].as_integer() == 1);
  CHECK(json["status"]["objects"].items().size() == 14);
  CHECK(json["status"]["conditions"].items().front()["status"].as_string() == "True");
}

TEST_CASE("a member pending deletion is reported while it exists, and not as missing") {
  auto plan = complete_plan();
  plan.record.applied_digests.resize(plan.record.members.size());
  plan.record.applied_digests.front() = mesh::pending_deletion;
  auto objects = live_objects(plan);
  objects.front().edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z");
  const auto before = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(before.phase) == "Degraded");
  CHECK(before.objects.size() == objects.size());
  CHECK(before.objects.back().reference == plan.record.members.front());
  CHECK(before.objects.back().state == "Deleting");

  objects.erase(objects.begin());
  const auto after = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(after.phase) == "Ready");
  CHECK(after.objects.size() == objects.size());
  CHECK(after.reasons.empty());
}

}  // namespace egress

TEST_SUITE_END();

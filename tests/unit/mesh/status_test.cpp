#include "egress/mesh/status.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/plan.hpp"
#include "support/creating.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

mesh::Plan whole_plan() {
  mesh::Plan plan = mesh::plan(testing::todays_design(), kube::Served::newest(mesh::all_kinds()));
  plan.record.operation = mesh::Operation::none;
  return plan;
}

/// Every object as it stands when all is well.
std::vector<Json> live(const mesh::Plan& plan) {
  std::vector<Json> objects;
  for (const mesh::Object& one : plan.objects) {
    Json json = one.json;
    if (one.reference.resource.kind.name == "Deployment")
      json.set("status", object({{"updatedReplicas", 1}, {"readyReplicas", 1}, {"availableReplicas", 1}}));
    objects.push_back(std::move(json));
  }
  return objects;
}

Json& deployment_in(std::vector<Json>& objects) {
  return *std::ranges::find_if(objects,
                               [](const Json& one) { return one["kind"].as_string() == "Deployment"; });
}

}  // namespace

TEST_CASE("a whole gateway with a ready pod is Ready") {
  const auto plan = whole_plan();
  const auto summary = mesh::summarize(plan.record, live(plan));
  CHECK(mesh::text(summary.phase) == "Ready");
  CHECK(summary.ready_replicas == 1);
  CHECK(summary.reasons.empty());
  CHECK(summary.image == "auto");
}

TEST_CASE("without a ready pod it is Progressing, and says so") {
  const auto plan = whole_plan();
  auto objects = live(plan);
  deployment_in(objects).edit("status").set("availableReplicas", 0);
  deployment_in(objects).edit("status").set("readyReplicas", 0);
  const auto summary = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(summary.phase) == "Progressing");
  REQUIRE(summary.reasons.size() == 1);
  CHECK(testing::mentions(summary.reasons[0], {"0 of 1", "pods", "ready"}));
}

TEST_CASE("a Deployment that the controller has not seen yet is not ready") {
  Json deployment = object({
      {"metadata", object({{"generation", 2}})},
      {"status", object({{"observedGeneration", 1}, {"updatedReplicas", 1}, {"availableReplicas", 1}})},
  });
  CHECK(testing::mentions(mesh::rollout_fault(deployment), {"Deployment"}));
  deployment.edit("status").set("observedGeneration", 2);
  CHECK(mesh::rollout_fault(deployment).empty());
}

TEST_CASE("a rollout past its deadline says the controller's words") {
  const Json deployment =
      object({{"status", object({{"conditions", array({object({
                                                    {"type", "Progressing"},
                                                    {"reason", "ProgressDeadlineExceeded"},
                                                    {"message", "timed out"},
                                                })})}})}});
  CHECK(testing::mentions(mesh::rollout_fault(deployment), {"Deployment", "progress deadline", "timed out"}));
}

TEST_CASE("a pod that is available but old does not make a new one ready") {
  const Json rolling = object({{"status", object({
                                              {"replicas", 2},
                                              {"updatedReplicas", 1},
                                              {"readyReplicas", 1},
                                              {"availableReplicas", 1},
                                          })}});
  CHECK_FALSE(mesh::rollout_fault(rolling).empty());
  Json done = rolling;
  done.edit("status").set("availableReplicas", 2);
  CHECK(mesh::rollout_fault(done).empty());
}

TEST_CASE("a rollout that the controller has given up on is Degraded") {
  const auto plan = whole_plan();
  auto objects = live(plan);
  Json stuck = object({{"type", "Progressing"}, {"reason", "ProgressDeadlineExceeded"}});
  deployment_in(objects).edit("status").set("conditions", array({std::move(stuck)}));
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Degraded");
}

TEST_CASE("a gateway whose pods were ready once, and none is any more, is Degraded") {
  const auto plan = whole_plan();
  auto objects = live(plan);
  Json& status = deployment_in(objects).edit("status");
  status.set("availableReplicas", 0);
  status.set("conditions", array({object({{"type", "Progressing"}, {"reason", "NewReplicaSetAvailable"}})}));
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Degraded");
  // As soon as a change is on its way, it is that which is waited for.
  status.set("observedGeneration", 1);
  deployment_in(objects).edit("metadata").set("generation", 2);
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Progressing");
}

TEST_CASE("a missing object makes it Degraded, and an operation cut off Incomplete") {
  auto plan = whole_plan();
  auto objects = live(plan);
  objects.pop_back();
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Degraded");
  plan.record.operation = mesh::Operation::create;
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Incomplete");
  plan.record.operation = mesh::Operation::remove;
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Incomplete");
  objects.front().edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z");
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Deleting");
}

TEST_CASE("an object of the same name in another namespace is not this gateway's") {
  const auto plan = whole_plan();
  auto objects = live(plan);
  objects.front().edit("metadata").set("namespace", "elsewhere");
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Degraded");
}

TEST_CASE("what others changed and added of an object is named, and nothing that they may") {
  auto plan = whole_plan();
  auto objects = live(plan);
  const auto service =
      std::ranges::find(objects, "Service", [](const Json& one) { return one["kind"].as_string(); });
  plan.record.applied.resize(plan.record.members.size());
  const auto place = static_cast<std::size_t>(service - objects.begin());
  Json& metadata = service->edit("metadata");
  const auto written = [&](std::initializer_list<std::pair<const char*, const char*>> fields) {
    Json entries;
    for (const auto& [who, spec] : fields)
      entries.push(object({{"manager", who},
                           {"operation", std::string(who) == "kubectl-egress" ? "Apply" : "Update"},
                           {"fieldsV1", object({{"f:spec", Json::parse(spec)}})}}));
    metadata.set("managedFields", entries);
  };
  written({{"kubectl-egress", R"({"f:ports": {}, "f:type": {}, "f:selector": {"f:app": {}}})"}});
  plan.record.applied[place] = kube::applied_digest(metadata, kube::field_manager);
  CHECK(mesh::summarize(plan.record, objects).reasons.empty());

  written({{"kubectl-egress", R"({"f:ports": {}, "f:type": {}, "f:selector": {"f:app": {}}})"},
           {"someone", R"({"f:sessionAffinity": {}})"}});
  CHECK(mesh::text(mesh::summarize(plan.record, objects).phase) == "Ready");

  written({{"kubectl-egress", R"({"f:selector": {"f:app": {}}})"},
           {"kubectl-edit", R"({"f:type": {}, "f:sessionAffinity": {}, "f:selector": {"f:tier": {}}})"},
           {"someone", R"({"f:sessionAffinity": {}})"}});
  const auto changed = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(changed.phase) == "Degraded");
  REQUIRE(changed.reasons.size() == 1);
  CHECK(testing::mentions(changed.reasons[0], {"service/httpbin-egress", "kubectl-edit",
                                               ".spec.selector.tier", ".spec.type", "1"}));
  CHECK_FALSE(testing::mentions(changed.reasons[0], {".spec.sessionAffinity"}));
}

TEST_CASE("an object with its label that it does not have is told apart by who wrote it") {
  const auto plan = whole_plan();
  auto objects = live(plan);
  Json stray = objects.front();
  stray.edit("metadata").set("name", "stray");
  stray.edit("metadata").set("managedFields", testing::applied_by("kubectl-egress"));
  objects.push_back(stray);
  auto summary = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(summary.phase) == "Degraded");
  CHECK(summary.objects.back().state == "Unexpected");
  REQUIRE(summary.reasons.size() == 1);
  CHECK(testing::mentions(summary.reasons[0], {"serviceaccount/stray", "label"}));

  objects.back().edit("metadata").set("managedFields", testing::applied_by("kubectl-edit"));
  summary = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(summary.phase) == "Degraded");
  CHECK(summary.objects.back().state == "Foreign");
  REQUIRE(summary.reasons.size() == 1);
  CHECK(testing::mentions(summary.reasons[0],
                          {"kubectl label serviceaccount/stray -n httpbin applyset.kubernetes.io/part-of-"}));
}

TEST_CASE("JSON is the file form with its status") {
  const auto plan = whole_plan();
  const Json json = mesh::to_json(mesh::summarize(plan.record, live(plan)));
  CHECK(json["kind"].as_string() == "EgressGateway");
  CHECK(json["spec"]["hosts"] == array({"httpbin.org"}));
  CHECK(json["status"]["phase"].as_string() == "Ready");
  CHECK(json["status"]["readyReplicas"].as_integer() == 1);
  CHECK(json["status"]["objects"].items().size() == 14);
  CHECK(json["status"]["conditions"].items().front()["status"].as_string() == "True");
}

TEST_CASE("a member that was on its way out is looked for, and not missed") {
  auto plan = whole_plan();
  plan.record.applied.resize(plan.record.members.size());
  plan.record.applied.front() = mesh::going;
  auto objects = live(plan);
  objects.front().edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z");
  const auto held = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(held.phase) == "Degraded");
  CHECK(held.objects.size() == objects.size());
  CHECK(held.objects.back().reference == plan.record.members.front());
  CHECK(held.objects.back().state == "Deleting");

  objects.erase(objects.begin());
  const auto gone = mesh::summarize(plan.record, objects);
  CHECK(mesh::text(gone.phase) == "Ready");
  CHECK(gone.objects.size() == objects.size());
  CHECK(gone.reasons.empty());
}

}  // namespace egress

TEST_SUITE_END();

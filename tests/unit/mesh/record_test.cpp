#include "egress/mesh/record.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/plan.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

mesh::Record record() {
  return mesh::plan(testing::istio_1_30_design(), kube::ServedResources::newest(mesh::all_kinds())).record;
}

Json stored_record() {
  return mesh::record_manifest(record(), "0.1.0");
}

}  // namespace

TEST_CASE("a record is an ApplySet parent with this tool's tooling annotation") {
  const Json metadata = stored_record()["metadata"];
  CHECK(metadata["labels"]["applyset.kubernetes.io/id"].as_string() == mesh::record_id("httpbin", "httpbin"));
  CHECK(metadata["annotations"]["applyset.kubernetes.io/tooling"].as_string() == "kubectl-egress/v0.1.0");
  CHECK(metadata["annotations"]["applyset.kubernetes.io/contains-group-kinds"].as_string() ==
        "Deployment.apps,DestinationRule.networking.istio.io,Gateway.networking.istio.io,"
        "HorizontalPodAutoscaler.autoscaling,PeerAuthentication.security.istio.io,PodDisruptionBudget.policy,"
        "Role.rbac.authorization.k8s.io,RoleBinding.rbac.authorization.k8s.io,Service,ServiceAccount,"
        "ServiceEntry.networking.istio.io,VirtualService.networking.istio.io");
  CHECK_FALSE(metadata["annotations"].has("applyset.kubernetes.io/additional-namespaces"));
}

TEST_CASE("a record round-trips with all members in order") {
  const mesh::Record read_back = mesh::read_record(stored_record());
  CHECK(read_back.members == record().members);
  CHECK(read_back.operation == mesh::Operation::create);
  CHECK(read_back.istio == "1.30.3");
  CHECK(mesh::egress_manifest(read_back.egress) == mesh::egress_manifest(testing::httpbin()));
}

TEST_CASE("the record has the gateway's labels, and loses labels that are no longer requested") {
  mesh::Record labelled = record();
  labelled.egress.labels = object({{"stage", "test"}, {"team", "shop"}});
  Json config_map = mesh::record_manifest(labelled, "0.1.0");
  CHECK(config_map["metadata"]["labels"]["team"].as_string() == "shop");
  CHECK(config_map["metadata"]["labels"] == mesh::record_labels(labelled.egress));

  config_map.edit("metadata").edit("labels").set("somebody", "else");
  config_map.edit("metadata").edit("labels").set("stage", Json());
  const mesh::Record read_back = mesh::read_record(config_map);
  CHECK(read_back.labels["somebody"].as_string() == "else");
  CHECK_MESSAGE(read_back.egress.labels == object({{"team", "shop"}}),
                "a label that was removed is a difference");

  mesh::Record next = record();
  next.requested_labels = read_back.requested_labels;
  next.egress.labels = object({{"stage", "live"}});
  const Json patch = mesh::replacement_patch(next, "0.1.0")["metadata"]["labels"];
  CHECK(patch["stage"].as_string() == "live");
  CHECK((patch.has("team") && patch["team"].is_null()));
  CHECK_FALSE(patch.has("somebody"));
}

TEST_CASE("a label that existed before it was requested is restored") {
  Json config_map = stored_record();
  config_map.edit("metadata").edit("labels").set("team", "another's");
  mesh::Record before = mesh::read_record(config_map);
  before.requested_labels = object({{"team", "shop"}, {"stage", "test"}});
  const Json patch = mesh::replacement_patch(before, "0.1.0")["metadata"]["labels"];
  CHECK(patch["team"].as_string() == "another's");
  CHECK((patch.has("stage") && patch["stage"].is_null()));
}

TEST_CASE("a ConfigMap that is not this tool's record is rejected") {
  Json foreign = stored_record();
  foreign.edit("metadata").edit("annotations").set("applyset.kubernetes.io/tooling", "kubectl/v1.36.0");
  CHECK(testing::mentions(testing::error_of([&] { mesh::read_record(foreign); }),
                          {"httpbin-egress", "kubectl/v1.36.0"}));

  Json wrong_id = stored_record();
  wrong_id.edit("metadata").edit("labels").set("applyset.kubernetes.io/id", "applyset-other-v1");
  CHECK(testing::mentions(testing::error_of([&] { mesh::read_record(wrong_id); }), {"httpbin-egress", "id"}));

  Json moved = stored_record();
  moved.edit("metadata").set("name", "other-egress");
  CHECK_THROWS_AS(mesh::read_record(moved), Error);

  Json broken = stored_record();
  broken.edit("data").set("egressgateway.yaml", "{");
  CHECK(testing::mentions(testing::error_of([&] { mesh::read_record(broken); }),
                          {"httpbin-egress", "egressgateway.yaml"}));

  CHECK_FALSE(mesh::is_record(object({{"metadata", object({})}})));
}

TEST_CASE("a member whose name is longer than a DNS label round-trips") {
  mesh::Design design = testing::istio_1_30_design();
  design.egress.name = std::string(56, 'a');
  const mesh::Record longest = mesh::plan(design, kube::ServedResources::newest(mesh::all_kinds())).record;
  CHECK(mesh::read_record(mesh::record_manifest(longest, "0.1.0")).members == longest.members);
}

TEST_CASE("members of unknown kinds are ignored") {
  Json newer = stored_record();
  newer.edit("data").set("objects", "Service a/b\nSurprise.example.org a/c\nnonsense\n");
  const mesh::Record read_back = mesh::read_record(newer);
  REQUIRE(read_back.members.size() == 1);
  CHECK(read_back.members.front().name == "b");
}

TEST_CASE("members with invalid names are ignored") {
  Json tampered = stored_record();
  tampered.edit("data").set("objects",
                            "Service a/../../nodes/x\nService ../a\nService a/b?c=d\nService a/b.c\n");
  const mesh::Record read_back = mesh::read_record(tampered);
  REQUIRE(read_back.members.size() == 1);
  CHECK(read_back.members.front().name == "b.c");
}

TEST_CASE("a plan that resumes an operation keeps the record's members") {
  mesh::Plan plan =
      mesh::plan(testing::istio_1_30_design(), kube::ServedResources::newest(mesh::all_kinds()));
  mesh::Record existing = record();
  existing.uid = "u";
  existing.resource_version = "7";
  existing.members.resize(1);
  const kube::Resource secret{kube::kinds::secret};
  existing.members.push_back({secret, "httpbin", "httpbin-egress-cacert"});
  mesh::merge_record(plan, existing, kube::ServedResources::newest(mesh::all_kinds()));
  CHECK(plan.resumed);
  CHECK(plan.record.resource_version == "7");
  CHECK(plan.record.members.size() == plan.objects.size() + 1);
  CHECK(plan.record.members.back().name == "httpbin-egress-cacert");
}

TEST_CASE("resuming an operation applies the gateway, unless its creation was not finished") {
  using mesh::Operation;
  const kube::ServedResources served = kube::ServedResources::newest(mesh::all_kinds());
  for (const auto& [interrupted, next] :
       {std::pair(Operation::none, Operation::apply), std::pair(Operation::create, Operation::create),
        std::pair(Operation::apply, Operation::apply), std::pair(Operation::remove, Operation::apply)}) {
    mesh::Plan plan = mesh::plan(testing::istio_1_30_design(), served);
    mesh::Record existing = record();
    existing.operation = interrupted;
    mesh::merge_record(plan, existing, served);
    CHECK(plan.record.operation == next);
    CHECK(plan.resumed == (interrupted != Operation::none));
  }
}

TEST_CASE("the replacement patch clears the operation, with the resourceVersion that was read") {
  mesh::Record changed = record();
  changed.resource_version = "7";
  changed.operation = mesh::Operation::none;
  const Json patch = mesh::replacement_patch(changed, "1.2.3");
  CHECK(patch["metadata"]["resourceVersion"].as_string() == "7");
  const Json* annotation = patch["metadata"]["annotations"].find("kubectl-egress/operation");
  REQUIRE(annotation != nullptr);
  CHECK(annotation->is_null());
}

TEST_CASE("the operation patch changes nothing else of the record") {
  mesh::Record changed = record();
  changed.resource_version = "7";
  changed.operation = mesh::Operation::remove;
  changed.holder = "f00";
  CHECK(mesh::operation_patch(changed).dump() ==
        R"({"metadata":{"resourceVersion":"7","annotations":{"kubectl-egress/operation":"delete",)"
        R"("kubectl-egress/run":"f00"}}})");
}

TEST_CASE("the callers' VirtualService is the only object of its stage") {
  int callers = 0;
  for (const mesh::Reference& member : record().members)
    callers += mesh::stage_of(member, testing::httpbin()) == mesh::Stage::callers ? 1 : 0;
  CHECK(callers == 1);
  for (const mesh::Object& object :
       mesh::plan(testing::istio_1_30_design(), kube::ServedResources::newest(mesh::all_kinds())).objects)
    CHECK(mesh::stage_of(object.reference, testing::httpbin()) == object.stage);
}

}  // namespace egress

TEST_SUITE_END();

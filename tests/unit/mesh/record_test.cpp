#include "egress/mesh/record.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/plan.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

mesh::Record record() {
  return mesh::plan(testing::todays_design(), kube::Served::newest(mesh::all_kinds())).record;
}

Json stored() {
  return mesh::record_manifest(record(), "0.1.0");
}

}  // namespace

TEST_CASE("a record is an ApplySet's parent that kubectl leaves alone") {
  const Json metadata = stored()["metadata"];
  CHECK(metadata["labels"]["applyset.kubernetes.io/id"].as_string() == mesh::record_id("httpbin", "httpbin"));
  CHECK(metadata["annotations"]["applyset.kubernetes.io/tooling"].as_string() == "kubectl-egress/v0.1.0");
  CHECK(metadata["annotations"]["applyset.kubernetes.io/contains-group-kinds"].as_string() ==
        "Deployment.apps,DestinationRule.networking.istio.io,Gateway.networking.istio.io,"
        "HorizontalPodAutoscaler.autoscaling,PeerAuthentication.security.istio.io,PodDisruptionBudget.policy,"
        "Role.rbac.authorization.k8s.io,RoleBinding.rbac.authorization.k8s.io,Service,ServiceAccount,"
        "ServiceEntry.networking.istio.io,VirtualService.networking.istio.io");
  CHECK_FALSE(metadata["annotations"].has("applyset.kubernetes.io/additional-namespaces"));
}

TEST_CASE("a record is read back with every member, in order") {
  const mesh::Record back = mesh::read_record(stored());
  CHECK(back.members == record().members);
  CHECK(back.operation == mesh::Operation::create);
  CHECK(back.istio == "1.30.3");
  CHECK(mesh::file_form(back.egress) == mesh::file_form(testing::httpbin()));
}

TEST_CASE("the record bears the gateway's labels, and loses those that the form no longer asks for") {
  mesh::Record asked = record();
  asked.egress.labels = object({{"stage", "test"}, {"team", "shop"}});
  Json stands = mesh::record_manifest(asked, "0.1.0");
  CHECK(stands["metadata"]["labels"]["team"].as_string() == "shop");
  CHECK(stands["metadata"]["labels"] == mesh::record_labels(asked.egress));

  stands.edit("metadata").edit("labels").set("somebody", "else");
  stands.edit("metadata").edit("labels").set("stage", Json());
  const mesh::Record back = mesh::read_record(stands);
  CHECK(back.labels["somebody"].as_string() == "else");
  CHECK_MESSAGE(back.egress.labels == object({{"team", "shop"}}), "what somebody took away is a difference");

  mesh::Record next = record();
  next.asked_labels = back.asked_labels;
  next.egress.labels = object({{"stage", "live"}});
  const Json patch = mesh::replacement_patch(next, "0.1.0")["metadata"]["labels"];
  CHECK(patch["stage"].as_string() == "live");
  CHECK((patch.has("team") && patch["team"].is_null()));
  CHECK_FALSE(patch.has("somebody"));
}

TEST_CASE("a label that was another's before the form asked for it is given back") {
  Json stands = stored();
  stands.edit("metadata").edit("labels").set("team", "another's");
  mesh::Record before = mesh::read_record(stands);
  before.asked_labels = object({{"team", "shop"}, {"stage", "test"}});
  const Json patch = mesh::replacement_patch(before, "0.1.0")["metadata"]["labels"];
  CHECK(patch["team"].as_string() == "another's");
  CHECK((patch.has("stage") && patch["stage"].is_null()));
}

TEST_CASE("what is not this tool's record is refused") {
  Json foreign = stored();
  foreign.edit("metadata").edit("annotations").set("applyset.kubernetes.io/tooling", "kubectl/v1.36.0");
  CHECK(testing::mentions(testing::error_of([&] { mesh::read_record(foreign); }),
                          {"httpbin-egress", "kubectl/v1.36.0"}));

  Json wrong_id = stored();
  wrong_id.edit("metadata").edit("labels").set("applyset.kubernetes.io/id", "applyset-other-v1");
  CHECK(testing::mentions(testing::error_of([&] { mesh::read_record(wrong_id); }), {"httpbin-egress", "id"}));

  Json moved = stored();
  moved.edit("metadata").set("name", "other-egress");
  CHECK_THROWS_AS(mesh::read_record(moved), Error);

  Json broken = stored();
  broken.edit("data").set("egressgateway.yaml", "{");
  CHECK(testing::mentions(testing::error_of([&] { mesh::read_record(broken); }),
                          {"httpbin-egress", "egressgateway.yaml"}));

  CHECK_FALSE(mesh::is_record(object({{"metadata", object({})}})));
}

TEST_CASE("a member whose name is longer than a label is read back: nothing is left behind") {
  mesh::Design design = testing::todays_design();
  design.egress.name = std::string(56, 'a');
  const mesh::Record longest = mesh::plan(design, kube::Served::newest(mesh::all_kinds())).record;
  CHECK(mesh::read_record(mesh::record_manifest(longest, "0.1.0")).members == longest.members);
}

TEST_CASE("members of kinds that this version does not know are left to newer ones") {
  Json newer = stored();
  newer.edit("data").set("objects", "Service a/b\nSurprise.example.org a/c\nnonsense\n");
  const mesh::Record back = mesh::read_record(newer);
  REQUIRE(back.members.size() == 1);
  CHECK(back.members.front().name == "b");
}

TEST_CASE("members whose names lead elsewhere are not taken") {
  Json tampered = stored();
  tampered.edit("data").set("objects",
                            "Service a/../../nodes/x\nService ../a\nService a/b?c=d\nService a/b.c\n");
  const mesh::Record back = mesh::read_record(tampered);
  REQUIRE(back.members.size() == 1);
  CHECK(back.members.front().name == "b.c");
}

TEST_CASE("what goes on with a begun gateway keeps the members that it named before") {
  mesh::Plan plan = mesh::plan(testing::todays_design(), kube::Served::newest(mesh::all_kinds()));
  mesh::Record begun = record();
  begun.uid = "u";
  begun.resource_version = "7";
  begun.members.resize(1);
  const kube::Resource secret{kube::kinds::secret};
  begun.members.push_back({secret, "httpbin", "httpbin-egress-cacert"});
  mesh::take_over(plan, begun, kube::Served::newest(mesh::all_kinds()));
  CHECK(plan.begun);
  CHECK(plan.record.resource_version == "7");
  CHECK(plan.record.members.size() == plan.objects.size() + 1);
  CHECK(plan.record.members.back().name == "httpbin-egress-cacert");
}

TEST_CASE("whoever goes on with a gateway changes it, unless it never was whole") {
  using mesh::Operation;
  const kube::Served served = kube::Served::newest(mesh::all_kinds());
  for (const auto& [standing, next] :
       {std::pair(Operation::none, Operation::apply), std::pair(Operation::create, Operation::create),
        std::pair(Operation::apply, Operation::apply), std::pair(Operation::remove, Operation::apply)}) {
    mesh::Plan plan = mesh::plan(testing::todays_design(), served);
    mesh::Record begun = record();
    begun.operation = standing;
    mesh::take_over(plan, begun, served);
    CHECK(plan.record.operation == next);
    CHECK(plan.begun == (standing != Operation::none));
  }
}

TEST_CASE("settling takes the operation away under the version that was read") {
  mesh::Record one = record();
  one.resource_version = "7";
  one.operation = mesh::Operation::none;
  const Json patch = mesh::replacement_patch(one, "1.2.3");
  CHECK(patch["metadata"]["resourceVersion"].as_string() == "7");
  const Json* annotation = patch["metadata"]["annotations"].find("kubectl-egress/operation");
  REQUIRE(annotation != nullptr);
  CHECK(annotation->is_null());
}

TEST_CASE("a deletion's mark changes nothing else of the record") {
  mesh::Record one = record();
  one.resource_version = "7";
  one.operation = mesh::Operation::remove;
  one.run = "f00";
  CHECK(mesh::operation_patch(one).dump() ==
        R"({"metadata":{"resourceVersion":"7","annotations":{"kubectl-egress/operation":"delete",)"
        R"("kubectl-egress/run":"f00"}}})");
}

TEST_CASE("the callers' route is the only object of its stage") {
  int callers = 0;
  for (const mesh::Reference& member : record().members)
    callers += mesh::stage_of(member, testing::httpbin()) == mesh::Stage::callers ? 1 : 0;
  CHECK(callers == 1);
  for (const mesh::Object& one :
       mesh::plan(testing::todays_design(), kube::Served::newest(mesh::all_kinds())).objects)
    CHECK(mesh::stage_of(one.reference, testing::httpbin()) == one.stage);
}

}  // namespace egress

TEST_SUITE_END();

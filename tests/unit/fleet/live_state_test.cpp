#include "egress/fleet/live_state.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/kube/managed_fields.hpp"
#include "support/allocations.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

const kube::ServedResources served = kube::ServedResources::newest(mesh::all_kinds());

mesh::Design design(const std::string& name, int port = 443) {
  mesh::Design made = testing::istio_1_30_design();
  made.egress.name = name;
  made.egress.port = port;
  return made;
}

/// The object as the server stores it after an apply of this tool, which owns all its fields.
Json applied(Json object) {
  Json fields{Json::Object{}};
  for (const auto& [key, value] : object.members())
    if (key != "apiVersion" && key != "kind" && key != "metadata")
      fields.edit("f:" + key) = Json(Json::Object{});
  for (const auto& [key, value] : object["metadata"].members())
    if (key == "labels" || key == "annotations")
      fields.edit("f:metadata").edit("f:" + key) = Json(Json::Object{});
  object.edit("metadata")
      .set("managedFields", array({egress::object({{"manager", std::string(kube::field_manager)},
                                                   {"operation", "Apply"},
                                                   {"fieldsV1", fields}})}));
  return object;
}

std::string path_of(const mesh::Reference& reference) {
  return reference.resource.path(reference.ns, reference.name);
}

/// Stores a gateway, whole and settled.
mesh::Record stand(FakeCluster& server, const mesh::Design& design) {
  const mesh::Plan plan = mesh::plan(design, served);
  mesh::Record record = plan.record;
  record.operation = mesh::Operation::none;
  for (const mesh::Object& one : plan.objects) {
    const Json stored = applied(one.json);
    record.applied_digests.push_back(kube::applied_digest(stored["metadata"], kube::field_manager));
    server.store(path_of(one.reference), stored);
  }
  const mesh::Reference own{mesh::record_resource, record.egress.ns, record.egress.name + "-egress"};
  server.store(path_of(own), mesh::record_manifest(record, "1.0.0"));
  return mesh::read_record(server.objects.at(path_of(own)));
}

/// The live objects of the gateways of these records.
struct Listed {
  Listed(FakeCluster& server, const std::vector<mesh::Record>& of) : cluster(server, {}) {
    for (const mesh::Record& one : of)
      records.emplace_back(server.objects.at("/api/v1/namespaces/" + one.egress.ns + "/configmaps/" +
                                             one.egress.name + "-egress"));
    std::vector<const JsonText*> pointers;
    for (const JsonText& one : records) pointers.push_back(&one);
    on_listed = fleet::LiveState(cluster, served, pointers);
  }

  kube::Cluster cluster;
  std::vector<JsonText> records;
  fleet::LiveState on_listed;
};

mesh::Plan planned(const mesh::Design& design, const mesh::Record& before) {
  mesh::Plan plan = mesh::plan(design, served);
  mesh::merge_record(plan, before, served);
  return plan;
}

/// The labels of the objects that are not marked.
std::vector<std::string> unmarked(const mesh::Plan& plan) {
  std::vector<std::string> labels;
  for (const mesh::Object& one : plan.objects)
    if (!one.unchanged) labels.push_back(one.reference.display_name());
  return labels;
}

}  // namespace

TEST_CASE("a gateway that equals its plan is recognized, and other objects do not matter") {
  FakeCluster server;
  const mesh::Record record = stand(server, design("a"));
  const mesh::Record other = stand(server, design("b"));
  server.waves.clear();
  const Listed listed(server, {record});
  const std::size_t for_one = server.requests().size();
  server.waves.clear();
  const Listed both(server, {record, other});
  CHECK_MESSAGE(server.requests().size() == for_one, "as many lists for two as for one");
  mesh::Plan plan = planned(design("a"), record);
  CHECK(listed.on_listed.mark_unchanged(plan));
  CHECK(unmarked(plan).empty());
}

TEST_CASE("of a change just the objects that it changes are not marked") {
  FakeCluster server;
  const mesh::Record record = stand(server, design("a"));
  const Listed listed(server, {record});
  mesh::Plan plan = planned(design("a", 8443), record);
  CHECK_FALSE(listed.on_listed.mark_unchanged(plan));
  CHECK(unmarked(plan) == std::vector<std::string>{
                              "serviceentry.networking.istio.io/a-egress",
                              "virtualservice.networking.istio.io/a-egress-upstream",
                              "destinationrule.networking.istio.io/a-egress-upstream",
                          });
}

TEST_CASE("what others changed, took, own or are deleting is not marked") {
  FakeCluster server;
  const mesh::Record record = stand(server, design("a"));
  const auto edit = [&](const std::string& path) -> Json& { return server.objects.at(path); };
  const std::string istio = "/apis/networking.istio.io/v1/namespaces/httpbin/";
  edit(istio + "virtualservices/a-egress").edit("spec").set("hosts", array({"elsewhere.org"}));
  edit(istio + "serviceentries/a-egress").edit("metadata").erase("managedFields");
  Json& gateway = edit(istio + "gateways/a-egress");
  gateway.edit("metadata").set("ownerReferences", array({object({{"kind", "Deployment"}})}));
  edit("/api/v1/namespaces/httpbin/services/a-egress")
      .edit("metadata")
      .set("deletionTimestamp", "2026-11-23T00:00:00Z");
  const Listed listed(server, {record});
  mesh::Plan plan = planned(design("a"), record);
  CHECK_FALSE(listed.on_listed.mark_unchanged(plan));
  CHECK(unmarked(plan) == std::vector<std::string>{
                              "service/a-egress",
                              "gateway.networking.istio.io/a-egress",
                              "serviceentry.networking.istio.io/a-egress",
                              "virtualservice.networking.istio.io/a-egress",
                          });
}

TEST_CASE("where the record does not say what was owned of an object, that is not marked by itself") {
  FakeCluster server;
  mesh::Record record = stand(server, design("a"));
  const std::string path = "/api/v1/namespaces/httpbin/configmaps/a-egress";
  record.applied_digests.clear();
  record.operation = mesh::Operation::none;
  server.store(path, mesh::record_manifest(record, "1.0.0"));
  const Listed listed(server, {record});
  mesh::Plan same = planned(design("a"), record);
  CHECK(listed.on_listed.mark_unchanged(same));
  CHECK(unmarked(same).size() == same.objects.size());
}

TEST_CASE("a gateway that was begun is written whole") {
  FakeCluster server;
  mesh::Record record = stand(server, design("a"));
  record.operation = mesh::Operation::apply;
  const Listed listed(server, {record});
  mesh::Plan plan = planned(design("a"), record);
  CHECK_FALSE(listed.on_listed.mark_unchanged(plan));
  CHECK(unmarked(plan).size() == plan.objects.size());
}

TEST_CASE("what bears a gateway's label and its record does not name is no longer needed") {
  FakeCluster server;
  mesh::Record record = stand(server, design("a"));
  Json stray = server.objects.at("/api/v1/namespaces/httpbin/services/a-egress");
  stray.edit("metadata").set("name", "stray");
  server.store("/api/v1/namespaces/httpbin/services/stray", stray);
  const Listed listed(server, {record});
  const std::size_t before = record.members.size();
  listed.on_listed.add_extra_members(record);
  REQUIRE(record.members.size() == before + 1);
  CHECK(record.members.back().name == "stray");
  mesh::Plan plan = planned(design("a"), record);
  CHECK_FALSE(listed.on_listed.mark_unchanged(plan));
}

TEST_CASE("a kind that may not be listed is not known, and all others are") {
  FakeCluster server;
  const mesh::Record record = stand(server, design("a"));
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.target.find("/services?") == std::string::npos) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  const Listed listed(server, {record});
  mesh::Plan plan = planned(design("a"), record);
  CHECK_FALSE(listed.on_listed.mark_unchanged(plan));
  CHECK(unmarked(plan) == std::vector<std::string>{"service/a-egress"});
}

TEST_CASE("what is in memory grows with the gateways' digests, and not with their objects") {
  const auto peak = [](int count) {
    FakeCluster server;
    std::vector<mesh::Record> records;
    for (int i = 0; i < count; ++i) records.push_back(stand(server, design("gateway-" + std::to_string(i))));
    std::vector<const JsonText*> pointers;
    std::vector<JsonText> stored;
    for (const mesh::Record& one : records)
      stored.emplace_back(
          server.objects.at("/api/v1/namespaces/httpbin/configmaps/" + one.egress.name + "-egress"));
    for (const JsonText& one : stored) pointers.push_back(&one);
    server.max_page_size = 20;
    kube::Cluster cluster(server, {});
    return testing::count_allocations([&] { const fleet::LiveState on_listed(cluster, served, pointers); })
        .peak;
  };
  const std::size_t some = peak(100);
  const std::size_t more = peak(200);
  // Of each gateway 14 objects, each of some KiB.
  CHECK(more - some < 100 * 14 * 500);
}

}  // namespace egress

TEST_SUITE_END();

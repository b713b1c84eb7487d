#include "egress/fleet/apply.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/fleet/unexpected.hpp"
#include "support/creating.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::callers_path;
using testing::Creating;
using testing::deployment_path;
using testing::FakeCluster;
using testing::record_path;
using testing::refuse_writes_of;

}  // namespace

TEST_CASE("create takes nine waves and writes the callers' route last but the record's settling") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();

  REQUIRE(server.waves.size() == 9);
  CHECK(server.waves[2] ==
        std::vector<std::string>{
            "POST /api/v1/namespaces/httpbin/configmaps?fieldManager=kubectl-egress&fieldValidation=Strict"});
  CHECK(server.waves[5].front().starts_with("GET /apis/apps/v1/namespaces/httpbin/deployments?watch=true"));
  CHECK(server.waves[6] == std::vector<std::string>{"GET " + record_path});
  REQUIRE(server.waves[7].size() == 1);
  CHECK(server.waves[7].front().starts_with("PATCH " + callers_path + "?"));
  CHECK(server.waves[8].front().starts_with("PATCH " + record_path + "?"));
  CHECK(creating.lines.front() == "configmap/httpbin-egress created");
  CHECK(creating.lines.back() == "virtualservice.networking.istio.io/httpbin-egress created");
  CHECK(creating.lines.size() == 15);
}

TEST_CASE("the record stands as begun until all is written, and settled after") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.plan.record.operation = mesh::Operation::create;
  creating.write();
  const mesh::Record record = mesh::read_record(server.objects.at(record_path));
  CHECK(record.operation == mesh::Operation::none);
  CHECK(record.members.size() == 14);
}

TEST_CASE("a dry run stores nothing") {
  FakeCluster server;
  const auto before = server.objects.size();
  Creating(server).prepare();
  CHECK(server.objects.size() == before);
}

TEST_CASE("an object of the name that is somebody else's is found before anything is written") {
  FakeCluster server;
  server.put("/api/v1/namespaces/httpbin/services/httpbin-egress", object({{"kind", "Service"}}));
  const auto before = server.objects;
  Creating creating(server);
  CHECK_THROWS_WITH(
      creating.prepare(),
      "nothing was written:\n  service/httpbin-egress in namespace \"httpbin\" exists, and kubectl "
      "egress did not make it");
  CHECK(server.objects == before);
}

TEST_CASE("everything that the server refuses is said together") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "PATCH") return std::nullopt;
    if (request.target.find("/gateways/") != std::string::npos)
      return testing::status_reply(403, "Forbidden", "no gateways for you");
    if (request.target.find("/services/") != std::string::npos)
      return testing::status_reply(403, "Forbidden", "no services for you");
    return std::nullopt;
  };
  CHECK_THROWS_WITH(
      Creating(server).prepare(),
      "nothing was written:\n  Error from server (Forbidden): no services for you\n  Error from "
      "server (Forbidden): no gateways for you");
}

TEST_CASE("a binding whose Role is not stored in a dry run is no fault") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "PATCH" || request.target.find("/rolebindings/") == std::string::npos)
      return std::nullopt;
    http::Reply reply;
    reply.status = 404;
    reply.body = R"({"kind":"Status","reason":"NotFound","message":"no role","details":{"kind":"roles"}})";
    return reply;
  };
  CHECK_NOTHROW(Creating(server).prepare());
}

TEST_CASE("an object that is being deleted is waited for, and made anew") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const std::string service = "/api/v1/namespaces/httpbin/services/httpbin-egress";
  server.objects.at(service).edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z");
  creating.resume();
  int looks = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "GET" && request.target == service && ++looks == 3) server.erase(service);
    return std::nullopt;
  };
  creating.write();
  REQUIRE(server.has(service));
  CHECK_FALSE(server.objects.at(service)["metadata"].has("deletionTimestamp"));
  CHECK(std::ranges::count(creating.lines, "service/httpbin-egress created") == 1);
}

TEST_CASE("an object that does not go in time is named") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const std::string service = "/api/v1/namespaces/httpbin/services/httpbin-egress";
  Json& metadata = server.objects.at(service).edit("metadata");
  metadata.set("deletionTimestamp", "2026-11-23T00:00:00Z");
  metadata.set("finalizers", array({"example.org/hold"}));
  creating.resume();
  CHECK_THROWS_WITH(creating.write({false, std::chrono::milliseconds(0)}),
                    doctest::Contains("service/httpbin-egress in namespace \"httpbin\""));
}

TEST_CASE("of a gateway that was begun before, a refused write undoes nothing") {
  FakeCluster server;
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  CHECK_THROWS_AS(creating.write({true, std::chrono::milliseconds(50)}), Error);
  const auto standing = server.objects.size();

  server.fault = refuse_writes_of(callers_path);
  creating.resume();
  CHECK_THROWS_WITH(creating.write({false, {}}),
                    doctest::Contains("you may not\nWhat was written before and now stands."));
  CHECK(server.objects.size() == standing);
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::create);

  server.fault = {};
  creating.resume();
  creating.write({false, {}});
  CHECK(server.has(callers_path));
  CHECK(creating.lines.front() == "configmap/httpbin-egress configured");
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("two people who go on with one gateway do not both do so") {
  FakeCluster server;
  server.pods_ready = false;
  Creating first(server);
  first.prepare();
  CHECK_THROWS_AS(first.write({true, std::chrono::milliseconds(50)}), Error);
  Creating second(server);
  first.resume();
  second.resume();
  first.write({false, {}});
  CHECK_THROWS_WITH(second.write({false, {}}), doctest::Contains("by someone else at this moment"));
}

TEST_CASE("a create whose record somebody deletes meanwhile leaves nothing") {
  FakeCluster server;
  const auto before = server.objects.size();
  Creating creating(server);
  creating.prepare();
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" &&
        request.target.starts_with(callers_path + "?fieldManager=kubectl-egress&force"))
      server.objects.erase(record_path);
    return std::nullopt;
  };
  CHECK_THROWS_WITH(creating.write(), doctest::Contains("was deleted by someone else at this moment\n"
                                                        "What this command had made was undone."));
  CHECK(server.objects.size() == before);
}

TEST_CASE("a create that goes on, and whose record somebody deletes meanwhile, leaves nothing either") {
  FakeCluster server;
  const auto before = server.objects.size();
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  CHECK_THROWS_AS(creating.write({true, std::chrono::milliseconds(50)}), Error);
  creating.resume();
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" && request.target.starts_with(callers_path + "?"))
      server.objects.erase(record_path);
    return std::nullopt;
  };
  CHECK_THROWS_WITH(creating.write({false, {}}), doctest::Contains("What this command had made was undone."));
  CHECK(server.objects.size() == before);
}

TEST_CASE("a record that a policy annotates meanwhile is settled all the same") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  bool annotated = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" && request.target.starts_with(record_path + "?") && !annotated) {
      annotated = true;
      server.put(record_path, server.objects.at(record_path));
    }
    return std::nullopt;
  };
  creating.write();
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("a watch that breaks is taken up again, and one that is forbidden becomes looking") {
  for (const int status : {503, 403}) {
    CAPTURE(status);
    FakeCluster server;
    Creating creating(server);
    creating.prepare();
    int broken = 0;
    server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
      if (request.target.find("watch=true") == std::string::npos || broken++ > 0) return std::nullopt;
      return testing::status_reply(status, "Broken", "broken");
    };
    creating.write({true, std::chrono::seconds(30)});
    CHECK(server.has(callers_path));
    CHECK(broken == (status == 503 ? 2 : 1));
  }
}

TEST_CASE("callers are not sent to a gateway whose pods are not ready") {
  FakeCluster server;
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  CHECK_THROWS_WITH_AS(creating.write({true, std::chrono::milliseconds(200)}),
                       doctest::Contains("is not ready in time: 0 of 1 pods are ready (no pod was made yet). "
                                         "Callers were left as they are"),
                       Error);
  CHECK(server.has(deployment_path));
  CHECK_FALSE(server.has(callers_path));
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::create);
}

TEST_CASE("a change leaves the routing as it is until pods for it are ready") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const std::string gateway = "/apis/networking.istio.io/v1/namespaces/httpbin/gateways/httpbin-egress";
  const Json before = server.objects.at(gateway);

  creating.egress.hosts = {"other.example.org"};
  creating.egress.workload.hub = "registry.example.org";
  server.pods_ready = false;
  creating.resume();
  CHECK_THROWS_WITH_AS(creating.write({true, std::chrono::milliseconds(50)}),
                       doctest::Contains("Callers were left as they are; its routing is not written yet"),
                       Error);
  CHECK(server.objects.at(gateway) == before);

  server.pods_ready = true;
  creating.resume();
  creating.write();
  CHECK_FALSE(server.objects.at(gateway) == before);
}

TEST_CASE("what bears the label of a gateway without being one of its objects goes with a change") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const std::string stray = "/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/stray";
  Json object = server.objects.at(callers_path);
  object.set("kind", "ServiceEntry");
  object.edit("metadata").set("name", "stray");
  // Of this tool's own hand; a copy has another's.
  object.edit("metadata").set("managedFields", testing::applied_by("kubectl-egress"));
  server.put(stray, object);
  object.edit("metadata").set("name", "copy");
  object.edit("metadata").set("managedFields", testing::applied_by("kubectl-edit"));
  server.put("/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/copy", object);

  creating.resume();
  const auto survey = fleet::survey(creating.cluster, "httpbin", "httpbin", {});
  fleet::add_unexpected(creating.cluster, survey.served, std::span(&creating.plan.record, 1));
  REQUIRE(creating.plan.no_longer_needed().size() == 1);
  CHECK(creating.plan.no_longer_needed().front().label() == "serviceentry.networking.istio.io/stray");
  creating.write();
  CHECK_FALSE(server.has(stray));
  CHECK(server.has("/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/copy"));
  CHECK(server.has(callers_path));
}

TEST_CASE("before the namespace is there, all that can be known of it is told together") {
  FakeCluster server;
  Creating creating(server);
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (!request.target.ends_with("/selfsubjectaccessreviews")) return std::nullopt;
    http::Reply reply;
    reply.status = 201;
    reply.body = R"({"status": {"allowed": false}})";
    return reply;
  };
  creating.consent.by_server = false;
  const auto survey = fleet::survey(creating.cluster, "httpbin", "httpbin", {});
  creating.plan = mesh::plan({creating.egress, survey.mesh, "", survey.pod_revision()}, survey.served);
  mesh::Finding missing;
  missing.severity = mesh::Severity::error;
  missing.message = "namespace \"httpbin\" does not exist";
  server.waves.clear();
  CHECK_THROWS_WITH(
      fleet::check(creating.cluster, creating.plan, creating.consent, survey.rules, {&missing, 1}),
      doctest::Contains("namespace \"httpbin\" does not exist\n  you may not get configmaps"));
  for (const std::string& one : server.waves.at(0))
    CHECK(one == "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
}

TEST_CASE("who takes fields from others must be allowed to give them back") {
  FakeCluster server;
  Creating creating(server);
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (request.body.find(R"("verb":"update")") == std::string::npos) return std::nullopt;
    http::Reply reply;
    reply.status = 201;
    reply.body = R"({"status": {"allowed": false}})";
    return reply;
  };
  CHECK_NOTHROW(creating.prepare());
  creating.consent.force = true;
  CHECK_THROWS_WITH(creating.prepare(), doctest::Contains("you may not update services in namespace"));
}

TEST_CASE("without waiting everything is written at once") {
  FakeCluster server;
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  creating.write({false, std::chrono::milliseconds(1)});
  CHECK(server.has(callers_path));
  CHECK(server.waves.size() == 8);
}

TEST_CASE("of two people who create one name, the second is told") {
  FakeCluster server;
  Creating first(server);
  Creating second(server);
  first.prepare();
  second.prepare();
  first.write();
  CHECK_THROWS_WITH(
      second.write(),
      "egressgateway \"httpbin\" in namespace \"httpbin\" was made or changed by someone else at "
      "this moment");
}

}  // namespace egress

TEST_SUITE_END();

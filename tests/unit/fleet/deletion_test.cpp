#include "egress/fleet/deletion.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/fleet/apply.hpp"
#include "egress/fleet/extra_members.hpp"
#include "egress/fleet/inspection.hpp"
#include "egress/fleet/inventory.hpp"
#include "support/applied_gateway.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::AppliedGateway;
using testing::error_of;
using testing::FakeCluster;
using testing::in_namespace;
using testing::mentions;

const std::string service_path = "/api/v1/namespaces/httpbin/services/httpbin-egress";

const std::string record_path = "/api/v1/namespaces/httpbin/configmaps/httpbin-egress";

}  // namespace

// users.md: 25
TEST_CASE("delete takes callers away first and the record last, and leaves nothing") {
  AppliedGateway gateway;
  gateway.remove();
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
  CHECK(gateway.lines.front() == "virtualservice.networking.istio.io/httpbin-egress");
  CHECK(gateway.lines.back() == "configmap/httpbin-egress");
  CHECK(gateway.lines.size() == 15);
  const auto deployment = std::ranges::find(gateway.lines, "deployment.apps/httpbin-egress");
  const auto upstream =
      std::ranges::find(gateway.lines, "virtualservice.networking.istio.io/httpbin-egress-upstream");
  CHECK(deployment < upstream);
}

// users.md: 22
TEST_CASE("delete leaves an object that does not bear the record's label") {
  AppliedGateway gateway;
  gateway.server.objects[service_path]
      .edit("metadata")
      .edit("labels")
      .erase("applyset.kubernetes.io/part-of");
  gateway.remove();
  CHECK(gateway.server.objects.size() == gateway.initial_object_count + 1);
  CHECK(gateway.server.has(service_path));
}

TEST_CASE("delete of a gateway that is half gone removes the rest") {
  AppliedGateway gateway;
  gateway.server.objects.erase(service_path);
  gateway.server.objects.erase("/apis/apps/v1/namespaces/httpbin/deployments/httpbin-egress");
  gateway.remove();
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
}

TEST_CASE("an object that does not go is named with its finalizer, and what hangs on it stays") {
  AppliedGateway gateway;
  Json& service = gateway.server.objects[service_path];
  service.edit("metadata").set("finalizers", array({"example.org/hold"}));
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "DELETE" || request.target != service_path) return std::nullopt;
    http::Response response;
    response.status = 200;
    response.body = service.dump();
    return response;
  };
  fleet::DeleteOptions removing;
  removing.timeout = std::chrono::milliseconds(0);
  CHECK(mentions(error_of([&] { gateway.remove(removing); }),
                 {"service/httpbin-egress", in_namespace("httpbin"), "finalizer", "example.org/hold"}));
  CHECK(gateway.server.has("/api/v1/namespaces/httpbin/configmaps/httpbin-egress"));
  const auto left = fleet::inspect(gateway.cluster, "httpbin", "httpbin");
  REQUIRE(left.has_value());
  CHECK(left->summary.phase == mesh::Phase::incomplete);
}

TEST_CASE("a Deployment that waits for its pods is reported with the pod that blocks it") {
  AppliedGateway gateway;
  const std::string path = "/apis/apps/v1/namespaces/httpbin/deployments/httpbin-egress";
  Json& deployment = gateway.server.objects[path];
  deployment.edit("metadata").set("finalizers", array({"foregroundDeletion"}));
  gateway.server.store("/api/v1/namespaces/httpbin/pods/httpbin-egress-1",
                       object({{"kind", "Pod"},
                               {"metadata", object({{"name", "httpbin-egress-1"},
                                                    {"labels", deployment["spec"]["selector"]["matchLabels"]},
                                                    {"finalizers", array({"example.org/hold"})}})}}));
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "DELETE" || request.target != path) return std::nullopt;
    http::Response response;
    response.status = 200;
    response.body = deployment.dump();
    return response;
  };
  fleet::DeleteOptions removing;
  removing.timeout = std::chrono::milliseconds(0);
  const std::vector<std::string> deployment_held{"deployment.apps/httpbin-egress", in_namespace("httpbin"),
                                                 "foregroundDeletion"};
  const std::string told = error_of([&] { gateway.remove(removing); });
  CHECK(mentions(told, deployment_held));
  CHECK(mentions(told, {"pod/httpbin-egress-1", "example.org/hold"}));

  const auto delete_deployment = gateway.server.fault;
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.target.find("/pods?") == std::string::npos) return delete_deployment(request);
    http::Response lost;
    lost.failure = http::Failure::timed_out;
    return lost;
  };
  const std::string without_pods = error_of([&] { gateway.remove(removing); });
  CHECK(mentions(without_pods, deployment_held));
  CHECK_FALSE(mentions(without_pods, {"pod/httpbin-egress-1"}));
}

TEST_CASE("a delete that was cut off while callers went elsewhere leaves them the time again") {
  const std::string route = "/apis/networking.istio.io/v1/namespaces/httpbin/virtualservices/httpbin-egress";
  fleet::DeleteOptions removing;
  removing.drain = std::chrono::milliseconds(1);
  // A create that was cut off before its route was written never had callers.
  for (const std::string operation : {"delete", "create"}) {
    CAPTURE(operation);
    AppliedGateway gateway;
    gateway.server.objects[record_path]
        .edit("metadata")
        .edit("annotations")
        .set("kubectl-egress/operation", operation);
    gateway.server.erase(route);
    CHECK(gateway.remove(removing));
    CHECK(gateway.has_drained == (operation == "delete"));
    CHECK(gateway.server.objects.size() == gateway.initial_object_count);
  }
  AppliedGateway gateway;
  CHECK(gateway.remove(removing));
  CHECK(gateway.has_drained);
  AppliedGateway another;
  removing.wait = false;
  another.remove(removing);
  CHECK_FALSE(another.has_drained);
}

TEST_CASE("an answer that says nothing of an object does not pass for its end") {
  AppliedGateway gateway;
  int refused = 0;
  const std::string route = "/apis/networking.istio.io/v1/namespaces/httpbin/virtualservices/httpbin-egress";
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    const bool gone = !gateway.server.has(route);
    if (request.method != "GET" || request.target != route || !gone || refused++ > 2) return std::nullopt;
    return testing::status_reply(503, "ServiceUnavailable", "etcd elects");
  };
  CHECK(gateway.remove());
  CHECK(refused == 4);
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
}

TEST_CASE("an object that takes its time is watched until it is gone, and not asked for again and again") {
  AppliedGateway gateway;
  int looks = 0;
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.target.find("/services?watch=true") != std::string::npos) gateway.server.erase(service_path);
    if (request.target != service_path) return std::nullopt;
    looks += request.method == "GET" ? 1 : 0;
    if (request.method != "DELETE") return std::nullopt;
    http::Response response;
    response.status = 200;
    response.body = gateway.server.objects[service_path].dump();
    return response;
  };
  CHECK(gateway.remove());
  CHECK(looks <= 7);
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
}

TEST_CASE("without waiting, the record stays as long as an object does") {
  AppliedGateway gateway;
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "DELETE" || request.target != service_path) return std::nullopt;
    http::Response response;
    response.status = 200;
    response.body = "{}";
    return response;
  };
  fleet::DeleteOptions removing;
  removing.wait = false;
  CHECK_FALSE(gateway.remove(removing));
  CHECK(gateway.server.has("/api/v1/namespaces/httpbin/configmaps/httpbin-egress"));
  gateway.server.fault = {};
  CHECK(gateway.remove(removing));
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
}

TEST_CASE("a dry run deletes nothing") {
  AppliedGateway gateway;
  const auto on_listed = gateway.server.objects;
  fleet::DeleteOptions removing;
  removing.dry_run = true;
  gateway.remove(removing);
  CHECK(gateway.server.objects == on_listed);
  CHECK(gateway.lines.size() == 15);
}

TEST_CASE("a gateway that somebody takes up again while callers leave keeps its workload") {
  AppliedGateway gateway;
  fleet::DeleteOptions removing;
  removing.drain = std::chrono::milliseconds(1);
  const std::string route = "/apis/networking.istio.io/v1/namespaces/httpbin/virtualservices/httpbin-egress";
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "DELETE" || request.target != route) return std::nullopt;
    Json record = gateway.server.objects.at(record_path);
    record.edit("metadata").edit("annotations").set("kubectl-egress/run", "another");
    record.edit("metadata").edit("annotations").set("kubectl-egress/operation", "apply");
    gateway.server.store(record_path, record);
    return std::nullopt;
  };
  CHECK(mentions(error_of([&] { gateway.remove(removing); }), {"httpbin", "another command"}));
  CHECK(gateway.server.has("/apis/apps/v1/namespaces/httpbin/deployments/httpbin-egress"));
  CHECK(gateway.server.has(record_path));
}

TEST_CASE("a deletion that is late does not take what a successor wrote meanwhile") {
  AppliedGateway gateway;
  gateway.let_successor_apply(record_path, service_path);
  CHECK(mentions(error_of([&] { gateway.remove(); }), {"httpbin", "another command"}));
  CHECK(gateway.server.has(service_path));
}

TEST_CASE("what somebody makes anew under the name while it is deleted stays") {
  AppliedGateway gateway;
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "GET" || request.target != service_path) return std::nullopt;
    Json record = gateway.server.objects.at(record_path);
    record.edit("metadata").set("uid", "another");
    gateway.server.store(record_path, record);
    return std::nullopt;
  };
  CHECK_THROWS_WITH(gateway.remove(), doctest::Contains("another command"));
  CHECK(gateway.server.has(service_path));
}

TEST_CASE("an object that is taken out of the gateway while it is deleted stays") {
  AppliedGateway gateway;
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "DELETE" || request.target != service_path) return std::nullopt;
    Json service = gateway.server.objects.at(service_path);
    service.edit("metadata").edit("labels").erase("applyset.kubernetes.io/part-of");
    gateway.server.store(service_path, service);
    return std::nullopt;
  };
  CHECK(gateway.remove());
  CHECK(gateway.server.has(service_path));
}

TEST_CASE("an object that others only modify is deleted in its current version") {
  AppliedGateway gateway;
  int touched = 0;
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method == "DELETE" && request.target == service_path && touched++ < 2)
      gateway.server.store(service_path, gateway.server.objects.at(service_path));
    return std::nullopt;
  };
  CHECK(gateway.remove());
  CHECK(touched == 3);
  CHECK(gateway.server.objects.size() == gateway.initial_object_count);
}

TEST_CASE("each deletion names the uid and the version that were seen") {
  AppliedGateway gateway;
  std::vector<std::string> bodies;
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method == "DELETE") bodies.push_back(request.body);
    return std::nullopt;
  };
  gateway.remove();
  REQUIRE(bodies.size() == 15);
  for (const std::string& body : bodies) {
    CHECK_FALSE(Json::parse(body)["preconditions"]["uid"].as_string().empty());
    CHECK_FALSE(Json::parse(body)["preconditions"]["resourceVersion"].as_string().empty());
  }
}

}  // namespace egress

TEST_SUITE_END();

#include "egress/fleet/check.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "support/creating.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::Creating;
using testing::deployment_path;
using testing::error_of;
using testing::FakeCluster;
using testing::in_namespace;
using testing::mentions;

const std::string service_path = "/api/v1/namespaces/httpbin/services/httpbin-egress";

/// The fields that this tool applied, and those that somebody else wrote beside them.
Json written_by_two(const std::string& own, const std::string& theirs) {
  const auto entry = [](const char* manager, const char* operation, const std::string& spec) {
    return object({{"manager", manager},
                   {"operation", operation},
                   {"fieldsV1", object({{"f:spec", Json::parse(spec)}})}});
  };
  return array({entry("kubectl-egress", "Apply", own), entry("kubectl-edit", "Update", theirs)});
}

/// Adds a block that this tool applied, and no longer needs.
void leave_block(Json& deployment) {
  deployment.edit("spec").set("left", object({{"over", "x"}}));
  deployment.edit("metadata")
      .set("managedFields",
           array({object({{"manager", "kubectl-egress"},
                          {"operation", "Apply"},
                          {"fieldsV1", Json::parse(R"({"f:spec": {"f:left": {"f:over": {}}}})")}})}));
}

mesh::Finding error_about(const mesh::Reference& object) {
  mesh::Finding finding;
  finding.severity = mesh::Severity::error;
  finding.object = object;
  finding.message = "it contradicts";
  return finding;
}

std::string hint_of(Creating& creating) {
  try {
    creating.prepare();
  } catch (const Error& error) {
    return error.hint();
  }
  return {};
}

}  // namespace

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
  CHECK(mentions(error_of([&] { creating.prepare(); }),
                 {"service/httpbin-egress", in_namespace("httpbin"), "--adopt"}));
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
  CHECK(mentions(error_of([&] { Creating(server).prepare(); }),
                 {"Forbidden", "no services for you", "no gateways for you"}));
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
  Creating creating(server);
  creating.prepare();
  server.fault = {};
  creating.write();
  CHECK(server.has("/apis/rbac.authorization.k8s.io/v1/namespaces/httpbin/rolebindings/httpbin-egress"));
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
  const std::string told = error_of([&] {
    fleet::check(creating.cluster, creating.plan, creating.consent, survey.rules, {&missing, 1});
  });
  CHECK(mentions(told, {in_namespace("httpbin"), "does not exist", "get configmaps"}));
  REQUIRE_FALSE(server.waves.empty());
  for (const std::string& one : server.requests())
    CHECK(one == "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
}

TEST_CASE("who has the namespace made must be allowed to, and is told what else he may not do") {
  FakeCluster server;
  Creating creating(server);
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    const bool meant = request.body.find(R"("resource":"namespaces")") != std::string::npos ||
                       request.body.find(R"("resource":"services")") != std::string::npos;
    if (!request.target.ends_with("/selfsubjectaccessreviews") || !meant) return std::nullopt;
    http::Reply reply;
    reply.status = 201;
    reply.body = R"({"status": {"allowed": false}})";
    return reply;
  };
  creating.consent.by_server = false;
  creating.consent.makes_namespace = true;
  CHECK(mentions(error_of([&] { creating.prepare(); }),
                 {"create services", in_namespace("httpbin"), "create namespaces",
                  "kubectl create clusterrole egress-gateways-1 --verb=create --resource=namespaces"}));
  creating.consent.makes_namespace = false;
  const std::string told = error_of([&] { creating.prepare(); });
  CHECK(mentions(told, {"create services"}));
  CHECK_FALSE(mentions(told, {"create namespaces"}));
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
  creating.prepare();
  CHECK_FALSE(creating.plan.objects.empty());
  creating.consent.force = true;
  CHECK(mentions(error_of([&] { creating.prepare(); }), {"update services", in_namespace("httpbin")}));
}

TEST_CASE("what Kubernetes does not change in place is refused, with the two ways around it") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const auto check_refused = [&] {
    const std::string told = error_of([&] { creating.resume(); });
    CHECK(
        mentions(told, {"spec.selector", "field is immutable", "kubectl egress delete httpbin -n httpbin"}));
  };
  int removals = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "PATCH" || !request.target.starts_with(deployment_path + "?")) return std::nullopt;
    removals += request.body.find(R"("op":"remove")") != std::string::npos ? 1 : 0;
    return testing::status_reply(
        422, "Invalid",
        "Deployment.apps \"httpbin-egress\" is invalid: spec.selector: Invalid value: "
        "field is immutable");
  };
  check_refused();

  // The same where what would be left behind is tried to be removed first, and that does not help.
  leave_block(server.objects.at(deployment_path));
  CHECK(removals == 0);
  check_refused();
  CHECK(removals == 1);
}

TEST_CASE("a controller that writes an object between two dry runs does not fail the second") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  leave_block(server.objects.at(deployment_path));
  bool written = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (written || request.method != "PATCH" || !request.target.starts_with(deployment_path + "?"))
      return std::nullopt;
    if (request.body.find(R"("op":"remove")") == std::string::npos)
      return testing::status_reply(422, "Invalid", "spec.left: Required value");
    written = true;
    server.objects.at(deployment_path).edit("metadata").set("resourceVersion", "999999");
    return std::nullopt;
  };
  creating.resume();
  CHECK(written);
  creating.write();
  CHECK_FALSE(server.objects.at(deployment_path)["spec"].has("left"));
}

TEST_CASE("what others added is refused by name, or taken out where that is agreed to") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  Json& service = server.objects.at(service_path);
  service.edit("spec").edit("selector").set("tier", "x");
  service.edit("metadata")
      .set("managedFields", written_by_two(R"({"f:selector": {"f:kubectl-egress/gateway": {}}})",
                                           R"({"f:selector": {"f:tier": {}}})"));
  CHECK(mentions(error_of([&] { creating.resume(); }),
                 {"service/httpbin-egress", in_namespace("httpbin"), "kubectl-edit", ".spec.selector.tier"}));
  creating.consent.force = true;
  creating.resume();
  const auto planned = std::ranges::find(creating.plan.objects, "service/httpbin-egress",
                                         [](const mesh::Object& one) { return one.reference.label(); });
  REQUIRE(planned != creating.plan.objects.end());
  CHECK(planned->remains.dump() == R"([{"op":"remove","path":"/spec/selector/tier"}])");
  CHECK_FALSE(planned->tried["spec"]["selector"].has("tier"));
  CHECK_FALSE(planned->unchanged);
}

TEST_CASE("what is lacking for what else the command does is told with the rest, once, in one role") {
  FakeCluster server;
  Creating creating(server);
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    for (const char* part : {R"("verb":"delete")", R"("resource":"services")"})
      if (request.body.find(part) == std::string::npos) return std::nullopt;
    http::Reply reply;
    reply.status = 201;
    reply.body = R"({"status": {"allowed": false}})";
    return reply;
  };
  creating.consent.lacking = {{"delete", kube::kinds::network_policy, "httpbin"},
                              {"delete", kube::kinds::service, "httpbin"}};
  CHECK(mentions(error_of([&] { creating.prepare(); }),
                 {"delete networkpolicies.networking.k8s.io", "delete services", in_namespace("httpbin")}));
  CHECK(hint_of(creating) ==
        "kubectl create role egress-gateways-1 -n httpbin --verb=delete "
        "--resource=networkpolicies.networking.k8s.io,services");
}

TEST_CASE("what is taken over contradicts nothing any more") {
  FakeCluster server;
  server.put(service_path, object({{"kind", "Service"}}));
  Creating creating(server);
  const auto survey = fleet::survey(creating.cluster, "httpbin", "httpbin", {});
  creating.plan = mesh::plan({creating.egress, survey.mesh, "", survey.pod_revision()}, survey.served);
  const auto check = [&](const mesh::Reference& about) {
    const mesh::Finding finding = error_about(about);
    return fleet::check(creating.cluster, creating.plan, creating.consent, survey.rules, {&finding, 1});
  };
  const kube::Resource services{kube::kinds::service};
  creating.consent.adopt = {"service/httpbin-egress"};
  CHECK(check({services, "httpbin", "httpbin-egress"}).size() == 1);
  CHECK(mentions(error_of([&] { check({services, "elsewhere", "httpbin-egress"}); }), {"it contradicts"}));
}

TEST_CASE("an object that cannot be taken over, for Kubernetes does not change it, says what to do") {
  FakeCluster server;
  server.put(testing::deployment_path, object({{"kind", "Deployment"}}));
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "PATCH" || request.target.find("/deployments/") == std::string::npos)
      return std::nullopt;
    return testing::status_reply(422, "Invalid", "spec.selector: field is immutable");
  };
  Creating creating(server);
  creating.consent.adopt = {"deployment/httpbin-egress"};
  CHECK(mentions(error_of([&] { creating.prepare(); }),
                 {"deployment.apps/httpbin-egress", "field is immutable"}));
  CHECK(hint_of(creating).ends_with("kubectl delete deployment.apps/httpbin-egress -n httpbin"));
}

}  // namespace egress

TEST_SUITE_END();

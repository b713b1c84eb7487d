#include "egress/fleet/preflight.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "support/create_run.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::CreateRun;
using testing::deployment_path;
using testing::error_of;
using testing::FakeCluster;
using testing::in_namespace;
using testing::mentions;

const std::string service_path = "/api/v1/namespaces/httpbin/services/httpbin-egress";

/// The fields that this tool applied, and those that others added.
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

std::string hint_of(CreateRun& run) {
  try {
    run.prepare();
  } catch (const Error& error) {
    return error.hint();
  }
  return {};
}

}  // namespace

TEST_CASE("a dry run stores nothing") {
  FakeCluster server;
  const auto before = server.objects.size();
  CreateRun(server).prepare();
  CHECK(server.objects.size() == before);
}

TEST_CASE("an object of others with the same name is found before the first write") {
  FakeCluster server;
  server.store("/api/v1/namespaces/httpbin/services/httpbin-egress", object({{"kind", "Service"}}));
  const auto before = server.objects;
  CreateRun run(server);
  CHECK(mentions(error_of([&] { run.prepare(); }),
                 {"service/httpbin-egress", in_namespace("httpbin"), "--adopt"}));
  CHECK(server.objects == before);
}

TEST_CASE("everything that the server refuses is said together") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "PATCH") return std::nullopt;
    if (request.target.find("/gateways/") != std::string::npos)
      return testing::status_reply(403, "Forbidden", "no gateways for you");
    if (request.target.find("/services/") != std::string::npos)
      return testing::status_reply(403, "Forbidden", "no services for you");
    return std::nullopt;
  };
  CHECK(mentions(error_of([&] { CreateRun(server).prepare(); }),
                 {"Forbidden", "no services for you", "no gateways for you"}));
}

TEST_CASE("a binding whose Role is not stored in a dry run is no fault") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "PATCH" || request.target.find("/rolebindings/") == std::string::npos)
      return std::nullopt;
    http::Response response;
    response.status = 404;
    response.body = R"({"kind":"Status","reason":"NotFound","message":"no role","details":{"kind":"roles"}})";
    return response;
  };
  CreateRun run(server);
  run.prepare();
  server.fault = {};
  run.write();
  CHECK(server.has("/apis/rbac.authorization.k8s.io/v1/namespaces/httpbin/rolebindings/httpbin-egress"));
}

TEST_CASE("all problems that can be found without the namespace are reported together") {
  FakeCluster server;
  CreateRun run(server);
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.ends_with("/selfsubjectaccessreviews")) return std::nullopt;
    http::Response response;
    response.status = 201;
    response.body = R"({"status": {"allowed": false}})";
    return response;
  };
  run.options.use_server_dry_run = false;
  const auto survey = fleet::survey(run.cluster, "httpbin", "httpbin", {});
  run.plan = mesh::plan({run.egress, survey.mesh, "", survey.pod_revision()}, survey.served);
  mesh::Finding missing;
  missing.severity = mesh::Severity::error;
  missing.message = "namespace \"httpbin\" does not exist";
  server.waves.clear();
  const std::string told = error_of([&] {
    fleet::run_preflight(run.cluster, run.plan, run.options, survey.rules, {&missing, 1});
  });
  CHECK(mentions(told, {in_namespace("httpbin"), "does not exist", "get configmaps"}));
  REQUIRE_FALSE(server.waves.empty());
  for (const std::string& one : server.requests())
    CHECK(one == "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
}

TEST_CASE("creating the namespace needs permission, and all missing permissions are reported") {
  FakeCluster server;
  CreateRun run(server);
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    const bool meant = request.body.find(R"("resource":"namespaces")") != std::string::npos ||
                       request.body.find(R"("resource":"services")") != std::string::npos;
    if (!request.target.ends_with("/selfsubjectaccessreviews") || !meant) return std::nullopt;
    http::Response response;
    response.status = 201;
    response.body = R"({"status": {"allowed": false}})";
    return response;
  };
  run.options.use_server_dry_run = false;
  run.options.creates_namespace = true;
  CHECK(mentions(error_of([&] { run.prepare(); }),
                 {"create services", in_namespace("httpbin"), "create namespaces",
                  "kubectl create clusterrole egress-gateways-1 --verb=create --resource=namespaces"}));
  run.options.creates_namespace = false;
  const std::string told = error_of([&] { run.prepare(); });
  CHECK(mentions(told, {"create services"}));
  CHECK_FALSE(mentions(told, {"create namespaces"}));
}

TEST_CASE("who takes fields from others must be allowed to give them back") {
  FakeCluster server;
  CreateRun run(server);
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.body.find(R"("verb":"update")") == std::string::npos) return std::nullopt;
    http::Response response;
    response.status = 201;
    response.body = R"({"status": {"allowed": false}})";
    return response;
  };
  run.prepare();
  CHECK_FALSE(run.plan.objects.empty());
  run.options.force = true;
  CHECK(mentions(error_of([&] { run.prepare(); }), {"update services", in_namespace("httpbin")}));
}

TEST_CASE("what Kubernetes does not change in place is refused, with the two ways around it") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  const auto check_refused = [&] {
    const std::string told = error_of([&] { run.resume(); });
    CHECK(
        mentions(told, {"spec.selector", "field is immutable", "kubectl egress delete httpbin -n httpbin"}));
  };
  int removals = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
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
  CreateRun run(server);
  run.prepare();
  run.write();
  leave_block(server.objects.at(deployment_path));
  bool written = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (written || request.method != "PATCH" || !request.target.starts_with(deployment_path + "?"))
      return std::nullopt;
    if (request.body.find(R"("op":"remove")") == std::string::npos)
      return testing::status_reply(422, "Invalid", "spec.left: Required value");
    written = true;
    server.objects.at(deployment_path).edit("metadata").set("resourceVersion", "999999");
    return std::nullopt;
  };
  run.resume();
  CHECK(written);
  run.write();
  CHECK_FALSE(server.objects.at(deployment_path)["spec"].has("left"));
}

TEST_CASE("what others added is refused by name, or taken out where that is agreed to") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  Json& service = server.objects.at(service_path);
  service.edit("spec").edit("selector").set("tier", "x");
  service.edit("metadata")
      .set("managedFields", written_by_two(R"({"f:selector": {"f:kubectl-egress/gateway": {}}})",
                                           R"({"f:selector": {"f:tier": {}}})"));
  CHECK(mentions(error_of([&] { run.resume(); }),
                 {"service/httpbin-egress", in_namespace("httpbin"), "kubectl-edit", ".spec.selector.tier"}));
  run.options.force = true;
  run.resume();
  const auto planned =
      std::ranges::find(run.plan.objects, "service/httpbin-egress",
                        [](const mesh::Object& one) { return one.reference.display_name(); });
  REQUIRE(planned != run.plan.objects.end());
  CHECK(planned->leftovers.dump() == R"([{"op":"remove","path":"/spec/selector/tier"}])");
  CHECK_FALSE(planned->dry_run["spec"]["selector"].has("tier"));
  CHECK_FALSE(planned->unchanged);
}

TEST_CASE("missing permissions for the rest of the command are reported together, once, as one role") {
  FakeCluster server;
  CreateRun run(server);
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    for (const char* part : {R"("verb":"delete")", R"("resource":"services")"})
      if (request.body.find(part) == std::string::npos) return std::nullopt;
    http::Response response;
    response.status = 201;
    response.body = R"({"status": {"allowed": false}})";
    return response;
  };
  run.options.lacking = {{"delete", kube::kinds::network_policy, "httpbin"},
                         {"delete", kube::kinds::service, "httpbin"}};
  CHECK(mentions(error_of([&] { run.prepare(); }),
                 {"delete networkpolicies.networking.k8s.io", "delete services", in_namespace("httpbin")}));
  CHECK(hint_of(run) ==
        "kubectl create role egress-gateways-1 -n httpbin --verb=delete "
        "--resource=networkpolicies.networking.k8s.io,services");
}

TEST_CASE("what is taken over contradicts nothing any more") {
  FakeCluster server;
  server.store(service_path, object({{"kind", "Service"}}));
  CreateRun run(server);
  const auto survey = fleet::survey(run.cluster, "httpbin", "httpbin", {});
  run.plan = mesh::plan({run.egress, survey.mesh, "", survey.pod_revision()}, survey.served);
  const auto check = [&](const mesh::Reference& about) {
    const mesh::Finding finding = error_about(about);
    return fleet::run_preflight(run.cluster, run.plan, run.options, survey.rules, {&finding, 1});
  };
  const kube::Resource services{kube::kinds::service};
  run.options.adopt = {"service/httpbin-egress"};
  CHECK(check({services, "httpbin", "httpbin-egress"}).size() == 1);
  CHECK(mentions(error_of([&] { check({services, "elsewhere", "httpbin-egress"}); }), {"it contradicts"}));
}

TEST_CASE("an object that cannot be taken over, for Kubernetes does not change it, says what to do") {
  FakeCluster server;
  server.store(testing::deployment_path, object({{"kind", "Deployment"}}));
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "PATCH" || request.target.find("/deployments/") == std::string::npos)
      return std::nullopt;
    return testing::status_reply(422, "Invalid", "spec.selector: field is immutable");
  };
  CreateRun run(server);
  run.options.adopt = {"deployment/httpbin-egress"};
  CHECK(mentions(error_of([&] { run.prepare(); }), {"deployment.apps/httpbin-egress", "field is immutable"}));
  CHECK(hint_of(run).ends_with("kubectl delete deployment.apps/httpbin-egress -n httpbin"));
}

}  // namespace egress

TEST_SUITE_END();

#include "egress/fleet/check.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "support/creating.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::Creating;
using testing::FakeCluster;

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
  CHECK_THROWS_WITH(creating.resume(),
                    "nothing was written:\n  service/httpbin-egress in namespace \"httpbin\": kubectl-edit "
                    "added .spec.selector.tier, which changes what it does");
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
  CHECK_THROWS_WITH(creating.prepare(),
                    "nothing was written:\n"
                    "  you may not delete networkpolicies.networking.k8s.io in namespace \"httpbin\"\n"
                    "  you may not delete services in namespace \"httpbin\"");
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
  CHECK_THROWS_WITH(check({services, "elsewhere", "httpbin-egress"}),
                    "nothing was written:\n  it contradicts");
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
  CHECK_THROWS_WITH(creating.prepare(), doctest::Contains("spec.selector: field is immutable"));
  CHECK(hint_of(creating).ends_with("kubectl delete deployment.apps/httpbin-egress -n httpbin"));
}

}  // namespace egress

TEST_SUITE_END();

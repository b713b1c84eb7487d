#include "egress/fleet/inspection.hpp"

#include <doctest/doctest.h>

#include "egress/fleet/apply.hpp"
#include "egress/mesh/object_problem.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;
using testing::mentions;

/// A gateway with a client certificate that nobody has made.
struct AppliedGateway {
  AppliedGateway() : cluster(server, {}) {
    mesh::Design design = testing::istio_1_30_design();
    design.egress.tls.mode = mesh::TlsMode::mutual;
    design.egress.tls.credential = "client-cert";
    mesh::Plan plan = mesh::plan(design, kube::ServedResources::newest(mesh::all_kinds()));
    fleet::apply(cluster, plan, {false, {}}, {});
    server.waves.clear();
  }

  fleet::Inspection look() { return fleet::inspect(cluster, "httpbin", "httpbin").value(); }

  FakeCluster server;
  kube::Cluster cluster;
};

Json pod(const std::string& name, Json status) {
  return object({{"metadata", object({{"name", name},
                                      {"namespace", "httpbin"},
                                      {"labels", object({{"kubectl-egress/gateway", "httpbin.httpbin"}})}})},
                 {"status", std::move(status)}});
}

Json waiting(const std::string& reason, const std::string& message) {
  return object(
      {{"phase", "Pending"},
       {"containerStatuses",
        array({object(
            {{"state", object({{"waiting", object({{"reason", reason}, {"message", message}})}})}})})}});
}

Json warning(const std::string& kind, const std::string& name, const std::string& last) {
  return object({{"metadata", object({{"name", name + "." + last}, {"namespace", "httpbin"}})},
                 {"type", "Warning"},
                 {"reason", "Failed"},
                 {"message", "because"},
                 {"lastTimestamp", last},
                 {"count", 3},
                 {"involvedObject", object({{"kind", kind}, {"namespace", "httpbin"}, {"name", name}})}});
}

}  // namespace

TEST_CASE("a look takes as many requests however many pods and events there are") {
  AppliedGateway gateway;
  CHECK(gateway.look().summary.phase == mesh::Phase::ready);
  const std::size_t requests = gateway.server.requests().size();
  for (const std::string name : {"httpbin-egress-1", "httpbin-egress-2", "httpbin-egress-3"}) {
    gateway.server.store("/api/v1/namespaces/httpbin/pods/" + name,
                         pod(name, object({{"phase", "Running"}})));
    gateway.server.store("/api/v1/namespaces/httpbin/events/" + name,
                         warning("Pod", name, "2026-01-01T00:00:01Z"));
  }
  gateway.server.waves.clear();
  CHECK(gateway.look().pods.size() == 3);
  CHECK(gateway.server.requests().size() == requests);
}

TEST_CASE("a pod that is not ready and a referenced Secret that is missing are problems") {
  AppliedGateway gateway;
  gateway.server.store("/api/v1/namespaces/httpbin/pods/httpbin-egress-1",
                       pod("httpbin-egress-1", waiting("ImagePullBackOff", "Back-off pulling image")));
  auto found = gateway.look();
  REQUIRE(found.pods.size() == 1);
  CHECK(found.pods[0].state == "Pending");
  REQUIRE(found.faults.size() == 2);
  CHECK(mentions(found.faults[0], {"pod/httpbin-egress-1", "ImagePullBackOff", "Back-off pulling image"}));
  CHECK(mentions(found.faults[1], {"secret/client-cert", "spec.tls.credentialName", "does not exist"}));

  gateway.server.store("/api/v1/namespaces/httpbin/secrets/client-cert",
                       object({{"metadata", object({{"name", "client-cert"}, {"namespace", "httpbin"}})}}));
  found = gateway.look();
  CHECK(found.secrets.front().state == "Present");
  CHECK(found.faults.size() == 1);
}

TEST_CASE("warnings are of the gateway's own objects, the newest first") {
  AppliedGateway gateway;
  const std::string base = "/api/v1/namespaces/httpbin/events/";
  gateway.server.store(base + "1", warning("Pod", "httpbin-egress-1", "2026-01-01T00:00:01Z"));
  gateway.server.store(base + "2", warning("Deployment", "httpbin-egress", "2026-01-01T00:00:02Z"));
  gateway.server.store(base + "3", warning("Pod", "other-1", "2026-01-01T00:00:03Z"));
  const auto found = gateway.look();
  REQUIRE(found.warnings.size() == 2);
  CHECK(found.warnings[0].object == "deployment/httpbin-egress");
  CHECK(found.warnings[0].count == 3);
  CHECK(found.warnings[1].object == "pod/httpbin-egress-1");
}

TEST_CASE("what an autoscaler and an unschedulable pod say is said in their own words") {
  auto with_condition = [](const char* type, const char* message) {
    return object({{"status", object({{"conditions", array({object({{"type", type},
                                                                    {"status", "False"},
                                                                    {"reason", "Why"},
                                                                    {"message", message}})})}})}});
  };
  CHECK(mesh::autoscaler_problem(with_condition("ScalingActive", "no metrics")) == "Why no metrics");
  CHECK(mesh::autoscaler_problem(with_condition("ScalingLimited", "at most")).empty());
  CHECK(mesh::pod_problem(with_condition("PodScheduled", "0/3 nodes")) == "Why 0/3 nodes");
}

TEST_CASE("a crash loop shows how the container ended") {
  const Json pod = Json::parse(R"({"status": {"containerStatuses": [{
    "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 20s"}},
    "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}}]}})");
  CHECK(mesh::pod_problem(pod) == "CrashLoopBackOff back-off 20s; last state: OOMKilled, exit code 137");
}

TEST_CASE("a restarted container that is not ready shows how it ended") {
  const Json pod = Json::parse(R"({"status": {"containerStatuses": [{
    "name": "istio-proxy", "ready": false, "state": {"running": {}},
    "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}}]}})");
  CHECK(mentions(mesh::pod_problem(pod), {"istio-proxy", "OOMKilled", "137"}));
}

}  // namespace egress

TEST_SUITE_END();

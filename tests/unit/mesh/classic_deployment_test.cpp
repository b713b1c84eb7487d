#include <doctest/doctest.h>

#include <algorithm>

#include "support/designs.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

const Json& pod_of(const Json& deployment) {
  return deployment["spec"]["template"]["spec"];
}

/// The item of that name; null where there is none.
const Json& named(const Json& list, const std::string& name) {
  static const Json none;
  const auto at =
      std::ranges::find_if(list.items(), [&](const Json& one) { return one["name"].as_string() == name; });
  return at == list.items().end() ? none : *at;
}

bool lists(const Json& list, const std::string& text) {
  return std::ranges::find(list.items(), Json(text)) != list.items().end();
}

}  // namespace

TEST_CASE("a pod before gateway injection has what the mesh asks of all its pods") {
  mesh::Design design = testing::classic_design();
  design.mesh.priority_class = "system-cluster-critical";
  design.mesh.default_tolerations = Json::parse(R"([{"key": "mesh", "operator": "Exists"}])");
  design.mesh.log_as_json = true;
  design.mesh.sts_port = 15463;
  design.mesh.mount_mtls_certs = true;
  design.mesh.prometheus_merge = false;
  const Json deployment = mesh::classic_deployment(design);

  const Json& pod = pod_of(deployment);
  CHECK(pod["priorityClassName"].as_string() == "system-cluster-critical");
  CHECK(pod["tolerations"] == design.mesh.default_tolerations);
  CHECK(named(pod["volumes"], "istio-certs")["secret"] ==
        object({{"secretName", "istio.httpbin-egress"}, {"optional", true}}));

  const Json& proxy = pod["containers"].items().front();
  CHECK(lists(proxy["args"], "--log_as_json"));
  CHECK(lists(proxy["args"], "--stsPort=15463"));
  CHECK(named(proxy["volumeMounts"], "istio-certs") ==
        object({{"name", "istio-certs"}, {"mountPath", "/etc/certs"}, {"readOnly", true}}));

  CHECK(deployment["spec"]["template"]["metadata"]["annotations"] ==
        object({{"sidecar.istio.io/inject", "false"}}));
}

TEST_CASE("cores are enabled before the proxy starts, where its image has a shell") {
  mesh::Design design = testing::classic_design();
  design.mesh.core_dump = true;
  design.mesh.image_pull_policy = "Always";
  const Json deployment = mesh::classic_deployment(design);
  const Json& first = named(pod_of(deployment)["initContainers"], "enable-core-dump");
  CHECK(first["image"].as_string() == "docker.io/istio/proxyv2:1.7.0");
  CHECK(first["imagePullPolicy"].as_string() == "Always");
  CHECK(first["securityContext"]["privileged"].as_bool());
  CHECK(first["args"].items().back().as_string().find("/var/lib/istio/data/core.proxy") != std::string::npos);
  const Json& mounts = pod_of(deployment)["containers"].items().front()["volumeMounts"];
  CHECK(named(mounts, "istio-data")["mountPath"].as_string() == "/var/lib/istio/data");
  CHECK(named(pod_of(deployment)["volumes"], "istio-data").has("emptyDir"));

  design.mesh.distroless = true;
  CHECK_FALSE(pod_of(mesh::classic_deployment(design)).has("initContainers"));
}

TEST_CASE("a pod before gateway injection has nothing that the mesh does not ask for") {
  const Json deployment = mesh::classic_deployment(testing::classic_design());
  const Json& pod = pod_of(deployment);
  for (const char* member : {"priorityClassName", "tolerations", "initContainers"}) {
    CAPTURE(member);
    CHECK_FALSE(pod.has(member));
  }
  CHECK(named(pod["volumes"], "istio-certs").is_null());
  CHECK(named(pod["volumes"], "istio-data").is_null());
  CHECK_FALSE(lists(pod["containers"].items().front()["args"], "--log_as_json"));
}

}  // namespace egress

TEST_SUITE_END();

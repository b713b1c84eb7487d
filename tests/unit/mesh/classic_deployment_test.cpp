#include <doctest/doctest.h>

#include <algorithm>

#include "support/designs.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

const Json& pod_spec(const Json& deployment) {
  return deployment["spec"]["template"]["spec"];
}

/// The item with that name; null if there is none.
const Json& find_by_name(const Json& list, const std::string& name) {
  static const Json none;
  const auto at =
      std::ranges::find_if(list.items(), [&](const Json& item) { return item["name"].as_string() == name; });
  return at == list.items().end() ? none : *at;
}

bool contains(const Json& list, const std::string& text) {
  return std::ranges::find(list.items(), Json(text)) != list.items().end();
}

}  // namespace

TEST_CASE("a pod without gateway injection gets the mesh's pod settings") {
  mesh::Design design = testing::istio_1_7_design();
  design.mesh.priority_class = "system-cluster-critical";
  design.mesh.default_tolerations = Json::parse(R"([{"key": "mesh", "operator": "Exists"}])");
  design.mesh.log_as_json = true;
  design.mesh.sts_port = 15463;
  design.mesh.mount_mtls_certs = true;
  design.mesh.prometheus_merge = false;
  const Json deployment = mesh::classic_deployment(design);

  const Json& pod = pod_spec(deployment);
  CHECK(pod["priorityClassName"].as_string() == "system-cluster-critical");
  CHECK(pod["tolerations"] == design.mesh.default_tolerations);
  CHECK(find_by_name(pod["volumes"], "istio-certs")["secret"] ==
        object({{"secretName", "istio.httpbin-egress"}, {"optional", true}}));

  const Json& proxy = pod["containers"].items().front();
  CHECK(contains(proxy["args"], "--log_as_json"));
  CHECK(contains(proxy["args"], "--stsPort=15463"));
  CHECK(find_by_name(proxy["volumeMounts"], "istio-certs") ==
        object({{"name", "istio-certs"}, {"mountPath", "/etc/certs"}, {"readOnly", true}}));

  CHECK(deployment["spec"]["template"]["metadata"]["annotations"] ==
        object({{"sidecar.istio.io/inject", "false"}}));
}

TEST_CASE("an init container enables core dumps if the image has a shell") {
  mesh::Design design = testing::istio_1_7_design();
  design.mesh.core_dump = true;
  design.mesh.image_pull_policy = "Always";
  const Json deployment = mesh::classic_deployment(design);
  const Json& init_container = find_by_name(pod_spec(deployment)["initContainers"], "enable-core-dump");
  CHECK(init_container["image"].as_string() == "docker.io/istio/proxyv2:1.7.0");
  CHECK(init_container["imagePullPolicy"].as_string() == "Always");
  CHECK(init_container["securityContext"]["privileged"].as_bool());
  CHECK(init_container["args"].items().back().as_string().find("/var/lib/istio/data/core.proxy") !=
        std::string::npos);
  const Json& mounts = pod_spec(deployment)["containers"].items().front()["volumeMounts"];
  CHECK(find_by_name(mounts, "istio-data")["mountPath"].as_string() == "/var/lib/istio/data");
  CHECK(find_by_name(pod_spec(deployment)["volumes"], "istio-data").has("emptyDir"));

  design.mesh.distroless = true;
  CHECK_FALSE(pod_spec(mesh::classic_deployment(design)).has("initContainers"));
}

TEST_CASE("a pod without gateway injection has no optional pod settings by default") {
  const Json deployment = mesh::classic_deployment(testing::istio_1_7_design());
  const Json& pod = pod_spec(deployment);
  for (const char* member : {"priorityClassName", "tolerations", "initContainers"}) {
    CAPTURE(member);
    CHECK_FALSE(pod.has(member));
  }
  CHECK(find_by_name(pod["volumes"], "istio-certs").is_null());
  CHECK(find_by_name(pod["volumes"], "istio-data").is_null());
  CHECK_FALSE(contains(pod["containers"].items().front()["args"], "--log_as_json"));
}

}  // namespace egress

TEST_SUITE_END();

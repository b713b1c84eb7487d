#include <doctest/doctest.h>

#include "egress/base/file.hpp"
#include "egress/base/yaml.hpp"
#include "egress/fleet/survey.hpp"
#include "support/fake_cluster.hpp"
#include "support/skip.hpp"

// What Helm renders of Istio's own control planes stands beside the project, not in it (EGRESS_SHARED_DIR):
// without it there is nothing to look at, and the other tests alone hold what is found.

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

const std::string shared = EGRESS_SHARED_DIR;
constexpr const char* no_charts = "Istio's charts are not beside the checkout";

/// The objects of a control plane that a survey reads, as the chart renders them.
std::vector<Json> control_plane(const std::string& version) {
  const std::string file = shared + "/reference/istio-" + version + "/control-plane.yaml";
  if (!file_exists(file)) {
    MESSAGE("not there, not looked at: " << file);
    return {};
  }
  std::vector<Json> objects;
  for (Json& one : parse_yaml_documents(read_file(file))) {
    const std::string& kind = one["kind"].as_string();
    if (kind == "Deployment" || kind == "ConfigMap" || kind == "MutatingWebhookConfiguration")
      objects.push_back(std::move(one));
  }
  return objects;
}

std::string path_of(const Json& object) {
  const std::string& kind = object["kind"].as_string();
  const std::string& name = object["metadata"]["name"].as_string();
  const std::string& ns = object["metadata"]["namespace"].as_string();
  if (kind == "Deployment") return kube::Resource{kube::kinds::deployment}.path(ns, name);
  if (kind == "ConfigMap") return kube::Resource{kube::kinds::config_map}.path(ns, name);
  return kube::Resource{kube::kinds::mutating_webhooks}.path("", name);
}

/// The same, installed with `revision` set.
std::vector<Json> revised(std::vector<Json> objects, const std::string& revision) {
  for (Json& one : objects) {
    Json& metadata = one.edit("metadata");
    metadata.set("name", metadata["name"].as_string() + "-" + revision);
    if (metadata["labels"].has("istio.io/rev")) metadata.edit("labels").set("istio.io/rev", revision);
  }
  return objects;
}

void set_image(std::vector<Json>& objects, const std::string& image) {
  for (Json& one : objects)
    if (one["kind"].as_string() == "Deployment") {
      Json container = one["spec"]["template"]["spec"]["containers"].items().front();
      container.set("image", image);
      one.edit("spec").edit("template").edit("spec").set("containers", array({container}));
    }
}

/// A cluster with those control planes and nothing else of Istio.
struct IstioInstallation {
  explicit IstioInstallation(const std::string& version, const std::vector<std::vector<Json>>& control_planes)
      : server(version) {
    std::erase_if(server.objects, [](const auto& one) {
      return one.first.find("istio-") != std::string::npos && one.first != "/api/v1/namespaces/httpbin";
    });
    for (const auto& objects : control_planes)
      for (const Json& one : objects) server.store(path_of(one), one);
  }

  fleet::Survey survey_cluster(const fleet::MeshFlags& flags = {}) {
    kube::Cluster cluster(server, {});
    return fleet::survey(cluster, "httpbin", "httpbin", flags);
  }

  FakeCluster server;
};

}  // namespace

TEST_CASE("Istio 1.30.3 is found as its chart installs it") {
  const auto objects = control_plane("1.30.3");
  if (objects.empty()) return testing::skip(no_charts);
  IstioInstallation installation("1.30.3", {objects});
  const auto survey = installation.survey_cluster();
  CHECK(survey.warnings.empty());
  CHECK(survey.mesh.version == mesh::Version{1, 30, 3});
  CHECK(survey.mesh.gateway_template == true);
  CHECK(survey.mesh.outbound_policy == "REGISTRY_ONLY");
  CHECK(survey.mesh.root_namespace == "istio-system");
  CHECK(survey.mesh.trust_domain == "cluster.local");
  CHECK(survey.mesh.tag == "1.30.3");
  CHECK_FALSE(survey.mesh.distroless);
  CHECK(survey.revisions.text() == "default");
  CHECK(survey.pod_revision().empty());
}

TEST_CASE("Istio 1.7.0 is found as its chart installs it") {
  const auto objects = control_plane("1.7.0");
  if (objects.empty()) return testing::skip(no_charts);
  IstioInstallation installation("1.7.0", {objects});
  const auto survey = installation.survey_cluster();
  CHECK(survey.warnings.empty());
  CHECK(survey.mesh.version == mesh::Version{1, 7, 0});
  CHECK(survey.mesh.gateway_template == false);
  CHECK(survey.mesh.outbound_policy == "REGISTRY_ONLY");
  CHECK(survey.mesh.token_policy == "first-party-jwt");
  CHECK(survey.mesh.certificate_provider == "kubernetes");
  CHECK(survey.mesh.cluster_id == "Kubernetes");
  CHECK(survey.mesh.hub == "docker.io/istio");
  CHECK(survey.mesh.prometheus_merge);
  CHECK_FALSE(survey.mesh.core_dump);
  CHECK(survey.mesh.proxy_config["tracing"]["zipkin"]["address"].as_string() == "zipkin.istio-system:9411");
  CHECK(survey.pod_revision().empty());
}

TEST_CASE("a control plane of a revision alone is found, and the pods name it") {
  const auto objects = control_plane("1.30.3");
  if (objects.empty()) return testing::skip(no_charts);
  IstioInstallation installation("1.30.3", {revised(objects, "1-30-3")});
  const auto survey = installation.survey_cluster();
  CHECK(survey.warnings.empty());
  CHECK(survey.mesh.revision == "1-30-3");
  CHECK(survey.mesh.gateway_template == true);
  CHECK(survey.pod_revision() == "1-30-3");

  CHECK(installation.survey_cluster({.revision = "1-30-3"}).pod_revision() == "1-30-3");
  installation.server.add_revision_tag("default", "1-30-3");
  CHECK(installation.survey_cluster().pod_revision().empty());
}

TEST_CASE("both stand side by side, and the wished one is taken") {
  const auto old = control_plane("1.7.0");
  const auto todays = control_plane("1.30.3");
  if (old.empty() || todays.empty()) return testing::skip(no_charts);
  IstioInstallation installation("1.30.3", {old, revised(todays, "1-30-3")});
  CHECK(installation.survey_cluster().mesh.version == mesh::Version{1, 7, 0});
  const auto survey = installation.survey_cluster({.revision = "1-30-3"});
  CHECK(survey.mesh.version == mesh::Version{1, 30, 3});
  CHECK(survey.pod_revision() == "1-30-3");
  CHECK(survey.revisions.text() == "1-30-3, default");
}

TEST_CASE("an image by its digest, of another build or without a shell is no obstacle") {
  for (const char* version : {"1.7.0", "1.30.3"}) {
    CAPTURE(version);
    auto objects = control_plane(version);
    if (objects.empty()) return testing::skip(no_charts);
    const auto expected = mesh::Version::parse(version);
    for (const char* tag : {"@sha256:0123456789", ":build-77", ":2026.01.15", ""}) {
      CAPTURE(tag);
      set_image(objects, "corp.example:5000/istio/pilot" + std::string(tag));
      const auto mesh = IstioInstallation(version, {objects}).survey_cluster().mesh;
      CHECK(mesh.version == expected);
      CHECK(mesh.tag == version);
      CHECK(mesh.hub == "docker.io/istio");
    }
    set_image(objects, "docker.io/istio/pilot:" + std::string(version) + "-distroless");
    CHECK(IstioInstallation(version, {objects}).survey_cluster().mesh.version == expected);
  }
}

}  // namespace egress

TEST_SUITE_END();

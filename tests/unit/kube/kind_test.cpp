#include "egress/kube/kind.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

const Resource deployments{kinds::deployment};
const Resource services{kinds::service};
const Resource autoscalers{kinds::autoscaler, "v2beta2"};

}  // namespace

TEST_CASE("the core group has no name in its API version") {
  CHECK(services.api_version() == "v1");
  CHECK(deployments.api_version() == "apps/v1");
  CHECK(autoscalers.api_version() == "autoscaling/v2beta2");
}

TEST_CASE("a kind is labelled in lower case with its group") {
  CHECK(services.label() == "service");
  CHECK(autoscalers.label() == "horizontalpodautoscaler.autoscaling");
  CHECK(Resource{kinds::role_binding}.label() == "rolebinding.rbac.authorization.k8s.io");
}

TEST_CASE("an ApplySet names a kind in its own case with its group") {
  CHECK(group_kind(kinds::service_account) == "ServiceAccount");
  CHECK(group_kind(kinds::deployment) == "Deployment.apps");
}

TEST_CASE("the core group stands below /api, every other below /apis") {
  CHECK(services.path("team", "web") == "/api/v1/namespaces/team/services/web");
  CHECK(deployments.path("team", "web") == "/apis/apps/v1/namespaces/team/deployments/web");
  CHECK(autoscalers.path("team", "web") ==
        "/apis/autoscaling/v2beta2/namespaces/team/horizontalpodautoscalers/web");
}

TEST_CASE("without a name a path is the collection, without a namespace all of them") {
  CHECK(deployments.path("team") == "/apis/apps/v1/namespaces/team/deployments");
  CHECK(deployments.path("") == "/apis/apps/v1/deployments");
  CHECK(Resource{kinds::namespaces}.path("", "team") == "/api/v1/namespaces/team");
}

TEST_CASE("kinds are the same by name and group, whatever their versions") {
  CHECK(kinds::autoscaler == Kind{"HorizontalPodAutoscaler", "autoscaling", "other", {"v9"}});
  CHECK_FALSE(kinds::role == Kind{"Role", "other.group", "roles"});
  CHECK_FALSE(kinds::role == kinds::role_binding);
}

TEST_CASE("what is written into a path stays one segment of it") {
  CHECK(Resource{kinds::config_map}.path("a", "../x?y=z") ==
        "/api/v1/namespaces/a/configmaps/%2E.%2Fx%3Fy%3Dz");
  CHECK(Resource{kinds::config_map}.path("..", "x.y") == "/api/v1/namespaces/%2E./configmaps/x.y");
}

TEST_CASE("a kind goes by the names that kubectl takes") {
  for (const char* word : {"deployment", "deployments", "deploy", "deployment.apps", "deploy.apps"}) {
    CAPTURE(word);
    CHECK(kube::kinds::deployment.is_called(word));
  }
  for (const char* word : {"", "Deploymen", "deployment.", "deployment.extensions", ".apps"}) {
    CAPTURE(word);
    CHECK_FALSE(kube::kinds::deployment.is_called(word));
  }
  CHECK_FALSE(kube::kinds::role.is_called(""));
}

}  // namespace egress::kube

TEST_SUITE_END();

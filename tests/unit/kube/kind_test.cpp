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

TEST_CASE("a type name is in lower case with its group") {
  CHECK(services.type_name() == "service");
  CHECK(autoscalers.type_name() == "horizontalpodautoscaler.autoscaling");
  CHECK(Resource{kinds::role_binding}.type_name() == "rolebinding.rbac.authorization.k8s.io");
}

TEST_CASE("an ApplySet names a kind in its own case with its group") {
  CHECK(group_kind(kinds::service_account) == "ServiceAccount");
  CHECK(group_kind(kinds::deployment) == "Deployment.apps");
}

TEST_CASE("the core group is under /api, every other under /apis") {
  CHECK(services.path("team", "web") == "/api/v1/namespaces/team/services/web");
  CHECK(deployments.path("team", "web") == "/apis/apps/v1/namespaces/team/deployments/web");
  CHECK(autoscalers.path("team", "web") ==
        "/apis/autoscaling/v2beta2/namespaces/team/horizontalpodautoscalers/web");
}

TEST_CASE("a path without a name is the collection, without a namespace that of all namespaces") {
  CHECK(deployments.path("team") == "/apis/apps/v1/namespaces/team/deployments");
  CHECK(deployments.path("") == "/apis/apps/v1/deployments");
  CHECK(Resource{kinds::namespaces}.path("", "team") == "/api/v1/namespaces/team");
}

TEST_CASE("kinds are equal by name and group, whatever their versions") {
  CHECK(kinds::autoscaler == Kind{"HorizontalPodAutoscaler", "autoscaling", "other", {"v9"}});
  CHECK_FALSE(kinds::role == Kind{"Role", "other.group", "roles"});
  CHECK_FALSE(kinds::role == kinds::role_binding);
}

TEST_CASE("a name stays one segment of a path") {
  CHECK(Resource{kinds::config_map}.path("a", "../x?y=z") ==
        "/api/v1/namespaces/a/configmaps/%2E.%2Fx%3Fy%3Dz");
  CHECK(Resource{kinds::config_map}.path("..", "x.y") == "/api/v1/namespaces/%2E./configmaps/x.y");
}

TEST_CASE("a kind matches the type names that kubectl accepts") {
  for (const char* word : {"deployment", "deployments", "deploy", "deployment.apps", "deploy.apps"}) {
    CAPTURE(word);
    CHECK(kube::kinds::deployment.matches(word));
  }
  for (const char* word : {"", "Deploymen", "deployment.", "deployment.extensions", ".apps"}) {
    CAPTURE(word);
    CHECK_FALSE(kube::kinds::deployment.matches(word));
  }
  CHECK_FALSE(kube::kinds::role.matches(""));
}

}  // namespace egress::kube

TEST_SUITE_END();

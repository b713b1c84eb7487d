#include "egress/mesh/permission.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("mesh");

namespace egress::mesh {

TEST_CASE("missing permissions are grouped into few Roles, and a ClusterRole for cluster-scoped kinds") {
  const kube::Kind& deployment = kube::kinds::deployment;
  const kube::Kind& service = kube::kinds::service;
  const std::vector<Permission> missing{{"create", deployment, "shop"}, {"create", service, "shop"},
                                        {"patch", deployment, "shop"},  {"patch", service, "shop"},
                                        {"create", service, "front"},   namespace_permission()};
  CHECK(grant_commands(missing) ==
        std::vector<std::string>{
            "kubectl create clusterrole egress-gateways-1 --verb=create --resource=namespaces",
            "kubectl create role egress-gateways-2 -n front --verb=create --resource=services",
            "kubectl create role egress-gateways-3 -n shop --verb=create,patch "
            "--resource=deployments.apps,services",
        });
  CHECK(missing.front().text() == "create deployments.apps in namespace/shop");
  CHECK(missing.back().text() == "create namespaces");
}

}  // namespace egress::mesh

TEST_SUITE_END();

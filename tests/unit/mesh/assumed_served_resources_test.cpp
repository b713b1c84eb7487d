#include "egress/mesh/assumed_served_resources.hpp"

#include <doctest/doctest.h>

#include "egress/mesh/istio_kinds.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

std::string assumed_api_version(const kube::Kind& kind, mesh::Version istio) {
  return mesh::assumed_served_resources(istio).at(kind).api_version();
}

}  // namespace

TEST_CASE("without a cluster, the assumed API version of each kind depends on the Istio version") {
  using mesh::kinds::gateway;
  using mesh::kinds::peer_authentication;
  CHECK(assumed_api_version(gateway, {1, 7, 0}) == "networking.istio.io/v1beta1");
  CHECK(assumed_api_version(gateway, {1, 21, 9}) == "networking.istio.io/v1beta1");
  CHECK(assumed_api_version(gateway, {1, 22, 0}) == "networking.istio.io/v1");
  CHECK(assumed_api_version(peer_authentication, {1, 7, 0}) == "security.istio.io/v1beta1");
  CHECK(assumed_api_version(mesh::kinds::envoy_filter, {1, 7, 0}) == "networking.istio.io/v1alpha3");
  CHECK(assumed_api_version(kube::kinds::autoscaler, {1, 16, 0}) == "autoscaling/v2beta2");
  CHECK(assumed_api_version(kube::kinds::autoscaler, {1, 17, 0}) == "autoscaling/v2");
  CHECK(assumed_api_version(kube::kinds::disruption_budget, {1, 7, 0}) == "policy/v1beta1");
  CHECK(assumed_api_version(kube::kinds::deployment, {1, 7, 0}) == "apps/v1");
}

}  // namespace egress

TEST_SUITE_END();

#include "egress/mesh/assumed_served.hpp"

#include <doctest/doctest.h>

#include "egress/mesh/istio_kinds.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

std::string version_of(const kube::Kind& kind, mesh::Version istio) {
  return mesh::assumed_served(istio).at(kind).api_version();
}

}  // namespace

TEST_CASE("without a cluster, each kind is taken in a version that the Istio's clusters serve") {
  using mesh::kinds::gateway;
  using mesh::kinds::peer_authentication;
  CHECK(version_of(gateway, {1, 7, 0}) == "networking.istio.io/v1beta1");
  CHECK(version_of(gateway, {1, 21, 9}) == "networking.istio.io/v1beta1");
  CHECK(version_of(gateway, {1, 22, 0}) == "networking.istio.io/v1");
  CHECK(version_of(peer_authentication, {1, 7, 0}) == "security.istio.io/v1beta1");
  CHECK(version_of(mesh::kinds::envoy_filter, {1, 7, 0}) == "networking.istio.io/v1alpha3");
  CHECK(version_of(kube::kinds::autoscaler, {1, 16, 0}) == "autoscaling/v2beta2");
  CHECK(version_of(kube::kinds::autoscaler, {1, 17, 0}) == "autoscaling/v2");
  CHECK(version_of(kube::kinds::disruption_budget, {1, 7, 0}) == "policy/v1beta1");
  CHECK(version_of(kube::kinds::deployment, {1, 7, 0}) == "apps/v1");
}

}  // namespace egress

TEST_SUITE_END();

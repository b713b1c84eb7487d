#include "egress/mesh/full_name.hpp"

#include <doctest/doctest.h>

#include "support/designs.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {

TEST_CASE("the full name of an object has the lower-case kind, its group and the namespace") {
  CHECK(mesh::full_name(mesh::Reference{{kube::kinds::deployment}, "shop", "httpbin-egress"}) ==
        "deployment.apps/httpbin-egress -n shop");
  CHECK(mesh::full_name(mesh::Reference{{kube::kinds::config_map}, "shop", "httpbin-egress"}) ==
        "configmap/httpbin-egress -n shop");
}

TEST_CASE("the full name of a cluster-scoped object has no namespace") {
  CHECK(mesh::full_name(mesh::Reference{{kube::kinds::namespaces}, "", "shop"}) == "namespace/shop");
}

TEST_CASE("the full name of a gateway is the same from its settings and from its name") {
  mesh::Egress egress = testing::httpbin();
  egress.ns = "shop";
  CHECK(mesh::full_name(egress) == "egressgateway/httpbin -n shop");
  CHECK(mesh::full_name(mesh::GatewayName{"shop", "httpbin"}) == mesh::full_name(egress));
}

}  // namespace egress

TEST_SUITE_END();

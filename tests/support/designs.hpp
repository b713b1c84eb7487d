#pragma once

#include "egress/mesh/design.hpp"

namespace egress::testing {

/// The gateway that the tests begin with: valid, and changed from there.
inline mesh::Egress httpbin() {
  mesh::Egress egress;
  egress.name = "httpbin";
  egress.ns = "httpbin";
  egress.hosts = {"httpbin.org"};
  return egress;
}

/// It, on today's Istio.
inline mesh::Design istio_1_30_design() {
  return {httpbin(), mesh::assumed_mesh({1, 30, 3})};
}

/// It, on an Istio from before gateway injection, with two root certificates that are none.
inline mesh::Design istio_1_7_design() {
  return {httpbin(), mesh::assumed_mesh({1, 7, 0}), "-----BEGIN CERTIFICATE-----\n"};
}

}  // namespace egress::testing

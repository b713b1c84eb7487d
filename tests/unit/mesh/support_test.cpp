#include "egress/mesh/support.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

mesh::Design on(mesh::Version version) {
  return {testing::httpbin(), mesh::assumed_mesh(version)};
}

/// What the mesh cannot give of a gateway; empty if it can give all of it.
std::string fault(const mesh::Design& design) {
  try {
    mesh::check_support(design);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

mesh::Design with_client_credential(mesh::Version version, const std::string& secret) {
  mesh::Design design = on(version);
  design.egress.tls.mode = mesh::TlsMode::mutual;
  design.egress.tls.credential = secret;
  return design;
}

}  // namespace

// users.md: 18
TEST_CASE("before Istio 1.8 a Secret that the agent passes over is refused, whatever it is for") {
  CHECK(testing::mentions(fault(with_client_credential({1, 7, 8}, "istio-client")),
                          {"Istio 1.7.8", "istio-client", "prometheus"}));
  CHECK(testing::mentions(fault(with_client_credential({1, 7, 0}, "prometheus")),
                          {"Istio 1.7.0", "prometheus"}));
  CHECK(fault(with_client_credential({1, 7, 0}, "bank-istio")).empty());
  CHECK(fault(with_client_credential({1, 8, 0}, "istio-client")).empty());

  mesh::Design exposed = on({1, 7, 5});
  exposed.egress.ingress = mesh::Ingress{{"bin.example.com"}, "istio-cert"};
  CHECK(testing::mentions(fault(exposed), {"istio-cert", "Istio 1.7.5"}));

  mesh::Design trusting = on({1, 7, 5});
  trusting.egress.tls.ca_credential = "istio-cacert";
  CHECK(testing::mentions(fault(trusting), {"istio-cacert", "Istio 1.7.5"}));
}

TEST_CASE("the Secret with public roots must not be passed over either: the gateway is called otherwise") {
  mesh::Design design = on({1, 7, 4});
  design.egress.name = "istio-bin";
  CHECK(testing::mentions(fault(design), {"Istio 1.7.4", "istio-bin-egress", "NAME"}));
  design.mesh.version = {1, 7, 5};
  CHECK(fault(design).empty());
}

TEST_CASE("before Istio 1.10 a CA is taken only from a Secret whose name says so") {
  mesh::Design design = on({1, 9, 9});
  design.egress.tls.ca_credential = "corp";
  CHECK(testing::mentions(fault(design), {"Istio 1.9.9", "-cacert", "corp"}));
  design.mesh.version = {1, 10, 0};
  CHECK(fault(design).empty());
  design.mesh.version = {1, 7, 0};
  design.egress.tls.ca_credential = "corp-cacert";
  CHECK(fault(design).empty());
}

TEST_CASE("a probe needs an image that has curl") {
  mesh::Design design = on({1, 30, 3});
  design.mesh.distroless = true;
  CHECK(fault(design).empty());
  design.egress.probe = mesh::Probe{"/"};
  CHECK(testing::mentions(fault(design), {"probe-path", "curl", "distroless", "--tag 1.30.3"}));
  design.egress.workload.tag = "1.30.3";
  CHECK(fault(design).empty());
  design.mesh.distroless = false;
  design.egress.workload.tag = "1.30.3-distroless";
  CHECK(testing::mentions(fault(design), {"probe-path", "distroless"}));
}

TEST_CASE("everything that the mesh cannot give is said together") {
  mesh::Design design = with_client_credential({1, 7, 0}, "istio-client");
  design.mesh.distroless = true;
  design.egress.probe = mesh::Probe{"/"};
  CHECK(testing::mentions(fault(design), {"istio-client", "probe-path"}));
}

}  // namespace egress

TEST_SUITE_END();

#include "egress/mesh/istio_support.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/designs.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

mesh::Design design_for(mesh::Version version) {
  return {testing::httpbin(), mesh::assumed_mesh(version)};
}

/// The error for a design that the mesh does not support; empty if it does.
std::string support_error(const mesh::Design& design) {
  try {
    mesh::check_istio_support(design);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

mesh::Design with_client_credential(mesh::Version version, const std::string& secret) {
  mesh::Design design = design_for(version);
  design.egress.tls.mode = mesh::TlsMode::mutual;
  design.egress.tls.credential = secret;
  return design;
}

}  // namespace

// users.md: 18
TEST_CASE("before Istio 1.8 a Secret that the agent ignores is rejected") {
  CHECK(testing::mentions(support_error(with_client_credential({1, 7, 8}, "istio-client")),
                          {"Istio 1.7.8", "istio-client", "prometheus"}));
  CHECK(testing::mentions(support_error(with_client_credential({1, 7, 0}, "prometheus")),
                          {"Istio 1.7.0", "prometheus"}));
  CHECK(support_error(with_client_credential({1, 7, 0}, "bank-istio")).empty());
  CHECK(support_error(with_client_credential({1, 8, 0}, "istio-client")).empty());

  mesh::Design exposed = design_for({1, 7, 5});
  exposed.egress.ingress = mesh::Ingress{{"bin.example.com"}, "istio-cert"};
  CHECK(testing::mentions(support_error(exposed), {"istio-cert", "Istio 1.7.5"}));

  mesh::Design with_ca = design_for({1, 7, 5});
  with_ca.egress.tls.ca_credential = "istio-cacert";
  CHECK(testing::mentions(support_error(with_ca), {"istio-cacert", "Istio 1.7.5"}));
}

TEST_CASE("before Istio 1.7.5 the agent must not ignore the Secret with root certificates") {
  mesh::Design design = design_for({1, 7, 4});
  design.egress.name = "istio-bin";
  CHECK(testing::mentions(support_error(design), {"Istio 1.7.4", "istio-bin-egress", "NAME"}));
  design.mesh.version = {1, 7, 5};
  CHECK(support_error(design).empty());
}

TEST_CASE("before Istio 1.10 the name of a CA Secret must end with -cacert") {
  mesh::Design design = design_for({1, 9, 9});
  design.egress.tls.ca_credential = "corp";
  CHECK(testing::mentions(support_error(design), {"Istio 1.9.9", "-cacert", "corp"}));
  design.mesh.version = {1, 10, 0};
  CHECK(support_error(design).empty());
  design.mesh.version = {1, 7, 0};
  design.egress.tls.ca_credential = "corp-cacert";
  CHECK(support_error(design).empty());
}

TEST_CASE("a probe needs an image with curl") {
  mesh::Design design = design_for({1, 30, 3});
  design.mesh.distroless = true;
  CHECK(support_error(design).empty());
  design.egress.probe = mesh::Probe{"/"};
  CHECK(testing::mentions(support_error(design),
                          {"spec.probe.path", "curl", "distroless", "spec.gateway.image.tag", "1.30.3"}));
  design.egress.workload.tag = "1.30.3";
  CHECK(support_error(design).empty());
  design.mesh.distroless = false;
  design.egress.workload.tag = "1.30.3-distroless";
  CHECK(testing::mentions(support_error(design), {"spec.probe.path", "distroless"}));
}

TEST_CASE("everything that the mesh does not support is reported together") {
  mesh::Design design = with_client_credential({1, 7, 0}, "istio-client");
  design.mesh.distroless = true;
  design.egress.probe = mesh::Probe{"/"};
  CHECK(testing::mentions(support_error(design), {"istio-client", "spec.probe.path"}));
}

}  // namespace egress

TEST_SUITE_END();

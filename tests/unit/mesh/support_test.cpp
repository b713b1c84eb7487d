#include "egress/mesh/support.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/designs.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

mesh::Design on(mesh::Version version) {
  return {testing::httpbin(), mesh::assumed_mesh(version)};
}

mesh::Design with_client_credential(mesh::Version version, const std::string& secret) {
  mesh::Design design = on(version);
  design.egress.tls.mode = mesh::TlsMode::mutual;
  design.egress.tls.credential = secret;
  return design;
}

}  // namespace

TEST_CASE("before Istio 1.8 a Secret that the agent passes over is refused, whatever it is for") {
  CHECK_THROWS_WITH(mesh::check_support(with_client_credential({1, 7, 8}, "istio-client")),
                    "Istio 1.7.8 ignores Secrets whose names begin with \"istio\" or \"prometheus\", and "
                    "\"istio-client\" is one: give it another name");
  CHECK_THROWS_AS(mesh::check_support(with_client_credential({1, 7, 0}, "prometheus")), Error);
  CHECK_NOTHROW(mesh::check_support(with_client_credential({1, 7, 0}, "bank-istio")));
  CHECK_NOTHROW(mesh::check_support(with_client_credential({1, 8, 0}, "istio-client")));

  mesh::Design exposed = on({1, 7, 5});
  exposed.egress.ingress = mesh::Ingress{{"bin.example.com"}, "istio-cert"};
  CHECK_THROWS_WITH(mesh::check_support(exposed), doctest::Contains("\"istio-cert\" is one"));

  mesh::Design trusting = on({1, 7, 5});
  trusting.egress.tls.ca_credential = "istio-cacert";
  CHECK_THROWS_WITH(mesh::check_support(trusting), doctest::Contains("\"istio-cacert\" is one"));
}

TEST_CASE("the Secret with public roots must not be passed over either: the gateway is called otherwise") {
  mesh::Design design = on({1, 7, 4});
  design.egress.name = "istio-bin";
  CHECK_THROWS_WITH(mesh::check_support(design),
                    "Istio 1.7.4 ignores Secrets whose names begin with \"istio\" or \"prometheus\", and "
                    "\"istio-bin-egress\" is one: choose another NAME");
  design.mesh.version = {1, 7, 5};
  CHECK_NOTHROW(mesh::check_support(design));
}

TEST_CASE("before Istio 1.10 a CA is taken only from a Secret whose name says so") {
  mesh::Design design = on({1, 9, 9});
  design.egress.tls.ca_credential = "corp";
  CHECK_THROWS_WITH(
      mesh::check_support(design),
      "Istio 1.9.9 takes a CA only from a Secret whose name ends with \"-cacert\", and \"corp\" "
      "does not");
  design.mesh.version = {1, 10, 0};
  CHECK_NOTHROW(mesh::check_support(design));
  design.mesh.version = {1, 7, 0};
  design.egress.tls.ca_credential = "corp-cacert";
  CHECK_NOTHROW(mesh::check_support(design));
}

TEST_CASE("a probe needs an image that has curl") {
  mesh::Design design = on({1, 30, 3});
  design.mesh.distroless = true;
  CHECK_NOTHROW(mesh::check_support(design));
  design.egress.probe = mesh::Probe{"/"};
  CHECK_THROWS_WITH(mesh::check_support(design),
                    "--probe-path asks with curl inside the proxy's container, and the distroless image has "
                    "none: use an image that has it (--tag 1.30.3), or leave the probe out");
  design.egress.workload.tag = "1.30.3";
  CHECK_NOTHROW(mesh::check_support(design));
  design.mesh.distroless = false;
  design.egress.workload.tag = "1.30.3-distroless";
  CHECK_THROWS_AS(mesh::check_support(design), Error);
}

TEST_CASE("everything that the mesh cannot give is said together") {
  mesh::Design design = with_client_credential({1, 7, 0}, "istio-client");
  design.mesh.distroless = true;
  design.egress.probe = mesh::Probe{"/"};
  CHECK_THROWS_WITH(mesh::check_support(design), doctest::Contains("\nerror: --probe-path"));
}

}  // namespace egress

TEST_SUITE_END();

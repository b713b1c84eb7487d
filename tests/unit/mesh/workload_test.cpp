#include "egress/mesh/workload.hpp"

#include <doctest/doctest.h>

#include "support/forms.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

/// What is said of a gateway with these settings of its pods.
std::string fault(const std::string& settings) {
  const auto faults = testing::spec_faults("{hosts: [a.example], gateway: " + settings + "}");
  CHECK(faults.size() <= 1);
  return faults.empty() ? "" : faults.front();
}

}  // namespace

TEST_CASE("a gateway has at least one replica, and a ceiling above its floor") {
  CHECK(fault("{replicas: {min: 0}}") == "a gateway needs at least one replica");
  CHECK(fault("{replicas: {min: 3, max: 2}}") == "max replicas (2) is below min replicas (3)");
  CHECK(fault("{replicas: {min: 9}}") == "");
  CHECK(fault("{replicas: {min: 2, max: 2}}") == "");
}

TEST_CASE("image, architecture, log level and the Service's type are words that there are") {
  CHECK(fault("{image: {hub: 'registry.example:5000/istio', tag: '1.30.3@sha256:0'}}") == "");
  CHECK(fault("{image: {tag: 'a b'}}") == "the image's hub or tag holds characters that no image name has");
  CHECK(fault("{image: {hub: '$(x)'}}") == "the image's hub or tag holds characters that no image name has");
  CHECK(fault("{arch: [AMD64]}") == "the architecture \"AMD64\" is not one such as amd64 or arm64");
  CHECK(fault("{logLevel: loud}") ==
        "the log level \"loud\" is none of trace, debug, info, warning, error, critical, off");
  CHECK(fault("{serviceType: ExternalName}") ==
        "the Service's type \"ExternalName\" is none of ClusterIP, NodePort, LoadBalancer");
}

TEST_CASE("labels and annotations by which the mesh knows the pods are not the user's") {
  for (const char* label :
       {"app", "app.kubernetes.io/component", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by",
        "istio.io/dataplane-mode", "istio.io/rev", "kubectl-egress/gateway", "security.istio.io/tlsMode",
        "service.istio.io/canonical-name", "sidecar.istio.io/inject"}) {
    CAPTURE(label);
    CHECK(fault("{labels: {" + std::string(label) + ": x}}") ==
          "the label \"" + std::string(label) + "\" of the pods is not yours to choose");
  }
  for (const char* annotation : {"inject.istio.io/templates", "sidecar.istio.io/inject"}) {
    CAPTURE(annotation);
    CHECK(fault("{annotations: {" + std::string(annotation) + ": x}}") ==
          "the annotation \"" + std::string(annotation) + "\" of the pods is not yours to choose");
  }
  CHECK(fault("{labels: {istio: egressgateway}, annotations: {team: shop}}") == "");
}

}  // namespace egress

TEST_SUITE_END();

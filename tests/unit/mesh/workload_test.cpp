#include "egress/mesh/workload.hpp"

#include <doctest/doctest.h>

#include "support/forms.hpp"
#include "support/mentions.hpp"

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
  CHECK(testing::mentions(fault("{replicas: {min: 0}}"), {"replica", "at least one"}));
  CHECK(testing::mentions(fault("{replicas: {min: 3, max: 2}}"), {"max replicas", "2", "min replicas", "3"}));
  CHECK(fault("{replicas: {min: 9}}") == "");
  CHECK(fault("{replicas: {min: 2, max: 2}}") == "");
}

TEST_CASE("image, architecture, log level and the Service's type are words that there are") {
  CHECK(fault("{image: {hub: 'registry.example:5000/istio', tag: '1.30.3@sha256:0'}}") == "");
  CHECK(testing::mentions(fault("{image: {tag: 'a b'}}"), {"image", "tag"}));
  CHECK(testing::mentions(fault("{image: {hub: '$(x)'}}"), {"image", "hub"}));
  CHECK(testing::mentions(fault("{arch: [AMD64]}"), {"architecture", "AMD64", "arm64"}));
  CHECK(testing::mentions(fault("{logLevel: loud}"), {"log level", "loud", "trace", "off"}));
  CHECK(testing::mentions(fault("{serviceType: ExternalName}"),
                          {"type", "ExternalName", "ClusterIP", "NodePort", "LoadBalancer"}));
}

TEST_CASE("labels and annotations by which the mesh knows the pods are not the user's") {
  for (const char* label :
       {"app", "app.kubernetes.io/component", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by",
        "istio.io/dataplane-mode", "istio.io/rev", "kubectl-egress/gateway", "security.istio.io/tlsMode",
        "service.istio.io/canonical-name", "sidecar.istio.io/inject"}) {
    CAPTURE(label);
    CHECK(testing::mentions(fault("{labels: {" + std::string(label) + ": x}}"), {"label", label}));
  }
  for (const char* annotation : {"inject.istio.io/templates", "sidecar.istio.io/inject"}) {
    CAPTURE(annotation);
    CHECK(testing::mentions(fault("{annotations: {" + std::string(annotation) + ": x}}"),
                            {"annotation", annotation}));
  }
  CHECK(fault("{labels: {istio: egressgateway}, annotations: {team: shop}}") == "");
}

}  // namespace egress

TEST_SUITE_END();

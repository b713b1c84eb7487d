#include "egress/mesh/workload.hpp"

#include <doctest/doctest.h>

#include "support/gateway_manifest.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

/// The error for a manifest with these settings of its pods; empty if it is valid.
std::string field_error(const std::string& settings) {
  const auto errors = testing::spec_errors("{hosts: [a.example], gateway: " + settings + "}");
  CHECK(errors.size() <= 1);
  return errors.empty() ? "" : errors.front();
}

}  // namespace

TEST_CASE("minimum replicas are at least one, and maximum replicas not below them") {
  CHECK(testing::mentions(field_error("{replicas: {min: 0}}"), {"replica", "at least one"}));
  CHECK(testing::mentions(field_error("{replicas: {min: 3, max: 2}}"),
                          {"replicas.max", "2", "replicas.min", "3"}));
  CHECK(field_error("{replicas: {min: 9}}") == "");
  CHECK(field_error("{replicas: {min: 2, max: 2}}") == "");
}

TEST_CASE("image, architecture, log level and Service type are validated") {
  CHECK(field_error("{image: {hub: 'registry.example:5000/istio', tag: '1.30.3@sha256:0'}}") == "");
  CHECK(testing::mentions(field_error("{image: {tag: 'a b'}}"), {"image", "tag"}));
  CHECK(testing::mentions(field_error("{image: {hub: '$(x)'}}"), {"image", "hub"}));
  CHECK(testing::mentions(field_error("{arch: [AMD64]}"), {"architecture", "AMD64", "arm64"}));
  CHECK(
      testing::mentions(field_error("{logLevel: loud}"), {"spec.gateway.logLevel", "loud", "trace", "off"}));
  CHECK(testing::mentions(
      field_error("{serviceType: ExternalName}"),
      {"spec.gateway.serviceType", "ExternalName", "ClusterIP", "NodePort", "LoadBalancer"}));
}

TEST_CASE("reserved labels and annotations are rejected") {
  for (const char* label :
       {"app", "app.kubernetes.io/component", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by",
        "istio.io/dataplane-mode", "istio.io/rev", "kubectl-egress/gateway", "security.istio.io/tlsMode",
        "service.istio.io/canonical-name", "sidecar.istio.io/inject"}) {
    CAPTURE(label);
    CHECK(testing::mentions(field_error("{labels: {" + std::string(label) + ": x}}"), {"label", label}));
  }
  for (const char* annotation : {"inject.istio.io/templates", "sidecar.istio.io/inject"}) {
    CAPTURE(annotation);
    CHECK(testing::mentions(field_error("{annotations: {" + std::string(annotation) + ": x}}"),
                            {"annotation", annotation}));
  }
  CHECK(field_error("{labels: {istio: egressgateway}, annotations: {team: shop}}") == "");
}

}  // namespace egress

TEST_SUITE_END();

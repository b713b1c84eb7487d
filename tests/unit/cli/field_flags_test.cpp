#include "egress/cli/field_flags.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("cli");

namespace egress::cli {

TEST_CASE("with_flags adds the flag of create to each field that has one") {
  CHECK(with_flags("spec.mesh.allow") == "spec.mesh.allow (--allow)");
  CHECK(with_flags("restrict it with spec.mesh.allow.") == "restrict it with spec.mesh.allow (--allow).");
  CHECK(with_flags("spec.port: 0 is invalid; with spec.tls.mode: None the default is 80") ==
        "spec.port (--port): 0 is invalid; with spec.tls.mode (--tls): None the default is 80");
  CHECK(with_flags("web.yaml, line 5: spec.hosts[0]: no dot\nspec.gateway.labels[a.b/c]: no") ==
        "web.yaml, line 5: spec.hosts[0] (--host): no dot\nspec.gateway.labels[a.b/c] (--label): no");
  CHECK(with_flags("spec.authorization.opa.policyFrom.configMap is empty") ==
        "spec.authorization.opa.policyFrom.configMap (--opa-policy) is empty");
}

TEST_CASE("with_flags is idempotent") {
  const std::string text = "set spec.server or spec.tls.sni";
  CHECK(with_flags(with_flags(text)) == with_flags(text));
}

TEST_CASE("with_flags leaves other texts unchanged") {
  for (const std::string text : {
           "",
           "spec.",
           "spec.timeout is not a duration",
           "spec.ports[0].port",
           "spec.portal",
           "did you mean \"spec.port\"?",
           "sort by .spec.port",
           "conflict with \"helm\": pod.spec.port",
           "kubectl egress explain spec.port",
       }) {
    CAPTURE(text);
    CHECK(with_flags(text) == text);
  }
}

}  // namespace egress::cli

TEST_SUITE_END();

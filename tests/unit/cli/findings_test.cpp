#include "egress/cli/findings.hpp"

#include <doctest/doctest.h>

#include "egress/mesh/istio_kinds.hpp"
#include "support/designs.hpp"

TEST_SUITE_BEGIN("cli");

namespace egress::cli {
namespace {

using mesh::Severity;

std::vector<mesh::Finding> sample_findings() {
  return {
      {Severity::warning,
       "RegistryOnlyMissing",
       {{kube::kinds::config_map}, "istio-system", "istio"},
       {},
       "the policy is ALLOW_ANY",
       "kubectl edit configmap/istio -n istio-system"},
      {Severity::error,
       "IST0109",
       {{mesh::kinds::virtual_service, "v1beta1"}, "shop", "old"},
       "httpbin/httpbin",
       "a host is taken",
       "kubectl edit virtualservice.networking.istio.io/old -n shop"},
      {Severity::info,
       "CallerChosenName",
       mesh::gateway_reference(testing::httpbin()),
       "httpbin/httpbin",
       "callers say \x1b[31m",
       {}},
  };
}

}  // namespace

TEST_CASE("findings are grouped by gateway, with their fix, and counted") {
  CHECK(findings_text(sample_findings()) == R"(Mesh
  Warning RegistryOnlyMissing: configmap/istio -n istio-system
    the policy is ALLOW_ANY
    fix: kubectl edit configmap/istio -n istio-system

egressgateway/httpbin -n httpbin
  Error IST0109: virtualservice.networking.istio.io/old -n shop
    a host is taken
    fix: kubectl edit virtualservice.networking.istio.io/old -n shop
  Info CallerChosenName
    callers say ^[[31m

1 error, 1 warning, 1 note
)");
}

TEST_CASE("no findings give one line, and counts use the plural") {
  CHECK(findings_text({}) == "No problems found.\n");
  auto findings = sample_findings();
  findings.push_back(findings.front());
  CHECK(findings_text(findings).ends_with("\n1 error, 2 warnings, 1 note\n"));
}

TEST_CASE("a finding about a kind is named by the kind's plural") {
  const mesh::Finding unseen{Severity::info, "Unseen", {{kube::kinds::network_policy}, "", ""}, {},
                             "not seen",     {}};
  CHECK(findings_text({unseen}).starts_with("Mesh\n  Info Unseen: networkpolicies\n"));
}

TEST_CASE("findings as JSON are one object with a summary") {
  const Json json = findings_json(sample_findings());
  CHECK(json["kind"].as_string() == "CheckResult");
  CHECK(json["apiVersion"].as_string() == "kubectl-egress/v1alpha1");
  CHECK(json["items"].items().size() == 3);
  CHECK(json["summary"] == object({{"errors", 1}, {"warnings", 1}, {"notes", 1}}));
  CHECK(findings_json({})["items"].is_array());
}

}  // namespace egress::cli

TEST_SUITE_END();

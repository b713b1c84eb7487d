#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/plan.hpp"
#include "support/combinations.hpp"
#include "support/designs.hpp"
#include "support/golden.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

std::string manifests_yaml(const mesh::Plan& plan) {
  std::vector<Json> objects{mesh::record_manifest(plan.record, "0.1.0")};
  for (const mesh::Object& object : plan.objects) objects.push_back(object.json);
  return to_yaml(objects);
}

kube::ServedResources newest_resources() {
  return kube::ServedResources::newest(mesh::all_kinds());
}

const Json& find_object(const mesh::Plan& plan, const std::string& name) {
  const auto at = std::ranges::find_if(
      plan.objects, [&](const mesh::Object& object) { return object.reference.display_name() == name; });
  REQUIRE(at != plan.objects.end());
  return at->json;
}

bool has_object(const mesh::Plan& plan, const std::string& name) {
  return std::ranges::any_of(
      plan.objects, [&](const mesh::Object& object) { return object.reference.display_name() == name; });
}

}  // namespace

// users.md: 9
TEST_CASE("the manifests of every mode and version equal their golden file") {
  for (const testing::Combination& combination : testing::combinations()) {
    const std::string difference =
        testing::golden_difference(combination.name() + ".yaml", manifests_yaml(combination.plan()));
    CHECK_MESSAGE(difference.empty(), difference);
  }
}

TEST_CASE("every golden file belongs to a mode and version") {
  std::vector<std::string> found = testing::golden_names();
  std::erase_if(found, [](const std::string& name) { return !mesh::Version::parse(name); });
  std::vector<std::string> expected;
  for (const testing::Combination& combination : testing::combinations())
    expected.push_back(combination.name() + ".yaml");
  std::ranges::sort(expected);
  CHECK(join(found, "\n") == join(expected, "\n"));
}

// users.md: 8
TEST_CASE("the certificate of the external service is verified in every version of Istio") {
  struct Row {
    mesh::Version version;
    const char* credential;
    const char* certificates;
  };
  const std::vector<Row> rows{
      {{1, 7, 0}, "httpbin-egress", ""},
      {{1, 7, 4}, "httpbin-egress", ""},
      {{1, 7, 5}, "", "/etc/ssl/certs/ca-certificates.crt"},
      {{1, 11, 8}, "", "/etc/ssl/certs/ca-certificates.crt"},
      {{1, 12, 0}, "", "system"},
      {{1, 30, 3}, "", "system"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.version.text());
    mesh::Design design = testing::istio_1_7_design();
    design.mesh = mesh::assumed_mesh(row.version);
    const Json policy = mesh::upstream_destination_rule(design, "httpbin.org");
    const Json& tls = policy["spec"]["trafficPolicy"]["portLevelSettings"].items().front()["tls"];
    CHECK(tls["mode"].as_string() == "SIMPLE");
    CHECK(tls["sni"].as_string() == "httpbin.org");
    CHECK(tls["subjectAltNames"] == array({"httpbin.org"}));
    CHECK(tls["credentialName"].as_string() == row.credential);
    CHECK(tls["caCertificates"].as_string() == row.certificates);
  }
}

TEST_CASE("root certificates are in a Secret only before Istio 1.7.5") {
  const mesh::Plan classic = mesh::plan(testing::istio_1_7_design(), newest_resources());
  CHECK(find_object(classic, "secret/httpbin-egress-cacert")["data"].has("ca.crt"));
  mesh::Design fixed = testing::istio_1_7_design();
  fixed.mesh.version = {1, 7, 5};
  CHECK(mesh::plan(fixed, newest_resources()).objects.size() + 1 == classic.objects.size());
}

TEST_CASE("before Istio 1.10 an AuthorizationPolicy protects the probe's listener") {
  mesh::Design design = testing::istio_1_7_design();
  design.egress.probe = mesh::Probe{"/status/200"};
  const std::string policy = "authorizationpolicy.security.istio.io/httpbin-egress";
  const mesh::Plan classic = mesh::plan(design, newest_resources());
  CHECK(find_object(classic, policy)["spec"]["rules"].dump() ==
        R"([{"to":[{"operation":{"ports":["8080"]}}]},)"
        R"({"from":[{"source":{"ipBlocks":["127.0.0.1/32"]}}],"to":[{"operation":{"ports":["8081"]}}]}])");
  design.mesh = mesh::assumed_mesh({1, 10, 0});
  CHECK_FALSE(has_object(mesh::plan(design, newest_resources()), policy));
}

// users.md: 12, 15
TEST_CASE("all selectors use the gateway's unique label") {
  const mesh::Plan plan = mesh::plan(testing::istio_1_30_design(), newest_resources());
  const Json selector = object({{"kubectl-egress/gateway", "httpbin.httpbin"}});
  CHECK(find_object(plan, "service/httpbin-egress")["spec"]["selector"] == selector);
  CHECK(find_object(plan, "gateway.networking.istio.io/httpbin-egress")["spec"]["selector"] == selector);
  const Json& deployment = find_object(plan, "deployment.apps/httpbin-egress")["spec"];
  CHECK(deployment["selector"]["matchLabels"] == selector);
  CHECK(deployment["template"]["metadata"]["labels"]["kubectl-egress/gateway"].as_string() ==
        "httpbin.httpbin");
  CHECK_FALSE(deployment["template"]["metadata"]["labels"].has("istio"));
  CHECK(find_object(plan, "poddisruptionbudget.policy/httpbin-egress")["spec"]["selector"]["matchLabels"] ==
        selector);
  CHECK(find_object(
            plan, "peerauthentication.security.istio.io/httpbin-egress")["spec"]["selector"]["matchLabels"] ==
        selector);
}

TEST_CASE("a label value that is too long becomes a digest, unique for each gateway") {
  const std::string name(56, 'a');
  const Json first = mesh::gateway_selector(name, "team-one");
  const std::string value = first["kubectl-egress/gateway"].as_string();
  CHECK(value.size() == 40);
  CHECK(first != mesh::gateway_selector(name, "team-two"));
}

TEST_CASE("every object has the ApplySet's part-of label, and the pods do not") {
  const mesh::Plan plan = mesh::plan(testing::istio_1_30_design(), newest_resources());
  for (const mesh::Object& object : plan.objects) {
    CAPTURE(object.reference.display_name());
    const Json& labels = object.json["metadata"]["labels"];
    CHECK(labels["applyset.kubernetes.io/part-of"].as_string() == mesh::record_id("httpbin", "httpbin"));
    CHECK(labels["app.kubernetes.io/managed-by"].as_string() == "kubectl-egress");
    CHECK(labels["app.kubernetes.io/instance"].as_string() == "httpbin");
    CHECK(labels["app.kubernetes.io/component"].as_string() == "egress-gateway");
    CHECK_FALSE(object.json["spec"]["template"]["metadata"]["labels"].has("applyset.kubernetes.io/part-of"));
  }
}

TEST_CASE("a changed OPA policy gets a new ConfigMap, which triggers a rollout") {
  const kube::ServedResources served = kube::ServedResources::newest(mesh::all_kinds());
  mesh::Design design = testing::istio_1_30_design();
  design.egress.opa = mesh::Opa{"opa:1", "", "package a", false};
  mesh::Plan old_plan = mesh::plan(design, served);
  old_plan.record.operation = mesh::Operation::none;
  const auto pod_template = [](const mesh::Plan& plan) { return plan.deployment().json["spec"]["template"]; };
  CHECK(pod_template(mesh::plan(design, served)) == pod_template(old_plan));

  design.egress.opa->policy = "package b";
  mesh::Plan new_plan = mesh::plan(design, served);
  CHECK(pod_template(new_plan) != pod_template(old_plan));
  mesh::merge_record(new_plan, old_plan.record, served);
  const auto obsolete = new_plan.obsolete_members();
  REQUIRE(obsolete.size() == 1);
  CHECK(obsolete.front().name.starts_with("httpbin-egress-opa-"));
  CHECK(mesh::stage_of(obsolete.front(), design.egress) == mesh::Stage::foundation);

  // A ConfigMap that the user owns is referenced by its own name.
  design.egress.opa->config_map = "rules";
  CHECK(pod_template(mesh::plan(design, served)).dump().find("\"name\":\"rules\"") != std::string::npos);
}

TEST_CASE("kinds that the cluster does not serve are reported, and the other manifests returned") {
  std::vector<std::string> versions{"v1",
                                    "apps/v1",
                                    "rbac.authorization.k8s.io/v1",
                                    "networking.k8s.io/v1",
                                    "networking.istio.io/v1",
                                    "networking.istio.io/v1alpha3",
                                    "security.istio.io/v1"};
  const auto served = kube::ServedResources::only(mesh::all_kinds(), versions);
  std::vector<kube::Kind> unserved;
  const auto objects = mesh::manifests(testing::istio_1_30_design(), served, unserved);
  REQUIRE(unserved.size() == 2);
  CHECK(unserved.front() == kube::kinds::autoscaler);
  CHECK(unserved.back() == kube::kinds::disruption_budget);
  const auto all =
      mesh::plan(testing::istio_1_30_design(), kube::ServedResources::newest(mesh::all_kinds())).objects;
  CHECK(objects.size() == all.size() - unserved.size());
  CHECK_THROWS_WITH(mesh::plan(testing::istio_1_30_design(), served),
                    "the server doesn't have a resource type \"horizontalpodautoscalers\"");
}

TEST_CASE("missing Istio CustomResourceDefinitions are reported") {
  const std::vector<std::string> versions{"v1", "apps/v1", "rbac.authorization.k8s.io/v1"};
  const auto served = kube::ServedResources::only(mesh::all_kinds(), versions);
  CHECK(testing::mentions(testing::error_of([&] { mesh::plan(testing::istio_1_30_design(), served); }),
                          {"Istio is not installed", "Gateway.networking.istio.io", "--context"}));
}

}  // namespace egress

TEST_SUITE_END();

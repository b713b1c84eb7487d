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

std::string written(const mesh::Plan& plan) {
  std::vector<Json> objects{mesh::record_manifest(plan.record, "0.1.0")};
  for (const mesh::Object& one : plan.objects) objects.push_back(one.json);
  return to_yaml(objects);
}

kube::Served todays() {
  return kube::Served::newest(mesh::all_kinds());
}

const Json& object_of(const mesh::Plan& plan, const std::string& label) {
  const auto at = std::ranges::find_if(
      plan.objects, [&](const mesh::Object& one) { return one.reference.label() == label; });
  REQUIRE(at != plan.objects.end());
  return at->json;
}

bool has_object(const mesh::Plan& plan, const std::string& label) {
  return std::ranges::any_of(plan.objects,
                             [&](const mesh::Object& one) { return one.reference.label() == label; });
}

}  // namespace

// users.md: 9
TEST_CASE("what is written for every mode and version is what the golden file says") {
  for (const testing::Combination& one : testing::combinations()) {
    const std::string difference = testing::golden_difference(one.name() + ".yaml", written(one.plan()));
    CHECK_MESSAGE(difference.empty(), difference);
  }
}

TEST_CASE("every golden file of a version belongs to a mode") {
  std::vector<std::string> found = testing::golden_names();
  std::erase_if(found, [](const std::string& name) { return !mesh::Version::parse(name); });
  std::vector<std::string> expected;
  for (const testing::Combination& one : testing::combinations()) expected.push_back(one.name() + ".yaml");
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
    mesh::Design design = testing::classic_design();
    design.mesh = mesh::assumed_mesh(row.version);
    const Json policy = mesh::upstream_policy(design, "httpbin.org");
    const Json& tls = policy["spec"]["trafficPolicy"]["portLevelSettings"].items().front()["tls"];
    CHECK(tls["mode"].as_string() == "SIMPLE");
    CHECK(tls["sni"].as_string() == "httpbin.org");
    CHECK(tls["subjectAltNames"] == array({"httpbin.org"}));
    CHECK(tls["credentialName"].as_string() == row.credential);
    CHECK(tls["caCertificates"].as_string() == row.certificates);
  }
}

TEST_CASE("roots stand in a Secret only where Istio can take them from nowhere else") {
  const mesh::Plan classic = mesh::plan(testing::classic_design(), todays());
  CHECK(object_of(classic, "secret/httpbin-egress-cacert")["data"].has("ca.crt"));
  mesh::Design mended = testing::classic_design();
  mended.mesh.version = {1, 7, 5};
  CHECK(mesh::plan(mended, todays()).objects.size() + 1 == classic.objects.size());
}

TEST_CASE("before Istio 1.10 a policy closes the probe's listener, which is on every address there") {
  mesh::Design design = testing::classic_design();
  design.egress.probe = mesh::Probe{"/status/200"};
  const std::string policy = "authorizationpolicy.security.istio.io/httpbin-egress";
  const mesh::Plan classic = mesh::plan(design, todays());
  CHECK(object_of(classic, policy)["spec"]["rules"].dump() ==
        R"([{"to":[{"operation":{"ports":["8080"]}}]},)"
        R"({"from":[{"source":{"ipBlocks":["127.0.0.1/32"]}}],"to":[{"operation":{"ports":["8081"]}}]}])");
  design.mesh = mesh::assumed_mesh({1, 10, 0});
  CHECK_FALSE(has_object(mesh::plan(design, todays()), policy));
}

// users.md: 12, 15
TEST_CASE("pods, Service, Gateway, budget and policy meet on a label that no other gateway has") {
  const mesh::Plan plan = mesh::plan(testing::todays_design(), todays());
  const Json selector = object({{"kubectl-egress/gateway", "httpbin.httpbin"}});
  CHECK(object_of(plan, "service/httpbin-egress")["spec"]["selector"] == selector);
  CHECK(object_of(plan, "gateway.networking.istio.io/httpbin-egress")["spec"]["selector"] == selector);
  const Json& deployment = object_of(plan, "deployment.apps/httpbin-egress")["spec"];
  CHECK(deployment["selector"]["matchLabels"] == selector);
  CHECK(deployment["template"]["metadata"]["labels"]["kubectl-egress/gateway"].as_string() ==
        "httpbin.httpbin");
  CHECK_FALSE(deployment["template"]["metadata"]["labels"].has("istio"));
  CHECK(object_of(plan, "poddisruptionbudget.policy/httpbin-egress")["spec"]["selector"]["matchLabels"] ==
        selector);
  CHECK(object_of(plan,
                  "peerauthentication.security.istio.io/httpbin-egress")["spec"]["selector"]["matchLabels"] ==
        selector);
}

TEST_CASE("a label value too long for Kubernetes becomes a digest, a different one for each gateway") {
  const std::string name(56, 'a');
  const Json first = mesh::gateway_selector(name, "team-one");
  const std::string value = first["kubectl-egress/gateway"].as_string();
  CHECK(value.size() == 40);
  CHECK(first != mesh::gateway_selector(name, "team-two"));
}

TEST_CASE("every object bears the record's id, and the pods do not") {
  const mesh::Plan plan = mesh::plan(testing::todays_design(), todays());
  for (const mesh::Object& one : plan.objects) {
    CAPTURE(one.reference.label());
    const Json& labels = one.json["metadata"]["labels"];
    CHECK(labels["applyset.kubernetes.io/part-of"].as_string() == mesh::record_id("httpbin", "httpbin"));
    CHECK(labels["app.kubernetes.io/managed-by"].as_string() == "kubectl-egress");
    CHECK(labels["app.kubernetes.io/instance"].as_string() == "httpbin");
    CHECK(labels["app.kubernetes.io/component"].as_string() == "egress-gateway");
    CHECK_FALSE(one.json["spec"]["template"]["metadata"]["labels"].has("applyset.kubernetes.io/part-of"));
  }
}

TEST_CASE("another policy of OPA is in another ConfigMap, so that other pods come with it") {
  const kube::Served served = kube::Served::newest(mesh::all_kinds());
  mesh::Design design = testing::todays_design();
  design.egress.opa = mesh::Opa{"opa:1", "", "package a", false};
  mesh::Plan before = mesh::plan(design, served);
  before.record.operation = mesh::Operation::none;
  const auto template_of = [](const mesh::Plan& plan) { return plan.deployment().json["spec"]["template"]; };
  CHECK(template_of(mesh::plan(design, served)) == template_of(before));

  design.egress.opa->policy = "package b";
  mesh::Plan after = mesh::plan(design, served);
  CHECK(template_of(after) != template_of(before));
  mesh::take_over(after, before.record, served);
  const auto stale = after.no_longer_needed();
  REQUIRE(stale.size() == 1);
  CHECK(stale.front().name.starts_with("httpbin-egress-opa-"));
  CHECK(mesh::stage_of(stale.front(), design.egress) == mesh::Stage::foundation);

  // A ConfigMap of the user's is the user's to change.
  design.egress.opa->config_map = "rules";
  CHECK(template_of(mesh::plan(design, served)).dump().find("\"name\":\"rules\"") != std::string::npos);
}

TEST_CASE("kinds that a cluster does not serve are named, and the rest is made") {
  std::vector<std::string> versions{"v1",
                                    "apps/v1",
                                    "rbac.authorization.k8s.io/v1",
                                    "networking.k8s.io/v1",
                                    "networking.istio.io/v1",
                                    "networking.istio.io/v1alpha3",
                                    "security.istio.io/v1"};
  const auto served = kube::Served::only(mesh::all_kinds(), versions);
  std::vector<kube::Kind> unserved;
  const auto objects = mesh::manifests(testing::todays_design(), served, unserved);
  REQUIRE(unserved.size() == 2);
  CHECK(unserved.front() == kube::kinds::autoscaler);
  CHECK(unserved.back() == kube::kinds::disruption_budget);
  const auto all = mesh::plan(testing::todays_design(), kube::Served::newest(mesh::all_kinds())).objects;
  CHECK(objects.size() == all.size() - unserved.size());
  CHECK_THROWS_WITH(mesh::plan(testing::todays_design(), served),
                    "the server doesn't have a resource type \"horizontalpodautoscalers\"");
}

TEST_CASE("a cluster without Istio's kinds is told what is missing") {
  const std::vector<std::string> versions{"v1", "apps/v1", "rbac.authorization.k8s.io/v1"};
  const auto served = kube::Served::only(mesh::all_kinds(), versions);
  CHECK(testing::mentions(testing::error_of([&] { mesh::plan(testing::todays_design(), served); }),
                          {"CustomResourceDefinitions", "Gateway.networking.istio.io", "--context"}));
}

}  // namespace egress

TEST_SUITE_END();

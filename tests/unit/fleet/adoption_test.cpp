#include "egress/fleet/adoption.hpp"

#include <doctest/doctest.h>

#include "egress/kube/managed_fields.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using Managers = std::initializer_list<std::pair<const char*, const char*>>;

/// managedFields of an object that these managers wrote, each with its fields below `spec`.
Json managed_by(Managers managers) {
  Json entries;
  for (const auto& [who, fields] : managers)
    entries.push(object({{"manager", who},
                         {"operation", who == kube::field_manager ? "Apply" : "Update"},
                         {"fieldsV1", object({{"f:spec", Json::parse(fields)}})}}));
  return object({{"managedFields", entries}});
}

mesh::Object adopted(Managers on_listed, Managers tried) {
  return {.stage = mesh::Stage::routing,
          .reference = {{kube::kinds::service}, "httpbin", "httpbin-egress"},
          .json = Json::parse(R"({"spec": {"selector": {"app": "a"}, "type": "ClusterIP"}})"),
          .live = object({{"metadata", managed_by(on_listed)},
                          {"spec", Json::parse(R"({"selector": {"app": "a", "tier": "x"}})")}}),
          .dry_run = object({{"metadata", managed_by(tried)}})};
}

const std::string service = "taking over service/httpbin-egress -n httpbin";

}  // namespace

TEST_CASE("managers that lose fields are listed with them, and apart from those that keep some") {
  const auto sentences = fleet::adoption_messages(
      adopted({{"kubectl-client-side-apply", R"({"f:type": {}, "f:ports": {}})"}, {"flux", R"({"f:a": {}})"}},
              {{"kubectl-egress", R"({"f:type": {}})"},
               {"kubectl-client-side-apply", R"({"f:ports": {}})"},
               {"flux", R"({"f:a": {}})"}}));
  CHECK(sentences == std::vector<std::string>{
                         service + " from kubectl-client-side-apply (.spec.type); its other fields stay with "
                                   "flux, kubectl-client-side-apply"});
}

TEST_CASE(
    "a manager that shares all its fields loses none, and one that keeps none is not listed as keeping "
    "some") {
  const char* type = R"({"f:type": {}})";
  CHECK(fleet::adoption_messages(adopted({{"helm", type}}, {{"kubectl-egress", type}, {"helm", type}})) ==
        std::vector<std::string>{service + "; its other fields stay with helm"});
  CHECK(fleet::adoption_messages(adopted({{"helm", type}}, {{"kubectl-egress", type}})) ==
        std::vector<std::string>{service + " from helm (.spec.type)"});
  CHECK(fleet::adoption_messages(adopted({}, {{"kubectl-egress", type}})) ==
        std::vector<std::string>{service});
}

TEST_CASE("what goes because it selects other pods is lost, too") {
  const char* tier = R"({"f:selector": {"f:tier": {}}})";
  CHECK(fleet::adoption_messages(
            adopted({{"helm", tier}}, {{"kubectl-egress", R"({"f:type": {}})"}, {"helm", tier}})) ==
        std::vector<std::string>{service + " from helm (.spec.selector.tier)"});
}

TEST_CASE("of what Helm would delete one is warned, in words that a shell takes") {
  mesh::Object object = adopted({}, {});
  Json& annotations = object.dry_run.edit("metadata").edit("annotations");
  annotations.set("meta.helm.sh/release-name", "my-release");
  annotations.set("meta.helm.sh/release-namespace", "apps");
  const auto sentences = fleet::adoption_messages(object);
  REQUIRE(sentences.size() == 2);
  CHECK(testing::mentions(sentences.back(), {"Helm", "my-release", "helm uninstall my-release -n apps",
                                             "kubectl delete secret -n apps -l owner=helm,name=my-release"}));
  annotations.set("meta.helm.sh/release-name", "x; rm -rf ~");
  CHECK(fleet::adoption_messages(object).size() == 1);
}

}  // namespace egress

TEST_SUITE_END();

#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "support/combinations.hpp"
#include "support/crd_schema.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

const char* const small_definition = R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: test.istio.io
  names: {kind: Thing}
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [hosts]
            oneOf:
            - not: {anyOf: [{required: [one]}, {required: [other]}]}
            - required: [one]
            - required: [other]
            properties:
              hosts: {type: array, items: {type: string, maxLength: 5}, maxItems: 2}
              mode: {type: string, enum: [A, B]}
              port: {type: integer, minimum: 1, maximum: 9}
              labels: {type: object, additionalProperties: {type: string}}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
              one: {type: string}
              other: {type: string}
)";

std::string schema_errors(const std::string& spec) {
  static const testing::CrdSchema schema(small_definition);
  Json thing = object({{"apiVersion", "test.istio.io/v1"}, {"kind", "Thing"}, {"metadata", object({})}});
  thing.set("spec", parse_yaml(spec));
  return join(schema.violations(thing), "; ");
}

}  // namespace

TEST_CASE("a schema reports what a server would drop or reject") {
  CHECK(schema_errors("{hosts: [a], mode: A, port: 1, labels: {any: a}, free: {any: {thing: 1}}, one: a}") ==
        "");
  CHECK(schema_errors("{hosts: [a], hots: [a]}") == "spec.hots is unknown and would be dropped");
  CHECK(schema_errors("{}") == "spec lacks hosts");
  CHECK(schema_errors("{hosts: a}") == "spec.hosts is \"a\", which is no array");
  CHECK(schema_errors("{hosts: [a, b, c]}") == "spec.hosts (its size) is above 2");
  CHECK(schema_errors("{hosts: [1, abcdef]}") ==
        "spec.hosts[0] is 1, which is no string; spec.hosts[1] (its size) is above 5");
  CHECK(schema_errors("{hosts: [], mode: C}") == "spec.mode is \"C\", none of [\"A\",\"B\"]");
  CHECK(schema_errors("{hosts: [], port: 10}") == "spec.port is above 9");
  CHECK(schema_errors("{hosts: [], labels: {a: 1}}") == "spec.labels.a is 1, which is no string");
  CHECK(schema_errors("{hosts: [], one: a, other: b}") == "spec does not match one of oneOf");
}

TEST_CASE("Istio's own schemas are read") {
  for (const mesh::Version version : {mesh::Version{1, 7, 0}, mesh::Version{1, 30, 3}}) {
    Json rule = object({
        {"apiVersion", "networking.istio.io/v1beta1"},
        {"kind", "DestinationRule"},
        {"metadata", object({{"name", "a"}})},
        {"spec", parse_yaml("{host: a.example, trafficPolicy: {tls: {mode: SIMPLE, sni: a.example}}}")},
    });
    CHECK(join(testing::istio_schema(version).violations(rule), "; ") == "");
    rule.edit("spec").edit("trafficPolicy").edit("tls").set("mode", "SIMPEL");
    rule.edit("spec").set("hots", "a.example");
    CHECK(testing::istio_schema(version).violations(rule).size() == 2);
  }
}

TEST_CASE("every object of every mode and version matches Istio's schemas") {
  for (const testing::Combination& combination : testing::combinations()) {
    const mesh::Plan plan = combination.plan();
    const auto& schema = testing::istio_schema(mesh::Version::parse(combination.version).value());
    for (const mesh::Object& object : plan.objects) {
      const std::string errors = join(schema.violations(object.json), "; ");
      CHECK_MESSAGE(errors.empty(), combination.name(), ": ", object.reference.display_name(), ": ", errors);
    }
  }
}

}  // namespace egress

TEST_SUITE_END();

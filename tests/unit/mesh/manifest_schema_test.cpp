#include "egress/mesh/manifest_schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "egress/base/yaml.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::FieldSchema;
using mesh::FieldType;
using testing::each_mentions;
using Lines = std::vector<std::string>;

std::vector<mesh::FieldError> errors_in(const std::string& yaml) {
  mesh::FieldErrors errors;
  mesh::check_fields(parse_yaml(yaml), errors);
  return errors.all();
}

Lines messages_for(const std::string& yaml) {
  Lines messages;
  for (const mesh::FieldError& error : errors_in(yaml)) messages.push_back(error.text);
  return messages;
}

/// A value of the field's type.
Json sample_value(const FieldSchema& field) {
  if (!field.values.empty()) return std::string(field.values.front());
  switch (field.type) {
    case FieldType::string:
      return "a";
    case FieldType::integer:
      return 7;
    case FieldType::boolean:
      return true;
    case FieldType::string_list:
      return array({"a", "b"});
    case FieldType::open_list:
      return parse_yaml("[{key: a}]");
    case FieldType::string_map:
      return parse_yaml("{a: b}");
    case FieldType::open_object:
      return parse_yaml("{a: {b: 1}}");
    case FieldType::object:
      break;
  }
  Json fields = parse_yaml("{}");
  for (const FieldSchema* child : mesh::fields_of(field.path))
    fields.set(std::string(child->name()), sample_value(*child));
  return fields;
}

}  // namespace

TEST_CASE("every field has a description and a path that occurs once, after its object") {
  std::set<std::string_view> paths;
  for (const FieldSchema& field : mesh::manifest_schema()) {
    CAPTURE(field.path);
    CHECK(paths.insert(field.path).second);
    CHECK(field.description.ends_with('.'));
    const std::size_t dot = field.path.rfind('.');
    if (dot == std::string_view::npos) continue;
    const FieldSchema* parent = mesh::find_field(field.path.substr(0, dot));
    REQUIRE(parent != nullptr);
    CHECK(parent->type == FieldType::object);
    CHECK(paths.contains(parent->path));
  }
}

TEST_CASE("a manifest with every field has no error") {
  mesh::FieldErrors errors;
  Json manifest;
  for (const FieldSchema* field : mesh::fields_of(""))
    manifest.set(std::string(field->name()), sample_value(*field));
  mesh::check_fields(manifest, errors);
  for (const mesh::FieldError& error : errors.all()) CHECK_MESSAGE(false, error.text);
}

TEST_CASE("every field of the schema is read or ignored on purpose: the manifest of a read gateway has it") {
  const mesh::Egress egress = mesh::read_egress(parse_yaml(R"(
apiVersion: kubectl-egress/v1alpha1
kind: EgressGateway
metadata: {name: a, namespace: b, labels: {team: c}}
spec:
  hosts: [example.com]
  port: 8443
  aliases: [a.example]
  tls: {mode: Mutual, sni: s.example, subjectAltNames: [n.example], credentialName: client}
  protocol: GRPC
  mesh: {tls: Mutual, allow: [shop], exportTo: [shop]}
  ingress: {hosts: [in.example.com], credentialName: b-a-egress, selfSigned: true, namespace: in, selector: {a: b}}
  gateway:
    replicas: {min: 2, max: 3}
    resources: {limits: {cpu: "1"}}
    image: {hub: h, tag: t}
    arch: [arm64]
    nodeSelector: {a: b}
    tolerations: [{key: a}]
    topologySpreadConstraints: [{maxSkew: 1}]
    labels: {a: b}
    annotations: {a: b}
    logLevel: INFO
    serviceType: nodeport
  probe: {path: /, periodSeconds: 5}
  authorization: {opa: {image: i, policyFrom: {configMap: c}, failOpen: true}}
  networkPolicy: true
  istio: {revision: r, version: "1.30"}
)"));
  const Json manifest = mesh::egress_manifest(egress);
  // These exclude others in the manifest above, or are only read to be ignored.
  const std::set<std::string_view> absent{"metadata.annotations",
                                          "metadata.creationTimestamp",
                                          "metadata.uid",
                                          "status",
                                          "spec.server",
                                          "spec.addresses",
                                          "spec.tls.verify",
                                          "spec.tls.caCredentialName",
                                          "spec.authorization.opa.policy"};
  for (const FieldSchema& field : mesh::manifest_schema()) {
    CAPTURE(field.path);
    const Json* value = &manifest;
    for (const std::string& key : mesh::path_keys(field.path)) value = &(*value)[key];
    CHECK(value->is_null() == absent.contains(field.path));
  }
  CHECK(egress.workload.log_level == "info");
  CHECK(egress.workload.service_type == "NodePort");
}

TEST_CASE("null is the same as absent") {
  CHECK(messages_for("{spec: {hosts: null, port: null, tls: null, mesh: {tls: null}, networkPolicy: null}}")
            .empty());
}

TEST_CASE("a field of the wrong type is reported with its path") {
  CHECK(each_mentions(messages_for(R"({metadata: {name: 1, labels: {a.example/b: 1}}, spec: {
    hosts: a, port: '7', aliases: [1], tls: {mode: 3, verify: 'yes'}, mesh: text,
    gateway: {replicas: {min: 3000000000, max: 1.5}, resources: [], nodeSelector: [], tolerations: {}}}})"),
                      {
                          {"metadata.name", "string"},
                          {"metadata.labels[a.example/b]", "string"},
                          {"spec.hosts", "list", "1000"},
                          {"spec.port", "integer"},
                          {"spec.aliases", "list", "1000"},
                          {"spec.tls.mode", "Simple, Mutual, Passthrough, None"},
                          {"spec.tls.verify", "true", "false"},
                          {"spec.mesh", "mapping"},
                          {"spec.gateway.replicas.min", "integer"},
                          {"spec.gateway.replicas.max", "integer"},
                          {"spec.gateway.resources", "mapping"},
                          {"spec.gateway.nodeSelector", "mapping"},
                          {"spec.gateway.tolerations", "list"},
                      }));
}

TEST_CASE("every error names its field") {
  Lines paths;
  for (const mesh::FieldError& error :
       errors_in("{metadata: {labels: {a.example/b: 1}}, spec: {port: '7', porrt: 1, protocol: htp}}"))
    paths.push_back(error.field);
  CHECK(paths == Lines{"metadata.labels[a.example/b]", "spec.port", "spec.protocol", "spec.porrt"});
  CHECK(mesh::path_keys("spec.labels[a.example/b]") == Lines{"spec", "labels", "a.example/b"});
  CHECK(mesh::path_keys("spec.hosts[1]") == Lines{"spec", "hosts", "1"});
  CHECK(mesh::path_keys("").empty());
}

TEST_CASE("allowed values are case-insensitive, and an unknown one lists them") {
  for (const char* value : {"Mutual", "mutual", "MUTUAL"}) {
    CAPTURE(value);
    CHECK(mesh::index_of_value(mesh::tls_modes, value) == 1);
    CHECK(messages_for("{spec: {tls: {mode: " + std::string(value) + "}}}").empty());
  }
  CHECK(each_mentions(messages_for("{spec: {tls: {mode: mutal}, gateway: {logLevel: warn}}}"),
                      {{"spec.tls.mode", "\"mutal\"", "Simple, Mutual", "did you mean \"Mutual\"?"},
                       {"spec.gateway.logLevel", "\"warn\"", "trace, debug"}}));
}

TEST_CASE("an unknown field is reported with a suggestion") {
  CHECK(each_mentions(messages_for("{spec: {porrt: 1, tls: {sin: a}, zzzzzzzz: 1}, sepc: 1}"),
                      {
                          {"unknown field", "spec.tls.sin", "spec.tls.sni"},
                          {"unknown field", "spec.porrt", "spec.port"},
                          {"unknown field", "spec.zzzzzzzz"},
                          {"unknown field", "sepc", "spec"},
                      }));
}

}  // namespace egress

TEST_SUITE_END();

#include "egress/mesh/egress_manifest.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/opa.hpp"
#include "support/combinations.hpp"
#include "support/gateway_manifest.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using Lines = std::vector<std::string>;
using mesh::Protocol;
using mesh::TlsMode;
using testing::each_mentions;

mesh::Egress read(const std::string& spec) {
  return mesh::read_egress(testing::gateway_manifest(spec));
}

/// Manifests that set every field to a value other than its default; two, because some fields exclude each
/// other.
const char* const every_http_field = R"(
  hosts: [httpbin.org]
  port: 8443
  aliases: [bin.corp.example]
  tls:
    mode: Simple
    sni: bin.example
    subjectAltNames: [bin.example]
    caCredentialName: corp-cacert
  protocol: GRPC
  mesh:
    tls: Mutual
    allow: [shop/*, pay/api]
    exportTo: [shop, .]
  ingress:
    hosts: [bin.example.com]
    credentialName: httpbin-httpbin-egress
    selfSigned: true
    namespace: edge
    selector: {istio: edge}
  gateway:
    replicas: {min: 2, max: 9}
    resources: {requests: {cpu: 1}}
    image: {hub: registry.example/istio, tag: "1.30.3"}
    arch: [arm64]
    nodeSelector: {pool: egress}
    tolerations: [{operator: Exists}]
    topologySpreadConstraints: [{maxSkew: 1}]
    labels: {team: shop}
    annotations: {note: a}
    logLevel: debug
    serviceType: NodePort
  probe: {path: /status, periodSeconds: 30}
  authorization:
    opa: {image: "opa:1", policy: package a, failOpen: true}
  networkPolicy: true
  istio: {revision: canary, version: "1.30"}
)";
const char* const every_wildcard_field = R"(
  hosts: ["*.example.com"]
  port: 443
  server: www.example.com
  tls:
    mode: Mutual
    credentialName: client
  protocol: HTTP
  mesh:
    tls: Plaintext
  gateway:
    replicas: {min: 1, max: 5}
  authorization:
    opa: {image: "opa:1", policyFrom: {configMap: rules}}
)";
const char* const every_tcp_field = R"(
  hosts: [db.example.com]
  port: 5432
  addresses: [192.0.2.10]
  tls:
    mode: Simple
    verify: false
  protocol: TCP
  mesh:
    tls: Mutual
  gateway:
    replicas: {min: 1, max: 5}
)";

}  // namespace

TEST_CASE("every field of a manifest round-trips") {
  for (const char* spec : {every_http_field, every_wildcard_field, every_tcp_field}) {
    const Json manifest = testing::gateway_manifest(spec);
    CHECK(to_yaml(mesh::egress_manifest(mesh::read_egress(manifest)).sorted()) == to_yaml(manifest.sorted()));
  }
}

TEST_CASE("the manifest of every mode round-trips") {
  for (const testing::Mode& mode : testing::modes()) {
    CAPTURE(mode.name);
    const Json manifest = mesh::egress_manifest(read(mode.spec));
    CHECK(to_yaml(mesh::egress_manifest(mesh::read_egress(parse_yaml(to_yaml(manifest))))) ==
          to_yaml(manifest));
  }
}

TEST_CASE("manifest fields set the members of Egress") {
  const mesh::Egress egress = read(every_http_field);
  CHECK(egress.name == "httpbin");
  CHECK(egress.ns == "httpbin");
  CHECK(egress.tls.subject_alt_names == Lines{"bin.example"});
  CHECK(egress.mesh.allow == std::vector<mesh::Caller>{{"shop", ""}, {"pay", "api"}});
  CHECK(egress.ingress->selector == object({{"istio", "edge"}}));
  CHECK(egress.workload.max_replicas == 9);
  CHECK(egress.workload.service_type == "NodePort");
  CHECK(egress.probe->period_seconds == 30);
  CHECK(egress.opa->fail_open);
  CHECK(egress.istio.revision == "canary");
}

// users.md: 6
TEST_CASE("protocol, TLS mode and port default from one another") {
  struct Row {
    const char* spec;
    Protocol protocol;
    TlsMode mode;
    int port;
  };
  const std::vector<Row> rows{
      {"hosts: [a.example]", Protocol::http, TlsMode::simple, 443},
      {"{hosts: [a.example], protocol: grpc}", Protocol::grpc, TlsMode::simple, 443},
      {"{hosts: [a.example], protocol: https}", Protocol::https, TlsMode::passthrough, 443},
      {"{hosts: [a.example], tls: {mode: passthrough}}", Protocol::https, TlsMode::passthrough, 443},
      {"{hosts: [a.example], tls: {mode: none}}", Protocol::http, TlsMode::none, 80},
      {"{hosts: [a.example], tls: {mode: none}, port: 443}", Protocol::http, TlsMode::none, 443},
      {"{hosts: [a.example], protocol: grpc, tls: {mode: none}}", Protocol::grpc, TlsMode::none, 80},
      {"{hosts: [a.example], protocol: tcp, port: 1, addresses: [192.0.2.1]}", Protocol::tcp, TlsMode::none,
       1},
      {"{hosts: [a.example], protocol: tcp, port: 1, addresses: [192.0.2.1], tls: {mode: simple}}",
       Protocol::tcp, TlsMode::simple, 1},
      {"{hosts: [a.example], protocol: null, tls: {mode: null}, port: null}", Protocol::http, TlsMode::simple,
       443},
      {"{hosts: [a.example], protocol: https, tls: {mode: null}}", Protocol::https, TlsMode::passthrough,
       443},
  };
  for (const Row& row : rows) {
    CAPTURE(row.spec);
    const mesh::Egress egress = read(row.spec);
    CHECK(mesh::text(egress.protocol) == mesh::text(row.protocol));
    CHECK(mesh::text(egress.tls.mode) == mesh::text(row.mode));
    CHECK(egress.port == row.port);
  }
  CHECK(testing::spec_errors("{hosts: [a.example], protocol: tcp, port: null, addresses: [192.0.2.1]}")
            .size() == 1);
}

TEST_CASE("minimum replicas above the default maximum raise the maximum") {
  CHECK(read("{hosts: [a.example], gateway: {replicas: {min: 9}}}").workload.max_replicas == 9);
  CHECK(read("{hosts: [a.example], gateway: {replicas: {min: 2}}}").workload.max_replicas == 5);
}

TEST_CASE("the OPA image and the name of a self-signed Secret have defaults") {
  CHECK(read("{hosts: [a.example], authorization: {opa: {policy: p}}}").opa->image == mesh::opa_image);
  CHECK(read("{hosts: [a.example], ingress: {hosts: [b.example], selfSigned: true}}").ingress->credential ==
        "httpbin-httpbin-egress");
}

TEST_CASE("NAMESPACE and NAMESPACE/* both allow all service accounts") {
  const auto allow = read("{hosts: [a.example], mesh: {allow: [shop, pay/*, pay/api]}}").mesh.allow;
  CHECK(allow == std::vector<mesh::Caller>{{"shop", ""}, {"pay", ""}, {"pay", "api"}});
}

TEST_CASE("status and server-set metadata are ignored, so the output of list -o json can be read") {
  Json manifest = mesh::egress_manifest(read("hosts: [a.example]"));
  Json& metadata = manifest.edit("metadata");
  metadata.set("creationTimestamp", "2026-11-23T00:00:00Z");
  metadata.set("uid", "u");
  metadata.set("annotations", object({{"a", "b"}}));
  manifest.set("status", object({{"phase", "Ready"}}));
  CHECK(mesh::read_egress(manifest).hosts == Lines{"a.example"});
}

TEST_CASE("labels are sorted, and labels that this tool sets are ignored") {
  Json manifest = mesh::egress_manifest(read("hosts: [a.example]"));
  manifest.edit("metadata")
      .set("labels", object({{"team", "shop"},
                             {"app.kubernetes.io/managed-by", "kubectl-egress"},
                             {"applyset.kubernetes.io/id", "applyset-of-another-v1"},
                             {"kubectl-egress/gateway", "another.ns"},
                             {"stage", "test"}}));
  const mesh::Egress read_back = mesh::read_egress(manifest);
  CHECK(read_back.labels == object({{"stage", "test"}, {"team", "shop"}}));
  CHECK(mesh::egress_manifest(read_back)["metadata"]["labels"] == read_back.labels);
  manifest.edit("metadata").set("labels", object({{"team", 7}}));
  CHECK(each_mentions(testing::manifest_errors(manifest), {{"metadata.labels.team", "string"}}));
  manifest.edit("metadata").set("labels", object({{"te am", "shop"}, {"Example.com/team", "-"}}));
  CHECK(each_mentions(testing::manifest_errors(manifest),
                      {{"Example.com/team", "key"}, {"-", "Example.com/team", "63"}, {"te am", "key"}}));
}

TEST_CASE("unknown fields get a suggestion at every depth, and all errors are reported together") {
  Json manifest = testing::gateway_manifest(R"(
    host: [a.example]
    tls: {mod: Simple, verify: "no"}
    mesh: {exportTo: "*", allow: shop}
    ingress: {tlsSecret: a}
    gateway: {replicas: {mn: 1}, labels: {team: 1}, image: {tagg: a}}
    probe: {pat: /}
    authorization: {oppa: {}}
    istio: {verison: "1"}
    protocol: HTTPS2
  )");
  manifest.edit("metadata").set("nam", "a");
  manifest.set("spek", 1);
  CHECK(each_mentions(testing::manifest_errors(manifest),
                      {
                          {"unknown field", "metadata.nam", "metadata.name"},
                          {"spec.tls.verify", "true", "false"},
                          {"unknown field", "spec.tls.mod", "spec.tls.mode"},
                          {"spec.protocol", "HTTPS2", "HTTP", "HTTPS", "GRPC", "TCP"},
                          {"spec.mesh.allow", "list"},
                          {"spec.mesh.exportTo", "list"},
                          {"unknown field", "spec.ingress.tlsSecret"},
                          {"unknown field", "spec.gateway.replicas.mn", "spec.gateway.replicas.min"},
                          {"unknown field", "spec.gateway.image.tagg", "spec.gateway.image.tag"},
                          {"spec.gateway.labels.team", "string"},
                          {"unknown field", "spec.probe.pat", "spec.probe.path"},
                          {"unknown field", "spec.authorization.oppa", "spec.authorization.opa"},
                          {"unknown field", "spec.istio.verison", "spec.istio.version"},
                          {"unknown field", "spec.host", "spec.hosts"},
                          {"unknown field", "spek", "spec"},
                      }));
}

TEST_CASE("a spec or a section that is not a mapping is reported") {
  Json manifest = testing::gateway_manifest("{}");
  manifest.set("spec", array({"httpbin.org"}));
  CHECK(each_mentions(testing::manifest_errors(manifest), {{"spec", "mapping"}}));
  CHECK(each_mentions(testing::spec_errors("{hosts: [a.example], tls: Simple}"), {{"spec.tls", "mapping"}}));
  CHECK(each_mentions(testing::spec_errors("{hosts: [a.example], ingress: b.example}"),
                      {{"spec.ingress", "mapping"}}));
}

TEST_CASE("another kind or apiVersion is rejected") {
  Json manifest = testing::gateway_manifest("hosts: [a.example]");
  manifest.set("kind", "Pod");
  CHECK(each_mentions(testing::manifest_errors(manifest),
                      {{"EgressGateway", "kubectl-egress/v1alpha1", "Pod"}}));
  manifest = testing::gateway_manifest("hosts: [a.example]");
  manifest.set("apiVersion", "v1");
  CHECK(each_mentions(testing::manifest_errors(manifest),
                      {{"EgressGateway", "kubectl-egress/v1alpha1", "\"v1\""}}));
  CHECK(each_mentions(testing::manifest_errors(Json()), {{"EgressGateway", "kubectl-egress/v1alpha1"}}));
}

}  // namespace egress

TEST_SUITE_END();

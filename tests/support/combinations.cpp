#include "support/combinations.hpp"

#include "egress/mesh/egress_manifest.hpp"
#include "support/gateway_manifest.hpp"

namespace egress::testing {
namespace {

using Versions = std::vector<std::string>;

const Versions both{"1.7.0", "1.30.3"};

/// With further ones at which something changes.
Versions both_and(Versions more) {
  more.insert(more.end(), both.begin(), both.end());
  return more;
}

void set_mesh_settings(mesh::Design& design) {
  mesh::Mesh& mesh = design.mesh;
  mesh.token_policy = "third-party-jwt";
  mesh.certificate_provider = "istiod";
  mesh.network = "network-1";
  mesh.proxy_config = Json::parse(R"({"proxyMetadata": {"DNS_AGENT": "", "EXTRA": "yes"}})");
  mesh.revision = "canary";
  mesh.image_pull_policy = "Always";
  mesh.image_pull_secrets = array({"registry"});
  mesh.arch = object({{"amd64", 2}, {"s390x", 0}});
}

void use_first_party_tokens(mesh::Design& design) {
  design.mesh.token_policy = "first-party-jwt";
  design.mesh.certificate_provider = "kubernetes";
}

void choose_revision(mesh::Design& design) {
  design.mesh.revision = "canary";
  design.pod_revision = "canary";
}

void disable_metrics(mesh::Design& design) {
  design.has_metrics_api = false;
}

std::vector<Mode> service_modes() {
  return {
      {"plain", "hosts: [httpbin.org]", both_and({"1.7.5", "1.10.0", "1.12.0", "1.14.0"})},
      {"several-hosts", "hosts: [httpbin.org, api.example.com]", both},
      {"aliases-port", "{hosts: [httpbin.org], aliases: [bin.corp.example, b.example], port: 8443}", both},
      {"tls-none", "{hosts: [httpbin.org], tls: {mode: None}}", both},
      {"grpc", "{hosts: [grpc.example.com], protocol: GRPC}", both},
      {"grpc-none", "{hosts: [grpc.example.com], protocol: GRPC, tls: {mode: None}}", both},
      {"passthrough", "{hosts: [httpbin.org], protocol: HTTPS}", both},
      {"passthrough-plaintext", "{hosts: [httpbin.org], protocol: HTTPS, mesh: {tls: Plaintext}}", both},
      {"passthrough-several-hosts", "{hosts: [httpbin.org, api.example.com], protocol: HTTPS, port: 8443}",
       both},
      {"passthrough-several-hosts-plaintext",
       "{hosts: [httpbin.org, api.example.com], protocol: HTTPS, mesh: {tls: Plaintext}}", both},
      {"tcp", "{hosts: [db.example.com], protocol: TCP, port: 5432, addresses: [192.0.2.10]}", both},
      {"tcp-tls",
       "{hosts: [db.example.com], protocol: TCP, port: 5432, addresses: [192.0.2.10, '2001:db8::10'], tls: "
       "{mode: Simple}}",
       both},
      {"tcp-plaintext",
       "{hosts: [db.example.com], protocol: TCP, port: 5432, addresses: [192.0.2.10], mesh: {tls: "
       "Plaintext}}",
       both},
      {"wildcard", "{hosts: ['*.example.com'], server: www.example.com}", both},
      {"wildcard-server-apart",
       "{hosts: ['*.example.com'], server: edge.example.net, probe: {path: /status}}", both},
      {"wildcard-passthrough", "{hosts: ['*.example.com'], server: www.example.com, protocol: HTTPS}", both},
      {"wildcard-passthrough-plaintext",
       "{hosts: ['*.example.com'], server: edge.example.net, protocol: HTTPS, mesh: {tls: Plaintext}}", both},
  };
}

std::vector<Mode> upstream_modes() {
  return {
      {"mutual", "{hosts: [httpbin.org], tls: {mode: Mutual, credentialName: bank-client}}", both},
      {"private-ca",
       "{hosts: [httpbin.org], tls: {caCredentialName: corp-cacert, sni: bin.internal, subjectAltNames: "
       "[bin.internal, httpbin.org]}}",
       both},
      {"unverified", "{hosts: [httpbin.org], tls: {verify: false}}", both_and({"1.20.0", "1.21.0"})},
  };
}

std::vector<Mode> caller_modes() {
  return {
      {"mesh-plaintext", "{hosts: [httpbin.org], mesh: {tls: Plaintext}}", both},
      {"allow", "{hosts: [httpbin.org], mesh: {allow: [shop, pay/api]}}", both},
      {"allow-network-policy",
       "{hosts: [httpbin.org], mesh: {allow: [shop, shop/api, pay/api]}, networkPolicy: true}", both},
      {"allow-tcp",
       "{hosts: [db.example.com], protocol: TCP, port: 5432, addresses: [192.0.2.10], mesh: {allow: "
       "[shop]}}",
       both},
      {"export-to", "{hosts: [httpbin.org], mesh: {exportTo: [shop, httpbin]}}", both},
      {"export-to-passthrough", "{hosts: [httpbin.org], protocol: HTTPS, mesh: {exportTo: [shop]}}", both},
      {"network-policy", "{hosts: [httpbin.org], networkPolicy: true}", both},
      {"expose", "{hosts: [httpbin.org], ingress: {hosts: [bin.example.com], credentialName: bin-cert}}",
       both},
      {"expose-self-signed",
       "{hosts: [httpbin.org], ingress: {hosts: [bin.example.com, b.example.com], selfSigned: true}}", both},
      {"expose-allow-export-to",
       R"(
       hosts: [httpbin.org, api.example.com]
       mesh: {allow: [shop/*], exportTo: [shop]}
       ingress:
         hosts: [bin.example.com]
         credentialName: bin-cert
         namespace: edge
         selector: {istio: edge, app: edge}
       networkPolicy: true
       )",
       both},
      {"probe", "{hosts: [httpbin.org], probe: {path: /status/200}}", both_and({"1.9.0", "1.10.0"})},
      {"probe-allow",
       "{hosts: [httpbin.org], probe: {path: /status/200, periodSeconds: 30}, mesh: {allow: [shop]}}", both},
      {"opa", "{hosts: [httpbin.org], authorization: {opa: {policy: \"package envoy.authz\\n\"}}}",
       both_and({"1.9.0", "1.10.0"})},
      {"opa-config-map",
       "{hosts: [httpbin.org], authorization: {opa: {image: 'registry.example/opa:1.4.2-envoy', policyFrom: "
       "{configMap: rules}, failOpen: true}}}",
       both},
      {"opa-grpc",
       "{hosts: [grpc.example.com], protocol: GRPC, authorization: {opa: {policyFrom: {configMap: rules}}}}",
       both},
      {"opa-probe",
       "{hosts: [httpbin.org], authorization: {opa: {policy: \"package envoy.authz\\n\"}}, probe: {path: /}}",
       both},
  };
}

std::vector<Mode> pod_modes() {
  return {
      {"every-gateway-setting",
       R"(
       hosts: [httpbin.org]
       gateway:
         replicas: {min: 3, max: 9}
         resources: {requests: {cpu: 250m, memory: 256Mi}, limits: {memory: 1Gi}}
         image: {hub: registry.example/istio, tag: mended}
         arch: [arm64]
         nodeSelector: {pool: egress}
         tolerations: [{key: egress, operator: Exists, effect: NoSchedule}]
         topologySpreadConstraints:
         - maxSkew: 1
           topologyKey: topology.kubernetes.io/zone
           whenUnsatisfiable: ScheduleAnyway
           labelSelector: {matchLabels: {app: httpbin-egress}}
         labels: {team: shop}
         annotations: {cluster-autoscaler.kubernetes.io/safe-to-evict: "true"}
         logLevel: debug
         serviceType: NodePort
       )",
       both_and({"1.10.0"})},
      {"fixed-replicas", "{hosts: [httpbin.org], gateway: {replicas: {min: 2, max: 2}}}", both},
      {"no-metrics", "{hosts: [httpbin.org], gateway: {replicas: {min: 2}}}", both, disable_metrics},
      {"revision", "hosts: [httpbin.org]", both, choose_revision},
      {"mesh-settings", "hosts: [httpbin.org]", {"1.7.0", "1.8.0"}, set_mesh_settings},
      {"first-party-tokens", "hosts: [httpbin.org]", {"1.7.0"}, use_first_party_tokens},
  };
}

}  // namespace

mesh::Design design_for(const mesh::Egress& egress, mesh::Version version) {
  mesh::Design design{egress, mesh::assumed_mesh(version)};
  if (mesh::needs_root_certificates(egress, design.mesh))
    design.root_certificates = "-----BEGIN CERTIFICATE-----\n";
  if (egress.ingress && egress.ingress->self_signed)
    design.self_signed = SelfSignedCertificate{"the CA\n", "its key\n", "the certificate\n", "and its key\n"};
  return design;
}

kube::ServedResources served_resources_for(mesh::Version version) {
  std::vector<std::string> versions{"v1",
                                    "apps/v1",
                                    "rbac.authorization.k8s.io/v1",
                                    "networking.k8s.io/v1",
                                    "networking.istio.io/v1beta1",
                                    "networking.istio.io/v1alpha3",
                                    "security.istio.io/v1beta1"};
  const bool is_old = version < mesh::Version{1, 10, 0};
  versions.emplace_back(is_old ? "autoscaling/v2beta2" : "autoscaling/v2");
  versions.emplace_back(is_old ? "policy/v1beta1" : "policy/v1");
  if (version >= mesh::Version{1, 22, 0}) {
    versions.emplace_back("networking.istio.io/v1");
    versions.emplace_back("security.istio.io/v1");
  }
  return kube::ServedResources::only(mesh::all_kinds(), versions);
}

const std::vector<Mode>& modes() {
  static const auto all = [] {
    std::vector<Mode> modes;
    for (auto&& group : {service_modes(), upstream_modes(), caller_modes(), pod_modes()})
      modes.insert(modes.end(), group.begin(), group.end());
    return modes;
  }();
  return all;
}

std::vector<Combination> combinations() {
  std::vector<Combination> all;
  for (const Mode& mode : modes())
    for (const std::string& version : mode.versions) all.push_back({mode, version});
  return all;
}

mesh::Design Combination::design() const {
  mesh::Design result =
      design_for(mesh::read_egress(gateway_manifest(mode.spec)), mesh::Version::parse(version).value());
  if (mode.facts) mode.facts(result);
  return result;
}

mesh::Plan Combination::plan() const {
  const mesh::Design input = design();
  return mesh::plan(input, served_resources_for(input.mesh.version));
}

}  // namespace egress::testing

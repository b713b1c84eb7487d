#include "support/gateway_generator.hpp"

#include "egress/mesh/egress_manifest.hpp"
#include "support/combinations.hpp"

namespace egress::testing {
namespace {

const std::vector<mesh::Version> versions{{1, 7, 0},  {1, 7, 5},  {1, 8, 0},  {1, 9, 9},  {1, 10, 0},
                                          {1, 12, 0}, {1, 14, 0}, {1, 20, 0}, {1, 21, 0}, {1, 30, 3}};

}  // namespace

std::string GatewayGenerator::label(unsigned max_length) {
  static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  std::string text = std::to_string(++label_count_);
  text.insert(text.begin(), letters[number_below(26)]);
  const unsigned wanted_length = once_in(4) ? max_length : number_below(8);
  while (text.size() < max_length && text.size() < wanted_length) text += letters[number_below(26)];
  return text;
}

std::string GatewayGenerator::host() {
  const std::string name = label(once_in(8) ? 63 : 12);
  return name + (once_in(2) ? ".example.com" : ".corp.example");
}

std::vector<std::string> GatewayGenerator::hosts(unsigned max_count) {
  std::vector<std::string> names{host()};
  while (names.size() < 1 + number_below(max_count)) names.push_back(host());
  return names;
}

const char* GatewayGenerator::pick(const std::vector<const char*>& choices) {
  return choices[number_below(static_cast<unsigned>(choices.size()))];
}

void GatewayGenerator::add_service(Json& spec, const std::string& protocol) {
  const bool is_tcp = protocol == "TCP";
  spec.set("protocol", protocol);
  if (is_tcp || once_in(3)) spec.set("port", 1 + number_below(65535));
  if (is_tcp) {
    spec.set("hosts", array({host()}));
    spec.set("addresses", once_in(2) ? array({"192.0.2.10"}) : array({"192.0.2.11", "2001:db8::1"}));
  } else if (once_in(5)) {
    const std::string domain = host();
    spec.set("hosts", array({"*." + domain}));
    spec.set("server", once_in(2) ? "www." + domain : host());
  } else {
    spec.set("hosts", array(hosts(4)));
    if (protocol != "HTTPS" && once_in(3)) spec.set("aliases", array(hosts(3)));
  }
}

void GatewayGenerator::add_tls(Json& spec, const std::string& protocol) {
  if (protocol == "HTTPS") return;
  const std::string mode = pick({"Simple", "Simple", "Mutual", "None"});
  Json& tls = spec.edit("tls");
  tls.set("mode", mode);
  if (mode == "None") return;
  if (mode == "Mutual") tls.set("credentialName", label(20));
  const bool is_verified = mode == "Mutual" || !once_in(5);
  if (!is_verified) tls.set("verify", false);
  if (mode == "Simple" && is_verified && once_in(3)) tls.set("caCredentialName", label(20) + "-cacert");
  if (spec["hosts"].items().size() > 1) return;
  if (once_in(4)) tls.set("sni", host());
  if (is_verified && once_in(4)) tls.set("subjectAltNames", array(hosts(3)));
}

void GatewayGenerator::add_callers(Json& spec) {
  Json& mesh = spec.edit("mesh");
  const bool is_plaintext = once_in(4);
  mesh.set("tls", is_plaintext ? "Plaintext" : "Mutual");
  if (!is_plaintext && once_in(2)) {
    Json allow = array({label(20)});
    while (once_in(2)) {
      const std::string ns = label(20);
      allow.push(ns + "/" + (once_in(2) ? "*" : label(20)));
    }
    mesh.set("allow", allow);
  }
  if (once_in(2)) mesh.set("exportTo", once_in(3) ? array({"."}) : array({label(20), label(63)}));
  if (once_in(3)) spec.set("networkPolicy", true);
}

/// What only requests can have.
void GatewayGenerator::add_extras(Json& spec) {
  if (spec["server"].is_null() && once_in(3)) {
    Json ingress = object({{"hosts", array(hosts(3))}});
    const bool is_self_signed = once_in(2);
    is_self_signed ? ingress.set("selfSigned", true) : ingress.set("credentialName", label(20));
    if (once_in(2)) ingress.set("namespace", label(63));
    if (once_in(2)) ingress.set("selector", object({{"istio", label(20)}}));
    spec.set("ingress", std::move(ingress));
  }
  if (once_in(3))
    spec.set("probe", object({{"path", "/status/200"}, {"periodSeconds", 1 + number_below(3600)}}));
  if (once_in(3)) {
    Json opa = once_in(2) ? object({{"policy", "package envoy.authz\n"}})
                          : object({{"policyFrom", object({{"configMap", label(60)}})}});
    if (once_in(2)) opa.set("failOpen", true);
    spec.edit("authorization").set("opa", std::move(opa));
  }
}

Json GatewayGenerator::gateway() {
  Json result{Json::Object{}};
  const unsigned min_replicas = 1 + number_below(8);
  if (once_in(2))
    result.set("replicas", object({{"min", min_replicas}, {"max", min_replicas + number_below(4)}}));
  if (once_in(4)) result.set("resources", object({{"limits", object({{"memory", "1Gi"}})}}));
  if (once_in(4)) result.edit("image").set("hub", "registry.example/istio");
  if (once_in(4)) result.edit("image").set("tag", "mended");
  if (once_in(4)) result.set("arch", array({"arm64", "amd64"}));
  if (once_in(4)) result.set("nodeSelector", object({{"pool", "egress"}}));
  if (once_in(4)) result.set("tolerations", array({object({{"operator", "Exists"}})}));
  if (once_in(4)) result.set("labels", object({{"team", label(63)}}));
  if (once_in(4)) result.set("annotations", object({{"note", "any text: \"with\" quotes"}}));
  if (once_in(4)) result.set("logLevel", pick({"trace", "debug", "info", "warning"}));
  if (once_in(4)) result.set("serviceType", pick({"ClusterIP", "NodePort", "LoadBalancer"}));
  return result;
}

Json GatewayGenerator::spec() {
  Json spec;
  const std::string protocol = pick({"HTTP", "HTTP", "GRPC", "HTTPS", "TCP"});
  add_service(spec, protocol);
  add_tls(spec, protocol);
  add_callers(spec);
  if (protocol == "HTTP" || protocol == "GRPC") add_extras(spec);
  if (once_in(2)) spec.set("gateway", gateway());
  if (once_in(4)) spec.edit("istio").set("revision", label(20));
  if (once_in(4)) spec.edit("istio").set("version", "1.30.3");
  return spec;
}

void GatewayGenerator::add_facts(mesh::Design& design) {
  design.has_metrics_api = !once_in(4);
  if (once_in(4)) design.mesh.trust_domain = "corp.example";
  if (once_in(4)) design.mesh.cluster_domain = "cluster.corp";
  if (once_in(4)) design.mesh.network = "network-1";
  if (once_in(4)) design.mesh.revision = "canary";
  if (once_in(4)) design.pod_revision = "canary";
}

RandomDesign GatewayGenerator::next() {
  const std::string name = label(56);
  Json form = mesh::empty_egress_manifest(name, label(63));
  form.set("spec", spec());
  const mesh::Version version = versions[number_below(static_cast<unsigned>(versions.size()))];
  RandomDesign result{form, design_for(mesh::read_egress(form), version)};
  add_facts(result.design);
  return result;
}

}  // namespace egress::testing

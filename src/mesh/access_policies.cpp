#include <algorithm>

#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

/// Kubernetes sets this label of every namespace to its name since 1.21.
constexpr const char* namespace_name_label = "kubernetes.io/metadata.name";

void add_unique(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// The identities that callers' certificates must have, and the ingress gateway for callers outside the mesh.
Json allowed_sources(const Design& design) {
  std::vector<std::string> namespaces;
  Json principals;
  for (const Caller& caller : design.egress.mesh.allow) {
    if (caller.service_account.empty())
      add_unique(namespaces, caller.ns);
    else
      principals.push(design.mesh.trust_domain + "/ns/" + caller.ns + "/sa/" + caller.service_account);
  }
  if (design.egress.ingress) add_unique(namespaces, design.egress.ingress->ns);
  Json from;
  if (!namespaces.empty()) from.push(object({{"source", object({{"namespaces", array(namespaces)}})}}));
  if (!principals.is_null()) from.push(object({{"source", object({{"principals", principals}})}}));
  return from;
}

Json allowed_namespaces(const Egress& egress) {
  if (egress.mesh.allow.empty()) return array({object({{"namespaceSelector", Json(Json::Object{})}})});
  std::vector<std::string> names;
  for (const Caller& caller : egress.mesh.allow) add_unique(names, caller.ns);
  if (egress.ingress) add_unique(names, egress.ingress->ns);
  const Json requirement = object({
      {"key", namespace_name_label},
      {"operator", "In"},
      {"values", array(names)},
  });
  return array({object({{"namespaceSelector", object({{"matchExpressions", array({requirement})}})}})});
}

/// The port that Envoy binds.
Json to_port(int port) {
  return array({object({{"operation", object({{"ports", array({std::to_string(port)})}})}})});
}

Json tcp_port(int port) {
  return object({{"port", port}, {"protocol", "TCP"}});
}

}  // namespace

/// Applies to the gateway's pods only. The Gateway's server encrypts hop 1; this covers every other port.
Json peer_authentication(const Design& design) {
  return object({
      {"spec", object({
                   {"selector", object({{"matchLabels", design.selector()}})},
                   {"mtls", object({{"mode", "STRICT"}})},
               })},
  });
}

Json authorization_policy(const Design& design) {
  const Egress& egress = design.egress;
  // Without spec.mesh.allow everyone may call, but only through the callers' port.
  Json rules = egress.mesh.allow.empty() ? array({object({{"to", to_port(callers_port(egress).target)}})})
                                         : array({object({{"from", allowed_sources(design)}})});
  // The pod's own probe has no certificate, and connects over loopback only.
  if (egress.probe) {
    const Json loopback = object({{"ipBlocks", array({"127.0.0.1/32"})}});
    rules.push(object({{"from", array({object({{"source", loopback}})})}, {"to", to_port(probe_port)}}));
  }
  return object({{"spec", object({
                              {"selector", object({{"matchLabels", design.selector()}})},
                              {"action", "ALLOW"},
                              {"rules", std::move(rules)},
                          })}});
}

/// Enforced outside the pods, independent of their proxy: the callers' port is open to allowed callers,
/// metrics and health to everyone in the cluster.
Json network_policy(const Design& design) {
  const Json callers = object({
      {"from", allowed_namespaces(design.egress)},
      {"ports", array({tcp_port(callers_port(design.egress).target)})},
  });
  const Json metrics = object({
      {"from", array({object({{"namespaceSelector", Json(Json::Object{})}})})},
      {"ports", array({tcp_port(15020), tcp_port(15021), tcp_port(15090)})},
  });
  return object({{"spec", object({
                              {"podSelector", object({{"matchLabels", design.selector()}})},
                              {"policyTypes", array({"Ingress"})},
                              {"ingress", array({callers, metrics})},
                          })}});
}

}  // namespace egress::mesh

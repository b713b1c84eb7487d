#include <algorithm>

#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

/// Every namespace bears its own name in this label since Kubernetes 1.21.
constexpr const char* namespace_name_label = "kubernetes.io/metadata.name";

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// Whom the mesh's certificates must name. The ingress gateway calls for those outside.
Json sources(const Design& design) {
  std::vector<std::string> whole;
  Json principals;
  for (const Caller& caller : design.egress.mesh.allow) {
    if (caller.service_account.empty())
      add_once(whole, caller.ns);
    else
      principals.push(design.mesh.trust_domain + "/ns/" + caller.ns + "/sa/" + caller.service_account);
  }
  if (design.egress.ingress) add_once(whole, design.egress.ingress->ns);
  const Json namespaces = whole.empty() ? Json() : array(whole);
  Json from;
  if (!namespaces.is_null()) from.push(object({{"source", object({{"namespaces", namespaces}})}}));
  if (!principals.is_null()) from.push(object({{"source", object({{"principals", principals}})}}));
  return from;
}

Json allowed_namespaces(const Egress& egress) {
  if (egress.mesh.allow.empty()) return array({object({{"namespaceSelector", Json(Json::Object{})}})});
  std::vector<std::string> names;
  for (const Caller& caller : egress.mesh.allow) add_once(names, caller.ns);
  if (egress.ingress) add_once(names, egress.ingress->ns);
  const Json named = object({
      {"key", namespace_name_label},
      {"operator", "In"},
      {"values", array(names)},
  });
  return array({object({{"namespaceSelector", object({{"matchExpressions", array({named})}})}})});
}

/// The port that Envoy binds.
Json at_port(int port) {
  return array({object({{"operation", object({{"ports", array({std::to_string(port)})}})}})});
}

Json tcp(int port) {
  return object({{"port", port}, {"protocol", "TCP"}});
}

}  // namespace

/// This gateway's pods alone. What encrypts hop 1 is the Gateway's server; this holds for any other port.
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
  // Where everybody may call, it is only by the callers' port.
  Json rules = egress.mesh.allow.empty() ? array({object({{"to", at_port(callers_port(egress).target)}})})
                                         : array({object({{"from", sources(design)}})});
  // The pod's own probe comes without a certificate, and only over loopback.
  if (egress.probe) {
    const Json here = object({{"ipBlocks", array({"127.0.0.1/32"})}});
    rules.push(object({{"from", array({object({{"source", here}})})}, {"to", at_port(probe_port)}}));
  }
  return object({{"spec", object({
                              {"selector", object({{"matchLabels", design.selector()}})},
                              {"action", "ALLOW"},
                              {"rules", std::move(rules)},
                          })}});
}

/// Around the pods, whatever the proxy in them says: the callers' port for those allowed, figures and health
/// for everyone in the cluster.
Json network_policy(const Design& design) {
  const Json way_out = object({
      {"from", allowed_namespaces(design.egress)},
      {"ports", array({tcp(callers_port(design.egress).target)})},
  });
  const Json figures = object({
      {"from", array({object({{"namespaceSelector", Json(Json::Object{})}})})},
      {"ports", array({tcp(15020), tcp(15021), tcp(15090)})},
  });
  return object({{"spec", object({
                              {"podSelector", object({{"matchLabels", design.selector()}})},
                              {"policyTypes", array({"Ingress"})},
                              {"ingress", array({way_out, figures})},
                          })}});
}

}  // namespace egress::mesh

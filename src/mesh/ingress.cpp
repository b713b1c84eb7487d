#include "egress/base/digest.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {

/// The hosts have no namespace: Istio 1.7.0 would redirect to the literal name "ns/HOST"
/// (pilot/pkg/networking/core/v1alpha3/gateway.go, buildGatewayHTTPRouteConfig).
Json ingress_gateway(const Design& design) {
  const Ingress& ingress = *design.egress.ingress;
  const Json redirect = object({
      {"port", object({{"number", 80}, {"name", "http"}, {"protocol", "HTTP"}})},
      {"hosts", array(ingress.hosts)},
      {"tls", object({{"httpsRedirect", true}})},
  });
  // The name distinguishes servers of several Gateways on the same port.
  const Json https = object({
      {"port", object({{"number", 443}, {"name", "https-" + design.name()}, {"protocol", "HTTPS"}})},
      {"hosts", array(ingress.hosts)},
      {"tls", object({{"mode", "SIMPLE"}, {"credentialName", ingress.credential}})},
  });
  return object({{"spec", object({{"selector", ingress.selector}, {"servers", array({redirect, https})}})}});
}

/// Contains the CA's key for renewal. The CA is constrained to the same hosts.
Json ingress_secret(const Design& design) {
  const SelfSignedCertificate& self_signed = *design.self_signed;
  return object({
      {"type", "kubernetes.io/tls"},
      {"data", object({
                   {"tls.crt", encode_base64(self_signed.certificate)},
                   {"tls.key", encode_base64(self_signed.key)},
                   {"ca.crt", encode_base64(self_signed.ca_certificate)},
                   {"ca.key", encode_base64(self_signed.ca_key)},
               })},
  });
}

}  // namespace egress::mesh

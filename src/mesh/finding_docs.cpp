#include "egress/mesh/finding_docs.hpp"

#include <algorithm>
#include <array>

namespace egress::mesh {
namespace {

constexpr auto docs = std::to_array<FindingDoc>({
    {"AddressTaken", "another ServiceEntry has the gateway's IP address and port",
     "TCP carries no host name, so a sidecar can tell two services apart by address and port only. "
     "Connections may reach either service.",
     "Change the address or the port of one of them, or limit where the other ServiceEntry is exported."},
    {"AmbientCallers", "callers run in ambient mode",
     "Pods in ambient mode have no sidecar, and only sidecars route traffic to an egress gateway. Their "
     "traffic leaves the mesh directly.",
     "Use sidecars in the callers' namespaces, or use a waypoint instead of this gateway."},
    {"Bypass", "a ServiceEntry lets callers reach the host directly",
     "The ServiceEntry makes the external host known to sidecars on a port that the gateway does not route, "
     "so requests to that port leave from the caller's own sidecar.",
     "Delete the ServiceEntry, or limit its exportTo to its own namespace."},
    {"CallerChosenName", "callers choose the host name under a wildcard",
     "A gateway with a wildcard host connects to any name under it that callers ask for.",
     "Name the hosts one by one in spec.hosts if callers must not choose."},
    {"CertificateExpired", "a certificate has expired", "TLS peers reject an expired certificate.",
     "Renew the certificate in the Secret."},
    {"CertificateExpiring", "a certificate expires soon",
     "TLS peers will reject the certificate once it has expired.", "Renew the certificate in the Secret."},
    {"CertificateHost", "a certificate does not cover the host",
     "Clients verify the host name and reject the certificate.",
     "Put a certificate into the Secret that has the host as a subject alternative name."},
    {"CertificateNotYetValid", "a certificate is not valid yet",
     "TLS peers reject a certificate before its validity period.",
     "Wait, or check the clock of the machine that issued it."},
    {"CertificateProvider", "the gateway's pods use another certificate provider than the mesh",
     "istiod does not accept the pods' identity, so the pods get no configuration.",
     "Apply the gateway again; its Deployment is then generated from the mesh's current settings."},
    {"DrainBlocked", "a PodDisruptionBudget allows no eviction",
     "kubectl drain waits forever for a node that runs the gateway's pods.",
     "Raise spec.gateway.replicas.min, or change the PodDisruptionBudget."},
    {"DuplicateEntry", "another ServiceEntry has the same host",
     "Istio uses only one of the two, with its ports and its resolution.",
     "Delete the other ServiceEntry, or limit its exportTo to its own namespace."},
    {"FailOpen", "requests pass while Open Policy Agent is down",
     "With spec.authorization.opa.failOpen, requests are allowed while Open Policy Agent does not answer.",
     "Set spec.authorization.opa.failOpen to false."},
    {"ForeignFilter", "an EnvoyFilter changes the gateway's proxies",
     "An EnvoyFilter that kubectl egress does not own applies to the gateway's pods. Its effect is not "
     "known.",
     "Limit the EnvoyFilter's workloadSelector to other pods if the change is not intended."},
    {"ForeignGateway", "another Gateway selects the gateway's pods",
     "Istio merges the servers of all Gateways that select a pod, in all namespaces. The other Gateway opens "
     "further ports or hosts on these pods.",
     "Change the selector of the other Gateway."},
    {"ForeignPolicy", "another AuthorizationPolicy applies to the gateway's pods",
     "Istio combines all AuthorizationPolicies of a pod. The other policy can deny requests that this "
     "gateway allows, or allow more.",
     "Limit the selector of the other policy, or delete it."},
    {"HttpOn443", "a service declares plain HTTP on port 443",
     "Sidecars that see the service treat every connection to port 443 as HTTP, and HTTPS to other hosts "
     "breaks.",
     "Set the protocol of that port to HTTPS or TLS."},
    {"IST0101", "a referenced object does not exist",
     "The gateway's settings name an object that the cluster does not have, such as a Secret, a namespace or "
     "a ServiceAccount.",
     "Create the object, or correct the name."},
    {"IST0102", "a caller's namespace has no sidecar injection",
     "Only pods with a sidecar are routed to the gateway. The namespace is allowed to use the gateway, but "
     "Istio injects no sidecar into its pods.",
     "Label the namespace for injection and restart its pods."},
    {"IST0109", "two VirtualServices have the same host",
     "A sidecar uses only one VirtualService per host and drops the other one. The older one wins.",
     "Delete one of the two, or limit exportTo so that no sidecar sees both."},
    {"IST0123", "a namespace has two injection labels",
     "With both istio-injection and istio.io/rev, the revision's injector ignores the namespace.",
     "Remove the label istio-injection."},
    {"IST0134", "a ServiceEntry has a TCP port without an address",
     "Sidecars that see it match every connection to that port, also connections to other hosts.",
     "Add the service's addresses to the ServiceEntry, or declare the port's protocol as TLS or HTTP."},
    {"IST0145", "two Gateways have the same host and port on the same pods",
     "Istio drops the later of two servers that conflict.",
     "Change the hosts or the selector of one of the Gateways."},
    {"IST0147", "the gateway's pods were not injected",
     "The pods still have the image 'auto', because no injection webhook saw them when they were created. "
     "They cannot start.",
     "Check that istiod runs and that the namespace is injected, then restart the Deployment."},
    {"IST0161", "a Secret cannot be used as a TLS credential",
     "The proxy does not get its certificate, and the TLS connections that need it fail.",
     "Put a matching certificate and key into the Secret under the expected keys."},
    {"Incomplete", "an operation on the gateway was interrupted",
     "A create, apply or delete did not finish, so some objects may be missing or obsolete.",
     "Run the printed command; it continues where the operation stopped."},
    {"InjectionDisabled", "injection is disabled in the gateway's namespace",
     "Istio injects no proxy into new pods of the gateway.", "Remove the label istio-injection=disabled."},
    {"MergedRule", "another DestinationRule of the gateway's namespace has the same host",
     "Istio merges DestinationRules for one host in one namespace. The result can differ from what the "
     "gateway needs.",
     "Delete the other DestinationRule."},
    {"Missing", "an object of the gateway does not exist",
     "The object is part of the gateway, but it was deleted.",
     "Apply the gateway again; it creates the object."},
    {"NamespaceUnnamed", "a caller's namespace lacks the label kubernetes.io/metadata.name",
     "The gateway's NetworkPolicy selects namespaces by this label, which Kubernetes sets from 1.21 on. The "
     "pods of this namespace cannot connect.",
     "Add the label to the namespace."},
    {"NarrowerRoute", "a VirtualService has a host under the gateway's wildcard",
     "A sidecar prefers the more specific host, so requests for it do not reach this gateway.",
     "Remove the host from the other VirtualService, or accept that it has its own route."},
    {"NoEgressPolicy", "no NetworkPolicy limits egress",
     "Istio's routing binds only pods with a sidecar that use it. Other pods reach whatever the network "
     "allows.",
     "Add a NetworkPolicy for egress that allows only the egress gateways and what the pods need."},
    {"NotDiscovered", "istiod does not watch a namespace",
     "The mesh's discoverySelectors exclude the namespace, so its configuration and pods are unknown to "
     "Istio.",
     "Label the namespace so that the discoverySelectors match it."},
    {"NotReady", "the gateway has no ready pods", "Requests that are routed to the gateway fail with 503.",
     "Look at the reason in the message and at 'kubectl egress inspect'."},
    {"OpenToAll", "any workload in the mesh can use the gateway",
     "Neither spec.mesh.allow nor spec.networkPolicy limits the callers.",
     "List the callers in spec.mesh.allow."},
    {"PlaintextHop", "callers reach the gateway in plaintext",
     "With spec.mesh.tls Plaintext the gateway cannot identify its callers, and every pod that reaches its "
     "Service can use it.",
     "Set spec.mesh.tls to Mutual."},
    {"ProxyVersion", "the gateway's proxies have another version than the control plane",
     "Istio supports a control plane that is one minor version ahead of its proxies. Proxies must not be "
     "ahead.",
     "Restart the gateway; new pods get the control plane's version."},
    {"RegistryOnlyMissing", "sidecars let unknown hosts pass",
     "With outboundTrafficPolicy ALLOW_ANY, hosts and ports without a gateway are reached directly.",
     "Set the mesh's outboundTrafficPolicy to REGISTRY_ONLY."},
    {"RevisionGone", "the gateway's Istio revision no longer exists",
     "The proxies get no configuration any more.", "Apply the gateway again, with a revision that exists."},
    {"ShadowedRule", "a DestinationRule takes precedence over the gateway's",
     "A caller's sidecar looks for a DestinationRule in its own namespace first, then in the gateway's "
     "namespace, then in the root namespace. With the other rule it does not use the TLS settings that the "
     "gateway expects.",
     "Remove the host from the other DestinationRule, or add the gateway's settings to it."},
    {"SidecarAllowsAny", "a Sidecar lets its pods reach unknown hosts",
     "The Sidecar sets outboundTrafficPolicy ALLOW_ANY, which overrides the mesh's setting.",
     "Set the Sidecar's outboundTrafficPolicy to REGISTRY_ONLY."},
    {"SidecarNotImporting", "a Sidecar does not import the gateway's hosts",
     "The callers that it selects do not see the gateway's route or Service.",
     "Add the hosts to the Sidecar's egress listeners."},
    {"StrayPods", "other pods have the gateway's label",
     "The Gateway selects these pods, too, so Istio configures them to serve the gateway's routes.",
     "Remove the label from these pods."},
    {"TlsModeLabel", "the gateway's pods have the label security.istio.io/tlsMode",
     "Sidecars send Istio mutual TLS to pods with this label unless a DestinationRule sets another mode. The "
     "gateway's ports do not expect it.",
     "Remove the label."},
    {"TokenPolicy", "the gateway's pods use another token policy than the mesh",
     "istiod does not accept the pods' token, so the pods get no configuration.",
     "Apply the gateway again; its Deployment is then generated from the mesh's current settings."},
    {"UnknownOutboundPolicy", "the mesh's outboundTrafficPolicy is not a value that Istio knows",
     "Only REGISTRY_ONLY blocks unknown hosts, so sidecars let them pass.",
     "Set it to REGISTRY_ONLY or ALLOW_ANY."},
    {"Unseen", "some objects could not be read",
     "The user may not list them, so problems that they cause were not found.",
     "Run check as a user who may list the kinds in the message."},
    {"Unverified", "the external service's certificate is not verified",
     "Anyone between the gateway and the service can impersonate the service.",
     "Set spec.tls.verify to true, with spec.tls.caCredentialName for a private CA."},
});

}  // namespace

std::span<const FindingDoc> finding_docs() {
  return docs;
}

const FindingDoc* find_finding_doc(std::string_view code) {
  const auto found = std::ranges::find(docs, code, &FindingDoc::code);
  return found == docs.end() ? nullptr : &*found;
}

}  // namespace egress::mesh

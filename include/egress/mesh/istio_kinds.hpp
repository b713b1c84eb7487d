#pragma once

#include "egress/kube/kind.hpp"

/// Istio's kinds in the versions that its CRDs serve (1.7.0: v1alpha3 and v1beta1; since 1.22 v1 too).
namespace egress::mesh::kinds {

inline constexpr kube::Kind gateway{
    "Gateway", "networking.istio.io", "gateways", {"v1", "v1beta1", "v1alpha3"}, "gw"};
inline constexpr kube::Kind virtual_service{
    "VirtualService", "networking.istio.io", "virtualservices", {"v1", "v1beta1", "v1alpha3"}, "vs"};
inline constexpr kube::Kind destination_rule{
    "DestinationRule", "networking.istio.io", "destinationrules", {"v1", "v1beta1", "v1alpha3"}, "dr"};
inline constexpr kube::Kind service_entry{
    "ServiceEntry", "networking.istio.io", "serviceentries", {"v1", "v1beta1", "v1alpha3"}, "se"};
inline constexpr kube::Kind sidecar{
    "Sidecar", "networking.istio.io", "sidecars", {"v1", "v1beta1", "v1alpha3"}};
inline constexpr kube::Kind peer_authentication{
    "PeerAuthentication", "security.istio.io", "peerauthentications", {"v1", "v1beta1"}, "pa"};
inline constexpr kube::Kind authorization_policy{
    "AuthorizationPolicy", "security.istio.io", "authorizationpolicies", {"v1", "v1beta1"}, "ap"};
inline constexpr kube::Kind envoy_filter{"EnvoyFilter", "networking.istio.io", "envoyfilters", {"v1alpha3"}};

}  // namespace egress::mesh::kinds

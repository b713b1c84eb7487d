#pragma once

#include <optional>
#include <string>

#include "egress/kube/kubeconfig.hpp"

namespace egress::kube {

/// Where the kubelet puts what a pod logs in with (client-go, rest/config.go).
inline constexpr const char* service_account_folder = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The way to the cluster from inside one of its pods.
struct InClusterConfig {
  Kubeconfig config;  ///< of one context, whose name is empty
  std::string ns;     ///< POD_NAMESPACE, or the ServiceAccount's own
};

/// Nothing where this process does not run in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are
/// set there, and a token is in the folder. Without a ca.crt there, the system's own roots are trusted.
std::optional<InClusterConfig> in_cluster_config(const std::string& folder = service_account_folder);

}  // namespace egress::kube

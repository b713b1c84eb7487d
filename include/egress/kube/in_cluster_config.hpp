#pragma once

#include <optional>
#include <string>

#include "egress/kube/kubeconfig.hpp"

namespace egress::kube {

/// The folder in a pod with the token and CA of its ServiceAccount (client-go, rest/config.go).
inline constexpr const char* service_account_folder = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The configuration of a client that runs in a pod of the cluster.
struct InClusterConfig {
  Kubeconfig config;  ///< has one context, whose name is empty
  std::string ns;     ///< POD_NAMESPACE, or the ServiceAccount's namespace
};

/// Returns empty if this process does not run in a pod. In a pod KUBERNETES_SERVICE_HOST and
/// KUBERNETES_SERVICE_PORT are set, and the folder has a token. Without a ca.crt in the folder the system
/// roots are trusted.
std::optional<InClusterConfig> in_cluster_config(const std::string& folder = service_account_folder);

}  // namespace egress::kube

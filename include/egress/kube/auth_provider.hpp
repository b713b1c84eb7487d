#pragma once

#include <chrono>
#include <string>

#include "egress/kube/kubeconfig.hpp"

namespace egress::kube {

/// Returns the token of a user with an `auth-provider`, which Kubernetes has deprecated: for "oidc" the
/// id-token while it is valid. Throws Error, with the replacement, for an expired id-token, and for a
/// provider that was removed or is unknown.
std::string auth_provider_token(const KubeconfigEntry& user,
                                std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace egress::kube

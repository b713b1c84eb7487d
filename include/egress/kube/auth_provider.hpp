#pragma once

#include <chrono>
#include <string>

#include "egress/kube/kubeconfig.hpp"

namespace egress::kube {

/// The token of a user that logs in by `auth-provider`, which Kubernetes gave up: for "oidc" the id-token as
/// long as it is valid. Throws Error, with what took its place, for what was removed and for what cannot be
/// renewed here.
std::string auth_provider_token(const KubeconfigEntry& user,
                                std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace egress::kube

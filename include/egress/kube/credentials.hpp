#pragma once

#include "egress/kube/connection.hpp"

namespace egress::kube {

/// Proves who the user is: client certificate, token, password or a credential plugin, from the flags or the
/// kubeconfig's user (null where there is none). Over plain HTTP nothing is sent. Throws Error, without what
/// is secret, where the kubeconfig's way cannot be gone. `cluster` is what a plugin may be told of.
void add_credentials(Connection& connection, const KubeconfigEntry* user, const KubeconfigEntry* cluster,
                     const Overrides& overrides);

/// The headers for whom to act as.
void add_impersonation(Identity& identity, const KubeconfigEntry* user, const Overrides& overrides);

}  // namespace egress::kube

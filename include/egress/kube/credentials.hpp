#pragma once

#include "egress/kube/connection.hpp"

namespace egress::kube {

/// Adds the user's credentials to the connection: client certificate, token, password or a credential plugin,
/// from the flags or from the kubeconfig's user (null if there is no user). Over plain HTTP no credentials
/// are sent. Throws Error, without secret data, if the credentials cannot be used. `cluster` is passed to
/// plugins.
void add_credentials(Connection& connection, const KubeconfigEntry* user, const KubeconfigEntry* cluster,
                     const Overrides& overrides);

/// Adds the impersonation headers of the flags or of the kubeconfig's user.
void add_impersonation(Identity& identity, const KubeconfigEntry* user, const Overrides& overrides);

}  // namespace egress::kube
